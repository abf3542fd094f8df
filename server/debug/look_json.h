/* A look at a list that a reader was told of before, as a JSON document: what
 * is new in it, has changed, is gone. For what events do not tell, a state or
 * an age for example: each look goes through all records. Looks take no more
 * than a small share of the time. */
#ifndef ASYNCSCOPE_DEBUG_LOOK_JSON_H
#define ASYNCSCOPE_DEBUG_LOOK_JSON_H

#include "document.h"
#include "seen.h"
#include "source.h"

/* Zeroed it is ready. Does not move. */
typedef struct look_json_s {
  debug_document_t document; /* first: its step takes this */
  debug_source_t source;
  debug_seen_t told, now;
  size_t news;                /* read-only: how much there is to tell */
  bool compared;              /* then `now` is what is told next */
  uint64_t spent_ns, next_ns; /* of the last look; not before: the next */
  uint64_t number;            /* of the delta */
  size_t at;
} look_json_t;

/* Whether it is time for the next. */
bool asyncscope__look_json_is_due(const look_json_t *look);

/* Errors: those of asyncscope__debug_source_init(). */
int asyncscope__look_json_open(look_json_t *look, const debug_call_t *call);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM,
 * UV_E2BIG. */
int asyncscope__look_json_take(look_json_t *look);

/* The document of what it found: the delta of that number, from 1 on. */
void asyncscope__look_json_begin(look_json_t *look, uint64_t number);

/* Zeroed and finished ones are left alone. */
void asyncscope__look_json_finish(look_json_t *look);

#endif
