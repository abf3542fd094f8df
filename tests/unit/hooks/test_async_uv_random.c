#include "blocked_pool.h"
#include "uv_fixture.h"

#include <stdlib.h>
#include <string.h>

typedef struct draw_s {
  async_uv_random_t req;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t seen;
  unsigned char bytes[64];
  void *buf;
  size_t buflen;
} draw_t;

static void on_random(async_uv_random_t *req, int status, void *buf,
                      size_t buflen) {
  draw_t *draw = req->data;
  seen_note(&draw->seen, status, draw->context);
  draw->buf = buf;
  draw->buflen = buflen;
}

static void draw_init(draw_t *draw, uv_fixture_t *fixture) {
  memset(draw, 0, sizeof(*draw));
  draw->fixture = fixture;
  draw->req.data = draw;
}

static int draw_bytes(draw_t *draw, async_uv_random_cb cb) {
  return async_uv_random(&draw->fixture->loop, &draw->req, draw->bytes,
                         sizeof(draw->bytes), 0, cb);
}

/* 64 bytes that stay zero are no accident. */
static bool is_filled(const draw_t *draw) {
  static const unsigned char zeros[sizeof(draw->bytes)];
  return memcmp(draw->bytes, zeros, sizeof(zeros)) != 0;
}

static void random_bytes_are_one_resource(void **state) {
  uv_fixture_t *fixture = *state;
  draw_t draw;
  draw_init(&draw, fixture);
  assert_int_equal(draw_bytes(&draw, on_random), 0);
  assert_events(fixture, NULL, "init RANDOMBYTESREQUEST");
  uv_fixture_run(fixture);
  assert_int_equal(draw.seen.status, 0);
  assert_true(is_filled(&draw));
  assert_ptr_equal(draw.buf, draw.bytes);
  assert_int_equal(draw.buflen, sizeof(draw.bytes));
  assert_int_equal(draw.seen.execution_async_id,
                   recorder_id(&fixture->recorder, "RANDOMBYTESREQUEST", 0));
  assert_int_equal(draw.seen.trigger_async_id, ASYNC_ID_ROOT);
  assert_events(fixture, NULL,
                "init RANDOMBYTESREQUEST, before RANDOMBYTESREQUEST, "
                "after RANDOMBYTESREQUEST, destroy RANDOMBYTESREQUEST");
}

static void the_callback_sees_the_context_of_the_call(void **state) {
  static int store;
  context_t context;
  draw_t draw;
  draw_init(&draw, *state);
  context_enter(&context, &store);
  assert_int_equal(draw_bytes(&draw, on_random), 0);
  context_leave(&context);
  draw.context = &context;
  uv_fixture_run(*state);
  assert_ptr_equal(draw.seen.store, &store);
}

static void without_a_callback_it_blocks(void **state) {
  draw_t draw;
  draw_init(&draw, *state);
  assert_int_equal(
      async_uv_random(NULL, NULL, draw.bytes, sizeof(draw.bytes), 0, NULL), 0);
  assert_true(is_filled(&draw));
  assert_events(*state, NULL, "");
}

static void what_libuv_refuses_has_no_callback(void **state) {
  uv_fixture_t *fixture = *state;
  draw_t draw;
  draw_init(&draw, fixture);
  assert_int_equal(async_uv_random(&fixture->loop, &draw.req, draw.bytes,
                                   sizeof(draw.bytes), 1, on_random),
                   UV_EINVAL);
  assert_int_equal(async_uv_random(&fixture->loop, &draw.req, draw.bytes,
                                   (size_t)1 << 31, 0, on_random),
                   UV_E2BIG);
  uv_fixture_run(fixture);
  assert_int_equal(draw.seen.calls, 0);
  assert_counts(fixture, "RANDOMBYTESREQUEST", 0, 1, 0, 0, 1);
  assert_counts(fixture, "RANDOMBYTESREQUEST", 1, 1, 0, 0, 1);
}

static void a_cancelled_request_calls_back_in_its_scope(void **state) {
  uv_fixture_t *fixture = *state;
  blocked_pool_t pool;
  draw_t draw;
  draw_init(&draw, fixture);
  blocked_pool_hold(&pool, &fixture->loop);
  assert_int_equal(draw_bytes(&draw, on_random), 0);
  assert_int_equal(async_uv_random_cancel(&draw.req), 0);
  blocked_pool_release(&pool);
  uv_fixture_run(fixture);
  assert_int_equal(draw.seen.status, UV_ECANCELED);
  assert_false(is_filled(&draw));
  assert_counts(fixture, "RANDOMBYTESREQUEST", 0, 1, 1, 1, 1);
}

static unsigned freed;

static void on_random_free(async_uv_random_t *req, int status, void *buf,
                           size_t buflen) {
  (void)status, (void)buf, (void)buflen;
  free(req->data);
  freed++;
}

static void the_callback_may_free_the_request(void **state) {
  draw_t *draw = malloc(sizeof(*draw));
  assert_non_null(draw);
  draw_init(draw, *state);
  assert_int_equal(draw_bytes(draw, on_random_free), 0);
  uv_fixture_run(*state);
  assert_int_equal(freed, 1);
}

static void draw_on_another_thread(void *arg) {
  draw_t *draw = arg;
  draw->seen.status = draw_bytes(draw, on_random);
}

static void a_request_belongs_to_the_thread_of_its_loop(void **state) {
  draw_t draw;
  draw_init(&draw, *state);
  on_other_environment(draw_on_another_thread, &draw);
  assert_int_equal(draw.seen.status, UV_EINVAL);
  uv_fixture_run(*state);
  assert_events(*state, NULL, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(random_bytes_are_one_resource),
      cmocka_unit_test_uv(the_callback_sees_the_context_of_the_call),
      cmocka_unit_test_uv(without_a_callback_it_blocks),
      cmocka_unit_test_uv(what_libuv_refuses_has_no_callback),
      cmocka_unit_test_uv(a_cancelled_request_calls_back_in_its_scope),
      cmocka_unit_test_uv(the_callback_may_free_the_request),
      cmocka_unit_test_uv(a_request_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
