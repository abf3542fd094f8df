#include "scenario.h"
#include <netinet/in.h>

static void on_lookup(async_uv_getnameinfo_t *req, int status,
                      const char *hostname, const char *service) {
  (void)req, (void)status, (void)hostname, (void)service;
  trace_where("callback");
}

SCENARIO(dns_lookup_service) {
  static async_uv_getnameinfo_t req;
  struct sockaddr_in address;
  trace_start();
  MUST(uv_ip4_addr("127.0.0.1", 80, &address));
  MUST(async_uv_getnameinfo(scenario_loop(), &req, on_lookup,
                            (const struct sockaddr *)&address, 0));
}
