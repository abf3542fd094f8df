#include "blocked_pool.h"
#include "uv_fixture.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

typedef struct lookup_s {
  async_uv_getnameinfo_t req;
  uv_fixture_t *fixture;
  const context_t *context;
  struct sockaddr_storage addr;
  seen_t seen;
  char hostname[NI_MAXHOST], service[NI_MAXSERV];
} lookup_t;

static void on_lookup(async_uv_getnameinfo_t *req, int status,
                      const char *hostname, const char *service) {
  lookup_t *lookup = req->data;
  seen_note(&lookup->seen, status, lookup->context);
  if (status == 0) {
    strncpy(lookup->hostname, hostname, sizeof(lookup->hostname) - 1);
    strncpy(lookup->service, service, sizeof(lookup->service) - 1);
  }
}

static void lookup_init(lookup_t *lookup, uv_fixture_t *fixture) {
  memset(lookup, 0, sizeof(*lookup));
  lookup->fixture = fixture;
  lookup->req.data = lookup;
  assert_int_equal(
      uv_ip4_addr("127.0.0.1", 80, (struct sockaddr_in *)&lookup->addr), 0);
}

static int look_up_with(lookup_t *lookup, async_uv_getnameinfo_cb cb) {
  return async_uv_getnameinfo(&lookup->fixture->loop, &lookup->req, cb,
                              (const struct sockaddr *)&lookup->addr,
                              NI_NUMERICHOST | NI_NUMERICSERV);
}

static int look_up(lookup_t *lookup) {
  return look_up_with(lookup, on_lookup);
}

static void a_lookup_is_one_resource(void **state) {
  uv_fixture_t *fixture = *state;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(look_up(&lookup), 0);
  assert_events(fixture, NULL, "init GETNAMEINFOREQWRAP");
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.status, 0);
  assert_string_equal(lookup.hostname, "127.0.0.1");
  assert_string_equal(lookup.service, "80");
  assert_int_equal(lookup.seen.execution_async_id,
                   recorder_id(&fixture->recorder, "GETNAMEINFOREQWRAP", 0));
  assert_int_equal(lookup.seen.trigger_async_id, ASYNC_ID_ROOT);
  assert_events(fixture, NULL,
                "init GETNAMEINFOREQWRAP, before GETNAMEINFOREQWRAP, "
                "after GETNAMEINFOREQWRAP, destroy GETNAMEINFOREQWRAP");
}

static void a_lookup_sees_the_context_it_was_asked_in(void **state) {
  static int store;
  context_t context;
  lookup_t lookup;
  lookup_init(&lookup, *state);
  context_enter(&context, &store);
  assert_int_equal(look_up(&lookup), 0);
  context_leave(&context);
  lookup.context = &context;
  uv_fixture_run(*state);
  assert_ptr_equal(lookup.seen.store, &store);
}

static void diagnostics_show_the_address(void **state) {
  uv_fixture_t *fixture = *state;
  async_resource_info_t info;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(look_up(&lookup), 0);
  assert_true(
      inspect(recorder_id(&fixture->recorder, "GETNAMEINFOREQWRAP", 0), &info));
  assert_string_equal(info.name, "127.0.0.1");
  uv_fixture_run(fixture);
}

static void diagnostics_show_an_ipv6_address(void **state) {
  uv_fixture_t *fixture = *state;
  async_resource_info_t info;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  assert_int_equal(uv_ip6_addr("::1", 80, (struct sockaddr_in6 *)&lookup.addr),
                   0);
  assert_int_equal(look_up(&lookup), 0);
  assert_true(
      inspect(recorder_id(&fixture->recorder, "GETNAMEINFOREQWRAP", 0), &info));
  assert_string_equal(info.name, "::1");
  uv_fixture_run(fixture);
  assert_string_equal(lookup.hostname, "::1");
}

static void a_lookup_that_libuv_refuses_has_no_callback(void **state) {
  uv_fixture_t *fixture = *state;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  lookup.addr.ss_family = AF_UNIX;
  assert_int_equal(look_up(&lookup), UV_EINVAL);
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.calls, 0);
  assert_counts(fixture, "GETNAMEINFOREQWRAP", 0, 1, 0, 0, 1);
}

static void a_lookup_without_a_callback_blocks(void **state) {
  lookup_t lookup;
  lookup_init(&lookup, *state);
  assert_int_equal(look_up_with(&lookup, NULL), 0);
  assert_string_equal(lookup.req.uv.host, "127.0.0.1");
  assert_events(*state, NULL, "");
}

static void a_cancelled_lookup_calls_back_in_its_scope(void **state) {
  uv_fixture_t *fixture = *state;
  blocked_pool_t pool;
  lookup_t lookup;
  lookup_init(&lookup, fixture);
  blocked_pool_hold(&pool, &fixture->loop);
  assert_int_equal(look_up(&lookup), 0);
  assert_int_equal(async_uv_getnameinfo_cancel(&lookup.req), 0);
  blocked_pool_release(&pool);
  uv_fixture_run(fixture);
  assert_int_equal(lookup.seen.status, UV_EAI_CANCELED);
  assert_counts(fixture, "GETNAMEINFOREQWRAP", 0, 1, 1, 1, 1);
}

static unsigned freed;

static void on_lookup_free(async_uv_getnameinfo_t *req, int status,
                           const char *hostname, const char *service) {
  (void)status, (void)hostname, (void)service;
  free(req->data);
  freed++;
}

static void the_callback_may_free_the_lookup(void **state) {
  lookup_t *lookup = malloc(sizeof(*lookup));
  assert_non_null(lookup);
  lookup_init(lookup, *state);
  assert_int_equal(look_up_with(lookup, on_lookup_free), 0);
  uv_fixture_run(*state);
  assert_int_equal(freed, 1);
}

static void look_up_on_another_thread(void *arg) {
  lookup_t *lookup = arg;
  lookup->seen.status = look_up(lookup);
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
      cmocka_unit_test_uv(diagnostics_show_the_address),
      cmocka_unit_test_uv(diagnostics_show_an_ipv6_address),
      cmocka_unit_test_uv(a_lookup_that_libuv_refuses_has_no_callback),
      cmocka_unit_test_uv(a_lookup_without_a_callback_blocks),
      cmocka_unit_test_uv(a_cancelled_lookup_calls_back_in_its_scope),
      cmocka_unit_test_uv(the_callback_may_free_the_lookup),
      cmocka_unit_test_uv(a_lookup_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
