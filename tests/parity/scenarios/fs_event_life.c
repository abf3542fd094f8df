#include "scenario.h"

static void on_event(async_uv_fs_event_t *watcher, const char *filename,
                     int events, int status) {
  (void)watcher, (void)filename, (void)events, (void)status;
}

SCENARIO(fs_event_life) {
  static async_uv_fs_event_t watcher;
  trace_start_only(" FSEVENTWRAP ");
  MUST(async_uv_fs_event_init(scenario_loop(), &watcher));
  MUST(async_uv_fs_event_start(&watcher, on_event, ".", 0));
  trace_print("watching");
  async_uv_close((async_uv_handle_t *)&watcher, NULL);
}
