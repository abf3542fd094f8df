#include "log.h"
#include "test_main.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void quoted_is(http_text_t text, const char *quoted) {
  char found[64];

  app_log_quote(text, found, sizeof(found));
  assert_string_equal(found, quoted);
}

static void plain_text_is_quoted_as_it_is(void **state) {
  (void)state;
  quoted_is(http_text("/a?b=c%20d"), "\"/a?b=c%20d\"");
  quoted_is(http_text(""), "\"\"");
}

static void hostile_bytes_are_escaped(void **state) {
  (void)state;
  quoted_is(http_text("a\nb\"c\\d\x1b\x7f\xff "),
            "\"a\\x0ab\\x22c\\x5cd\\x1b\\x7f\\xff\\x20\"");
  quoted_is((http_text_t){"a\0b", 3}, "\"a\\x00b\"");
}

static void long_text_is_cut(void **state) {
  char text[200], found[32];

  (void)state;
  memset(text, 'a', sizeof(text));
  app_log_quote((http_text_t){text, sizeof(text)}, found, sizeof(found));
  assert_true(strlen(found) < sizeof(found));
  assert_string_equal(found + strlen(found) - 5, "a...\"");
}

/* Fills what `fd` takes without blocking. */
static void fill(int fd) {
  static const char bytes[4096] = {0};
  int flags = fcntl(fd, F_GETFL);

  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  while (write(fd, bytes, sizeof(bytes)) > 0 || write(fd, bytes, 1) > 0) {
  }
  fcntl(fd, F_SETFL, flags);
}

static size_t empty(int fd) {
  static char bytes[65536];
  size_t size = 0;
  ssize_t got;

  fcntl(fd, F_SETFL, O_NONBLOCK);
  while ((got = read(fd, bytes, sizeof(bytes))) > 0)
    size += (size_t)got;
  return size;
}

/* Lines to a full pipe or socket are dropped; the next one that fits is
 * preceded by their number. */
static void drops_and_counts(int reader, int writer) {
  char text[256] = "";
  app_log_t log;

  app_log_init(&log, writer);
  fill(writer);
  for (int i = 0; i < 3; i++)
    app_log_write(&log, APP_LOG_INFO, "lost %d", i);
  assert_true(empty(reader) > 0);
  app_log_write(&log, APP_LOG_INFO, "found");
  assert_true(read(reader, text, sizeof(text) - 1) > 0);
  if (strstr(text, "found") == NULL) {
    size_t size = strlen(text);

    assert_true(read(reader, text + size, sizeof(text) - 1 - size) > 0);
  }
  assert_string_equal(text, "asyncscope: 3 log lines dropped\nfound\n");
  app_log_finish(&log);
}

static void a_full_pipe_drops_lines_and_counts_them(void **state) {
  int fds[2];

  (void)state;
  assert_int_equal(pipe(fds), 0);
  drops_and_counts(fds[0], fds[1]);
  assert_int_equal(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
  close(fds[0]);
  close(fds[1]);
}

static void a_full_socket_drops_lines_and_counts_them(void **state) {
  int fds[2];

  (void)state;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  drops_and_counts(fds[0], fds[1]);
  close(fds[0]);
  close(fds[1]);
}

static void a_file_is_shared_with_what_others_write_to_it(void **state) {
  char text[64] = "";
  FILE *file = tmpfile();
  app_log_t log;
  int fd;

  (void)state;
  assert_non_null(file);
  fd = fileno(file);
  assert_int_equal(write(fd, "before\n", 7), 7);
  app_log_init(&log, fd);
  app_log_write(&log, APP_LOG_INFO, "line");
  assert_int_equal(write(fd, "after\n", 6), 6);
  app_log_write(&log, APP_LOG_INFO, "line");
  app_log_finish(&log);
  assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
  fclose(file);
  assert_string_equal(text, "before\nline\nafter\nline\n");
}

/* The offset of the descriptor is not the end of the file. */
static void a_file_is_only_appended_to(void **state) {
  char text[64] = "";
  FILE *file = tmpfile();
  app_log_t log;
  int fd;

  (void)state;
  assert_non_null(file);
  fd = fileno(file);
  assert_int_equal(pwrite(fd, "before\n", 7, 0), 7);
  app_log_init(&log, fd);
  app_log_write(&log, APP_LOG_INFO, "line");
  app_log_finish(&log);
  assert_true(pread(fd, text, sizeof(text) - 1, 0) > 0);
  fclose(file);
  assert_string_equal(text, "before\nline\n");
}

static void a_closed_descriptor_harms_nobody(void **state) {
  app_log_t log;
  int fds[2];

  (void)state;
  assert_int_equal(pipe(fds), 0);
  close(fds[0]);
  close(fds[1]);
  app_log_init(&log, fds[1]);
  app_log_write(&log, APP_LOG_INFO, "lost");
  assert_int_equal(atomic_load(&log.dropped), 1);
  app_log_finish(&log);
}

static void a_long_line_is_cut_and_still_a_line(void **state) {
  static char text[4096], found[4096];
  app_log_t log;
  int fds[2];

  (void)state;
  memset(text, 'a', sizeof(text) - 1);
  assert_int_equal(pipe(fds), 0);
  app_log_init(&log, fds[1]);
  app_log_write(&log, APP_LOG_INFO, "%s", text);
  assert_int_equal(read(fds[0], found, sizeof(found)), APP_LOG_LINE_BYTES - 1);
  assert_int_equal(found[APP_LOG_LINE_BYTES - 2], '\n');
  app_log_finish(&log);
  close(fds[0]);
  close(fds[1]);
}

static void assert_flags(uint8_t flags, const char *text) {
  const async_request_trace_t trace = {.flags = flags};
  json_t *fields = app_log_request_fields(7, &trace);

  assert_string_equal(json_string_value(json_object_get(fields, "request_id")),
                      "r7");
  assert_string_equal(json_string_value(json_object_get(fields, "trace_flags")),
                      text);
  json_decref(fields);
}

/* Of the flags one is known. */
static void a_json_line_says_whether_its_trace_is_sampled(void **state) {
  (void)state;
  assert_flags(0, "00");
  assert_flags(1, "01");
  assert_flags(2, "00");
  assert_flags(255, "01");
}

static void a_json_line_that_is_too_long_is_dropped_whole(void **state) {
  static char text[APP_LOG_LINE_BYTES];
  char found[APP_LOG_LINE_BYTES];
  app_log_t log;
  int fds[2];

  (void)state;
  memset(text, 'a', sizeof(text) - 1);
  assert_int_equal(pipe(fds), 0);
  app_log_init(&log, fds[1]);
  log.json = true;
  app_log_write_json(&log, APP_LOG_INFO, "request",
                     json_pack("{s:s}", "target", text));
  assert_int_equal(atomic_load(&log.dropped), 1);
  app_log_write(&log, APP_LOG_INFO, "next");
  assert_true(read(fds[0], found, sizeof(found)) > 0);
  assert_non_null(strstr(found, "1 log lines dropped\"}\n{"));
  app_log_finish(&log);
  close(fds[0]);
  close(fds[1]);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_text_is_quoted_as_it_is),
      cmocka_unit_test(hostile_bytes_are_escaped),
      cmocka_unit_test(long_text_is_cut),
      cmocka_unit_test(a_full_pipe_drops_lines_and_counts_them),
      cmocka_unit_test(a_full_socket_drops_lines_and_counts_them),
      cmocka_unit_test(a_file_is_shared_with_what_others_write_to_it),
      cmocka_unit_test(a_file_is_only_appended_to),
      cmocka_unit_test(a_closed_descriptor_harms_nobody),
      cmocka_unit_test(a_long_line_is_cut_and_still_a_line),
      cmocka_unit_test(a_json_line_says_whether_its_trace_is_sampled),
      cmocka_unit_test(a_json_line_that_is_too_long_is_dropped_whole),
  };
  return test_main(tests, argc, argv);
}
