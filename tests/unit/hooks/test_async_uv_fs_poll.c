#include "fs_directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The shortest there is: the tests wait for the change, not for the time. */
#define INTERVAL_MS 1

typedef struct watch_s {
  async_uv_fs_poll_t fs_poll;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t changed, closed;
  uint64_t size_before_bytes, size_after_bytes;
} watch_t;

static async_uv_handle_t *handle_of(watch_t *watch) {
  return (async_uv_handle_t *)&watch->fs_poll;
}

static void watch_init(watch_t *watch, void *fixture) {
  memset(watch, 0, sizeof(*watch));
  watch->fixture = fixture;
  assert_int_equal(
      async_uv_fs_poll_init(&watch->fixture->loop, &watch->fs_poll), 0);
  watch->fs_poll.data = watch;
}

static void on_closed(async_uv_handle_t *handle) {
  watch_t *watch = handle->data;
  recorder_mark(&watch->fixture->recorder, "closed");
  seen_note(&watch->closed, 0, watch->context);
}

static void watch_finish(watch_t *watch) {
  if (!async_uv_is_closing(handle_of(watch))) {
    async_uv_close(handle_of(watch), on_closed);
  }
  uv_fixture_run(watch->fixture);
}

static void on_change_stop(async_uv_fs_poll_t *fs_poll, int status,
                           const uv_stat_t *prev, const uv_stat_t *curr) {
  watch_t *watch = fs_poll->data;
  recorder_mark(&watch->fixture->recorder, "changed");
  seen_note(&watch->changed, status, watch->context);
  watch->size_before_bytes = prev->st_size;
  watch->size_after_bytes = curr->st_size;
  async_uv_fs_poll_stop(fs_poll);
}

static int start(watch_t *watch, async_uv_fs_poll_cb cb, const char *path) {
  return async_uv_fs_poll_start(&watch->fs_poll, cb, path, INTERVAL_MS);
}

typedef struct appearance_s {
  uv_timer_t timer; /* libuv's: it is no part of what is recorded */
  fs_fixture_t *fixture;
  const watch_t *watch;
} appearance_t;

/* Writes until the change is seen: libuv does not tell when its first look,
 * which later ones are compared with, is over. */
static void on_timer(uv_timer_t *timer) {
  appearance_t *appearance = timer->data;
  if (appearance->watch->changed.calls > 0) {
    uv_close((uv_handle_t *)timer, NULL);
    return;
  }
  FILE *file = fopen(appearance->fixture->paths[0], "a");
  if (file != NULL) {
    fputs("more", file);
    fclose(file);
  }
}

static void change_until_seen(fs_fixture_t *fixture, const watch_t *watch) {
  appearance_t appearance = {.fixture = fixture, .watch = watch};
  uv_timer_init(&fixture->uv.loop, &appearance.timer);
  appearance.timer.data = &appearance;
  uv_timer_start(&appearance.timer, on_timer, INTERVAL_MS, INTERVAL_MS);
  uv_fixture_run(&fixture->uv);
}

static void a_started_watcher_is_a_resource_until_stop(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "file", "text");
  watch_t watch;
  watch_init(&watch, fixture);
  assert_events(&fixture->uv, NULL, "");
  assert_int_equal(start(&watch, on_change_stop, path), 0);
  assert_events(&fixture->uv, NULL, "init STATWATCHER");
  change_until_seen(fixture, &watch);
  assert_events(&fixture->uv, NULL,
                "init STATWATCHER, before STATWATCHER, changed, "
                "after STATWATCHER, destroy STATWATCHER");
  watch_finish(&watch);
}

static void a_change_is_told_in_the_watchers_scope(void **state) {
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "file", "text");
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_stop, path), 0);
  change_until_seen(fixture, &watch);
  assert_int_equal(watch.changed.status, 0);
  assert_true(watch.size_before_bytes < watch.size_after_bytes);
  assert_int_equal(watch.changed.execution_async_id,
                   recorder_id(&fixture->uv.recorder, "STATWATCHER", 0));
  assert_int_equal(watch.changed.trigger_async_id, ASYNC_ID_ROOT);
  watch_finish(&watch);
}

static void a_change_sees_the_context_of_the_start(void **state) {
  static int store;
  fs_fixture_t *fixture = *state;
  const char *path = fs_file(fixture, "file", "text");
  context_t context;
  watch_t watch;
  watch_init(&watch, fixture);
  context_enter(&context, &store);
  assert_int_equal(start(&watch, on_change_stop, path), 0);
  context_leave(&context);
  watch.context = &context;
  change_until_seen(fixture, &watch);
  assert_ptr_equal(watch.changed.store, &store);
  watch_finish(&watch);
}

static void a_path_that_is_not_there_is_told_in_the_scope(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_stop, fs_path(fixture, "none")), 0);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(watch.changed.status, UV_ENOENT);
  assert_counts(&fixture->uv, "STATWATCHER", 0, 1, 1, 1, 1);
  watch_finish(&watch);
}

static void closing_a_started_watcher_closes_in_its_scope(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_stop, fixture->directory), 0);
  watch_finish(&watch);
  assert_int_equal(watch.closed.execution_async_id,
                   recorder_id(&fixture->uv.recorder, "STATWATCHER", 0));
  assert_counts(&fixture->uv, "STATWATCHER", 0, 1, 1, 1, 1);
}

static void starting_a_started_watcher_changes_nothing(void **state) {
  fs_fixture_t *fixture = *state;
  char path[FS_PATH_BYTES];
  size_t size_bytes = sizeof(path);
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_stop, fixture->directory), 0);
  assert_int_equal(start(&watch, on_change_stop, "."), 0);
  assert_int_equal(async_uv_fs_poll_getpath(&watch.fs_poll, path, &size_bytes),
                   0);
  assert_string_equal(path, fixture->directory);
  assert_events(&fixture->uv, NULL, "init STATWATCHER");
  watch_finish(&watch);
}

static void starting_again_is_a_new_resource(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  for (unsigned i = 0; i < 2; i++) {
    assert_int_equal(start(&watch, on_change_stop, fs_path(fixture, "none")),
                     0);
    uv_fixture_run(&fixture->uv);
  }
  assert_int_equal(async_uv_fs_poll_stop(&watch.fs_poll), 0);
  assert_counts(&fixture->uv, "STATWATCHER", 0, 1, 1, 1, 1);
  assert_counts(&fixture->uv, "STATWATCHER", 1, 1, 1, 1, 1);
  watch_finish(&watch);
}

static void a_start_that_cannot_be_is_refused(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, NULL, fixture->directory), UV_EINVAL);
  async_uv_close(handle_of(&watch), NULL);
  assert_int_equal(start(&watch, on_change_stop, fixture->directory),
                   UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "closing"));
  watch_finish(&watch);
  assert_events(&fixture->uv, NULL, "");
}

static void diagnostics_show_the_path(void **state) {
  fs_fixture_t *fixture = *state;
  async_resource_info_t info;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_stop, "."), 0);
  assert_true(
      inspect(recorder_id(&fixture->uv.recorder, "STATWATCHER", 0), &info));
  assert_string_equal(info.name, ".");
  watch_finish(&watch);
}

static void start_elsewhere(void *arg) {
  watch_t *watch = arg;
  watch->closed.status = start(watch, on_change_stop, ".");
}

static void a_watcher_belongs_to_the_thread_of_its_loop(void **state) {
  watch_t watch;
  watch_init(&watch, *state);
  on_other_environment(start_elsewhere, &watch);
  assert_int_equal(watch.closed.status, UV_EINVAL);
  watch_finish(&watch);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_fs(a_started_watcher_is_a_resource_until_stop),
      cmocka_unit_test_fs(a_change_is_told_in_the_watchers_scope),
      cmocka_unit_test_fs(a_change_sees_the_context_of_the_start),
      cmocka_unit_test_fs(a_path_that_is_not_there_is_told_in_the_scope),
      cmocka_unit_test_fs(closing_a_started_watcher_closes_in_its_scope),
      cmocka_unit_test_fs(starting_a_started_watcher_changes_nothing),
      cmocka_unit_test_fs(starting_again_is_a_new_resource),
      cmocka_unit_test_fs(a_start_that_cannot_be_is_refused),
      cmocka_unit_test_fs(diagnostics_show_the_path),
      cmocka_unit_test_fs(a_watcher_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
