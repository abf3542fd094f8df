#include "log_tail.h"

#include "parameter.h"

#include <inttypes.h>
#include <stdio.h>
#include <uv.h>

#define LOOKED_AT_MAX 256 /* in one turn */

static bool matches(const debug_query_t *query, const debug_log_line_t *line) {
  const debug_numbers_t *requests = &query->requests;
  if (line->level < query->level)
    return false;
  if (!asyncscope__debug_given(query, DEBUG_PARAM_REQUEST))
    return true;
  for (size_t i = 0; i < requests->count; i++)
    if (requests->items[i] == line->request)
      return true;
  return false;
}

/* Back over what is asked for, at most over all that is kept. */
static uint64_t begin_of_last(debug_log_tail_t *tail) {
  uint64_t number = tail->span.next;
  uint64_t wanted = tail->query->limit;
  while (wanted > 0 && number > tail->span.oldest) {
    number--;
    wanted -= asyncscope__debug_log_ring_read(tail->ring, number,
                                              &tail->line) == DEBUG_LOG_THERE &&
              matches(tail->query, &tail->line);
  }
  return number;
}

void asyncscope__debug_log_begin(debug_log_tail_t *tail,
                                 const asyncscope_debug_t *debug,
                                 const debug_query_t *query) {
  tail->query = query;
  tail->ring = debug->log;
  tail->span = asyncscope__debug_log_ring_span(debug->log);
  tail->dropped = 0;
  tail->next = begin_of_last(tail);
}

bool asyncscope__debug_log_resume(debug_log_tail_t *tail, const char *id) {
  uint64_t started_ns, number;
  if (id == NULL ||
      !asyncscope__debug_cut_number(&id, UINT64_MAX, &started_ns) ||
      *id++ != ':' || !asyncscope__debug_parse_number(id, UINT64_MAX, &number))
    return false;
  if (started_ns != tail->span.started_ns || number >= tail->span.next)
    return false;
  tail->next = number + 1;
  return true;
}

/* Over what has been overwritten, in one step. */
static void skip_gone(debug_log_tail_t *tail) {
  uint64_t oldest = asyncscope__debug_log_ring_span(tail->ring).oldest;
  uint64_t next = tail->next + 1 > oldest ? tail->next + 1 : oldest;
  tail->dropped += next - tail->next;
  tail->next = next;
}

int asyncscope__debug_log_find(debug_log_tail_t *tail) {
  for (unsigned i = 0; i < LOOKED_AT_MAX; i++) {
    if (tail->next == asyncscope__debug_log_ring_span(tail->ring).next)
      return 0;
    switch (
        asyncscope__debug_log_ring_read(tail->ring, tail->next, &tail->line)) {
    case DEBUG_LOG_NOT_YET:
      return 0;
    case DEBUG_LOG_GONE:
      skip_gone(tail);
      break;
    default:
      if (matches(tail->query, &tail->line))
        return 1;
      tail->next++;
    }
  }
  return UV_EAGAIN;
}

void asyncscope__debug_log_id(const debug_log_tail_t *tail, uint64_t number,
                              char ret_id[DEBUG_LOG_ID_BYTES]) {
  snprintf(ret_id, DEBUG_LOG_ID_BYTES, "%" PRIu64 ":%" PRIu64,
           tail->span.started_ns, number);
}
