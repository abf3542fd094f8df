/* One event in the Trace Event Format. */
#ifndef ASYNCSCOPE_DEBUG_CHROME_EVENT_H
#define ASYNCSCOPE_DEBUG_CHROME_EVENT_H

#include "buffer.h"
#include "capture.h"
#include "json_fields.h"

/* Of those that belong together, category, id and name are the same. */
typedef struct chrome_event_s {
  const debug_capture_t *capture;
  const debug_thread_t *thread;
  const char *phase, *category, *name;
  uint64_t at_ns;
  async_ref_t ref;             /* what its id is made of; thread
                                  ASYNC_THREAD_NONE: it has none */
  const uint64_t *duration_ns; /* NULL: it has none */
  bool first;                  /* of the list: no comma stands before it */
} chrome_event_t;

/* Appends it, on a line of its own but for the first. `args` is taken over;
 * NULL is no memory for them. Errors: UV_ENOBUFS, UV_ENOMEM. */
int asyncscope__chrome_append(const chrome_event_t *event, json_t *args,
                              debug_buffer_t *buffer);

#endif
