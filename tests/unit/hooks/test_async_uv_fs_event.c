#include "fs_directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct watch_s {
  async_uv_fs_event_t fs_event;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t changed, closed;
  char filename[FS_PATH_BYTES];
  int events;
} watch_t;

static async_uv_handle_t *handle_of(watch_t *watch) {
  return (async_uv_handle_t *)&watch->fs_event;
}

static void watch_init(watch_t *watch, void *fixture) {
  memset(watch, 0, sizeof(*watch));
  watch->fixture = fixture;
  assert_int_equal(
      async_uv_fs_event_init(&watch->fixture->loop, &watch->fs_event), 0);
  watch->fs_event.data = watch;
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

static void on_change(async_uv_fs_event_t *fs_event, const char *filename,
                      int events, int status) {
  watch_t *watch = fs_event->data;
  if (watch->changed.calls == 0) {
    recorder_mark(&watch->fixture->recorder, "changed");
  }
  seen_note(&watch->changed, status, watch->context);
  watch->events = events;
  if (filename != NULL) {
    snprintf(watch->filename, sizeof(watch->filename), "%s", filename);
  }
}

static void on_change_stop(async_uv_fs_event_t *fs_event, const char *filename,
                           int events, int status) {
  on_change(fs_event, filename, events, status);
  async_uv_fs_event_stop(fs_event);
}

static int start(watch_t *watch, async_uv_fs_event_cb cb, const char *path) {
  return async_uv_fs_event_start(&watch->fs_event, cb, path, 0);
}

static void a_started_watcher_is_a_resource_until_stop(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_events(&fixture->uv, NULL, "");
  assert_int_equal(start(&watch, on_change_stop, fixture->directory), 0);
  assert_events(&fixture->uv, NULL, "init FSEVENTWRAP");
  fs_file(fixture, "file", "text");
  uv_fixture_run(&fixture->uv);
  assert_events(&fixture->uv, NULL,
                "init FSEVENTWRAP, before FSEVENTWRAP, changed, "
                "after FSEVENTWRAP, destroy FSEVENTWRAP");
  watch_finish(&watch);
}

static void a_change_is_told_in_the_watchers_scope(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_stop, fixture->directory), 0);
  fs_file(fixture, "file", "text");
  uv_fixture_run(&fixture->uv);
  assert_string_equal(watch.filename, "file");
  assert_int_equal(watch.events, UV_RENAME);
  assert_int_equal(watch.changed.status, 0);
  assert_int_equal(watch.changed.execution_async_id,
                   recorder_id(&fixture->uv.recorder, "FSEVENTWRAP", 0));
  assert_int_equal(watch.changed.trigger_async_id, ASYNC_ID_ROOT);
  watch_finish(&watch);
}

static void a_change_sees_the_context_of_the_start(void **state) {
  static int store;
  fs_fixture_t *fixture = *state;
  context_t context;
  watch_t watch;
  watch_init(&watch, fixture);
  context_enter(&context, &store);
  assert_int_equal(start(&watch, on_change_stop, fixture->directory), 0);
  context_leave(&context);
  watch.context = &context;
  fs_file(fixture, "file", "text");
  uv_fixture_run(&fixture->uv);
  assert_ptr_equal(watch.changed.store, &store);
  watch_finish(&watch);
}

static void closing_a_started_watcher_closes_in_its_scope(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change, fixture->directory), 0);
  watch_finish(&watch);
  assert_int_equal(watch.closed.execution_async_id,
                   recorder_id(&fixture->uv.recorder, "FSEVENTWRAP", 0));
  assert_counts(&fixture->uv, "FSEVENTWRAP", 0, 1, 1, 1, 1);
}

static void starting_again_is_a_new_resource(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change, fixture->directory), 0);
  assert_int_equal(async_uv_fs_event_stop(&watch.fs_event), 0);
  assert_int_equal(async_uv_fs_event_stop(&watch.fs_event), 0);
  assert_int_equal(start(&watch, on_change_stop, fixture->directory), 0);
  fs_file(fixture, "file", "text");
  watch_finish(&watch);
  assert_counts(&fixture->uv, "FSEVENTWRAP", 0, 1, 0, 0, 1);
  assert_int_equal(
      recorder_count(&fixture->uv.recorder, RECORDED_INIT, "FSEVENTWRAP"), 2);
}

static void starting_a_started_watcher_is_refused(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_stop, fixture->directory), 0);
  assert_int_equal(start(&watch, on_change, fixture->directory), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "started"));
  assert_ptr_equal(watch.fs_event.cb, on_change_stop);
  assert_events(&fixture->uv, NULL, "init FSEVENTWRAP");
  watch_finish(&watch);
}

static void a_path_that_is_not_there_is_no_watcher(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change, fs_path(fixture, "none")),
                   UV_ENOENT);
  assert_int_equal(
      async_resource_async_id(async_uv_handle_resource(handle_of(&watch))),
      ASYNC_ID_UNSET);
  watch_finish(&watch);
  assert_counts(&fixture->uv, "FSEVENTWRAP", 0, 1, 0, 0, 1);
}

static void a_start_that_cannot_be_is_refused(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, NULL, fixture->directory), UV_EINVAL);
  async_uv_close(handle_of(&watch), NULL);
  assert_int_equal(start(&watch, on_change, fixture->directory), UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "closing"));
  watch_finish(&watch);
  assert_events(&fixture->uv, NULL, "");
}

static void the_path_is_known_while_it_is_watched(void **state) {
  fs_fixture_t *fixture = *state;
  char path[FS_PATH_BYTES];
  size_t size_bytes = sizeof(path);
  async_resource_info_t info;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(
      async_uv_fs_event_getpath(&watch.fs_event, path, &size_bytes), UV_EINVAL);
  assert_int_equal(start(&watch, on_change, "."), 0);
  size_bytes = sizeof(path);
  assert_int_equal(
      async_uv_fs_event_getpath(&watch.fs_event, path, &size_bytes), 0);
  assert_int_equal(size_bytes, 1);
  assert_string_equal(path, ".");
  assert_true(
      inspect(recorder_id(&fixture->uv.recorder, "FSEVENTWRAP", 0), &info));
  assert_string_equal(info.name, ".");
  watch_finish(&watch);
}

static void on_change_close(async_uv_fs_event_t *fs_event, const char *filename,
                            int events, int status) {
  on_change(fs_event, filename, events, status);
  async_uv_close((async_uv_handle_t *)fs_event, on_closed);
}

static void the_callback_may_close_the_watcher(void **state) {
  fs_fixture_t *fixture = *state;
  watch_t watch;
  watch_init(&watch, fixture);
  assert_int_equal(start(&watch, on_change_close, fixture->directory), 0);
  fs_file(fixture, "file", "text");
  uv_fixture_run(&fixture->uv);
  assert_int_equal(watch.changed.calls, 1);
  assert_counts(&fixture->uv, "FSEVENTWRAP", 0, 1, 2, 2, 1);
}

static void start_elsewhere(void *arg) {
  watch_t *watch = arg;
  watch->closed.status = start(watch, on_change, ".");
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
      cmocka_unit_test_fs(closing_a_started_watcher_closes_in_its_scope),
      cmocka_unit_test_fs(starting_again_is_a_new_resource),
      cmocka_unit_test_fs(starting_a_started_watcher_is_refused),
      cmocka_unit_test_fs(a_path_that_is_not_there_is_no_watcher),
      cmocka_unit_test_fs(a_start_that_cannot_be_is_refused),
      cmocka_unit_test_fs(the_path_is_known_while_it_is_watched),
      cmocka_unit_test_fs(the_callback_may_close_the_watcher),
      cmocka_unit_test_fs(a_watcher_belongs_to_the_thread_of_its_loop),
  };
  return test_main(tests, argc, argv);
}
