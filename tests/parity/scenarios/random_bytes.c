#include "scenario.h"

static void on_random(async_uv_random_t *req, int status, void *buf,
                      size_t buflen) {
  (void)req, (void)status, (void)buf, (void)buflen;
  trace_where("callback");
}

SCENARIO(random_bytes) {
  static async_uv_random_t req;
  static unsigned char bytes[42];
  trace_start();
  MUST(async_uv_random(scenario_loop(), &req, bytes, sizeof(bytes), 0,
                       on_random));
}
