#include "scenario.h"
#include "write_file.h"

static void on_event(async_uv_fs_event_t *watcher, const char *filename,
                     int events, int status) {
  (void)filename, (void)events, (void)status;
  trace_where("change");
  async_uv_close((async_uv_handle_t *)watcher, NULL);
}

SCENARIO(fs_event_change) {
  static async_uv_fs_event_t watcher;
  write_file("file", "a");
  trace_start_only(" FSEVENTWRAP ");
  MUST(async_uv_fs_event_init(scenario_loop(), &watcher));
  MUST(async_uv_fs_event_start(&watcher, on_event, "file", 0));
  write_file("file", "b");
}
