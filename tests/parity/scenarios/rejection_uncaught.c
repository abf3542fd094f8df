#include "asyncscope/async_fail.h"
#include "promise.h"
#include "scenario.h"

static void on_uncaught(const char *message, void *data) {
  (void)message, (void)data;
  trace_where("uncaught");
}

static void goes_on(void *arg) {
  (void)arg;
  trace_where("goes on");
}

static void on_timeout(async_timeout_t *timeout) {
  (void)timeout;
  promise_rejected("nobody catches this");
  queue_microtask(goes_on, NULL);
}

SCENARIO(rejection_uncaught) {
  trace_start_without(" Immediate ");
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  set_timeout(on_timeout, 1);
}
