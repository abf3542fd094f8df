/* What has become of resources since it was last asked, out of the recorders
 * of all threads. */
#ifndef ASYNCSCOPE_DEBUG_CHANGES_H
#define ASYNCSCOPE_DEBUG_CHANGES_H

#include "filter.h"

#include "asyncscope/async_recorder.h"

/* Of one reading; when there are more, `lost` is set. */
#define DEBUG_CHANGES_MAX 4096

typedef struct debug_change_s {
  async_ref_t ref;
  bool created, destroyed; /* both: it came and went */
  async_event_t made;      /* where it was created */
  uint64_t ended_ns;       /* where it was destroyed */
  uint64_t callbacks, run_ns;
} debug_change_t;

/* How far a thread's events have been read. */
typedef struct debug_follow_s {
  uint32_t thread;
  uint64_t next;
} debug_follow_t;

typedef struct debug_changes_s {
  debug_follow_t *follows;
  size_t follow_count, follow_capacity;
  debug_change_t *items; /* in the order in which something happened first */
  size_t count;
  uint32_t *slots;  /* a hash table of numbers, + 1 */
  uint64_t dropped; /* events that were overwritten, all in all */
  bool lost;        /* the last reading does not know all that happened */
} debug_changes_t;

/* Errors: UV_ENOMEM; then there is nothing to finish. */
int asyncscope__debug_changes_init(debug_changes_t *changes);

/* From here on: what happened before the capture is known. Errors: UV_ENOMEM.
 */
int asyncscope__debug_changes_begin(debug_changes_t *changes,
                                    const debug_capture_t *capture);

/* How far it has been read, to come back to: "" where there are too many
 * threads for that. Times would not do: an event is as old as the last scope
 * boundary before it. */
#define DEBUG_PLACE_BYTES 768
void asyncscope__debug_changes_place(const debug_changes_t *changes,
                                     char ret_place[DEBUG_PLACE_BYTES]);

/* From such a place on; false where it is none of this process. What is no
 * longer in the recorders is then found to be lost. */
bool asyncscope__debug_changes_resume(debug_changes_t *changes,
                                      const debug_capture_t *capture,
                                      const char *place);

/* What has happened since to what the filter lets through, as far as events
 * tell. Errors: UV_ENOMEM. */
int asyncscope__debug_changes_read(debug_changes_t *changes,
                                   debug_filter_t *filter);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_changes_finish(debug_changes_t *changes);

#endif
