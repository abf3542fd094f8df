/* Answers that come a piece at a time. */
#include "http_fixture.h"

#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"
#include <unistd.h>

static size_t body_bytes(const http_fixture_t *f, long size) {
  const char *body = strstr(f->answer, "\r\n\r\n");

  assert_non_null(body);
  return (size_t)size - (size_t)(body + 4 - f->answer);
}

static long ask(http_fixture_t *f, const char *request) {
  int fd = raw_socket_connect(f->port);
  long size;

  raw_socket_write(fd, request, strlen(request));
  size = raw_socket_read_all(fd, f->answer, FIXTURE_TEXT_BYTES);
  close(fd);
  return size;
}

static void a_known_length_comes_whole(void **state) {
  http_fixture_t *f = *state;
  long size;

  http_fixture_start(f);
  size = ask(f, "GET /length?3000000 HTTP/1.1\r\n" END);
  assert_int_equal(body_bytes(f, size), 3000000);
  assert_non_null(strstr(f->answer, "Content-Length: 3000000\r\n"));
}

static void an_unknown_length_comes_in_chunks(void **state) {
  http_fixture_t *f = *state;
  long size;

  http_fixture_start(f);
  size = ask(f, "GET /stream?2500 HTTP/1.1\r\n" END);
  assert_non_null(strstr(f->answer, "Transfer-Encoding: chunked\r\n"));
  assert_int_equal(body_bytes(f, size), 2500 + 3 * 7 + 5);
  assert_memory_equal(f->answer + size - 7, "\r\n0\r\n\r\n", 7);
}

static void http_1_0_gets_an_unknown_length_until_the_end(void **state) {
  http_fixture_t *f = *state;
  long size;

  http_fixture_start(f);
  size = ask(f, "GET /stream?2500 HTTP/1.0\r\n"
                "Connection: keep-alive\r\n\r\n");
  assert_int_equal(body_bytes(f, size), 2500);
  assert_null(strstr(f->answer, "Transfer-Encoding"));
  assert_non_null(strstr(f->answer, "Connection: close\r\n"));
}

static void take_data(async_id_t async_id, const char *type,
                      async_id_t trigger_async_id, async_resource_t *resource,
                      void *data) {
  (void)async_id;
  (void)type;
  (void)trigger_async_id;
  resource->data = data;
}

static async_hook_t hook;

static int enable_hook(void *data, http_request_t *request) {
  async_hook_callbacks_t callbacks = {.init = take_data};

  (void)request;
  async_hook_init(&hook, &callbacks, data);
  return async_hook_enable(&hook);
}

static void disable_hook(void *data, http_request_t *request,
                         http_response_t *response, int status) {
  (void)data;
  (void)request;
  (void)response;
  (void)status;
  async_hook_disable(&hook);
}

static void hooks_may_write_the_data_of_every_resource(void **state) {
  http_fixture_t *f = *state;
  long size;

  f->options.callbacks.on_request_open = enable_hook;
  f->options.callbacks.on_request_close = disable_hook;
  http_fixture_start(f);
  size = ask(f, "GET /length?3000000 HTTP/1.1\r\n" END);
  assert_int_equal(body_bytes(f, size), 3000000);
}

static async_request_t *account;
static uint64_t out_bytes;

static int begin_account(void *data, http_request_t *request) {
  const async_request_options_t options = {.number = 1};
  int error = async_request_begin(&options, &account);

  (void)data;
  if (error == 0)
    http_request_set_account(request, account);
  return error;
}

static uint64_t charged_out_bytes(void) {
  async_request_info_t info = {0};
  async_env_t *env = NULL;
  bool found = false;

  while (!found && (env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;
    found = async_inspect_requests(env, ASYNC_REQUESTS_ACTIVE, &cursor, &info,
                                   1) == 1;
  }
  async_inspect_release(env);
  return info.out_bytes;
}

static void end_account(void *data, http_request_t *request,
                        http_response_t *response, int status) {
  http_fixture_t *f = data;

  (void)response;
  out_bytes = charged_out_bytes();
  http_request_set_account(request, NULL);
  async_request_end(account, status);
  uv_sem_post(&f->closes);
}

static void what_frames_a_chunk_is_charged_too(void **state) {
  http_fixture_t *f = *state;
  long size;

  f->options.callbacks.on_request_open = begin_account;
  f->options.callbacks.on_request_close = end_account;
  http_fixture_start(f);
  size = ask(f, "GET /stream?2500 HTTP/1.1\r\n" END);
  uv_sem_wait(&f->closes);
  assert_int_equal(out_bytes, size);
}

static void a_slow_source_is_waited_for(void **state) {
  http_fixture_t *f = *state;
  long size;

  http_fixture_start(f);
  size =
      ask(f, "GET /slow?5000 HTTP/1.1\r\n" KEEP "GET /hello HTTP/1.1\r\n" END);
  assert_true(size > 5000);
  assert_memory_equal(f->answer + size - 5, "hello", 5);
}

static void an_empty_stream_is_an_empty_body(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(
      f, "GET /stream?0 HTTP/1.1\r\n" KEEP "GET /length?0 HTTP/1.1\r\n" END,
      "200 200");
}

static void a_source_that_ends_early_cuts_the_connection(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  ask(f, "GET /short HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->closes);
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=EIO/200:1 ");
}

/* What is too much would be taken for the next answer. */
static void a_source_that_gives_too_much_cuts_the_connection(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  ask(f, "GET /long HTTP/1.1\r\n" KEEP);
  uv_sem_wait(&f->closes);
  assert_null(strstr(f->answer, "eleven"));
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=EMSGSIZE/200:1 ");
}

/* A peer that does not read must stop the source: what it gives is bounded by
 * our buffer and the kernel's, far below what there is. */
static void a_peer_that_does_not_read_stops_the_source(void **state) {
  http_fixture_t *f = *state;
  int fd;

  f->options.limits.write_timeout_ms = 500;
  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /length?1000000000 HTTP/1.1\r\n" END);
  uv_sem_wait(&f->closes);
  close(fd);
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 abort:1 end=ETIMEDOUT/200:1 ");
}

static void a_peer_that_hangs_up_within_a_stream_ends_it(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "GET /length?1000000000 HTTP/1.1\r\n" END);
  assert_true(raw_socket_read_until(fd, "\r\n\r\n", 1, f->answer,
                                    FIXTURE_TEXT_BYTES) > 0);
  close(fd);
  uv_sem_wait(&f->closes);
  assert_non_null(strstr(http_fixture_notes(f), "handler:1 abort:1 end=E"));
}

static void a_costly_source_gives_the_loop_back(void **state) {
  http_fixture_t *f = *state;
  long size;

  http_fixture_start(f);
  size = ask(f, "GET /costly?20000 HTTP/1.1\r\n" END);
  assert_int_equal(body_bytes(f, size), 20000 + 20 * 7 + 5);
  assert_string_equal(http_fixture_notes(f), "handler:1 close:1 end=ok/200:1 ");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(a_known_length_comes_whole),
      cmocka_unit_test_http(an_unknown_length_comes_in_chunks),
      cmocka_unit_test_http(http_1_0_gets_an_unknown_length_until_the_end),
      cmocka_unit_test_http(hooks_may_write_the_data_of_every_resource),
      cmocka_unit_test_http(what_frames_a_chunk_is_charged_too),
      cmocka_unit_test_http(a_slow_source_is_waited_for),
      cmocka_unit_test_http(an_empty_stream_is_an_empty_body),
      cmocka_unit_test_http(a_source_that_ends_early_cuts_the_connection),
      cmocka_unit_test_http(a_source_that_gives_too_much_cuts_the_connection),
      cmocka_unit_test_http(a_peer_that_does_not_read_stops_the_source),
      cmocka_unit_test_http(a_peer_that_hangs_up_within_a_stream_ends_it),
      cmocka_unit_test_http(a_costly_source_gives_the_loop_back),
  };
  return test_main(tests, argc, argv);
}
