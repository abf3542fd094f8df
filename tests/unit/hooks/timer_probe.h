#ifndef ASYNCSCOPE_TIMER_PROBE_H
#define ASYNCSCOPE_TIMER_PROBE_H

#include "uv_fixture.h"

/* A timer with what its callbacks saw and did. */
typedef struct probe_s {
  async_uv_timer_t timer;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t fired;
  seen_t closed;
  unsigned limit; /* the call in which a test stops */
  async_id_t restarted_async_id;
} probe_t;

/* A timer that is not started; its data is the probe. */
void probe_init(probe_t *probe, uv_fixture_t *fixture);

async_uv_handle_t *probe_handle(probe_t *probe);
async_id_t probe_id(probe_t *probe);

/* Callbacks that mark "fired" and "closed" and note what they see. */
void probe_fired(async_uv_timer_t *timer);
void probe_closed(async_uv_handle_t *handle);

/* Closes, and runs the loop until nothing is left to do. */
void probe_finish(probe_t *probe);

#endif
