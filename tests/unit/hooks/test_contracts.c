/* What the headers say of all their functions: those that need an environment
 * say so on a thread that has none, and what is for hooks works in each of the
 * five. What is not is refused there. */
#include "asyncscope/async_active_resources.h"
#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_event_emitter.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_finding.h"
#include "asyncscope/async_fs_promises.h"
#include "asyncscope/async_message_port.h"
#include "asyncscope/async_recorder.h"
#include "asyncscope/async_request.h"
#include "asyncscope/async_timers_promises.h"
#include "asyncscope/async_uv.h"
#include "asyncscope/async_worker.h"
#include "promise_fixture.h"

#include <stdio.h>
#include <string.h>

/* Calls record what did not answer as it should; the tests assert. */
static char wrong[1024];

static void expect(const char *call, long long answer, long long expected) {
  size_t length = strlen(wrong);
  if (answer != expected)
    snprintf(wrong + length, sizeof(wrong) - length, "%s: %lld\n", call,
             answer);
}
#define EXPECT(call, expected) expect(#call, (call), (expected))

static void on_tick(void *arg) {
  (void)arg;
}

static void on_listener(void *arg, void *data) {
  (void)arg, (void)data;
}

static void on_closed_handle(async_uv_handle_t *handle) {
  (void)handle;
}

static void on_fs(async_uv_fs_t *req) {
  (void)req;
}

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
}

static int nothing(void *arg) {
  (void)arg;
  return 0;
}

static void in_worker(void *worker_data) {
  (void)worker_data;
}

static void ask_the_core(void) {
  static async_hook_t hook;
  static async_resource_t resource;
  static async_bound_t bound;
  static async_env_cleanup_t cleanup;
  static const async_hook_callbacks_t none = {.init = NULL};
  async_hook_init(&hook, &none, NULL);
  EXPECT(async_hook_enable(&hook), UV_EINVAL);
  async_hook_disable(&hook);
  EXPECT(async_resource_init(&resource, "T", NULL), UV_EINVAL);
  EXPECT(async_resource_enter(&resource), UV_EINVAL);
  EXPECT(async_resource_run_in_async_scope(&resource, nothing, NULL),
         UV_EINVAL);
  EXPECT(async_callback_scope_open(&resource), UV_EINVAL);
  EXPECT(async_resource_emit_destroy(&resource), UV_EINVAL);
  EXPECT(async_resource_set_name(&resource, "n", 1), UV_EINVAL);
  EXPECT(async_resource_reserve_id(), ASYNC_ID_UNSET);
  EXPECT(async_bind(nothing, NULL, &bound), UV_EINVAL);
  EXPECT(async_env_detach(), UV_EINVAL);
  EXPECT(async_env_add_cleanup_hook(&cleanup, NULL), UV_EINVAL);
  EXPECT(async_env_set_recorder_bytes(0), UV_EINVAL);
  EXPECT(async_env_set_slow_callback_ns(0), UV_EINVAL);
  EXPECT(async_env_set_requests_kept(1, 1, 1), UV_EINVAL);
  EXPECT(async_env_thread(), ASYNC_THREAD_NONE);
  EXPECT(async_env_loop() == NULL, true);
  EXPECT(async_hooks_execution_async_id(), ASYNC_ID_NONE);
  EXPECT(async_hooks_trigger_async_id(), ASYNC_ID_NONE);
  EXPECT(async_hooks_execution_async_resource() == NULL, true);
  async_env_flush();
  async_env_set_name("none");
  async_resource_finish(&resource);
}

static void ask_the_rest(void) {
  static async_request_options_t options = {.number = 1};
  static async_immediate_t immediate;
  static async_tick_t tick;
  static async_message_end_t *ends[2];
  async_promise_t *promise = NULL;
  async_request_t *request = NULL;
  async_message_port_t *port = NULL;
  async_worker_t *worker = NULL;
  async_context_frame_t *frame = NULL;
  async_context_key_t key = {.id = 0};
  async_context_value_t value = {.store = NULL};
  EXPECT(async_next_tick(on_tick, NULL), UV_EINVAL);
  EXPECT(async_queue_microtask(on_tick, NULL), UV_EINVAL);
  EXPECT(async_tick_start(&tick, NULL, NULL), UV_EINVAL);
  EXPECT(async_immediate_start(&immediate, on_immediate), UV_EINVAL);
  EXPECT(async_promise_create(&promise), UV_EINVAL);
  EXPECT(async_immediate_promise(NULL, &promise), UV_EINVAL);
  EXPECT(async_set_unhandled_rejection_handler(NULL, NULL), UV_EINVAL);
  EXPECT(async_set_uncaught_exception_handler(NULL, NULL), UV_EINVAL);
  EXPECT(async_set_abort_on_uncaught_exception(false), UV_EINVAL);
  EXPECT(async_context_loss_set_handler(NULL, NULL), UV_EINVAL);
  EXPECT(async_request_begin(&options, &request), UV_EINVAL);
  EXPECT(async_context_frame_with(NULL, &key, &value, &frame), UV_EINVAL);
  EXPECT(async_message_channel_create(0, ends), 0);
  EXPECT(async_message_port_create(ends[0], &port), UV_EINVAL);
  EXPECT(async_worker_create(in_worker, NULL, &worker), UV_EINVAL);
  EXPECT(async_worker_exit(0), UV_EINVAL);
  EXPECT(async_active_resources_info(NULL, NULL, 0), 0);
  EXPECT(async_context_frame_current() == NULL, true);
  async_message_end_destroy(ends[0]);
  async_message_end_destroy(ends[1]);
}

static void ask_libuv(uv_loop_t *loop) {
  static async_uv_timer_t timer;
  static async_uv_tcp_t tcp;
  static async_uv_udp_t udp;
  static async_uv_pipe_t pipe;
  static async_uv_idle_t idle;
  static async_uv_poll_t poll;
  static async_uv_signal_t signal;
  static async_uv_fs_t fs;
  async_promise_t *promise = NULL;
  EXPECT(async_uv_timer_init(loop, &timer), UV_EINVAL);
  EXPECT(async_uv_timer_promise(loop, 1, NULL, &promise), UV_EINVAL);
  EXPECT(async_uv_tcp_init(loop, &tcp), UV_EINVAL);
  EXPECT(async_uv_udp_init(loop, &udp), UV_EINVAL);
  EXPECT(async_uv_pipe_init(loop, &pipe, 0), UV_EINVAL);
  EXPECT(async_uv_idle_init(loop, &idle), UV_EINVAL);
  EXPECT(async_uv_poll_init(loop, &poll, 0), UV_EINVAL);
  EXPECT(async_uv_signal_init(loop, &signal), UV_EINVAL);
  EXPECT(async_uv_fs_stat(loop, &fs, ".", on_fs), UV_EINVAL);
  EXPECT(async_uv_fs_stat_promise(loop, ".", &promise), UV_EINVAL);
}

static void ask_without_environment(void *loop) {
  ask_the_core();
  ask_the_rest();
  ask_libuv(loop);
}

static void a_thread_without_an_environment_is_told(void **state) {
  fixture_t *fixture = *state;
  run_on_thread(ask_without_environment, &fixture->loop);
  assert_string_equal(wrong, "");
}

/* What is made in a hook, and ended after the loop. */
typedef struct made_s {
  async_resource_t resource;
  async_bound_t bound;
  async_immediate_t immediate;
  async_uv_timer_t timer, unstarted;
  async_event_emitter_t emitter;
  async_promise_t *promise, *waits;
  async_message_end_t *ends[2];
  async_message_port_t *port;
  async_request_t *request;
  async_context_key_t key;
} made_t;

static void make_resources(made_t *made) {
  EXPECT(async_resource_init(&made->resource, "IN_HOOK", NULL), 0);
  EXPECT(async_resource_run_in_async_scope(&made->resource, nothing, NULL), 0);
  EXPECT(async_callback_scope_open(&made->resource), 0);
  async_callback_scope_close(&made->resource);
  EXPECT(async_resource_set_name(&made->resource, "n", 1), 0);
  EXPECT(async_resource_emit_destroy(&made->resource), 0);
  EXPECT(async_bind(nothing, NULL, &made->bound), 0);
  EXPECT(async_bound_call(&made->bound, NULL), 0);
  EXPECT(async_event_emitter_init_async_resource(&made->emitter, NULL, NULL),
         0);
  EXPECT(async_event_emitter_on(&made->emitter, "e", on_listener, NULL), 0);
  EXPECT(async_event_emitter_emit(&made->emitter, "e", NULL), 1);
}

static void queue_things(made_t *made) {
  EXPECT(async_next_tick(on_tick, NULL), 0);
  EXPECT(async_queue_microtask(on_tick, NULL), 0);
  EXPECT(async_immediate_start(&made->immediate, on_immediate), 0);
  async_immediate_unref(&made->immediate);
  async_immediate_ref(&made->immediate);
  EXPECT(async_promise_create(&made->promise), 0);
  EXPECT(async_promise_then(made->promise, NULL, NULL, NULL, NULL), 0);
  async_promise_resolve(made->promise, NULL);
  EXPECT(async_immediate_promise(NULL, &made->waits), 0);
}

static void use_frames(made_t *made) {
  async_context_value_t value = {.store = made};
  async_context_frame_t *frame = NULL;
  async_request_options_t options = {.number = 1, .name = "r", .name_bytes = 1};
  EXPECT(async_context_key_create("k", &made->key), 0);
  EXPECT(async_context_frame_with(NULL, &made->key, &value, &frame), 0);
  frame = async_context_frame_exchange(frame);
  async_context_frame_release(async_context_frame_exchange(frame));
  async_context_key_destroy(&made->key);
  EXPECT(async_request_begin(&options, &made->request), 0);
  EXPECT(async_request_end(made->request, 0), 0);
  EXPECT(async_env_set_recorder_bytes(4096), 0);
  EXPECT(async_env_set_slow_callback_ns(0), 0);
}

static void use_loop(made_t *made) {
  uv_loop_t *loop = async_env_loop();
  EXPECT(async_uv_timer_init(loop, &made->timer), 0);
  EXPECT(async_uv_timer_init(loop, &made->unstarted), 0);
  EXPECT(async_uv_timer_start(&made->timer, on_timer, 0, 0), 0);
  EXPECT(async_uv_timer_start(&made->timer, on_timer, 0, 0), 0);
  async_uv_close((async_uv_handle_t *)&made->timer, on_closed_handle);
  async_uv_close((async_uv_handle_t *)&made->unstarted, NULL);
  EXPECT(async_message_channel_create(0, made->ends), 0);
  EXPECT(async_message_port_create(made->ends[0], &made->port), 0);
  async_message_port_close(made->port);
  async_message_end_destroy(made->ends[1]);
  EXPECT(async_active_resources_info(NULL, NULL, 0) > 0, true);
}

static void be_refused(void) {
  async_id_t ids = async_resource_reserve_id();
  EXPECT(async_env_open(ASYNC_ENV_OTHER, "x"), UV_EALREADY);
  EXPECT(async_env_attach(async_env_loop()), UV_EALREADY);
  EXPECT(async_env_detach(), UV_EBUSY);
  async_env_flush(); /* does nothing: no id is taken by what it would run */
  EXPECT(async_resource_reserve_id(), ids + 1);
}

enum { INIT, BEFORE, AFTER, DESTROY, RESOLVE, HOOKS };

static made_t *made;
static unsigned called; /* bit per hook */
static bool busy;

static void in_hook(int which) {
  if (busy || (called & 1u << which) != 0)
    return;
  called |= 1u << which;
  busy = true;
  be_refused();
  make_resources(&made[which]);
  queue_things(&made[which]);
  use_frames(&made[which]);
  use_loop(&made[which]);
  busy = false;
}

static void on_init(async_id_t async_id, const char *type, async_id_t trigger,
                    async_resource_t *resource, void *data) {
  (void)async_id, (void)type, (void)trigger, (void)resource, (void)data;
  in_hook(INIT);
}

static void on_before(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  in_hook(BEFORE);
}

static void on_after(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  in_hook(AFTER);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  in_hook(DESTROY);
}

static void on_resolve(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
  in_hook(RESOLVE);
}

static void end_made(made_t *each) {
  async_resource_finish(&each->resource);
  async_bound_finish(&each->bound);
  async_event_emitter_finish(&each->emitter);
  async_promise_release(each->promise);
  async_promise_release(each->waits);
}

static void what_is_for_hooks_works_in_each_of_them(void **state) {
  static const async_hook_callbacks_t callbacks = {on_init, on_before, on_after,
                                                   on_destroy, on_resolve};
  static made_t room[HOOKS];
  fixture_t *fixture = *state;
  async_hook_t hook;
  async_resource_t first;
  made = room;
  async_hook_init(&hook, &callbacks, NULL);
  assert_int_equal(async_hook_enable(&hook), 0);
  assert_int_equal(async_resource_init(&first, "FIRST", NULL), 0);
  assert_int_equal(async_resource_run_in_async_scope(&first, nothing, NULL), 0);
  async_resource_finish(&first);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  busy = true;
  for (int which = INIT; which < HOOKS; which++)
    end_made(&room[which]);
  async_hook_disable(&hook);
  assert_int_equal(called, (1u << HOOKS) - 1);
  assert_string_equal(wrong, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_thread_without_an_environment_is_told),
      cmocka_unit_test_on_loop(what_is_for_hooks_works_in_each_of_them),
  };
  return test_main(tests, argc, argv);
}
