#include "uv_fixture.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A handle that watches one end of a pipe. */
typedef struct watch_s {
  async_uv_poll_t poll;
  uv_fixture_t *fixture;
  int files[2];
  const context_t *context;
  seen_t ready, closed;
  int events;
  unsigned limit; /* the call in which a test stops */
} watch_t;

static async_uv_handle_t *watch_handle(watch_t *watch) {
  return (async_uv_handle_t *)&watch->poll;
}

static async_id_t watch_id(watch_t *watch) {
  return async_resource_async_id(async_uv_handle_resource(watch_handle(watch)));
}

static void watch_init(watch_t *watch, uv_fixture_t *fixture) {
  memset(watch, 0, sizeof(*watch));
  watch->fixture = fixture;
  assert_int_equal(pipe2(watch->files, O_CLOEXEC), 0);
  assert_int_equal(
      async_uv_poll_init(&fixture->loop, &watch->poll, watch->files[0]), 0);
  watch->poll.data = watch;
}

static void on_closed(async_uv_handle_t *handle) {
  watch_t *watch = handle->data;
  recorder_mark(&watch->fixture->recorder, "closed");
  seen_note(&watch->closed, 0, watch->context);
}

static void watch_finish(watch_t *watch) {
  if (!async_uv_is_closing(watch_handle(watch))) {
    async_uv_close(watch_handle(watch), NULL);
  }
  uv_fixture_run(watch->fixture);
  close(watch->files[0]);
  close(watch->files[1]);
}

static void on_ready(async_uv_poll_t *poll, int status, int events) {
  watch_t *watch = poll->data;
  watch->events = events;
  recorder_mark(&watch->fixture->recorder, "ready");
  seen_note(&watch->ready, status, watch->context);
  if (watch->ready.calls == watch->limit) {
    async_uv_poll_stop(poll);
  }
}

static void on_ready_close(async_uv_poll_t *poll, int status, int events) {
  on_ready(poll, status, events);
  async_uv_close((async_uv_handle_t *)poll, on_closed);
}

static int start(watch_t *watch, async_uv_poll_cb cb) {
  return async_uv_poll_start(&watch->poll, UV_READABLE, cb);
}

static void make_ready(watch_t *watch) {
  assert_int_equal(write(watch->files[1], "x", 1), 1);
}

static void a_poll_handle_that_is_not_started_has_no_resource(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  assert_int_equal(async_uv_poll_stop(&watch.poll), 0);
  watch_finish(&watch);
  assert_events(*state, NULL, "");
}

static void each_event_runs_in_the_scope_of_its_start(void **state) {
  static int store;
  context_t context;
  watch_t watch;
  watch_init(&watch, *state);
  watch.limit = 2;
  context_enter(&context, &store);
  assert_int_equal(start(&watch, on_ready), 0);
  context_leave(&context);
  watch.context = &context;
  async_id_t id = watch_id(&watch);
  make_ready(&watch);
  uv_fixture_run(*state);
  assert_int_equal(watch.ready.calls, 2);
  assert_int_equal(watch.events, UV_READABLE);
  assert_int_equal(watch.ready.execution_async_id, id);
  assert_ptr_equal(watch.ready.store, &store);
  assert_counts((uv_fixture_t *)*state, "POLL", 0, 1, 2, 2, 1);
  watch_finish(&watch);
}

static void starting_a_started_poll_keeps_its_resource(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_ready), 0);
  async_id_t id = watch_id(&watch);
  assert_int_equal(async_uv_poll_start(&watch.poll, UV_READABLE | UV_DISCONNECT,
                                       on_ready_close),
                   0);
  assert_int_equal(watch_id(&watch), id);
  make_ready(&watch);
  uv_fixture_run(*state);
  assert_events(*state, NULL,
                "init POLL, before POLL, ready, after POLL, "
                "before POLL, closed, after POLL, destroy POLL");
  watch_finish(&watch);
}

static void starting_after_a_stop_is_another_poll(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_ready), 0);
  async_id_t id = watch_id(&watch);
  assert_int_equal(async_uv_poll_stop(&watch.poll), 0);
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  assert_int_equal(start(&watch, on_ready), 0);
  assert_int_not_equal(watch_id(&watch), id);
  watch_finish(&watch);
  assert_counts((uv_fixture_t *)*state, "POLL", 1, 1, 0, 0, 1);
}

static void no_events_stop_a_poll(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(start(&watch, on_ready), 0);
  assert_int_equal(async_uv_poll_start(&watch.poll, 0, on_ready), 0);
  assert_int_equal(watch_id(&watch), ASYNC_ID_UNSET);
  assert_false(async_uv_is_active(watch_handle(&watch)));
  watch_finish(&watch);
}

static void on_ready_again(async_uv_poll_t *poll, int status, int events) {
  watch_t *watch = poll->data;
  on_ready(poll, status, events);
  if (watch->ready.calls == 1) {
    async_uv_poll_stop(poll);
    async_uv_poll_start(poll, UV_READABLE, on_ready_again);
  }
}

static void a_poll_started_again_in_its_callback_is_another(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  watch.limit = 2;
  assert_int_equal(start(&watch, on_ready_again), 0);
  make_ready(&watch);
  uv_fixture_run(*state);
  assert_counts((uv_fixture_t *)*state, "POLL", 0, 1, 1, 1, 1);
  assert_counts((uv_fixture_t *)*state, "POLL", 1, 1, 1, 1, 1);
  watch_finish(&watch);
}

static void a_file_that_is_watched_already_leaves_no_resource(void **state) {
  watch_t watch;
  async_uv_poll_t second;
  uv_fixture_t *fixture = *state;
  watch_init(&watch, fixture);
  assert_int_equal(async_uv_poll_init(&fixture->loop, &second, watch.files[0]),
                   0);
  assert_int_equal(start(&watch, on_ready), 0);
  assert_int_equal(async_uv_poll_start(&second, UV_READABLE, on_ready),
                   UV_EEXIST);
  async_uv_close((async_uv_handle_t *)&second, NULL);
  watch_finish(&watch);
  assert_counts(fixture, "POLL", 1, 1, 0, 0, 1);
}

static void what_libuv_asserts_of_a_poll_is_refused(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  assert_int_equal(async_uv_poll_start(&watch.poll, 1 << 20, on_ready),
                   UV_EINVAL);
  assert_int_equal(start(&watch, NULL), UV_EINVAL);
  async_uv_close(watch_handle(&watch), NULL);
  assert_int_equal(start(&watch, on_ready), UV_EINVAL);
  assert_int_equal(async_uv_poll_stop(&watch.poll), 0);
  watch_finish(&watch);
  assert_events(*state, NULL, "");
}

typedef struct foreign_s {
  watch_t *watch;
  int errors[4];
} foreign_t;

static void use_on_another_thread(void *arg) {
  foreign_t *foreign = arg;
  uv_loop_t *loop = &foreign->watch->fixture->loop;
  async_uv_poll_t poll;
  foreign->errors[0] = async_uv_poll_init(loop, &poll, 0);
  foreign->errors[1] = async_uv_poll_init_socket(loop, &poll, 0);
  foreign->errors[2] = start(foreign->watch, on_ready);
  foreign->errors[3] = async_uv_poll_stop(&foreign->watch->poll);
}

static void a_poll_handle_belongs_to_its_loops_thread(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  foreign_t foreign = {.watch = &watch};
  on_other_environment(use_on_another_thread, &foreign);
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(foreign.errors[i], UV_EINVAL);
  }
  watch_finish(&watch);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {

      cmocka_unit_test_uv(a_poll_handle_that_is_not_started_has_no_resource),
      cmocka_unit_test_uv(each_event_runs_in_the_scope_of_its_start),
      cmocka_unit_test_uv(starting_a_started_poll_keeps_its_resource),
      cmocka_unit_test_uv(starting_after_a_stop_is_another_poll),
      cmocka_unit_test_uv(no_events_stop_a_poll),
      cmocka_unit_test_uv(a_poll_started_again_in_its_callback_is_another),
      cmocka_unit_test_uv(a_file_that_is_watched_already_leaves_no_resource),
      cmocka_unit_test_uv(what_libuv_asserts_of_a_poll_is_refused),
      cmocka_unit_test_uv(a_poll_handle_belongs_to_its_loops_thread),
  };
  return test_main(tests, argc, argv);
}
