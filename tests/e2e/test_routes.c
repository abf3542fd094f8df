#include "e2e.h"
#include "e2e_raw.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void hello_answers_at_once(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_assert_contains(e2e_get(e2e, 200, "/hello"), "hello");
}

static void healthz_answers_200(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/healthz");
}

static void timer_answers_after_its_time(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/timer?ms=30");
  curl_off_t took_us = 0;
  curl_easy_getinfo(e2e->client.easy, CURLINFO_STARTTRANSFER_TIME_T, &took_us);
  assert_true(took_us >= 29000);
}

static void timer_without_ms_has_a_default(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/timer");
}

static void file_sends_the_bytes_of_the_file(void **state) {
  e2e_t *e2e = *state;
  static const char bytes[] = "one\0two\r\n\r\nthree";
  e2e_write_file(e2e, "small.bin", bytes, sizeof(bytes));
  e2e_start(e2e, "--root", e2e->directory);
  const char *body = e2e_get(e2e, 200, "/file?path=small.bin");
  assert_int_equal(e2e->answer.body.length, sizeof(bytes));
  assert_memory_equal(body, bytes, sizeof(bytes));
}

static void file_sends_an_empty_file(void **state) {
  e2e_t *e2e = *state;
  e2e_write_file(e2e, "empty", "", 0);
  e2e_start(e2e, "--root", e2e->directory);
  e2e_get(e2e, 200, "/file?path=empty");
  assert_int_equal(e2e->answer.body.length, 0);
}

/* More than a socket's buffers hold, so that the writes have to wait. */
static void file_streams_eight_mebibytes(void **state) {
  e2e_t *e2e = *state;
  size_t length = 8u << 20;
  uint32_t *words = malloc(length);
  uint32_t random = 1;
  assert_non_null(words);
  for (size_t i = 0; i < length / sizeof(*words); i++) {
    words[i] = random = random * 1664525u + 1013904223u;
  }
  e2e_write_file(e2e, "large.bin", words, length);
  e2e_start(e2e, "--root", e2e->directory);
  const char *body = e2e_get(e2e, 200, "/file?path=large.bin");
  assert_int_equal(e2e->answer.body.length, length);
  assert_int_equal(memcmp(body, words, length), 0);
  free(words);
}

static void file_reads_below_a_directory_of_the_root(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--root", getenv("ASYNCSCOPE_SOURCE_DIR"));
  e2e_assert_contains(e2e_get(e2e, 200, "/file?path=tests/e2e/test_routes.c"),
                      "file_reads_below_a_directory_of_the_root");
}

static void lookup_finds_localhost(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  const char *body = e2e_get(e2e, 200, "/lookup?host=localhost");
  if (strstr(body, "127.0.0.1") == NULL) {
    e2e_assert_contains(body, "::1");
  }
}

static void lookup_takes_an_address(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_assert_contains(e2e_get(e2e, 200, "/lookup?host=127.0.0.1"), "127.0.0.1");
}

static void sum_adds_in_the_pool(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_int_equal(e2e_integer(e2e_get_json(e2e, "/sum?a=42&b=100"), "sum"),
                   142);
}

static void sum_adds_negative_numbers(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_int_equal(e2e_integer(e2e_get_json(e2e, "/sum?a=-42&b=2"), "sum"),
                   -40);
}

static void assert_echoes(e2e_t *e2e, const char *method, const void *body,
                          size_t length) {
  http_request_t request = {
      .method = method, .target = "/echo", .body = body, .body_bytes = length};
  const char *answer = e2e_send(e2e, 200, &request);
  assert_int_equal(e2e->answer.body.length, length);
  assert_int_equal(memcmp(answer, body, length), 0);
}

static void echo_answers_any_method_with_the_body(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_echoes(e2e, "POST", "posted", 6);
  assert_echoes(e2e, "PUT", "put\0put", 7);
  assert_echoes(e2e, "PATCH", "patched", 7);
  assert_echoes(e2e, "DELETE", "deleted", 7);
  e2e_get(e2e, 200, "/echo");
  assert_int_equal(e2e->answer.body.length, 0);
}

static void echo_joins_a_chunked_body(void **state) {
  e2e_t *e2e = *state;
  static const char *const fields[] = {"Transfer-Encoding: chunked", NULL};
  http_request_t request = {.target = "/echo",
                            .fields = fields,
                            .body = "in one chunk or more",
                            .body_bytes = 20};
  e2e_start(e2e, NULL);
  assert_string_equal(e2e_send(e2e, 200, &request), "in one chunk or more");
}

static void echo_of_a_type_too_long_is_of_none(void **state) {
  e2e_t *e2e = *state;
  char type[256];
  const char *const fields[] = {type, NULL};
  http_request_t request = {
      .target = "/echo", .fields = fields, .body = "a", .body_bytes = 1};
  snprintf(type, sizeof(type), "Content-Type: text/%0200d", 0);
  e2e_start(e2e, NULL);
  e2e_send(e2e, 200, &request);
  e2e_assert_field(e2e, "Content-Type", "application/octet-stream");
}

static void path_of(e2e_t *e2e, const char *name, char *ret_path, size_t size) {
  snprintf(ret_path, size, "%s/%s", e2e_directory(e2e), name);
}

static time_t date_in(const e2e_t *e2e, const char *field) {
  char text[64];
  assert_true(http_answer_field(&e2e->answer, field, text, sizeof(text)) > 0);
  return curl_getdate(text, NULL);
}

static void a_file_of_tomorrow_was_modified_by_now(void **state) {
  e2e_t *e2e = *state;
  const struct timespec times[2] = {{.tv_sec = time(NULL) + 86400},
                                    {.tv_sec = time(NULL) + 86400}};
  char path[128];
  e2e_write_file(e2e, "tomorrow", "a", 1);
  path_of(e2e, "tomorrow", path, sizeof(path));
  assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
  e2e_start(e2e, "--root", e2e_directory(e2e));
  e2e_get(e2e, 200, "/file?path=tomorrow");
  assert_true(date_in(e2e, "Last-Modified") <= date_in(e2e, "Date"));
}

static void a_file_that_is_there_already_has_no_length(void **state) {
  e2e_t *e2e = *state;
  static const char *const fields[] = {"If-None-Match: *", NULL};
  const http_request_t request = {.target = "/file?path=a", .fields = fields};
  char text[64];
  e2e_write_file(e2e, "a", "a", 1);
  e2e_start(e2e, "--root", e2e_directory(e2e));
  e2e_send(e2e, 304, &request);
  assert_true(http_answer_field(&e2e->answer, "ETag", text, sizeof(text)) > 0);
  assert_int_equal(
      http_answer_field(&e2e->answer, "Content-Length", text, sizeof(text)),
      -1);
}

static void read_to_the_end(int fd) {
  static char bytes[65536];
  while (read(fd, bytes, sizeof(bytes)) > 0)
    continue;
  close(fd);
}

/* Of a file so long the end was not read yet. */
static void a_file_that_shrinks_is_cut_short(void **state) {
  e2e_t *e2e = *state;
  char path[128];
  e2e_write_file(e2e, "long", "a", 1);
  path_of(e2e, "long", path, sizeof(path));
  assert_int_equal(truncate(path, 1 << 30), 0);
  e2e_start(e2e, "--root", e2e_directory(e2e));
  int fd = e2e_raw_open(e2e);
  e2e_raw_send(fd, "GET /file?path=long HTTP/1.1\r\nHost: localhost\r\n\r\n");
  e2e_raw_await(fd, "200");
  assert_int_equal(truncate(path, 1), 0);
  read_to_the_end(fd);
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  const char *line = strstr(log, "/file?path=long");
  assert_non_null(line);
  e2e_assert_contains(line, " EOF\n");
  free(log);
}

static void head_has_the_fields_and_no_body(void **state) {
  e2e_t *e2e = *state;
  http_request_t request = {.method = "HEAD", .target = "/hello"};
  char length[32];
  e2e_start(e2e, NULL);
  size_t body_bytes = strlen(e2e_get(e2e, 200, "/hello"));
  e2e_send(e2e, 200, &request);
  assert_int_equal(e2e->answer.body.length, 0);
  assert_true(http_answer_field(&e2e->answer, "Content-Length", length,
                                sizeof(length)) > 0);
  assert_int_equal(strtoul(length, NULL, 10), body_bytes);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(hello_answers_at_once),
      cmocka_unit_test_of_server(healthz_answers_200),
      cmocka_unit_test_of_server(timer_answers_after_its_time),
      cmocka_unit_test_of_server(timer_without_ms_has_a_default),
      cmocka_unit_test_of_server(file_sends_the_bytes_of_the_file),
      cmocka_unit_test_of_server(file_sends_an_empty_file),
      cmocka_unit_test_of_server(file_streams_eight_mebibytes),
      cmocka_unit_test_of_server(file_reads_below_a_directory_of_the_root),
      cmocka_unit_test_of_server(lookup_finds_localhost),
      cmocka_unit_test_of_server(lookup_takes_an_address),
      cmocka_unit_test_of_server(sum_adds_in_the_pool),
      cmocka_unit_test_of_server(sum_adds_negative_numbers),
      cmocka_unit_test_of_server(echo_answers_any_method_with_the_body),
      cmocka_unit_test_of_server(echo_joins_a_chunked_body),
      cmocka_unit_test_of_server(echo_of_a_type_too_long_is_of_none),
      cmocka_unit_test_of_server(a_file_of_tomorrow_was_modified_by_now),
      cmocka_unit_test_of_server(a_file_that_is_there_already_has_no_length),
      cmocka_unit_test_of_server(a_file_that_shrinks_is_cut_short),
      cmocka_unit_test_of_server(head_has_the_fields_and_no_body),
  };
  return test_main(tests, argc, argv);
}
