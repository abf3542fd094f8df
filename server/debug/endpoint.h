/* What is served: a path, what it takes, and its formats. */
#ifndef ASYNCSCOPE_DEBUG_ENDPOINT_H
#define ASYNCSCOPE_DEBUG_ENDPOINT_H

#include "asyncscope/asyncscope_debug.h"
#include "buffer.h"
#include "pace.h"
#include "query.h"

struct debug_seen_s;

typedef struct debug_format_s debug_format_t;
typedef struct debug_endpoint_s debug_endpoint_t;

#define DEBUG_JSON_TYPE "application/json"
#define DEBUG_TEXT_TYPE "text/plain; charset=utf-8"
#define DEBUG_HTML_TYPE "text/html; charset=utf-8"

/* A request on its way to a format. */
typedef struct debug_call_s {
  asyncscope_debug_t *debug;         /* outlives the stream */
  debug_pace_t *pace;                /* the stream's */
  const debug_endpoint_t *endpoint;  /* static */
  const debug_format_t *format;      /* static */
  const debug_query_t *query;        /* lives as long as the stream */
  async_ref_t key;                   /* of a path with KEY */
  uint64_t request;                  /* of a path with ID */
  const char *last_event_id;         /* during the open; may be NULL */
  asyncscope_debug_answer_t *answer; /* fields may be added */
  debug_fault_t *fault;              /* of asyncscope__debug_refuse() */
  struct debug_seen_s *told; /* gets what the overview lists; may be NULL */
} debug_call_t;

struct debug_format_s {
  const char *name; /* for format= */
  const char *content_type;
  /* Makes the state of an answer; on failure nothing is left. It may leave the
   * answer to another format by setting the call's. Errors: UV_ENOMEM, or what
   * asyncscope__debug_refuse() answers. */
  int (*open)(debug_call_t *call, void **ret_state);
  /* Appends the next element, which fits into an empty buffer: 1 when there is
   * more, 0 when that was the last. Errors: UV_ENOBUFS when it did not fit and
   * will be asked for again, with the same state; UV_EAGAIN when there is
   * nothing yet; UV_ENOMEM. */
  int (*step)(void *state, debug_buffer_t *buffer);
  void (*close)(void *state);
  /* After UV_EAGAIN. NULL: always 0, it only lets others have their turn. */
  uint64_t (*wait_ms)(const void *state);
};

struct debug_endpoint_s {
  /* KEY stands for one part that is "thread:id", ID for one that is a request
   * id. */
  const char *path;
  const char *title; /* for people, in a few words */
  debug_accepts_t accepts;
  /* The first where neither format= nor Accept asks for another. */
  const debug_format_t *const *formats; /* NULL at the end */
};

/* In the order of the list that people see; a NULL path at the end. */
extern const debug_endpoint_t asyncscope__debug_endpoints[];

/* Sets `*ret_call`'s endpoint and what its path says; false where no endpoint
 * has the path. */
bool asyncscope__debug_find_endpoint(const char *path, debug_call_t *ret_call);

/* The format of that name, or NULL. */
const debug_format_t *asyncscope__debug_format_named(
    const debug_endpoint_t *endpoint, const char *name);

/* The one that an Accept field asks for; the first where it asks for none of
 * them. `accept` may be NULL. */
const debug_format_t *asyncscope__debug_format_accepted(
    const debug_endpoint_t *endpoint, const char *accept);

/* For an open that cannot serve what is asked: answers UV_EINVAL, to be
 * returned, and the answer becomes `status` with `problem` (static). */
int asyncscope__debug_refuse(const debug_call_t *call, int status,
                             const char *problem);

#endif
