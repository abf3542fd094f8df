/* FileHandle and Dir: how long they live, and who closes what they hold. */
#include "asyncscope/async_dir.h"
#include "asyncscope/async_file_handle.h"
#include "fs_promise_probe.h"

#include <fcntl.h>
#include <unistd.h>

static bool is_open(uv_file file) {
  return fcntl(file, F_GETFD) >= 0;
}

static async_promise_t *opened(fs_fixture_t *fixture, const char *path,
                               async_file_handle_t **ret_handle) {
  async_promise_t *promise = NULL;
  int error =
      async_uv_fs_open_promise(&fixture->uv.loop, path, O_RDWR, 0, &promise);
  *ret_handle = settle_value(&fixture->uv, error, promise);
  return promise;
}

static void a_file_is_a_resource_until_it_is_closed(void **state) {
  fs_fixture_t *fixture = *state;
  async_file_handle_t *handle;
  async_promise_t *promise =
      opened(fixture, fs_file(fixture, "f", "x"), &handle);
  recorder_t *recorder = &fixture->uv.recorder;
  assert_int_equal(recorder_alive(recorder, "FILEHANDLE"), 1);
  assert_true(is_open(async_file_handle_fd(handle)));
  async_promise_t *closing = NULL;
  int error = async_file_handle_close(handle, &closing);
  assert_int_equal(async_file_handle_fd(handle), -1);
  assert_null(settle_value(&fixture->uv, error, closing));
  assert_int_equal(recorder_alive(recorder, "FILEHANDLE"), 0);
  assert_counts(&fixture->uv, "FILEHANDLE", 0, 1, 0, 0, 1);
  assert_counts(&fixture->uv, "FILEHANDLECLOSEREQ", 0, 1, 1, 1, 1);
  async_promise_release(closing);
  async_promise_release(promise);
}

static void the_request_that_opened_it_is_its_trigger(void **state) {
  fs_fixture_t *fixture = *state;
  async_file_handle_t *handle;
  async_promise_t *promise =
      opened(fixture, fs_file(fixture, "f", "x"), &handle);
  const recorder_t *recorder = &fixture->uv.recorder;
  const recorded_event_t *init =
      recorder_find(recorder, RECORDED_INIT, "FILEHANDLE", 0);
  assert_int_equal(init->trigger_async_id,
                   recorder_id(recorder, "FSREQPROMISE", 0));
  async_promise_release(promise);
}

static void what_was_not_closed_is_closed_by_the_last_release(void **state) {
  fs_fixture_t *fixture = *state;
  async_file_handle_t *handle;
  async_promise_t *promise =
      opened(fixture, fs_file(fixture, "f", "x"), &handle);
  uv_file file = async_file_handle_fd(handle);
  async_file_handle_retain(handle);
  async_promise_release(promise);
  assert_true(is_open(file));
  async_file_handle_release(handle);
  assert_false(is_open(file));
  async_env_flush();
  assert_counts(&fixture->uv, "FILEHANDLE", 0, 1, 0, 0, 1);
}

static void a_file_that_nobody_asked_for_is_closed(void **state) {
  fs_fixture_t *fixture = *state;
  async_promise_t *promise = NULL;
  uv_file before = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(before);
  assert_int_equal(async_uv_fs_open_promise(&fixture->uv.loop,
                                            fs_file(fixture, "f", "x"),
                                            O_RDONLY, 0, &promise),
                   0);
  async_promise_resolve(promise, NULL);
  async_promise_release(promise);
  uv_fixture_run(&fixture->uv);
  assert_false(is_open(before));
  assert_counts(&fixture->uv, "FILEHANDLE", 0, 1, 0, 0, 1);
}

static void a_closed_file_cannot_be_closed(void **state) {
  fs_fixture_t *fixture = *state;
  async_file_handle_t *handle;
  async_promise_t *promise =
      opened(fixture, fs_file(fixture, "f", "x"), &handle);
  async_promise_t *closing = NULL, *again = NULL;
  assert_int_equal(async_file_handle_close(handle, &closing), 0);
  assert_int_equal(async_file_handle_close(handle, &again), UV_EBADF);
  assert_int_equal(async_promise_cancel(closing), UV_EINVAL);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(async_file_handle_close(handle, &again), UV_EBADF);
  assert_null(again);
  async_promise_release(closing);
  async_promise_release(promise);
}

static void a_file_that_is_not_there_rejects(void **state) {
  fs_fixture_t *fixture = *state;
  async_promise_t *promise = NULL;
  int error = async_uv_fs_open_promise(&fixture->uv.loop, "/nowhere/f",
                                       O_RDONLY, 0, &promise);
  settled_t settled = settle_request(&fixture->uv, error, promise);
  assert_int_equal(settled.result, UV_ENOENT);
  assert_int_equal(
      recorder_count(&fixture->uv.recorder, RECORDED_INIT, "FILEHANDLE"), 0);
}

static async_promise_t *opened_directory(fs_fixture_t *fixture,
                                         async_dir_t **ret_dir) {
  async_promise_t *promise = NULL;
  int error = async_uv_fs_opendir_promise(&fixture->uv.loop, fixture->directory,
                                          &promise);
  *ret_dir = settle_value(&fixture->uv, error, promise);
  return promise;
}

static void a_directory_is_read_to_its_end_and_closed(void **state) {
  fs_fixture_t *fixture = *state;
  async_dir_t *dir;
  fs_file(fixture, "only", "text");
  async_promise_t *promise = opened_directory(fixture, &dir);
  async_promise_t *reading = NULL, *end = NULL, *closing = NULL;
  int error = async_dir_read(dir, 4, &reading);
  async_dir_entries_t *read = settle_value(&fixture->uv, error, reading);
  error = async_dir_read(dir, 4, &end);
  async_dir_entries_t *none = settle_value(&fixture->uv, error, end);
  assert_int_equal(none->count, 0);
  error = async_dir_close(dir, &closing);
  assert_null(settle_value(&fixture->uv, error, closing));
  assert_int_equal(read->count, 1);
  assert_string_equal(read->entries[0].name, "only");
  assert_int_equal(read->entries[0].type, UV_DIRENT_FILE);
  assert_counts(&fixture->uv, "DIRHANDLE", 0, 1, 0, 0, 1);
  async_promise_release(reading);
  async_promise_release(end);
  async_promise_release(closing);
  async_promise_release(promise);
}

/* Each callback reads on while the entries of before are still held. */
typedef struct listing_s {
  async_dir_t *dir;
  async_promise_t *reads[4];
  unsigned count;
} listing_t;

static void *read_on(async_promise_t *derived, void *value, void *arg) {
  listing_t *listing = arg;
  async_promise_t **read = &listing->reads[listing->count];
  (void)derived;
  if (((async_dir_entries_t *)value)->count == 0 || listing->count == 4)
    return NULL;
  listing->count++;
  if (async_dir_read(listing->dir, 1, read) == 0)
    async_promise_then(*read, read_on, NULL, listing, NULL);
  return NULL;
}

static void entries_are_kept_while_others_are_read(void **state) {
  fs_fixture_t *fixture = *state;
  listing_t listing = {.count = 1};
  fs_file(fixture, "aa", "text");
  fs_file(fixture, "bb", "text");
  async_promise_t *promise = opened_directory(fixture, &listing.dir);
  assert_int_equal(async_dir_read(listing.dir, 1, &listing.reads[0]), 0);
  assert_int_equal(
      async_promise_then(listing.reads[0], read_on, NULL, &listing, NULL), 0);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(listing.count, 3);
  char names = 0;
  for (unsigned i = 0; i < 2; i++) {
    async_dir_entries_t *read = async_promise_result(listing.reads[i]);
    names ^= read->entries[0].name[0];
  }
  assert_int_equal(names, 'a' ^ 'b');
  for (unsigned i = 0; i < 3; i++)
    async_promise_release(listing.reads[i]);
  async_promise_release(promise);
}

static void a_directory_is_read_by_one_at_a_time(void **state) {
  fs_fixture_t *fixture = *state;
  async_dir_t *dir;
  async_promise_t *promise = opened_directory(fixture, &dir);
  async_promise_t *reading = NULL, *other = NULL;
  assert_int_equal(async_dir_read(dir, 4, &reading), 0);
  assert_int_equal(async_dir_read(dir, 4, &other), UV_EBUSY);
  assert_int_equal(async_dir_close(dir, &other), UV_EBUSY);
  assert_null(other);
  uv_fixture_run(&fixture->uv);
  async_promise_release(reading);
  async_promise_release(promise);
}

static void a_closed_directory_is_refused(void **state) {
  fs_fixture_t *fixture = *state;
  async_dir_t *dir;
  async_promise_t *promise = opened_directory(fixture, &dir);
  async_promise_t *closing = NULL, *other = NULL;
  assert_int_equal(async_dir_read(dir, 0, &other), UV_EINVAL);
  assert_int_equal(async_dir_read(dir, ASYNC_DIR_READ_MAX + 1, &other),
                   UV_EINVAL);
  assert_int_equal(async_dir_close(dir, &closing), 0);
  assert_int_equal(async_dir_close(dir, &other), UV_EBADF);
  assert_int_equal(async_dir_read(dir, 4, &other), UV_EBADF);
  assert_null(other);
  uv_fixture_run(&fixture->uv);
  async_promise_release(closing);
  async_promise_release(promise);
}

/* The fixture asserts that its resource is destroyed; LeakSanitizer looks for
 * libuv's memory. */
static void a_directory_is_closed_by_the_last_release(void **state) {
  fs_fixture_t *fixture = *state;
  async_dir_t *dir;
  async_promise_t *promise = opened_directory(fixture, &dir);
  async_dir_retain(dir);
  async_promise_release(promise);
  async_dir_release(dir);
  async_env_flush();
  assert_counts(&fixture->uv, "DIRHANDLE", 0, 1, 0, 0, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_fs(a_file_is_a_resource_until_it_is_closed),
      cmocka_unit_test_fs(the_request_that_opened_it_is_its_trigger),
      cmocka_unit_test_fs(what_was_not_closed_is_closed_by_the_last_release),
      cmocka_unit_test_fs(a_file_that_nobody_asked_for_is_closed),
      cmocka_unit_test_fs(a_closed_file_cannot_be_closed),
      cmocka_unit_test_fs(a_file_that_is_not_there_rejects),
      cmocka_unit_test_fs(a_directory_is_read_to_its_end_and_closed),
      cmocka_unit_test_fs(entries_are_kept_while_others_are_read),
      cmocka_unit_test_fs(a_directory_is_read_by_one_at_a_time),
      cmocka_unit_test_fs(a_closed_directory_is_refused),
      cmocka_unit_test_fs(a_directory_is_closed_by_the_last_release),
  };
  return test_main(tests, argc, argv);
}
