#ifndef TIMEOUT_PROBE_H
#define TIMEOUT_PROBE_H

#include "asyncscope/async_timeout.h"
#include "hooks_fixture.h"

/* A timeout that says its name. */
typedef struct named_s {
  async_timeout_t timeout;
  const char *name;
  int calls;
} named_t;

/* Writes the name into the fixture's trace and counts the call. */
void say(async_timeout_t *timeout);

void start(named_t *named, const char *name, async_timeout_cb cb,
           uint64_t timeout_ms);

/* Keeps the thread in a loop, so that what is started is due. */
void be_busy(unsigned ms);

/* Runs the loop until nothing is left to do. */
void run(fixture_t *fixture);

void enable_tracer(fixture_t *fixture);

/* A fixture whose allocations are counted; its trace is `trace`. */
extern trace_t *trace;
int timeout_setup(void **state);

/* Named so that the build finds the function in it. */
#define cmocka_unit_test_timeout(test) \
  cmocka_unit_test_setup_teardown(test, timeout_setup, fixture_teardown)

#endif
