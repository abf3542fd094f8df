/* The ancestors that have ended and that their threads remember. */
#ifndef ASYNCSCOPE_DEBUG_REMEMBERED_H
#define ASYNCSCOPE_DEBUG_REMEMBERED_H

#include "capture.h"

/* Of all threads; what is beyond counts as forgotten. */
#define DEBUG_REMEMBERED_MAX 65536

typedef struct debug_gone_s {
  async_ref_t ref;
  async_ref_t trigger;   /* thread ASYNC_THREAD_NONE when it is forgotten */
  async_ref_t execution; /* the same */
  const char *type;      /* NULL when it is forgotten */
  const async_site_t *site;
  uint32_t mark; /* for who works with it; 0 at first */
  bool passed;   /* the same */
} debug_gone_t;

typedef struct debug_remembered_s {
  debug_gone_t *items; /* by (thread, id) */
  size_t count, capacity;
} debug_remembered_t;

/* Errors: UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_remembered_init(debug_remembered_t *remembered,
                                      const debug_capture_t *capture);

/* NULL where it is not among them. */
debug_gone_t *asyncscope__debug_remembered_find(
    const debug_remembered_t *remembered, async_ref_t ref);

/* One of whom nothing else is known. */
debug_gone_t asyncscope__debug_forgotten(async_ref_t ref);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_remembered_finish(debug_remembered_t *remembered);

#endif
