#include "debug_token.h"
#include "test_main.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

/* What reading a file of these bytes answers. */
static int read_token(const char *bytes, size_t size,
                      app_debug_token_t *ret_token) {
  char path[] = "/tmp/asyncscope.XXXXXX";
  int fd = mkstemp(path);
  int error;

  assert_true(fd >= 0);
  assert_int_equal(write(fd, bytes, size), size);
  close(fd);
  error = app_debug_token_read(path, APP_DEBUG_TOKEN_MS, ret_token);
  unlink(path);
  return error;
}

static void a_token_is_the_line_of_its_file(void **state) {
  static const char *const lines[] = {"secret", "secret\n", "secret\r\n"};
  app_debug_token_t token;

  (void)state;
  for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
    assert_int_equal(read_token(lines[i], strlen(lines[i]), &token), 0);
    assert_string_equal(token.text, "secret");
  }
}

static void the_longest_token_fits(void **state) {
  app_debug_token_t token;
  char bytes[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1];

  (void)state;
  memset(bytes, 'x', sizeof(bytes));
  bytes[ASYNCSCOPE_DEBUG_TOKEN_MAX] = '\n';
  assert_int_equal(read_token(bytes, sizeof(bytes), &token), 0);
  assert_int_equal(strlen(token.text), ASYNCSCOPE_DEBUG_TOKEN_MAX);
  bytes[ASYNCSCOPE_DEBUG_TOKEN_MAX] = 'x';
  assert_int_equal(read_token(bytes, sizeof(bytes), &token), UV_EINVAL);
}

static void a_file_that_is_much_too_long_is_refused(void **state) {
  app_debug_token_t token;
  char bytes[4096];

  (void)state;
  memset(bytes, 'x', sizeof(bytes));
  assert_int_equal(read_token(bytes, sizeof(bytes), &token), UV_EINVAL);
}

static void what_is_no_token_is_refused(void **state) {
  static const char *const bad[] = {"",      "\n",       "a b\n", "a\nb\n",
                                    "a\n\n", "\xc3\xa4", " a",    "a\t"};
  app_debug_token_t token;

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    assert_int_equal(read_token(bad[i], strlen(bad[i]), &token), UV_EINVAL);
  assert_int_equal(read_token("a\0b", 3, &token), UV_EINVAL);
  assert_int_equal(read_token("a\0", 2, &token), UV_EINVAL);
}

static void a_file_that_cannot_be_read_is_told(void **state) {
  app_debug_token_t token;

  (void)state;
  assert_int_equal(
      app_debug_token_read("/nonexistent", APP_DEBUG_TOKEN_MS, &token),
      UV_ENOENT);
  assert_int_equal(app_debug_token_read("/", APP_DEBUG_TOKEN_MS, &token),
                   UV_EISDIR);
}

/* Nobody would end what waits for ever: signals are taken by who reads. */
static void a_pipe_without_a_writer_is_not_waited_for_long(void **state) {
  char directory[] = "/tmp/asyncscope.XXXXXX";
  char path[64];
  app_debug_token_t token;
  int error;

  (void)state;
  assert_non_null(mkdtemp(directory));
  snprintf(path, sizeof(path), "%s/pipe", directory);
  assert_int_equal(mkfifo(path, 0600), 0);
  error = app_debug_token_read(path, 50, &token);
  unlink(path);
  rmdir(directory);
  assert_int_equal(error, UV_ETIMEDOUT);
}

typedef struct drip_s {
  int pipe[2];
  int stop[2];
} drip_t;

/* One byte at a time, not before the last one was taken, and never an end. */
static void drip(void *arg) {
  drip_t *d = arg;
  struct pollfd stop = {.fd = d->stop[0], .events = POLLIN};
  int waiting = 0;

  while (poll(&stop, 1, 5) == 0)
    if (ioctl(d->pipe[0], FIONREAD, &waiting) == 0 && waiting == 0 &&
        write(d->pipe[1], "x", 1) != 1)
      return;
}

static void a_pipe_that_drips_is_not_waited_for_longer(void **state) {
  app_debug_token_t token;
  uv_thread_t thread;
  char path[32];
  drip_t d;
  int error;

  (void)state;
  assert_int_equal(pipe(d.pipe), 0);
  assert_int_equal(pipe(d.stop), 0);
  snprintf(path, sizeof(path), "/dev/fd/%d", d.pipe[0]);
  assert_int_equal(uv_thread_create(&thread, drip, &d), 0);
  error = app_debug_token_read(path, 250, &token);
  close(d.stop[1]);
  uv_thread_join(&thread);
  close(d.stop[0]);
  close(d.pipe[0]);
  close(d.pipe[1]);
  assert_int_equal(error, UV_ETIMEDOUT);
}

/* As a shell gives one: <(command). */
static void a_token_may_come_by_a_pipe(void **state) {
  app_debug_token_t token;
  char path[32];
  int ends[2];

  (void)state;
  assert_int_equal(pipe(ends), 0);
  snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
  assert_int_equal(write(ends[1], "secret\n", 7), 7);
  close(ends[1]);
  assert_int_equal(app_debug_token_read(path, APP_DEBUG_TOKEN_MS, &token), 0);
  assert_string_equal(token.text, "secret");
  close(ends[0]);
}

static void a_token_that_is_made_is_one_and_another_each_time(void **state) {
  app_debug_token_t token, another;

  (void)state;
  assert_int_equal(app_debug_token_generate(&token), 0);
  assert_int_equal(app_debug_token_generate(&another), 0);
  assert_null(app_debug_token_check(token.text));
  assert_int_equal(strlen(token.text), 32);
  assert_string_not_equal(token.text, another.text);
}

static void a_link_is_one_that_a_browser_opens(void **state) {
  static const char *const links[][2] = {
      {"http://0.0.0.0:81", "http://127.0.0.1:81/debug#token=t"},
      {"http://[::]:81", "http://127.0.0.1:81/debug#token=t"},
      {"http://[::1]:81", "http://[::1]:81/debug#token=t"},
      {"http://192.0.2.1:81", "http://192.0.2.1:81/debug#token=t"},
  };
  char link[APP_DEBUG_LINK_BYTES];

  (void)state;
  for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
    app_debug_link(links[i][0], "t", link);
    assert_string_equal(link, links[i][1]);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_token_is_the_line_of_its_file),
      cmocka_unit_test(the_longest_token_fits),
      cmocka_unit_test(a_file_that_is_much_too_long_is_refused),
      cmocka_unit_test(what_is_no_token_is_refused),
      cmocka_unit_test(a_file_that_cannot_be_read_is_told),
      cmocka_unit_test(a_pipe_without_a_writer_is_not_waited_for_long),
      cmocka_unit_test(a_pipe_that_drips_is_not_waited_for_longer),
      cmocka_unit_test(a_token_may_come_by_a_pipe),
      cmocka_unit_test(a_token_that_is_made_is_one_and_another_each_time),
      cmocka_unit_test(a_link_is_one_that_a_browser_opens),
  };
  return test_main(tests, argc, argv);
}
