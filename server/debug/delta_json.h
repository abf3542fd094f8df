/* Changes as a JSON document: the data of a delta in /debug/events. */
#ifndef ASYNCSCOPE_DEBUG_DELTA_JSON_H
#define ASYNCSCOPE_DEBUG_DELTA_JSON_H

#include "changes.h"
#include "document.h"

/* What came and went since the delta before is shown up to here; how much more
 * there was is a number. */
#define DEBUG_TRANSIENTS_MAX 256

/* Does not move. */
typedef struct delta_json_s {
  debug_document_t document; /* first: its step takes this */
  const debug_query_t *query;
  const debug_changes_t *changes;
  uint64_t number; /* of the delta, from 1 on */
  size_t at, transients;
} delta_json_t;

/* All borrowed, until the last step. */
void asyncscope__delta_json_begin(delta_json_t *delta,
                                  const debug_capture_t *capture,
                                  const debug_changes_t *changes,
                                  const debug_query_t *query, uint64_t number);

/* What all deltas have in common: their beginning, up to the first list, which
 * is "created"; the next list; the end. `missed`: events that this reader came
 * too late for. Errors: those of json_writer.h. */
int asyncscope__delta_json_open(json_writer_t *writer,
                                const debug_capture_t *capture, uint64_t number,
                                uint64_t missed);
int asyncscope__delta_json_next(json_writer_t *writer, const char *list);
int asyncscope__delta_json_close(json_writer_t *writer,
                                 uint64_t transient_left_out);

#endif
