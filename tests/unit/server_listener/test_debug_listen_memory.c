/* Each allocation fails once: of a listener that begins, and of one that
 * answers. What is not there for want of memory is told, nothing is left
 * behind, and the next visitor is served. libuv takes its memory elsewhere:
 * it ends the process where it gets none. */
#include "listener_fixture.h"

#include "asyncscope/async_resource.h"
#include "counting_allocator.h"

static void close_listener(listener_fixture_t *f) {
  asyncscope_debug_listener_close(f->listener);
  f->listener = NULL;
}

/* False when there was no allocation left to fail. */
static bool fails_to_begin(listener_fixture_t *f, const char *address,
                           long nth) {
  long before = counting_allocator_live();
  int error;
  bool failed;

  counting_allocator_fail_at(nth);
  error = asyncscope_debug_listen(NULL, address, NULL, &f->listener);
  failed = counting_allocator_disarm();
  assert_int_equal(error, failed ? UV_ENOMEM : 0);
  close_listener(f);
  assert_int_equal(counting_allocator_live(), before);
  return failed;
}

/* What a process keeps for good, the names of types, is there after one. */
static void fail_at_each(listener_fixture_t *f, const char *address) {
  long nth = 1;

  assert_int_equal(asyncscope_debug_listen(NULL, address, NULL, &f->listener),
                   0);
  close_listener(f);
  while (fails_to_begin(f, address, nth))
    nth++;
  assert_true(nth > 5);
}

static void a_port_that_cannot_be_served_is_given_back(void **state) {
  fail_at_each(*state, "127.0.0.1:0");
}

/* The teardown finds nothing in the directory. */
static void a_socket_that_cannot_be_served_is_removed(void **state) {
  fail_at_each(*state, listener_unix_address(*state));
}

/* Whatever comes of a request one of whose allocations fails. */
static bool survives(listener_fixture_t *f, const char *request, long nth) {
  bool failed;
  int fd;

  counting_allocator_fail_at(nth);
  fd = listener_connect(f);
  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  assert_true(raw_socket_read_all(fd, f->answer, LISTENER_ANSWER_BYTES) >= 0);
  failed = counting_allocator_disarm();
  close(fd);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
  return failed;
}

/* The names of types are kept for good. These are first seen where an answer
 * takes more than a turn, or a write more than one call: on a slow day. */
static void know_rare_types(void) {
  static const char *const types[] = {"Immediate", "WRITEWRAP", "TickObject"};
  async_resource_t resource;

  for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
    assert_int_equal(async_resource_init(&resource, types[i], NULL), 0);
    async_resource_finish(&resource);
  }
}

static void the_next_visitor_is_served(void **state) {
  static const char *const requests[] = {
      "GET /debug HTTP/1.1\r\n" END, "GET /debug/tree?x HTTP/1.1\r\n" END,
      "GET /debug HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"};
  listener_fixture_t *f = *state;
  long before;

  know_rare_types();
  listener_start(f, NULL);
  listener_ask(f, requests[0]);
  close_listener(f);
  before = counting_allocator_live();
  listener_start(f, NULL);
  for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
    long nth = 1;

    while (survives(f, requests[i], nth))
      nth++;
    assert_true(nth > 1);
  }
  close_listener(f);
  assert_int_equal(counting_allocator_live(), before);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_listener(a_port_that_cannot_be_served_is_given_back),
      cmocka_unit_test_listener(a_socket_that_cannot_be_served_is_removed),
      cmocka_unit_test_listener(the_next_visitor_is_served),
  };
  if (counting_allocator_install() != 0)
    return 1;
  return test_main(tests, argc, argv);
}
