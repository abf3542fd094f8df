/* How the process is doing, in a few kilobytes and without a look at every
 * record: the data of a pulse in /debug/events.
 *
 * What costs more the more lives is left out where much lives: see at each. */
#ifndef ASYNCSCOPE_DEBUG_PULSE_JSON_H
#define ASYNCSCOPE_DEBUG_PULSE_JSON_H

#include "account_list.h"
#include "document.h"
#include "json_points.h"
#include "survey.h"

/* Up to so many live resources are counted one by one; of more, what their
 * threads have counted is told, asyncscope's own included. */
#define DEBUG_PULSE_COUNTED 4096
/* Requests that are shown: in flight, and ended since the last pulse. */
#define DEBUG_PULSE_ACTIVE   64
#define DEBUG_PULSE_FINISHED 32
/* What runs for less long goes by its key alone: to name it is a walk. */
#define DEBUG_PULSE_NAMED_US 50000

/* Does not move. */
typedef struct pulse_json_s {
  debug_document_t document; /* first: its step takes this */
  const debug_query_t *query;
  debug_filter_t filter;
  debug_survey_t survey;
  bool exact; /* the survey was taken */
  debug_account_list_t active, finished;
  uint64_t since_ns; /* of the pulse before; 0: there was none */
  uint64_t number, missed;
  debug_points_t points;
  uint64_t told[DEBUG_HISTORY_SCALES]; /* points, up to here */
  bool stale;
  size_t at;
} pulse_json_t;

/* All borrowed, until the last step or asyncscope__pulse_json_finish().
 * `missed`: events that were overwritten before this reader came to them.
 * `stale`: changes were missed that no snapshot has told yet. Errors:
 * UV_ENOMEM; then there is nothing to finish. */
int asyncscope__pulse_json_begin(pulse_json_t *pulse,
                                 const debug_capture_t *capture,
                                 const debug_query_t *query, uint64_t missed,
                                 bool stale);

/* Zeroed and finished ones are left alone; what is needed to begin the next
 * one stays. */
void asyncscope__pulse_json_finish(pulse_json_t *pulse);

#endif
