#include "udp.h"

static void print_ref(const char *text, const async_uv_handle_t *handle) {
  trace_print("%s %s", text, async_uv_has_ref(handle) ? "true" : "false");
}

static void on_close(async_uv_handle_t *handle) {
  (void)handle;
  trace_print("closed");
}

SCENARIO(udp_has_ref) {
  async_uv_handle_t *handle = (async_uv_handle_t *)udp_bind(NULL);
  print_ref("made", handle);
  async_uv_unref(handle);
  print_ref("unref", handle);
  async_uv_ref(handle);
  print_ref("ref", handle);
  async_uv_close(handle, on_close);
}
