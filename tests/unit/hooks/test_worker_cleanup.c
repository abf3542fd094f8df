/* What a worker leaves open: closed, waited for, given back. */
#include "worker_probe.h"

#include <stdlib.h>
#include <string.h>

static void terminate(worker_probe_t *probe) {
  async_worker_terminate(probe->worker);
}

/* What the worker keeps of its own end. */
typedef struct ending_s {
  int failed, cleaned, closed, requests, immediates, destroyed;
  int refused;
  int released; /* of the store that was set in the worker */
  async_env_cleanup_t cleanup;
  async_uv_timer_t timer;
  async_uv_async_t async;
  async_uv_tcp_t tcp;
  uv_timer_t plain;
  uv_idle_t plain_idle;
  async_uv_work_t work;
  async_uv_fs_t fs;
  async_immediate_t immediate;
  async_hook_t hook;
  async_context_key_t key;
  uv_sem_t go_on;
} ending_t;

static ending_t *ending(void) {
  return async_worker_data();
}

static void on_tick(async_uv_timer_t *timer) {
  (void)timer;
}

static void open_tracked(ending_t *inside) {
  uv_loop_t *loop = async_env_loop();
  int *failed = &inside->failed;
  WORKER_CHECK(failed, async_uv_timer_init(loop, &inside->timer) == 0);
  WORKER_CHECK(failed,
               async_uv_timer_start(&inside->timer, on_tick, 1, 1) == 0);
  WORKER_CHECK(failed, async_uv_async_init(loop, &inside->async, NULL) == 0);
  WORKER_CHECK(failed, async_uv_tcp_init(loop, &inside->tcp) == 0);
}

static void on_closed(async_uv_handle_t *handle) {
  (void)handle;
  ending()->closed++;
}

static void close_in_cleanup(async_env_cleanup_t *cleanup) {
  ending_t *inside = cleanup->data;
  inside->cleaned++;
  async_uv_close((async_uv_handle_t *)&inside->timer, on_closed);
}

static void post_ready(ending_t *inside) {
  WORKER_CHECK(&inside->failed,
               post_number(async_worker_parent_port(), 0) == 0);
}

static void leave_one_with_a_cleanup_hook(void *worker_data) {
  ending_t *inside = worker_data;
  open_tracked(inside);
  inside->cleanup.data = inside;
  WORKER_CHECK(&inside->failed, async_env_add_cleanup_hook(
                                    &inside->cleanup, close_in_cleanup) == 0);
  post_ready(inside);
}

static void a_cleanup_hook_closes_with_a_callback(void **state) {
  ending_t inside = {.failed = 0};
  worker_probe_t probe = {.when_message = terminate};
  probe_run(&probe, *state, leave_one_with_a_cleanup_hook, &inside);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.cleaned, 1);
  assert_int_equal(inside.closed, 1);
}

static void say_goodbye(async_env_cleanup_t *cleanup) {
  ending_t *inside = cleanup->data;
  inside->cleaned++;
  post_ready(inside);
}

static void be_polite(void *worker_data) {
  ending_t *inside = worker_data;
  inside->cleanup.data = inside;
  WORKER_CHECK(&inside->failed,
               async_env_add_cleanup_hook(&inside->cleanup, say_goodbye) == 0);
  listen_forever(NULL);
  post_ready(inside);
}

static void a_cleanup_hook_may_still_post(void **state) {
  ending_t inside = {.failed = 0};
  worker_probe_t probe = {.when_message = terminate};
  probe_run(&probe, *state, be_polite, &inside);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.cleaned, 1);
  assert_int_equal(probe.message.calls, 2);
}

static void release_store(void *store) {
  ending_t *inside = store;
  inside->released++;
}

static void set_store(ending_t *inside) {
  async_context_value_t value = {.store = inside, .release = release_store};
  async_context_frame_t *frame;
  WORKER_CHECK(&inside->failed, async_context_frame_with(NULL, &inside->key,
                                                         &value, &frame) == 0);
  async_context_frame_release(async_context_frame_exchange(frame));
}

static void count_destroy(async_id_t async_id, void *data) {
  (void)async_id;
  ((ending_t *)data)->destroyed++;
}

static void count_destroys(ending_t *inside) {
  static const async_hook_callbacks_t callbacks = {.destroy = count_destroy};
  async_hook_init(&inside->hook, &callbacks, inside);
  WORKER_CHECK(&inside->failed, async_hook_enable(&inside->hook) == 0);
}

static void leave_handles_under_a_store(void *worker_data) {
  ending_t *inside = worker_data;
  count_destroys(inside);
  set_store(inside);
  open_tracked(inside);
  post_ready(inside);
}

/* A Timeout, an ASYNC, and the MESSAGEPORT; a bare socket is no resource. */
static void handles_left_open_are_closed_and_their_stores_released(
    void **state) {
  ending_t inside = {.failed = 0};
  worker_probe_t probe = {.when_message = terminate};
  assert_int_equal(async_context_key_create("ending", &inside.key), 0);
  probe_run(&probe, *state, leave_handles_under_a_store, &inside);
  async_context_key_destroy(&inside.key);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.released, 1);
  assert_int_equal(inside.destroyed, 3);
}

static void on_plain_timer(uv_timer_t *timer) {
  (void)timer;
}

static void on_plain_idle(uv_idle_t *idle) {
  (void)idle;
}

static void leave_plain_handles(void *worker_data) {
  ending_t *inside = worker_data;
  uv_timer_init(async_env_loop(), &inside->plain);
  uv_timer_start(&inside->plain, on_plain_timer, 1000000, 0);
  uv_idle_init(async_env_loop(), &inside->plain_idle);
  uv_idle_start(&inside->plain_idle, on_plain_idle);
  post_ready(inside);
}

static void handles_that_are_not_tracked_are_closed_too(void **state) {
  ending_t inside = {.failed = 0};
  worker_probe_t probe = {.when_message = terminate};
  probe_run(&probe, *state, leave_plain_handles, &inside);
  assert_int_equal(probe.exit_code, 1);
  assert_int_equal(inside.failed, 0);
  assert_true(uv_is_closing((uv_handle_t *)&inside.plain));
  assert_true(uv_is_closing((uv_handle_t *)&inside.plain_idle));
}

static void wait_for_the_test(async_uv_work_t *work) {
  ending_t *inside = work->data;
  uv_sem_wait(&inside->go_on);
}

static void on_immediate(async_immediate_t *immediate) {
  ending()->immediates++;
  (void)immediate;
}

static void on_stat(async_uv_fs_t *fs) {
  ending()->requests++;
  async_uv_fs_req_cleanup(fs);
}

static void begin_anew(ending_t *inside) {
  async_message_end_t *ends[2];
  async_message_port_t *port;
  async_worker_t *worker;
  uv_loop_t *loop = async_env_loop();
  int errors[] = {
      async_uv_timer_init(loop, &inside->timer),
      async_uv_fs_stat(loop, &inside->fs, ".", on_stat),
      async_immediate_start(&inside->immediate, on_immediate),
      async_worker_create(tick_forever, NULL, &worker),
  };
  for (int i = 0; i < 4; i++) {
    inside->refused += errors[i] == UV_ECANCELED;
  }
  if (async_message_channel_create(0, ends) == 0) {
    inside->refused +=
        async_message_port_create(ends[0], &port) == UV_ECANCELED;
    async_message_end_destroy(ends[0]);
    async_message_end_destroy(ends[1]);
  }
}

static void on_worked(async_uv_work_t *work, int status) {
  ending_t *inside = work->data;
  inside->requests++;
  WORKER_CHECK(&inside->failed, status == 0);
  begin_anew(inside);
}

/* The end has begun: the work is waited for. */
static void let_it_go_on(async_env_cleanup_t *cleanup) {
  ending_t *inside = cleanup->data;
  uv_sem_post(&inside->go_on);
}

static void leave_a_request(void *worker_data) {
  ending_t *inside = worker_data;
  inside->work.data = inside->cleanup.data = inside;
  WORKER_CHECK(&inside->failed,
               async_env_add_cleanup_hook(&inside->cleanup, let_it_go_on) == 0);
  WORKER_CHECK(&inside->failed,
               async_uv_queue_work(async_env_loop(), &inside->work,
                                   wait_for_the_test, on_worked) == 0);
  post_ready(inside);
}

static void requests_are_waited_for_and_begin_nothing_new(void **state) {
  ending_t inside = {.failed = 0};
  worker_probe_t probe = {.when_message = terminate};
  assert_int_equal(uv_sem_init(&inside.go_on, 0), 0);
  probe_run(&probe, *state, leave_a_request, &inside);
  uv_sem_destroy(&inside.go_on);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.requests, 1);
  assert_int_equal(inside.refused, 5);
  assert_int_equal(inside.immediates, 0);
}

static void leave_an_immediate(void *worker_data) {
  ending_t *inside = worker_data;
  WORKER_CHECK(&inside->failed,
               async_immediate_start(&inside->immediate, on_immediate) == 0);
  WORKER_CHECK(&inside->failed, async_worker_exit(0) == 0);
}

static void immediates_are_forgotten(void **state) {
  ending_t inside = {.failed = 0};
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, *state, leave_an_immediate, &inside);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.immediates, 0);
}

static void detach(void *worker_data) {
  int *errors = worker_data;
  errors[0] = async_env_detach();
  errors[1] = async_env_attach(uv_default_loop());
}

static void a_worker_does_not_leave_its_environment(void **state) {
  int errors[2] = {0};
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, *state, detach, errors);
  assert_int_equal(errors[0], UV_EBUSY);
  assert_int_equal(errors[1], UV_EALREADY);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_cleanup_hook_closes_with_a_callback),
      cmocka_unit_test_uv(a_cleanup_hook_may_still_post),
      cmocka_unit_test_uv(
          handles_left_open_are_closed_and_their_stores_released),
      cmocka_unit_test_uv(handles_that_are_not_tracked_are_closed_too),
      cmocka_unit_test_uv(requests_are_waited_for_and_begin_nothing_new),
      cmocka_unit_test_uv(immediates_are_forgotten),
      cmocka_unit_test_uv(a_worker_does_not_leave_its_environment),
  };
  return test_main(tests, argc, argv);
}
