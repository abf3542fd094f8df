/* The store set when a request is parsed is seen in everything that happens to
 * it, and never by the next. The number behind each colon is the store. */
#include "http_fixture.h"

#include "asyncscope/async_env.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_hooks.h"
#include <unistd.h>

static void all_callbacks_of_a_request_see_its_store(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\n"
                "Content-Length: 2\r\n" END);
  raw_socket_read_until(fd, "Continue\r\n\r\n", 1, f->answer, 4096);
  http_send(fd, "ab");
  raw_socket_read_all(fd, f->answer, 4096);
  close(fd);
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 data:1 end:1 close:1 end=ok/200:1 ");
}

static void the_next_request_sees_only_its_own(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f,
              "POST /echo HTTP/1.1\r\nContent-Length: 2\r\n" KEEP "ab"
              "GET /later HTTP/1.1\r\n" KEEP "GET /stream?10 HTTP/1.1\r\n" END,
              "200 200 200");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 data:1 end:1 close:1 end=ok/200:1 "
                      "handler:2 timer:2 close:2 end=ok/200:2 "
                      "handler:3 close:3 end=ok/200:3 ");
}

static void connections_do_not_mix(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  for (int i = 1; i <= 20; i++) {
    char notes[96];

    http_expect(f, "GET /later HTTP/1.1\r\n" END, "200");
    snprintf(notes, sizeof(notes),
             "handler:%d timer:%d close:%d end=ok/200:%d ", i, i, i, i);
    assert_string_equal(http_fixture_notes(f), notes);
  }
}

static void answer(http_fixture_t *f, http_response_t *response) {
  http_fixture_note(f, "handler");
  http_response_send(response, 200, "text/plain", "hello", 5);
}

static void enter_and_answer(void *data, http_request_t *request,
                             http_response_t *response) {
  http_fixture_t *f = data;
  async_context_value_t value = {.store = (void *)77};

  (void)request;
  answer(f, response);
  (void)async_context_set(&f->key, &value);
  http_fixture_note(f, "entered");
}

static void what_the_handler_entered_is_over_at_the_close(void **state) {
  http_fixture_t *f = *state;

  f->options.callbacks.on_request = enter_and_answer;
  http_fixture_start(f);
  http_expect(f, "GET / HTTP/1.1\r\n" KEEP "GET / HTTP/1.1\r\n" END, "200 200");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 entered:77 end=ok/200:1 "
                      "handler:2 entered:77 end=ok/200:2 ");
}

/* Of one thread, and of as many requests as are asked for. */
typedef struct pairs_s {
  http_fixture_t *fixture;
  async_hook_t hook;
  async_id_t requests[2];
  unsigned count;
} pairs_t;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  pairs_t *pairs = data;

  (void)trigger_async_id;
  (void)resource;
  if (strcmp(type, "HTTPINCOMINGMESSAGE") == 0 && pairs->count < 2)
    pairs->requests[pairs->count++] = async_id;
}

static void note(pairs_t *pairs, async_id_t async_id, const char *what) {
  for (unsigned i = 0; i < pairs->count; i++)
    if (pairs->requests[i] == async_id)
      http_fixture_note(pairs->fixture, what);
}

static void on_before(async_id_t async_id, void *pairs) {
  note(pairs, async_id, "before");
}

static void on_after(async_id_t async_id, void *pairs) {
  note(pairs, async_id, "after");
}

static void hook_and_answer(void *data, http_request_t *request,
                            http_response_t *response) {
  static const async_hook_callbacks_t callbacks = {
      .init = on_init, .before = on_before, .after = on_after};
  http_fixture_t *f = data;
  pairs_t *pairs = f->extra;

  (void)request;
  if (pairs->fixture == NULL) {
    pairs->fixture = f;
    (void)async_hook_init(&pairs->hook, &callbacks, pairs);
    (void)async_hook_enable(&pairs->hook);
  }
  answer(f, response);
}

static void a_request_answered_at_once_has_one_before_and_after(void **state) {
  http_fixture_t *f = *state;
  static pairs_t pairs; /* as long as the server's thread */

  f->extra = &pairs;
  f->options.callbacks.on_request = hook_and_answer;
  http_fixture_start(f);
  http_expect(f,
              "GET / HTTP/1.1\r\n" KEEP "GET / HTTP/1.1\r\n" KEEP
              "GET / HTTP/1.1\r\n" END,
              "200 200 200");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 end=ok/200:1 "
                      "before:2 handler:2 end=ok/200:2 after:2 "
                      "before:3 handler:3 end=ok/200:3 after:3 ");
}

static void on_uncaught(const char *message, void *data) {
  http_fixture_note(data, message);
}

static void hook_then_fail(void *data, http_request_t *request,
                           http_response_t *response) {
  http_fixture_t *f = data;
  pairs_t *pairs = f->extra;
  bool hooked = pairs->fixture != NULL;

  (void)async_set_uncaught_exception_handler(on_uncaught, f);
  hook_and_answer(data, request, response);
  if (hooked)
    async_fail("uncaught");
}

static void behind_a_handler_that_failed_the_close_has_its_own(void **state) {
  http_fixture_t *f = *state;
  static pairs_t pairs;

  f->extra = &pairs;
  f->options.callbacks.on_request = hook_then_fail;
  http_fixture_start(f);
  http_expect(f, "GET / HTTP/1.1\r\n" END, "200");
  http_expect(f, "GET / HTTP/1.1\r\n" END, "200");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 end=ok/200:1 "
                      "before:2 handler:2 uncaught:2 after:2 "
                      "before:2 end=ok/200:2 after:2 ");
}

static void fail_the_first(void *data, http_request_t *request,
                           http_response_t *response) {
  http_fixture_t *f = data;
  bool fails = http_request_path(request).size_bytes > 1;

  (void)async_set_uncaught_exception_handler(on_uncaught, f);
  if (async_failure() != NULL)
    http_fixture_note(f, "another's failure");
  answer(f, response);
  if (fails)
    async_fail("uncaught");
}

static void a_request_in_the_same_read_knows_nothing_of_a_failure(
    void **state) {
  http_fixture_t *f = *state;

  f->options.callbacks.on_request = fail_the_first;
  http_fixture_start(f);
  http_expect(f, "GET /fails HTTP/1.1\r\n" KEEP "GET / HTTP/1.1\r\n" END,
              "200 200");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 uncaught:1 end=ok/200:1 "
                      "handler:2 end=ok/200:2 ");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(all_callbacks_of_a_request_see_its_store),
      cmocka_unit_test_http(the_next_request_sees_only_its_own),
      cmocka_unit_test_http(connections_do_not_mix),
      cmocka_unit_test_http(what_the_handler_entered_is_over_at_the_close),
      cmocka_unit_test_http(
          a_request_answered_at_once_has_one_before_and_after),
      cmocka_unit_test_http(behind_a_handler_that_failed_the_close_has_its_own),
      cmocka_unit_test_http(
          a_request_in_the_same_read_knows_nothing_of_a_failure),
  };
  return test_main(tests, argc, argv);
}
