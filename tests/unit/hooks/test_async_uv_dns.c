#include "blocked_pool.h"
#include "uv_fixture.h"

#include <stdlib.h>
#include <string.h>

typedef struct lookup_s {
  async_uv_getaddrinfo_t req;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t seen;
  bool found;
} lookup_t;

static void on_lookup(async_uv_getaddrinfo_t *req, int status,
                      struct addrinfo *res) {
  lookup_t *lookup = req->data;
  seen_note(&lookup->seen, status, lookup->context);
  lookup->found = res != NULL;
  uv_freeaddrinfo(res);
}

static void lookup_init(lookup_t *lookup, uv_fixture_t *fixture) {
  memset(lookup, 0, sizeof(*lookup));
  lookup->fixture = fixture;
  lookup->req.data = lookup;
}

static int look_up(lookup_t *lookup, const char *node) {
  struct addrinfo hints = {.ai_family = AF_INET,
                           .ai_socktype = SOCK_STREAM,
                           .ai_flags = AI_NUMERICHOST};
  return async_uv_getaddrinfo(&lookup->fixture->loop, &lookup->req, on_lookup,
                              node, NULL, &hints);
}

static void a_lookup_is_one_resource(void **state) {
  uv_fixture_t *fixture = *state;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(look_up(&lookup, "127.0.0.1"), 0);
  assert_events(fixture, NULL, "init GETADDRINFOREQWRAP");
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.status, 0);
  assert_true(lookup.found);
  assert_int_equal(lookup.seen.execution_async_id,
                   recorder_id(&fixture->recorder, "GETADDRINFOREQWRAP", 0));
  assert_int_equal(lookup.seen.trigger_async_id, ASYNC_ID_ROOT);
  assert_events(fixture, NULL,
                "init GETADDRINFOREQWRAP, before GETADDRINFOREQWRAP, "
                "after GETADDRINFOREQWRAP, destroy GETADDRINFOREQWRAP");
}

static void a_lookup_sees_the_context_it_was_asked_in(void **state) {
  static int store;
  context_t context;
  lookup_t lookup;
  lookup_init(&lookup, *state);
  context_enter(&context, &store);
  assert_int_equal(look_up(&lookup, "127.0.0.1"), 0);
  context_leave(&context);
  lookup.context = &context;
  uv_fixture_run(*state);
  assert_ptr_equal(lookup.seen.store, &store);
}

static void a_failed_lookup_calls_back_in_its_scope(void **state) {
  uv_fixture_t *fixture = *state;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(look_up(&lookup, "no number"), 0);
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.status, UV_EAI_NONAME);
  assert_false(lookup.found);
  assert_counts(fixture, "GETADDRINFOREQWRAP", 0, 1, 1, 1, 1);
}

static void a_lookup_that_libuv_refuses_has_no_callback(void **state) {
  uv_fixture_t *fixture = *state;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(look_up(&lookup, NULL), UV_EINVAL);
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.calls, 0);
  assert_counts(fixture, "GETADDRINFOREQWRAP", 0, 1, 0, 0, 1);
}

static void a_lookup_without_a_callback_blocks(void **state) {
  uv_fixture_t *fixture = *state;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(async_uv_getaddrinfo(&fixture->loop, &lookup.req, NULL,
                                        "127.0.0.1", NULL, NULL),
                   0);
  assert_non_null(lookup.req.uv.addrinfo);
  uv_freeaddrinfo(lookup.req.uv.addrinfo);
  assert_events(fixture, NULL, "");
}

static void a_cancelled_lookup_calls_back_in_its_scope(void **state) {
  uv_fixture_t *fixture = *state;
  blocked_pool_t pool;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  blocked_pool_hold(&pool, &fixture->loop);
  assert_int_equal(look_up(&lookup, "127.0.0.1"), 0);
  assert_int_equal(async_uv_getaddrinfo_cancel(&lookup.req), 0);
  blocked_pool_release(&pool);
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.status, UV_EAI_CANCELED);
  assert_counts(fixture, "GETADDRINFOREQWRAP", 0, 1, 1, 1, 1);
}

static unsigned freed;

static void on_lookup_free(async_uv_getaddrinfo_t *req, int status,
                           struct addrinfo *res) {
  (void)status;
  uv_freeaddrinfo(res);
  free(req);
  freed++;
}

static void the_callback_may_free_the_lookup(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_getaddrinfo_t *req = malloc(sizeof(*req));
  assert_int_equal(async_uv_getaddrinfo(&fixture->loop, req, on_lookup_free,
                                        "127.0.0.1", NULL, NULL),
                   0);
  uv_fixture_run(fixture);
  assert_int_equal(freed, 1);
}

static void on_lookup_again(async_uv_getaddrinfo_t *req, int status,
                            struct addrinfo *res) {
  lookup_t *lookup = req->data;
  on_lookup(req, status, res);
  if (lookup->seen.calls == 1) {
    look_up(lookup, "127.0.0.1");
  }
}

static void a_request_used_again_is_a_new_resource(void **state) {
  uv_fixture_t *fixture = *state;
  const recorder_t *recorder = &fixture->recorder;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(async_uv_getaddrinfo(&fixture->loop, &lookup.req,
                                        on_lookup_again, "127.0.0.1", NULL,
                                        NULL),
                   0);
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.trigger_async_id,
                   recorder_id(recorder, "GETADDRINFOREQWRAP", 0));
  assert_counts(fixture, "GETADDRINFOREQWRAP", 0, 1, 1, 1, 1);
  assert_counts(fixture, "GETADDRINFOREQWRAP", 1, 1, 1, 1, 1);
}

static void look_up_on_another_thread(void *arg) {
  lookup_t *lookup = arg;
  lookup->seen.status = look_up(lookup, "127.0.0.1");
}

static void a_lookup_belongs_to_the_thread_of_its_loop(void **state) {
  lookup_t lookup;
  lookup_init(&lookup, *state);
  on_other_environment(look_up_on_another_thread, &lookup);
  assert_int_equal(lookup.seen.status, UV_EINVAL);
  uv_fixture_run(*state);
  assert_events(*state, NULL, "");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_lookup_is_one_resource),
      cmocka_unit_test_uv(a_lookup_sees_the_context_it_was_asked_in),
      cmocka_unit_test_uv(a_failed_lookup_calls_back_in_its_scope),
      cmocka_unit_test_uv(a_lookup_that_libuv_refuses_has_no_callback),
      cmocka_unit_test_uv(a_lookup_without_a_callback_blocks),
      cmocka_unit_test_uv(a_cancelled_lookup_calls_back_in_its_scope),
      cmocka_unit_test_uv(the_callback_may_free_the_lookup),
      cmocka_unit_test_uv(a_request_used_again_is_a_new_resource),
      cmocka_unit_test_uv(a_lookup_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
