#include "timeout_probe.h"

#include "counting_allocator.h"

trace_t *trace;

void say(async_timeout_t *timeout) {
  named_t *named = (named_t *)timeout;
  named->calls++;
  trace_add(trace, "%s", named->name);
}

void start(named_t *named, const char *name, async_timeout_cb cb,
           uint64_t timeout_ms) {
  named->name = name;
  assert_int_equal(async_timeout_start(&named->timeout, cb, timeout_ms), 0);
}

void be_busy(unsigned ms) {
  uint64_t begun_ns = uv_hrtime();
  while (uv_hrtime() - begun_ns < ms * UINT64_C(1000000))
    continue;
}

void run(fixture_t *fixture) {
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
}

void enable_tracer(fixture_t *fixture) {
  tracer_init(&fixture->tracer, &fixture->trace, "");
  assert_int_equal(async_hook_enable(&fixture->tracer.hook), 0);
}

int timeout_setup(void **state) {
  int error = counting_allocator_install();
  if (error == 0)
    error = fixture_setup(state);
  trace = &((fixture_t *)*state)->trace;
  return error;
}
