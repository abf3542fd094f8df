/* class DBQuery extends AsyncResource.
 *
 * From Node's page on async context tracking, new AsyncResource(): the caller's
 * callback runs in the scope of the query, and so in the context in which the
 * query was made, whatever context the database calls back from. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <stdio.h>

/* A database that answers when it likes: db_answer() is its loop. */
typedef void (*db_cb)(int error, const char *data, void *arg);

typedef struct db_s {
  const char *query;
  db_cb cb;
  void *arg;
} db_t;

static void db_get(db_t *db, const char *query, db_cb cb, void *arg) {
  *db = (db_t){query, cb, arg};
}

static void db_answer(db_t *db) {
  char row[64];
  snprintf(row, sizeof(row), "a row for \"%s\"", db->query);
  db->cb(0, row, db->arg);
}

typedef struct db_query_s {
  async_resource_t resource;
  db_t *db;
  db_cb callback;
  const char *data;
} db_query_t;

static int db_query_init(db_query_t *query, db_t *db) {
  query->db = db;
  return async_resource_init(&query->resource, "DBQuery", NULL);
}

static int call_back(void *arg) {
  db_query_t *query = arg;
  query->callback(0, query->data, query);
  return 0;
}

static void on_data(int error, const char *data, void *arg) {
  db_query_t *query = arg;
  (void)error;
  query->data = data;
  async_resource_run_in_async_scope(&query->resource, call_back, query);
}

static void db_query_get_info(db_query_t *query, const char *text,
                              db_cb callback) {
  query->callback = callback;
  db_get(query->db, text, on_data, query);
}

static void db_query_close(db_query_t *query) {
  query->db = NULL;
  async_resource_finish(&query->resource);
}

static async_local_storage_t request;
static db_t database;

static void print_info(int error, const char *data, void *arg) {
  const char *who = async_local_storage_get_store(&request);
  (void)error, (void)arg;
  printf("%s: %s\n", who == NULL ? "nobody" : who, data);
}

static int handle(void *query) {
  int error = db_query_init(query, &database);
  if (error == 0)
    db_query_get_info(query, "info", print_info);
  return error;
}

int main(void) {
  db_query_t query;
  async_env_open(ASYNC_ENV_OTHER, "main");
  int error = async_local_storage_init(&request, NULL);
  if (error == 0)
    error =
        async_local_storage_run(&request, (void *)"request r1", handle, &query);
  if (error == 0) {
    db_answer(&database); /* outside of every context */
    db_query_close(&query);
  }
  async_local_storage_finish(&request);
  async_env_detach();
  return error != 0;
}
