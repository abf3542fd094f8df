/* What looks wrong, by stable codes.
 *
 * A kind of warning is a row in warning_kinds.c. While all records are walked
 * each is shown to every kind's `look`, which may raise a warning; warnings of
 * one kind and one site are one, with the number of resources it is about. */
#ifndef ASYNCSCOPE_DEBUG_WARNINGS_H
#define ASYNCSCOPE_DEBUG_WARNINGS_H

#include "resource.h"
#include "walk.h"

#define DEBUG_WARNINGS_MAX 256 /* of different kind or site */
#define DEBUG_WARNING_KEYS 16  /* that are named, the first ones */

typedef struct debug_warnings_s debug_warnings_t;

typedef struct debug_warning_kind_s {
  const char *code;      /* stable */
  const char *severity;  /* "warn", "error" */
  const char *meaning;   /* a sentence about one resource or many */
  const char *advice;    /* a sentence on what to do */
  size_t threshold;      /* its offset in asyncscope_debug_thresholds_t */
  uint64_t threshold_us; /* where none is configured; 0: it has none */
  /* NULL: it is raised elsewhere. */
  void (*look)(debug_warnings_t *warnings,
               const struct debug_warning_kind_s *kind,
               const debug_resource_t *resource);
} debug_warning_kind_t;

/* A NULL code at the end. */
extern const debug_warning_kind_t asyncscope__debug_warning_kinds[];

typedef struct debug_warning_s {
  const debug_warning_kind_t *kind;
  const async_site_t *site;
  uint64_t request;  /* of all of them; 0: of none, or of several */
  uint64_t worst_us; /* what crossed the threshold */
  uint64_t count;
  async_ref_t keys[DEBUG_WARNING_KEYS];
} debug_warning_t;

struct debug_warnings_s {
  const debug_capture_t *capture;
  debug_walk_t walk;
  debug_warning_t *items;
  size_t count, capacity;
  uint64_t dropped; /* beyond DEBUG_WARNINGS_MAX, or for want of memory */
};

void asyncscope__debug_warnings_begin(debug_warnings_t *warnings,
                                      const debug_capture_t *capture);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do. */
int asyncscope__debug_warnings_find(debug_warnings_t *warnings);

/* In microseconds, as configured or as the kind has it. */
uint64_t asyncscope__debug_threshold_us(const debug_capture_t *capture,
                                        const debug_warning_kind_t *kind);

/* For a look: `value_us` is beyond the kind's threshold. */
void asyncscope__debug_warn(debug_warnings_t *warnings,
                            const debug_warning_kind_t *kind,
                            const debug_resource_t *resource,
                            uint64_t value_us);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_warnings_finish(debug_warnings_t *warnings);

#endif
