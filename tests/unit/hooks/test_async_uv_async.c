#include "uv_fixture.h"

#include <stdlib.h>
#include <string.h>

typedef struct waker_s {
  async_uv_async_t async;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t woken, closed;
  unsigned limit; /* closes itself after so many calls */
  int sent;
} waker_t;

static void on_closed(async_uv_handle_t *handle) {
  waker_t *waker = handle->data;
  recorder_mark(&waker->fixture->recorder, "closed");
  seen_note(&waker->closed, 0, waker->context);
}

static void on_woken(async_uv_async_t *async) {
  waker_t *waker = async->data;
  recorder_mark(&waker->fixture->recorder, "woken");
  seen_note(&waker->woken, 0, waker->context);
  if (waker->woken.calls == waker->limit) {
    async_uv_close((async_uv_handle_t *)async, on_closed);
  }
}

static void waker_init(waker_t *waker, uv_fixture_t *fixture, unsigned limit) {
  memset(waker, 0, sizeof(*waker));
  waker->fixture = fixture;
  waker->limit = limit;
  assert_int_equal(async_uv_async_init(&fixture->loop, &waker->async, on_woken),
                   0);
  waker->async.data = waker;
}

static void send_from_here(void *arg) {
  waker_t *waker = arg;
  waker->sent = async_uv_async_send(&waker->async);
}

static void another_thread_wakes_the_loop_in_the_handles_scope(void **state) {
  uv_fixture_t *fixture = *state;
  waker_t waker;
  waker_init(&waker, fixture, 1);
  on_other_thread(send_from_here, &waker);
  assert_int_equal(waker.sent, 0);
  assert_int_equal(waker.woken.calls, 0);
  uv_fixture_run(fixture);
  assert_int_equal(waker.woken.execution_async_id,
                   recorder_id(&fixture->recorder, "ASYNC", 0));
  assert_int_equal(waker.woken.trigger_async_id, ASYNC_ID_ROOT);
  assert_events(fixture, NULL,
                "init ASYNC, before ASYNC, woken, after ASYNC, before ASYNC, "
                "closed, after ASYNC, destroy ASYNC");
}

static void a_thread_with_an_environment_may_send_too(void **state) {
  waker_t waker;
  waker_init(&waker, *state, 1);
  on_other_environment(send_from_here, &waker);
  uv_fixture_run(*state);
  assert_int_equal(waker.sent, 0);
  assert_int_equal(waker.woken.calls, 1);
}

static void the_callback_sees_the_context_of_the_init(void **state) {
  static int store, senders;
  context_t context, sender;
  waker_t waker;
  context_enter(&context, &store);
  waker_init(&waker, *state, 1);
  context_leave(&context);
  waker.context = &context;
  context_enter(&sender, &senders);
  send_from_here(&waker);
  context_leave(&sender);
  uv_fixture_run(*state);
  assert_ptr_equal(waker.woken.store, &store);
  assert_ptr_equal(waker.closed.store, &store);
}

static void sends_in_one_iteration_are_one_callback(void **state) {
  waker_t waker;
  waker_init(&waker, *state, 1);
  send_from_here(&waker);
  send_from_here(&waker);
  uv_fixture_run(*state);
  assert_int_equal(waker.woken.calls, 1);
}

static void every_wake_is_a_scope_of_the_same_resource(void **state) {
  uv_fixture_t *fixture = *state;
  waker_t waker;
  waker_init(&waker, fixture, 3);
  for (unsigned i = 1; i <= 3; i++) {
    send_from_here(&waker);
    while (waker.woken.calls < i) {
      uv_run(&fixture->loop, UV_RUN_ONCE);
    }
  }
  uv_fixture_run(fixture);
  assert_counts(fixture, "ASYNC", 0, 1, 4, 4, 1);
}

static void without_a_callback_there_is_no_scope(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_async_t async;
  assert_int_equal(async_uv_async_init(&fixture->loop, &async, NULL), 0);
  assert_int_equal(async_uv_async_send(&async), 0);
  uv_run(&fixture->loop, UV_RUN_ONCE);
  async_uv_close((async_uv_handle_t *)&async, NULL);
  uv_fixture_run(fixture);
  assert_counts(fixture, "ASYNC", 0, 1, 0, 0, 1);
}

static void a_closed_handle_is_not_called_any_more(void **state) {
  uv_fixture_t *fixture = *state;
  waker_t waker;
  waker_init(&waker, fixture, 1);
  send_from_here(&waker);
  async_uv_close((async_uv_handle_t *)&waker.async, on_closed);
  uv_fixture_run(fixture);
  assert_int_equal(waker.woken.calls, 0);
  assert_int_equal(waker.closed.calls, 1);
}

static void on_tick_close(async_tick_t *tick) {
  waker_t *waker = tick->resource.data;
  async_uv_close((async_uv_handle_t *)&waker->async, on_closed);
}

static void a_tick_that_closes_it_is_in_time(void **state) {
  async_tick_t tick = {.cb = NULL};
  waker_t waker;
  waker_init(&waker, *state, 1);
  assert_int_equal(async_tick_start(&tick, on_tick_close, NULL), 0);
  tick.resource.data = &waker;
  send_from_here(&waker);
  uv_fixture_run(*state);
  assert_int_equal(waker.woken.calls, 0);
  assert_int_equal(waker.closed.calls, 1);
}

static void a_handle_may_be_unreferenced(void **state) {
  waker_t waker;
  waker_init(&waker, *state, 1);
  async_uv_unref((async_uv_handle_t *)&waker.async);
  uv_fixture_run(*state);
  assert_int_equal(waker.woken.calls, 0);
  async_uv_close((async_uv_handle_t *)&waker.async, NULL);
  uv_fixture_run(*state);
}

static void init_on_another_thread(void *arg) {
  waker_t *waker = arg;
  async_uv_async_t async;
  waker->sent = async_uv_async_init(&waker->fixture->loop, &async, on_woken);
}

static void a_handle_belongs_to_the_thread_of_its_loop(void **state) {
  waker_t waker = {.fixture = *state};
  on_other_environment(init_on_another_thread, &waker);
  assert_int_equal(waker.sent, UV_EINVAL);
  assert_events(*state, NULL, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(another_thread_wakes_the_loop_in_the_handles_scope),
      cmocka_unit_test_uv(a_thread_with_an_environment_may_send_too),
      cmocka_unit_test_uv(the_callback_sees_the_context_of_the_init),
      cmocka_unit_test_uv(sends_in_one_iteration_are_one_callback),
      cmocka_unit_test_uv(every_wake_is_a_scope_of_the_same_resource),
      cmocka_unit_test_uv(without_a_callback_there_is_no_scope),
      cmocka_unit_test_uv(a_closed_handle_is_not_called_any_more),
      cmocka_unit_test_uv(a_tick_that_closes_it_is_in_time),
      cmocka_unit_test_uv(a_handle_may_be_unreferenced),
      cmocka_unit_test_uv(a_handle_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
