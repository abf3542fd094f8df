#include "scenario.h"

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_print("fired");
}

SCENARIO(timeout_too_long) {
  static async_timeout_t timeout;
  int error = async_timeout_start(&timeout, on_timeout, UINT64_C(1) << 31);
  trace_print("a timeout of 25 days %s", error == 0 ? "accepted" : "refused");
}
