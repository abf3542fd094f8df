#ifndef HOOKS_FIXTURE_H
#define HOOKS_FIXTURE_H

/* What the tests of the hooks core share: a loop bound to the test's thread,
 * and a log of words in which callbacks write what they saw. */

#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_resource.h"
#include "test_main.h"

#include <stdbool.h>

/* Words separated by single spaces; what does not fit fails the comparison. */
typedef struct trace_s {
  char text[8192];
  size_t length;
  async_id_t base; /* ids are written relative to this one, as "#1" */
} trace_t;

void trace_add(trace_t *trace, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void trace_clear(trace_t *trace);

/* "#1" for the first id after the base, "root", "none" or "unset". The text
 * lasts for seven more calls on this thread. */
const char *trace_id(const trace_t *trace, async_id_t async_id);

/* A hook that writes its events into a trace, each behind `name`:
 * "init(#1 TYPE root)", "before(#1)", "after(#1)", "destroy(#1)". */
typedef struct tracer_s {
  async_hook_t hook;
  trace_t *trace;
  const char *name;
} tracer_t;

void tracer_init(tracer_t *tracer, trace_t *trace, const char *name);
/* With destroy only, or with all but init. */
void tracer_init_destroy(tracer_t *tracer, trace_t *trace, const char *name);
void tracer_init_quiet(tracer_t *tracer, trace_t *trace, const char *name);
/* With all, also "resolve(#1)". */
void tracer_init_all(tracer_t *tracer, trace_t *trace, const char *name);

typedef struct fixture_s {
  uv_loop_t loop;
  trace_t trace;
  tracer_t tracer; /* neither initialised nor enabled */
} fixture_t;

/* cmocka fixtures: `*state` is a fixture_t whose loop is attached; at the end
 * detaching and closing the loop must succeed. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Named so that the build finds the function in it. */
#define cmocka_unit_test_on_loop(test) \
  cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/* Forgets the trace and counts ids from here. */
void fixture_mark(fixture_t *fixture);

/* A timer that runs `cb` in a resource's callback scope, as a tracked libuv
 * family does; with `timeout_ms` 0 in the next iteration. */
typedef struct scoped_timer_s {
  uv_timer_t uv;
  async_resource_t resource;
  void (*cb)(struct scoped_timer_s *timer);
  void *arg;
} scoped_timer_t;

void scoped_timer_start(scoped_timer_t *timer, uv_loop_t *loop,
                        void (*cb)(scoped_timer_t *timer), void *arg);

/* Runs `fn` on a thread of its own and waits for its end. */
void run_on_thread(void (*fn)(void *arg), void *arg);

/* The environment of thread `thread`, referenced, or NULL. */
async_env_t *find_env(uint32_t thread);
/* What is known of the calling thread's environment. */
async_env_info_t own_env_info(void);
/* The record of `async_id` on thread `thread`; false when it has none. */
bool find_info(uint32_t thread, async_id_t async_id,
               async_resource_info_t *ret_info);

#endif
