#include "scenario.h"

static void on_lookup(async_uv_getaddrinfo_t *req, int status,
                      struct addrinfo *res) {
  (void)req, (void)status;
  trace_where("callback");
  uv_freeaddrinfo(res);
}

SCENARIO(dns_lookup) {
  static async_uv_getaddrinfo_t req;
  trace_start();
  MUST(async_uv_getaddrinfo(scenario_loop(), &req, on_lookup, "localhost", NULL,
                            NULL));
}
