#include "scenario.h"

static void on_count(void *arg) {
  (void)arg;
  trace_where("connections 0");
}

SCENARIO(server_without_listen) {
  static async_uv_tcp_t server;
  trace_start();
  MUST(async_uv_tcp_init(scenario_loop(), &server));
  scenario_at_end(close_at_end, &server);
  next_tick(on_count, NULL);
}
