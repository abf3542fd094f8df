/* A pool of database connections on one loop: docs/pool-binding.md.
 *
 * The first caller opens the connection, and all callers use it. Its callback
 * runs in the context in which it was opened, and starts the next query, which
 * is another caller's. A query is therefore a resource made in its caller's
 * context, and its callback runs in the scope of that resource. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_uv.h>
#include <stdio.h>

#define QUERIES 4

typedef struct query_s {
  async_resource_t resource; /* the binding: made by ask(), in its context */
  const char *text;
  void (*cb)(struct query_s *query, const char *rows);
  struct query_s *next;
} query_t;

/* One connection; a timer stands for the database. */
typedef struct connection_s {
  async_uv_timer_t answer;
  query_t *running;
} connection_t;

typedef struct database_s {
  connection_t connection;
  bool open;
  query_t *first, **last; /* waiting for the connection */
} database_t;

static uv_loop_t loop;
static async_local_storage_t request;
static database_t database = {.last = &database.first};

static const char *current_request(void) {
  const char *store = async_local_storage_get_store(&request);
  return store == NULL ? "nobody" : store;
}

static void next_query(database_t *db);

/* Called in the connection's context; the query's callback runs in its own. */
static void on_rows(async_uv_timer_t *timer) {
  connection_t *connection = (connection_t *)timer;
  query_t *query = connection->running;
  connection->running = NULL;
  next_query(&database);
  if (async_resource_enter(&query->resource) == 0) {
    query->cb(query, "1 row");
    async_resource_leave(&query->resource);
  }
  async_resource_finish(&query->resource);
}

static void next_query(database_t *db) {
  query_t *query = db->first;
  if (query == NULL || db->connection.running != NULL)
    return;
  db->first = query->next;
  if (db->first == NULL)
    db->last = &db->first;
  db->connection.running = query;
  async_uv_timer_start(&db->connection.answer, on_rows, 1, 0);
}

/* Queues `query`; the callback gets the rows in the caller's context. */
static int ask(database_t *db, query_t *query) {
  int error = async_resource_init(&query->resource, "QUERY", NULL);
  if (error != 0)
    return error;
  if (!db->open)
    error = async_uv_timer_init(&loop, &db->connection.answer);
  if (error != 0) {
    async_resource_finish(&query->resource);
    return error;
  }
  db->open = true;
  query->next = NULL;
  *db->last = query;
  db->last = &query->next;
  next_query(db);
  return 0;
}

static void on_answer(query_t *query, const char *rows) {
  printf("%s: %s for %s\n", query->text, rows, current_request());
}

static int handle(void *query) {
  return ask(&database, query);
}

int main(void) {
  static const char *const requests[QUERIES] = {"r1", "r2", "r3", "r4"};
  static const char *const texts[QUERIES] = {"first", "second", "third",
                                             "fourth"};
  query_t queries[QUERIES];
  int error = uv_loop_init(&loop);
  if (error == 0)
    error = async_env_attach(&loop);
  if (error == 0)
    error = async_local_storage_init(&request, NULL);
  for (int i = 0; error == 0 && i < QUERIES; i++) {
    queries[i] = (query_t){.text = texts[i], .cb = on_answer};
    error = async_local_storage_run(&request, (void *)requests[i], handle,
                                    &queries[i]);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  if (database.open)
    async_uv_close((async_uv_handle_t *)&database.connection.answer, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  async_local_storage_finish(&request);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
