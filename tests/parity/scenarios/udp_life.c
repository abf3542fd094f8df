#include "scenario.h"

SCENARIO(udp_life) {
  static async_uv_udp_t socket;
  trace_start();
  MUST(async_uv_udp_init(scenario_loop(), &socket));
  trace_print("made");
  async_uv_close((async_uv_handle_t *)&socket, NULL);
}
