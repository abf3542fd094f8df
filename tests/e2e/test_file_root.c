/*
 * No request may read a file outside of --root. The file outside holds a word
 * that no answer may contain, whatever its status.
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SECRET "outside-of-the-root"

typedef struct path_s {
  char text[100]; /* fits into a sockaddr_un */
} path_t;

static path_t in_directory(e2e_t *e2e, const char *name) {
  path_t path;
  snprintf(path.text, sizeof(path.text), "%s/%s", e2e_directory(e2e), name);
  return path;
}

/* directory/secret, and directory/root/inside for the server's root. */
static void start(e2e_t *e2e) {
  e2e_write_file(e2e, "secret", SECRET, strlen(SECRET));
  assert_int_equal(mkdir(in_directory(e2e, "root").text, 0755), 0);
  assert_int_equal(mkdir(in_directory(e2e, "root/below").text, 0755), 0);
  e2e_write_file(e2e, "root/inside", "inside", 6);
  e2e_start(e2e, "--root", in_directory(e2e, "root").text);
  assert_string_equal(e2e_get(e2e, 200, "/file?path=inside"), "inside");
}

/* 400, 403 or 404, never the secret; and the server goes on. */
static void assert_refused(e2e_t *e2e, const char *path) {
  char target[512];
  snprintf(target, sizeof(target), "/file?path=%s", path);
  http_answer_finish(&e2e->answer);
  CURLcode code = http_client_get(&e2e->client, target, &e2e->answer);
  const char *body = e2e->answer.body.bytes;
  assert_int_equal(code, CURLE_OK);
  if (e2e->answer.status < 400 || e2e->answer.status > 404 ||
      (body != NULL && strstr(body, SECRET) != NULL)) {
    fail_msg("%s: status %ld: %s", target, e2e->answer.status, body);
  }
  e2e_get(e2e, 200, "/hello");
}

static void link_to(e2e_t *e2e, const char *target, const char *name) {
  assert_int_equal(symlink(target, in_directory(e2e, name).text), 0);
}

static void two_dots_do_not_leave_the_root(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  assert_refused(e2e, "../secret");
  assert_refused(e2e, "below/../../secret");
  assert_refused(e2e, "./../secret");
  assert_refused(e2e, "below/./.././../secret");
  assert_refused(e2e, "..");
}

static void encoded_dots_do_not_leave_the_root(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  assert_refused(e2e, "%2e%2e/secret");
  assert_refused(e2e, "..%2fsecret");
  assert_refused(e2e, "%2e%2e%2fsecret");
  assert_refused(e2e, "%252e%252e%252fsecret");
}

static void absolute_paths_are_not_followed(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  assert_refused(e2e, in_directory(e2e, "secret").text);
  assert_refused(e2e, "/etc/passwd");
  assert_refused(e2e, "%2fetc%2fpasswd");
  assert_refused(e2e, "//etc/passwd");
}

static void a_link_out_of_the_root_is_not_followed(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  link_to(e2e, "../secret", "root/relative");
  assert_refused(e2e, "relative");
  link_to(e2e, in_directory(e2e, "secret").text, "root/absolute");
  assert_refused(e2e, "absolute");
}

static void a_directory_that_links_out_is_not_entered(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  link_to(e2e, "..", "root/up");
  assert_refused(e2e, "up/secret");
  link_to(e2e, "/", "root/below/all");
  assert_refused(e2e, "below/all/etc/passwd");
}

static void a_link_by_way_of_proc_is_not_followed(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  link_to(e2e, "/proc/self/cwd", "root/cwd");
  assert_refused(e2e, "cwd/README.md");
}

static void a_link_to_itself_is_refused(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  link_to(e2e, "loop", "root/loop");
  assert_refused(e2e, "loop");
}

static void a_directory_is_no_file(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  assert_refused(e2e, "below");
  assert_refused(e2e, "below/");
  assert_refused(e2e, ".");
  assert_refused(e2e, "inside/");
}

/* Opened in the usual way it would wait for a writer for ever. */
static void a_fifo_does_not_hang(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  assert_int_equal(mkfifo(in_directory(e2e, "root/fifo").text, 0644), 0);
  assert_refused(e2e, "fifo");
}

static void a_socket_is_no_file(void **state) {
  e2e_t *e2e = *state;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  start(e2e);
  path_t path = in_directory(e2e, "root/socket");
  memcpy(address.sun_path, path.text, sizeof(path.text));
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int error = bind(fd, (struct sockaddr *)&address, sizeof(address));
  assert_refused(e2e, "socket");
  close(fd);
  assert_int_equal(error, 0);
}

static void a_path_too_long_for_the_system_is_refused(void **state) {
  e2e_t *e2e = *state;
  char name[401];
  start(e2e);
  memset(name, 'n', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  assert_refused(e2e, name);
}

static void spaces_and_utf8_are_found_by_their_encoding(void **state) {
  e2e_t *e2e = *state;
  start(e2e);
  e2e_write_file(e2e, "root/a b+\xc3\xa9", "found", 5);
  assert_string_equal(e2e_get(e2e, 200, "/file?path=a%20b%2B%C3%A9"), "found");
}

static void a_root_that_is_missing_is_an_error_at_the_start(void **state) {
  e2e_t *e2e = *state;
  char *text = NULL;
  int code = e2e_refused(e2e, &text, "--listen", "127.0.0.1:0", "--root",
                         in_directory(e2e, "missing").text);
  e2e_assert_contains(text, in_directory(e2e, "missing").text);
  free(text);
  assert_int_equal(code, 1);
}

static void a_root_that_is_a_file_is_an_error_at_the_start(void **state) {
  e2e_t *e2e = *state;
  char *text = NULL;
  e2e_write_file(e2e, "file", "text", 4);
  int code = e2e_refused(e2e, &text, "--listen", "127.0.0.1:0", "--root",
                         in_directory(e2e, "file").text);
  e2e_assert_contains(text, in_directory(e2e, "file").text);
  e2e_assert_contains(text, "not a directory");
  free(text);
  assert_int_equal(code, 1);
}

static void a_usable_root_is_worth_no_word_at_the_start(void **state) {
  e2e_t *e2e = *state;
  e2e->unasked = true;
  e2e_start(e2e, "--root", e2e_directory(e2e));
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  assert_string_equal(log, "");
  free(log);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(two_dots_do_not_leave_the_root),
      cmocka_unit_test_of_server(encoded_dots_do_not_leave_the_root),
      cmocka_unit_test_of_server(absolute_paths_are_not_followed),
      cmocka_unit_test_of_server(a_link_out_of_the_root_is_not_followed),
      cmocka_unit_test_of_server(a_directory_that_links_out_is_not_entered),
      cmocka_unit_test_of_server(a_link_by_way_of_proc_is_not_followed),
      cmocka_unit_test_of_server(a_link_to_itself_is_refused),
      cmocka_unit_test_of_server(a_directory_is_no_file),
      cmocka_unit_test_of_server(a_fifo_does_not_hang),
      cmocka_unit_test_of_server(a_socket_is_no_file),
      cmocka_unit_test_of_server(a_path_too_long_for_the_system_is_refused),
      cmocka_unit_test_of_server(spaces_and_utf8_are_found_by_their_encoding),
      cmocka_unit_test_of_server(
          a_root_that_is_missing_is_an_error_at_the_start),
      cmocka_unit_test_of_server(
          a_root_that_is_a_file_is_an_error_at_the_start),
      cmocka_unit_test_of_server(a_usable_root_is_worth_no_word_at_the_start),
  };
  return test_main(tests, argc, argv);
}
