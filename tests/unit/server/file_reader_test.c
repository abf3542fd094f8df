/* What may be read below a root, and that nothing is left of a reader. */
#include "file_find.h"
#include "file_reader.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "test_main.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGE_BYTES (FILE_READER_BUFFER_BYTES + 3)

typedef struct root_s {
  uv_loop_t loop;
  char top[64];  /* a directory of our own */
  char root[80]; /* top/root */
  file_reader_t *reader;
  bool close_at_open, close_at_read;
  uint64_t seek_bytes;
  int opens, open_status;
  uint64_t size_bytes, read_bytes;
  char text[256]; /* what was read last */
  async_hook_t hook;
  int operations; /* that were begun */
} root_t;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  root_t *r = data;

  (void)async_id, (void)trigger_async_id, (void)resource;
  if (strcmp(type, "FSREQCALLBACK") == 0)
    r->operations++;
}

static void path_of(const root_t *r, const char *name, char *ret_path) {
  snprintf(ret_path, 128, "%s/%s", r->top, name);
}

static void make_file(const root_t *r, const char *name, const char *text) {
  char path[128];
  FILE *file;

  path_of(r, name, path);
  file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void make_large_file(const root_t *r) {
  char path[128];

  make_file(r, "root/large", "large");
  path_of(r, "root/large", path);
  assert_int_equal(truncate(path, LARGE_BYTES), 0);
}

static void make_link(const root_t *r, const char *target, const char *name) {
  char path[128];

  path_of(r, name, path);
  assert_int_equal(symlink(target, path), 0);
}

static void make_directory(const root_t *r, const char *name) {
  char path[128];

  path_of(r, name, path);
  assert_int_equal(mkdir(path, 0700), 0);
}

static int setup(void **state) {
  static const async_hook_callbacks_t callbacks = {.init = on_init};
  root_t *r = async_calloc(1, sizeof(*r));
  char fifo[128];

  strncpy(r->top, "/tmp/asyncscope-root-XXXXXX", sizeof(r->top) - 1);
  assert_non_null(mkdtemp(r->top));
  make_directory(r, "root");
  make_directory(r, "root/sub");
  make_directory(r, "root-other");
  make_file(r, "secret", "secret");
  make_file(r, "root-other/secret", "secret");
  make_file(r, "root/file", "hallo");
  make_file(r, "root/empty", "");
  make_file(r, "root/sub/..file", "dots");
  make_large_file(r);
  make_link(r, "../secret", "root/out");
  make_link(r, "../root-other", "root/other");
  make_link(r, "file", "root/in");
  make_link(r, "/", "root/slash");
  make_link(r, "loop", "root/loop");
  path_of(r, "root/fifo", fifo);
  assert_int_equal(mkfifo(fifo, 0600), 0);
  path_of(r, "root", r->root);
  assert_int_equal(uv_loop_init(&r->loop), 0);
  assert_int_equal(async_env_attach(&r->loop), 0);
  assert_int_equal(async_hook_init(&r->hook, &callbacks, r), 0);
  assert_int_equal(async_hook_enable(&r->hook), 0);
  *state = r;
  return 0;
}

static int remove_entry(const root_t *r, const char *name) {
  char path[128];

  path_of(r, name, path);
  return remove(path);
}

static int teardown(void **state) {
  static const char *const names[] = {
      "root/sub/..file",   "root/sub",   "root/file",  "root/empty",
      "root/large",        "root/out",   "root/other", "root/in",
      "root/slash",        "root/loop",  "root/fifo",  "root",
      "root-other/secret", "root-other", "secret",     ""};
  root_t *r = *state;
  int err = async_env_detach();

  if (err == 0)
    err = uv_loop_close(&r->loop);
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    err |= remove_entry(r, names[i]);
  async_free(r);
  return err;
}

static void on_open(void *arg, int status, const file_info_t *info) {
  root_t *r = arg;

  r->opens++;
  r->open_status = status;
  r->size_bytes = info->size_bytes;
  if (status == 0)
    file_reader_seek(r->reader, r->seek_bytes);
  if (status != 0 || r->close_at_open || file_reader_read(r->reader) != 0)
    file_reader_close(r->reader);
}

static void on_read(void *arg, ssize_t size, const char *bytes) {
  root_t *r = arg;

  if (size > 0) {
    r->read_bytes += (uint64_t)size;
    snprintf(r->text, sizeof(r->text), "%.*s", (int)size, bytes);
  }
  if (size <= 0 || r->close_at_read || file_reader_read(r->reader) != 0)
    file_reader_close(r->reader);
}

/* UV_ENOENT, or 0 and the text of the file in r->text. */
static int read_file(root_t *r, const char *path) {
  static const file_reader_callbacks_t callbacks = {.on_open = on_open,
                                                    .on_read = on_read};
  int err =
      file_reader_open(&r->loop, r->root, path, &callbacks, r, &r->reader);

  if (err != 0)
    return err;
  uv_run(&r->loop, UV_RUN_DEFAULT);
  return r->open_status;
}

static void a_file_is_read(void **state) {
  root_t *r = *state;

  assert_int_equal(read_file(r, "file"), 0);
  assert_string_equal(r->text, "hallo");
  assert_int_equal(r->size_bytes, 5);
}

static void a_small_file_takes_one_operation(void **state) {
  root_t *r = *state;

  assert_int_equal(read_file(r, "file"), 0);
  assert_int_equal(r->operations, 1);
}

/* To find it, two reads, the read that finds its end, and to close it. */
static void a_large_file_is_read_in_pieces(void **state) {
  root_t *r = *state;

  assert_int_equal(read_file(r, "large"), 0);
  assert_int_equal(r->size_bytes, LARGE_BYTES);
  assert_int_equal(r->read_bytes, LARGE_BYTES);
  assert_int_equal(r->operations, 5);
}

static void an_empty_file_is_read(void **state) {
  root_t *r = *state;

  assert_int_equal(read_file(r, "empty"), 0);
  assert_string_equal(r->text, "");
}

static void a_name_that_only_begins_with_dots_is_read(void **state) {
  root_t *r = *state;

  assert_int_equal(read_file(r, "sub/..file"), 0);
  assert_string_equal(r->text, "dots");
}

static void a_link_that_stays_inside_is_followed(void **state) {
  root_t *r = *state;

  assert_int_equal(read_file(r, "in"), 0);
  assert_string_equal(r->text, "hallo");
}

static void nothing_outside_is_read(void **state) {
  static const char *const paths[] = {
      "../secret",    "sub/../../secret", "/etc/passwd", "out",
      "other/secret", "slash/etc/passwd", "..",          "sub/.."};
  root_t *r = *state;

  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
    assert_int_equal(read_file(r, paths[i]), UV_ENOENT);
  assert_string_equal(r->text, "");
}

/* A lease is broken by every open but one with O_PATH. */
static void nothing_outside_is_opened(void **state) {
  root_t *r = *state;
  char path[128];
  int fd;

  path_of(r, "secret", path);
  fd = open(path, O_RDWR | O_CLOEXEC);
  assert_true(fd >= 0);
  signal(SIGIO, SIG_IGN);
  if (fcntl(fd, F_SETLEASE, F_WRLCK) != 0) {
    close(fd);
    test_leave_out("a file of /tmp cannot have a lease");
    return;
  }
  assert_int_equal(read_file(r, "out"), UV_ENOENT);
  assert_int_equal(fcntl(fd, F_GETLEASE), F_WRLCK);
  close(fd);
}

static void reading_goes_on_where_it_is_told(void **state) {
  root_t *r = *state;

  r->seek_bytes = 3;
  assert_int_equal(read_file(r, "file"), 0);
  assert_string_equal(r->text, "lo");
}

static void a_large_file_is_read_from_where_it_is_told(void **state) {
  root_t *r = *state;

  r->seek_bytes = LARGE_BYTES - 1;
  assert_int_equal(read_file(r, "large"), 0);
  assert_int_equal(r->read_bytes, 1);
}

static void behind_the_end_is_nothing(void **state) {
  root_t *r = *state;

  r->seek_bytes = 6;
  assert_int_equal(read_file(r, "file"), 0);
  assert_int_equal(r->read_bytes, 0);
}

static void only_regular_files_are_read(void **state) {
  static const char *const paths[] = {"sub", "fifo", "loop", "none", "."};
  root_t *r = *state;

  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
    assert_int_equal(read_file(r, paths[i]), UV_ENOENT);
}

static void a_reader_closed_while_it_opens_calls_nobody(void **state) {
  static const file_reader_callbacks_t callbacks = {.on_open = on_open,
                                                    .on_read = on_read};
  root_t *r = *state;

  assert_int_equal(
      file_reader_open(&r->loop, r->root, "file", &callbacks, r, &r->reader),
      0);
  file_reader_close(r->reader);
  uv_run(&r->loop, UV_RUN_DEFAULT);
  assert_int_equal(r->opens, 0);
}

/* The loop is not run before the file was found: nothing is left to cancel. It
 * has run before, as libuv watches its pool from then on. */
static void a_reader_closed_when_it_has_found_calls_nobody(void **state) {
  static const file_reader_callbacks_t callbacks = {.on_open = on_open,
                                                    .on_read = on_read};
  root_t *r = *state;
  struct pollfd found = {.fd = uv_backend_fd(&r->loop), .events = POLLIN};

  assert_int_equal(read_file(r, "empty"), 0);
  assert_int_equal(
      file_reader_open(&r->loop, r->root, "large", &callbacks, r, &r->reader),
      0);
  assert_int_equal(poll(&found, 1, -1), 1);
  file_reader_close(r->reader);
  uv_run(&r->loop, UV_RUN_DEFAULT);
  assert_int_equal(r->opens, 1);
}

static void a_reader_may_be_closed_when_it_has_opened(void **state) {
  root_t *r = *state;

  r->close_at_open = true;
  assert_int_equal(read_file(r, "file"), 0);
  assert_int_equal(read_file(r, "large"), 0);
  assert_int_equal(r->read_bytes, 0);
}

static void a_reader_may_be_closed_when_it_has_read(void **state) {
  root_t *r = *state;

  r->close_at_read = true;
  assert_int_equal(read_file(r, "large"), 0);
  assert_int_equal(r->read_bytes, FILE_READER_BUFFER_BYTES);
}

static void the_check_tells_what_is_missing(void **state) {
  root_t *r = *state;
  char path[128];

  assert_int_equal(file_find_check(FILE_FIND_FDS), 0);
  path_of(r, "no-such-directory", path);
  assert_int_equal(file_find_check(path), UV_ENOENT);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(a_file_is_read, setup, teardown),
      cmocka_unit_test_setup_teardown(a_small_file_takes_one_operation, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(a_large_file_is_read_in_pieces, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(an_empty_file_is_read, setup, teardown),
      cmocka_unit_test_setup_teardown(a_name_that_only_begins_with_dots_is_read,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(a_link_that_stays_inside_is_followed,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(nothing_outside_is_read, setup, teardown),
      cmocka_unit_test_setup_teardown(nothing_outside_is_opened, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(reading_goes_on_where_it_is_told, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(
          a_large_file_is_read_from_where_it_is_told, setup, teardown),
      cmocka_unit_test_setup_teardown(behind_the_end_is_nothing, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(only_regular_files_are_read, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(
          a_reader_closed_while_it_opens_calls_nobody, setup, teardown),
      cmocka_unit_test_setup_teardown(
          a_reader_closed_when_it_has_found_calls_nobody, setup, teardown),
      cmocka_unit_test_setup_teardown(a_reader_may_be_closed_when_it_has_read,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(a_reader_may_be_closed_when_it_has_opened,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(the_check_tells_what_is_missing, setup,
                                      teardown),
  };
  return test_main(tests, argc, argv);
}
