#include "scenario.h"
#include "stream.h"
#include <fcntl.h>

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_where("closed");
}

SCENARIO(tty_life) {
  async_uv_tty_t *tty = scenario_alloc(sizeof(*tty));
  int fd = open("/dev/ptmx", O_RDWR | O_CLOEXEC | O_NOCTTY);
  trace_start();
  MUST(async_uv_tty_init(scenario_loop(), tty, fd, 0));
  async_resource_t *resource =
      async_uv_handle_resource((async_uv_handle_t *)tty);
  trace_print("id %s",
              async_resource_async_id(resource) > 0 ? "true" : "false");
  stream_close((async_uv_stream_t *)tty, on_close);
}
