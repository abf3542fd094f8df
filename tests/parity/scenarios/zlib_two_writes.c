#include "scenario.h"

/* A handle of the program's whose work is done by the thread pool: what the
 * pool calls back runs in the handle's scope. */
typedef struct deflate_s {
  async_resource_t resource;
  async_uv_work_t work;
  const char *name;
  async_immediate_cb done;
} deflate_t;

static deflate_t deflate;
static async_local_storage_t *storage;

static void work(async_uv_work_t *req) {
  (void)req;
}

static void written(void *arg) {
  (void)arg;
  trace_where(deflate.name);
  set_immediate(deflate.done);
}

static void after_work(async_uv_work_t *req, int status) {
  (void)req;
  MUST(status);
  run_in(&deflate.resource, written, NULL);
}

static void write_it(const char *name, async_immediate_cb done) {
  deflate.name = name;
  deflate.done = done;
  MUST(async_uv_queue_work(scenario_loop(), &deflate.work, work, after_work));
}

static void on_second(async_immediate_t *immediate) {
  (void)immediate;
  async_resource_finish(&deflate.resource);
}

static void on_first(async_immediate_t *immediate) {
  (void)immediate;
  write_it("second", on_second);
}

static void make(void *arg) {
  (void)arg;
  MUST(async_resource_init(&deflate.resource, "ZLIB", NULL));
}

static void write_first(void *arg) {
  (void)arg;
  write_it("first", on_first);
}

SCENARIO(zlib_two_writes) {
  static trace_hook_t hook;
  storage = make_storage();
  trace_hook_make(&hook, "", TRACE_INIT | TRACE_BEFORE | TRACE_AFTER);
  hook.only = " ZLIB ";
  trace_hook_enable(&hook);
  run_with(storage, "of the maker", make, NULL);
  run_with(storage, "of the writer", write_first, NULL);
}
