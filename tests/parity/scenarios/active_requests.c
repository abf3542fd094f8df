#include "scenario.h"

static int left = 12;

static void on_lookup(async_uv_getaddrinfo_t *req, int status,
                      struct addrinfo *res) {
  (void)req, (void)status;
  show_active("in the lookup");
  uv_freeaddrinfo(res);
}

static void on_access(async_uv_fs_t *req) {
  static async_uv_getaddrinfo_t lookup;
  async_uv_fs_req_cleanup(req);
  if (--left > 0) {
    return;
  }
  show_active("in the last");
  MUST(async_uv_getaddrinfo(scenario_loop(), &lookup, on_lookup, "localhost",
                            NULL, NULL));
  show_active("and a lookup");
}

SCENARIO(active_requests) {
  static async_uv_fs_t requests[12];
  for (int i = 0; i < 12; i++) {
    MUST(async_uv_fs_access(scenario_loop(), &requests[i], ".", 0, on_access));
  }
  show_active("twelve");
}
