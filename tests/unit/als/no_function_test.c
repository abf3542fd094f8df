/* Every public function that is given a function and cannot do without answers
 * UV_EINVAL for NULL, says which argument it is, and has done nothing. Those
 * that can do without are left out: what is called when something has ended,
 * and what a NULL takes away again. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_event_emitter.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_uv.h"
#include "asyncscope/async_worker.h"
#include "asyncscope/diagnostics_channel_scope.h"
#include "asyncscope/worker_pool.h"
#include "test_main.h"

#include <stdlib.h>
#include <string.h>

/* What the calls are made on. */
typedef struct things_s {
  uv_loop_t loop;
  async_resource_t resource;
  async_local_storage_t storage;
  async_local_storage_snapshot_t snapshot;
  async_diagnostics_channel_t channel;
  async_tracing_channel_t tracing;
  async_bounded_channel_t bounded;
  async_event_emitter_t emitter;
  async_uv_timer_t timer;
  async_uv_idle_t idle;
  async_uv_prepare_t prepare;
  async_uv_check_t check;
  async_uv_signal_t signal;
  async_uv_poll_t poll;
  uv_file pipe[2];
  async_uv_fs_event_t fs_event;
  async_uv_fs_poll_t fs_poll;
  async_uv_tcp_t tcp;
  async_uv_udp_t udp;
  worker_pool_t *pool;
} things_t;

typedef struct row_s {
  const char *name;
  const char *says; /* of the argument */
  int (*call)(things_t *things);
} row_t;

#define CALL(name, call)         \
  static int name(things_t *t) { \
    (void)t;                     \
    return call;                 \
  }

static async_trace_t trace;
static async_promise_t *promise;
static async_bound_t bound;
static async_local_storage_bound_t als_bound;
static async_hook_t hook;
static async_env_cleanup_t cleanup;
static async_immediate_t immediate;
static async_tick_t tick;
static async_worker_t *worker;
static async_uv_work_t work;
static worker_task_t task;
static char store[] = "store";

static void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  (void)handle, (void)suggested_size_bytes;
  *buf = uv_buf_init(NULL, 0);
}

#define STREAM(handle) ((async_uv_stream_t *)(handle))

CALL(als_run, async_local_storage_run(&t->storage, store, NULL, NULL))
CALL(als_run_same,
     async_local_storage_run(&t->storage,
                             async_local_storage_get_store(&t->storage), NULL,
                             NULL))
CALL(als_exit, async_local_storage_exit(&t->storage, NULL, NULL))
CALL(als_bind, async_local_storage_bind(&als_bound, NULL))
CALL(als_bound_call, async_local_storage_bound_call(&als_bound, NULL))
CALL(snapshot_run, async_local_storage_snapshot_run(&t->snapshot, NULL, NULL))
CALL(run_stores,
     async_diagnostics_channel_run_stores(&t->channel, NULL, NULL, NULL))
CALL(subscribe, async_diagnostics_channel_subscribe(&t->channel, NULL, NULL))
CALL(bounded_run, async_bounded_channel_run(&t->bounded, NULL, NULL, NULL))
CALL(trace_sync,
     async_tracing_channel_trace_sync(&t->tracing, &trace, NULL, NULL))
CALL(trace_callback, async_tracing_channel_trace_callback(&t->tracing, &trace,
                                                          NULL, NULL, NULL))
CALL(trace_promise, async_tracing_channel_trace_promise(&t->tracing, &trace,
                                                        NULL, NULL, &promise))
CALL(run_in_async_scope,
     async_resource_run_in_async_scope(&t->resource, NULL, NULL))
CALL(resource_bind, async_resource_bind(&t->resource, NULL, &bound))
CALL(static_bind, async_bind(NULL, NULL, &bound))
CALL(hook_init, async_hook_init(&hook, NULL, t))
CALL(cleanup_hook, async_env_add_cleanup_hook(&cleanup, NULL))
CALL(emitter_on, async_event_emitter_on(&t->emitter, "e", NULL, NULL))
CALL(emitter_prepend, async_event_emitter_prepend(&t->emitter, "e", NULL, NULL))
CALL(emitter_once, async_event_emitter_once(&t->emitter, "e", NULL, NULL))
CALL(next_tick, async_next_tick(NULL, t))
CALL(tick_start, async_tick_start(&tick, NULL, NULL))
CALL(microtask, async_queue_microtask(NULL, t))
CALL(immediate_start, async_immediate_start(&immediate, NULL))
CALL(worker_create, async_worker_create(NULL, NULL, &worker))
CALL(timer_start, async_uv_timer_start(&t->timer, NULL, 0, 0))
CALL(idle_start, async_uv_idle_start(&t->idle, NULL))
CALL(prepare_start, async_uv_prepare_start(&t->prepare, NULL))
CALL(check_start, async_uv_check_start(&t->check, NULL))
CALL(signal_start, async_uv_signal_start(&t->signal, NULL, SIGUSR2))
CALL(signal_oneshot, async_uv_signal_start_oneshot(&t->signal, NULL, SIGUSR2))
CALL(poll_start, async_uv_poll_start(&t->poll, UV_READABLE, NULL))
CALL(fs_event_start, async_uv_fs_event_start(&t->fs_event, NULL, "/", 0))
CALL(fs_poll_start, async_uv_fs_poll_start(&t->fs_poll, NULL, "/", 1000))
CALL(tcp_listen, async_uv_listen(STREAM(&t->tcp), 1, NULL))
CALL(read_without_alloc, async_uv_read_start(STREAM(&t->tcp), NULL, NULL))
CALL(read_without_read, async_uv_read_start(STREAM(&t->tcp), on_alloc, NULL))
CALL(recv_without_recv, async_uv_udp_recv_start(&t->udp, on_alloc, NULL))
CALL(queue_work, async_uv_queue_work(&t->loop, &work, NULL, NULL))
CALL(pool_submit, worker_pool_submit(t->pool, &task, NULL, NULL))
CALL(pool_submit_with,
     worker_pool_submit_with(t->pool, &task, NULL, NULL, NULL))
CALL(pool_run, worker_pool_run(t->pool, NULL, NULL, NULL))
CALL(pool_promise, worker_pool_promise(t->pool, NULL, NULL, &promise))

#define ROW(name, says) \
  { #name, says, name }

static const row_t rows[] = {
    ROW(als_run, "fn"),
    ROW(als_run_same, "fn"),
    ROW(als_exit, "fn"),
    ROW(als_bind, "fn"),
    ROW(als_bound_call, "function"),
    ROW(snapshot_run, "fn"),
    ROW(run_stores, "fn"),
    ROW(subscribe, "subscriber"),
    ROW(bounded_run, "fn"),
    ROW(trace_sync, "fn"),
    ROW(trace_callback, "fn"),
    ROW(trace_promise, "fn"),
    ROW(run_in_async_scope, "fn"),
    ROW(resource_bind, "fn"),
    ROW(static_bind, "fn"),
    ROW(hook_init, "callbacks"),
    ROW(cleanup_hook, "cb"),
    ROW(emitter_on, "callback"),
    ROW(emitter_prepend, "callback"),
    ROW(emitter_once, "callback"),
    ROW(next_tick, "callback"),
    ROW(tick_start, "callback"),
    ROW(microtask, "callback"),
    ROW(immediate_start, "callback"),
    ROW(worker_create, "main"),
    ROW(timer_start, "callback"),
    ROW(idle_start, "callback"),
    ROW(prepare_start, "callback"),
    ROW(check_start, "callback"),
    ROW(signal_start, "callback"),
    ROW(signal_oneshot, "callback"),
    ROW(poll_start, "callback"),
    ROW(fs_event_start, "callback"),
    ROW(fs_poll_start, "callback"),
    ROW(tcp_listen, "callback"),
    ROW(read_without_alloc, "callbacks"),
    ROW(read_without_read, "callbacks"),
    ROW(recv_without_recv, "callbacks"),
    ROW(queue_work, "work"),
    ROW(pool_submit, "work"),
    ROW(pool_submit_with, "work"),
    ROW(pool_run, "fn"),
    ROW(pool_promise, "fn"),
};

static void never(void *message, const char *name, void *data) {
  (void)message, (void)name;
  ++*(int *)data;
}

static int published;

static void make_things(things_t *t) {
  assert_int_equal(async_resource_init(&t->resource, "T", NULL), 0);
  assert_int_equal(async_local_storage_init(&t->storage, NULL), 0);
  assert_int_equal(async_local_storage_snapshot(&t->snapshot), 0);
  assert_int_equal(async_diagnostics_channel_init(&t->channel, "c"), 0);
  assert_int_equal(async_tracing_channel_init(&t->tracing, "t"), 0);
  assert_int_equal(async_bounded_channel_init(&t->bounded, "b"), 0);
  assert_int_equal(async_event_emitter_init(&t->emitter), 0);
  assert_int_equal(
      async_diagnostics_channel_subscribe(&t->channel, never, &published), 0);
  assert_int_equal(
      async_diagnostics_channel_subscribe(&t->tracing.start, never, &published),
      0);
  assert_int_equal(worker_pool_create(NULL, &t->pool), 0);
}

static void make_handles(things_t *t) {
  assert_int_equal(async_uv_timer_init(&t->loop, &t->timer), 0);
  assert_int_equal(async_uv_idle_init(&t->loop, &t->idle), 0);
  assert_int_equal(async_uv_prepare_init(&t->loop, &t->prepare), 0);
  assert_int_equal(async_uv_check_init(&t->loop, &t->check), 0);
  assert_int_equal(async_uv_signal_init(&t->loop, &t->signal), 0);
  assert_int_equal(async_uv_fs_event_init(&t->loop, &t->fs_event), 0);
  assert_int_equal(async_uv_fs_poll_init(&t->loop, &t->fs_poll), 0);
  assert_int_equal(async_uv_tcp_init(&t->loop, &t->tcp), 0);
  assert_int_equal(async_uv_udp_init(&t->loop, &t->udp), 0);
  assert_int_equal(async_uv_poll_init(&t->loop, &t->poll, t->pipe[0]), 0);
}

static void end_things(things_t *t) {
  async_resource_finish(&t->resource);
  async_local_storage_snapshot_finish(&t->snapshot);
  async_local_storage_finish(&t->storage);
  async_diagnostics_channel_finish(&t->channel);
  async_tracing_channel_finish(&t->tracing);
  async_bounded_channel_finish(&t->bounded);
  async_event_emitter_finish(&t->emitter);
  assert_int_equal(worker_pool_close(t->pool, true, NULL, NULL), 0);
}

static int setup(void **state) {
  things_t *t = calloc(1, sizeof(*t));
  if (t == NULL || uv_loop_init(&t->loop) != 0 || uv_pipe(t->pipe, 0, 0) != 0 ||
      async_env_attach(&t->loop) != 0)
    return -1;
  *state = t;
  return 0;
}

static void close_handle(async_uv_handle_t *handle, void *arg) {
  (void)arg;
  async_uv_close(handle, NULL);
}

static int teardown(void **state) {
  things_t *t = *state;
  async_uv_walk(&t->loop, close_handle, NULL);
  uv_run(&t->loop, UV_RUN_DEFAULT);
  int status = async_env_detach() != 0 || uv_loop_close(&t->loop) != 0 ? -1 : 0;
  uv_fs_t request;
  for (int i = 0; i < 2; i++)
    uv_fs_close(NULL, &request, t->pipe[i], NULL);
  free(t);
  return status;
}

static void a_missing_function_is_refused_by_name(void **state) {
  things_t *t = *state;
  char wrong[1024] = "";
  make_things(t);
  make_handles(t);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    async_error_set(0, "nothing was said");
    int error = rows[i].call(t);
    size_t length = strlen(wrong);
    if (error != UV_EINVAL ||
        strstr(async_error_message(), rows[i].says) == NULL)
      snprintf(wrong + length, sizeof(wrong) - length, "%s: %d, %s\n",
               rows[i].name, error, async_error_message());
  }
  async_uv_walk(&t->loop, NULL, NULL);
  end_things(t);
  assert_string_equal(wrong, "");
  assert_int_equal(published, 0);
}

static void a_hook_without_callbacks_is_harmless(void **state) {
  things_t *t = *state;
  const async_hook_callbacks_t none = async_hook_callbacks_extend(NULL, NULL);
  static const async_hook_callbacks_t zero;
  assert_memory_equal(&none, &zero, sizeof(none));
  assert_int_equal(async_hook_init(&hook, NULL, NULL), UV_EINVAL);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&t->resource, "T", NULL), 0);
  async_resource_finish(&t->resource);
  async_hook_disable(&hook);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_missing_function_is_refused_by_name,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(a_hook_without_callbacks_is_harmless,
                                      setup, teardown),
  };
  return test_main(tests, argc, argv);
}
