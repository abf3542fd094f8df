/* A request asks a thread pool. A pool that binds nothing calls back from a
 * handle of its own: the answer belongs to the worker, and the request is lost.
 * worker_pool calls back in the context of its caller. */
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_inspect.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/worker_pool.h>
#include <stdio.h>

static async_local_storage_t request;
static async_resource_t asker, answer;
static async_resource_t worker; /* the handle of the pool that binds nothing */
static uv_work_t unbound;
static async_env_t *here;   /* what is alive on this thread */
static worker_pool_t *pool; /* the one that binds */

static const char *current_store(void) {
  const char *store = async_local_storage_get_store(&request);
  return store == NULL ? "nobody" : store;
}

static void print_below(async_id_t cause, int depth) {
  async_resource_info_t info;
  uint32_t cursor = 0;
  while (async_inspect_resources(here, &cursor, &info, 1) == 1)
    if (info.trigger_async_id == cause) {
      printf("%*s%s\n", 2 * depth, "", info.type);
      print_below(info.async_id, depth + 1);
    }
}

static void on_answer(void) {
  async_resource_init(&answer, "Answer", NULL);
  printf("the callback runs in %s for %s\n",
         async_resource_type(async_hooks_execution_async_resource()),
         current_store());
  print_below(ASYNC_ID_ROOT, 1);
  async_resource_finish(&answer);
}

static void unbound_work(uv_work_t *req) {
  printf("%s runs for %s\n", (const char *)req->data, current_store());
}

static void unbound_done(uv_work_t *req, int status) {
  (void)req, (void)status;
  async_callback_scope_open(&worker);
  on_answer();
  async_callback_scope_close(&worker);
}

static int bound_work(void *what) {
  printf("%s runs for %s\n", (const char *)what, current_store());
  return 0;
}

static void bound_done(void *what, int status) {
  (void)what, (void)status;
  on_answer();
}

static int ask_unbound(void *what) {
  unbound.data = what;
  return uv_queue_work(uv_default_loop(), &unbound, unbound_work, unbound_done);
}

static int ask_bound(void *what) {
  return worker_pool_run(pool, bound_work, what, bound_done);
}

/* A request that asks: `ask` runs in its scope, and sees its store. */
static int handle(void *ask) {
  async_resource_init(&asker, "Request", NULL);
  async_resource_run_in_async_scope(&asker, *(async_scope_cb *)ask,
                                    (void *)"the work");
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  async_resource_finish(&asker);
  return 0;
}

int main(void) {
  async_scope_cb asks[] = {ask_unbound, ask_bound};
  async_env_attach(uv_default_loop());
  here = async_inspect_next(NULL); /* of all threads the first */
  async_local_storage_init(&request, NULL);
  async_resource_init(&worker, "Worker", NULL);
  worker_pool_create(NULL, &pool);
  for (int i = 0; i < 2; i++) {
    puts(i == 0 ? "without binding:" : "with binding:");
    async_local_storage_run(&request, (void *)"request r1", handle, &asks[i]);
  }
  worker_pool_close(pool, true, NULL, NULL);
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  async_resource_finish(&worker);
  async_local_storage_finish(&request);
  async_inspect_release(here);
  async_env_detach();
  return uv_loop_close(uv_default_loop());
}
