/* What looks wrong, by stable codes.
 *
 * A kind of warning is a row in warning_kinds.c. Detectors raise them: each
 * looks at the threads first, then at every record while all are walked, then
 * says what it has found. What is of one kind and one site is one warning, with
 * the number of resources it is about, or how often it happened.
 *
 * A warning is of now, and gone when its cause is; or of the past, where a
 * thread has noted what cannot be undone: then it says when it was last so, and
 * is left out when that is long ago. */
#ifndef ASYNCSCOPE_DEBUG_WARNINGS_H
#define ASYNCSCOPE_DEBUG_WARNINGS_H

#include "resource.h"
#include "walk.h"

#define DEBUG_WARNINGS_MAX 256 /* of different kind or site */
#define DEBUG_WARNING_KEYS 16  /* that are named, the first ones */

/* In the order of the table of kinds. */
typedef enum debug_warning_id_e {
  DEBUG_SLOW_CALLBACK,
  DEBUG_LOOP_BLOCKED,
  DEBUG_POOL_STARVED,
  DEBUG_LONG_PENDING,
  DEBUG_CONTEXT_RETAINED,
  DEBUG_CONTEXT_FOREIGN,
  DEBUG_CONTEXT_LOST,
  DEBUG_SCOPE_UNBALANCED,
  DEBUG_GROWTH,
  DEBUG_DESTROYED_UNRUN,
  DEBUG_DROPPED_EVENTS,
  DEBUG_WARNING_KINDS
} debug_warning_id_t;

typedef struct debug_warning_kind_s {
  const char *code;           /* stable */
  const char *severity;       /* "warn", "error" */
  const char *meaning;        /* a sentence about one resource or many */
  const char *advice;         /* a sentence on what to do */
  size_t threshold;           /* its offset in asyncscope_debug_thresholds_t */
  uint64_t threshold_default; /* where none is configured */
  bool counts;                /* it is a number of things, not microseconds */
} debug_warning_kind_t;

extern const debug_warning_kind_t
    asyncscope__debug_warning_kinds[DEBUG_WARNING_KINDS];

/* As configured or as the kind has it; UINT64_MAX: it is never warned of. */
uint64_t asyncscope__debug_threshold(const debug_capture_t *capture,
                                     debug_warning_id_t id);
uint64_t asyncscope__debug_growth_window_us(const debug_capture_t *capture);
uint64_t asyncscope__debug_past_us(const debug_capture_t *capture);

/* The resource that a warning is about, or another one that has to do with it.
 * Zeroed: none. */
typedef struct debug_party_s {
  async_ref_t key; /* id 0: none */
  const char *type;
  const async_site_t *site;
  uint64_t request;
} debug_party_t;

debug_party_t asyncscope__debug_party(const async_resource_info_t *info);

typedef struct debug_warning_s {
  debug_warning_id_t id;
  const async_site_t *site;
  const char *type;           /* of the last one; NULL: not known */
  uint64_t count;             /* of resources; or how often it happened */
  uint64_t worst;             /* of what the threshold is about */
  uint64_t since_ns, last_ns; /* last_ns 0: it is so now */
  size_t key_count, request_count;
  async_ref_t keys[DEBUG_WARNING_KEYS];
  uint64_t requests[DEBUG_WARNING_KEYS]; /* each once */
  debug_party_t other;
  bool focused; /* one of all that it is about is the focus */
} debug_warning_t;

/* What a detector has seen. */
typedef struct debug_sighting_s {
  debug_party_t of;
  debug_party_t other;
  uint64_t count; /* 0: one */
  uint64_t worst;
  uint64_t since_ns, last_ns; /* as above */
} debug_sighting_t;

enum { DEBUG_DETECTORS = 5 };

typedef struct debug_warnings_s {
  const debug_capture_t *capture;
  async_ref_t focus; /* id 0: none */
  debug_walk_t walk;
  void *states[DEBUG_DETECTORS]; /* NULL: it looks at no record */
  bool begun, ended;
  debug_warning_t *items;
  size_t count, capacity;
  uint64_t dropped; /* beyond DEBUG_WARNINGS_MAX, or for want of memory */
} debug_warnings_t;

/* Each keeps what it has to in a block of async_calloc(), which is freed for
 * it. */
typedef struct debug_detector_s {
  /* Errors: UV_ENOMEM. */
  int (*begin)(debug_warnings_t *warnings, void **ret_state);
  /* NULL, or for every record that is not asyncscope's own. */
  void (*look)(debug_warnings_t *warnings, void *state, size_t thread,
               const async_resource_info_t *info);
  void (*end)(debug_warnings_t *warnings, void *state); /* NULL, or after it */
} debug_detector_t;

extern const debug_detector_t asyncscope__debug_detect_blocked;
extern const debug_detector_t asyncscope__debug_detect_waiting;
extern const debug_detector_t asyncscope__debug_detect_retained;
extern const debug_detector_t asyncscope__debug_detect_growth;
extern const debug_detector_t asyncscope__debug_detect_findings;

void asyncscope__debug_warnings_begin(debug_warnings_t *warnings,
                                      const debug_capture_t *capture);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM.
 */
int asyncscope__debug_warnings_find(debug_warnings_t *warnings);

/* For a detector. */
void asyncscope__debug_warn(debug_warnings_t *warnings, debug_warning_id_t id,
                            const debug_sighting_t *sighting);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_warnings_finish(debug_warnings_t *warnings);

#endif
