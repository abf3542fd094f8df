#ifndef ASYNCSCOPE_WORKER_PROBE_H
#define ASYNCSCOPE_WORKER_PROBE_H

/* A worker that keeps what its creator's callbacks were called with. */

#include "asyncscope/async_worker.h"
#include "message_probe.h"

typedef struct worker_probe_s {
  async_worker_t *worker; /* NULL: it has exited */
  uv_fixture_t *fixture;
  const context_t *context; /* may be NULL */
  seen_t online, message, drain, error, exit;
  int numbers[PROBE_NOTES]; /* of the messages, in their order */
  int exit_code;
  char failure[256];
  bool had_ref_at_exit;
  uint32_t thread_id; /* while online */
  /* Called at these points; may be NULL. */
  void (*when_online)(struct worker_probe_s *probe);
  void (*when_message)(struct worker_probe_s *probe);
  void (*when_exit)(struct worker_probe_s *probe);
  void *arg;
} worker_probe_t;

/* What probe_start() takes: all callbacks are the probe's. */
async_worker_options_t probe_options(worker_probe_t *probe, void *worker_data);
/* Starts `main`; asserts that it could be. What the test wants set in the probe
 * it sets before, in a zeroed probe. */
void probe_start(worker_probe_t *probe, uv_fixture_t *fixture,
                 async_worker_main_cb main, void *worker_data);
/* The same, and runs the loop to its end: asserts that the worker exited. */
void probe_run(worker_probe_t *probe, uv_fixture_t *fixture,
               async_worker_main_cb main, void *worker_data);
/* The same: asserts that it failed once, with this message. */
void probe_assert_failed_with(void **state, async_worker_main_cb main,
                              const char *message);

/* For mains. They run off the test's thread, so they assert nothing: what goes
 * wrong is kept for after the exit. */
#define WORKER_CHECK(ret_failed, condition) \
  (*(ret_failed) += (condition) ? 0 : 1)

/* Posts a message whose data is a copy of the number: 0 or the error. Asserts
 * nothing, so mains and their callbacks may call it. */
int post_number(async_message_port_t *port, int number);

/* Mains: keep the loop alive for ever, by listening and by an interval. */
void listen_forever(void *worker_data);
void tick_forever(void *worker_data);

#endif
