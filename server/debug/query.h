/* The parameters of a request, decoded, checked and typed.
 *
 * A parameter is one row of the table in parameters.c and one field of
 * debug_query_t; an endpoint says which of them it takes. */
#ifndef ASYNCSCOPE_DEBUG_QUERY_H
#define ASYNCSCOPE_DEBUG_QUERY_H

#include "asyncscope/async_env.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEBUG_WORDS_MAX   16   /* that a parameter may have */
#define DEBUG_QUERY_BYTES 4096 /* as sent, with the NUL */
#define DEBUG_LIST_MAX    32   /* items of a comma list */

#define DEBUG_LIMIT       1000     /* where none is asked for */
#define DEBUG_LIMIT_MAX   10000000 /* of what is streamed */
#define DEBUG_DEPTH_MAX   1000
#define DEBUG_SECONDS_MAX 3600

typedef enum debug_parameter_id_e {
  DEBUG_PARAM_TYPE,
  DEBUG_PARAM_STATE,
  DEBUG_PARAM_REQUEST_STATE, /* also state=, of requests */
  DEBUG_PARAM_REQUEST,
  DEBUG_PARAM_THREAD,
  DEBUG_PARAM_LOOP,
  DEBUG_PARAM_SITE,
  DEBUG_PARAM_TRIGGER,
  DEBUG_PARAM_ROOT,
  DEBUG_PARAM_DEPTH,
  DEBUG_PARAM_OLDER_THAN,
  DEBUG_PARAM_REF,
  DEBUG_PARAM_INTERNAL,
  DEBUG_PARAM_EDGE,
  DEBUG_PARAM_CODE,
  DEBUG_PARAM_LEVEL,
  DEBUG_PARAM_SORT,
  DEBUG_PARAM_LIMIT,
  DEBUG_PARAM_CURSOR,
  DEBUG_PARAM_FIELDS,
  DEBUG_PARAM_GROUP_BY,
  DEBUG_PARAM_SINCE,
  DEBUG_PARAM_SECONDS,
  DEBUG_PARAM_INCLUDE,
  DEBUG_PARAM_PRETTY,
  DEBUG_PARAM_FORMAT,
  DEBUG_PARAM_COUNT
} debug_parameter_id_t;

/* A set of parameters. */
typedef uint64_t debug_parameters_t;
#define DEBUG_TAKES(parameter) ((debug_parameters_t)1 << (parameter))

/* Which resources. */
#define DEBUG_TAKES_FILTERS                                               \
  (DEBUG_TAKES(DEBUG_PARAM_TYPE) | DEBUG_TAKES(DEBUG_PARAM_STATE) |       \
   DEBUG_TAKES(DEBUG_PARAM_REQUEST) | DEBUG_TAKES(DEBUG_PARAM_THREAD) |   \
   DEBUG_TAKES(DEBUG_PARAM_LOOP) | DEBUG_TAKES(DEBUG_PARAM_SITE) |        \
   DEBUG_TAKES(DEBUG_PARAM_TRIGGER) | DEBUG_TAKES(DEBUG_PARAM_ROOT) |     \
   DEBUG_TAKES(DEBUG_PARAM_DEPTH) | DEBUG_TAKES(DEBUG_PARAM_OLDER_THAN) | \
   DEBUG_TAKES(DEBUG_PARAM_REF) | DEBUG_TAKES(DEBUG_PARAM_INTERNAL) |     \
   DEBUG_TAKES(DEBUG_PARAM_SINCE))

/* How many of them, in which order. */
#define DEBUG_TAKES_ORDER                                           \
  (DEBUG_TAKES(DEBUG_PARAM_SORT) | DEBUG_TAKES(DEBUG_PARAM_LIMIT) | \
   DEBUG_TAKES(DEBUG_PARAM_CURSOR))

/* A comma list of patterns in which a star stands for any text. */
typedef struct debug_globs_s {
  size_t count;
  const char *items[DEBUG_LIST_MAX]; /* in the query's text */
} debug_globs_t;

typedef struct debug_numbers_s {
  size_t count;
  uint64_t items[DEBUG_LIST_MAX];
} debug_numbers_t;

typedef enum debug_sort_e {
  DEBUG_SORT_ID, /* by thread and id */
  DEBUG_SORT_AGE,
  DEBUG_SORT_RUN_TIME,
  DEBUG_SORT_COUNT /* of callbacks; of a group its resources */
} debug_sort_t;

typedef struct debug_order_s {
  debug_sort_t by;
  bool descending;
} debug_order_t;

/* The one behind which the answer goes on. It says in which order, so that
 * one of another order is noticed. */
typedef struct debug_cursor_s {
  debug_order_t order;
  uint64_t value; /* what it is sorted by, but for the id */
  async_ref_t ref;
} debug_cursor_t;

typedef enum debug_group_by_e {
  DEBUG_GROUP_TYPE,
  DEBUG_GROUP_SITE,
  DEBUG_GROUP_PATH, /* of causes */
  DEBUG_GROUP_REQUEST,
  DEBUG_GROUP_THREAD,
  DEBUG_GROUP_NONE
} debug_group_by_t;

typedef enum debug_edge_e {
  DEBUG_EDGE_TRIGGER,
  DEBUG_EDGE_EXECUTION
} debug_edge_t;

enum debug_request_state_e {
  DEBUG_REQUEST_ACTIVE = 1 << 0,
  DEBUG_REQUEST_FINISHED = 1 << 1
};

enum debug_include_e {
  DEBUG_INCLUDE_FINISHED = 1 << 0,
  DEBUG_INCLUDE_STACKS = 1 << 1,
  DEBUG_INCLUDE_HISTOGRAMS = 1 << 2,
  DEBUG_INCLUDE_PULSE = 1 << 3 /* of /debug/events */
};

/* A field counts where its parameter was given, but for `limit`. */
typedef struct debug_query_s {
  debug_parameters_t given;
  debug_globs_t types, sites, threads, loops, codes, fields;
  unsigned states;         /* a bit for each debug_state_t */
  unsigned request_states; /* of debug_request_state_e */
  unsigned include;        /* of debug_include_e */
  debug_numbers_t requests;
  async_ref_t trigger, root;
  uint64_t depth, limit, seconds;
  uint64_t older_than_ns;
  bool ref, internal, pretty;
  unsigned edge;     /* debug_edge_t */
  unsigned group_by; /* debug_group_by_t */
  unsigned level;    /* asyncscope_debug_level_t, the least */
  debug_order_t order;
  debug_cursor_t cursor;
  uint64_t
      since_us; /* in the scale of async_inspect_now_ns(), as microseconds */
  const char *format;
  const char *valid[DEBUG_WORDS_MAX + 1]; /* of a fault, NULL at the end */
  char names[DEBUG_WORDS_MAX][ASYNC_ENV_NAME_BYTES]; /* of threads, for it */
  char text[DEBUG_QUERY_BYTES]; /* what the strings lie in */
} debug_query_t;

/* What an endpoint takes. */
typedef struct debug_accepts_s {
  debug_parameters_t parameters;
  uint64_t limit, limit_max; /* 0: DEBUG_LIMIT, DEBUG_LIMIT_MAX */
  const char *const *fields; /* for fields=, NULL at the end */
  unsigned include;          /* of debug_include_e */
} debug_accepts_t;

/* What is wrong with a query. All static, but for the list that the query
 * holds: nothing a client wrote is repeated to it. */
typedef struct debug_fault_s {
  const char *problem;
  const char *parameter; /* NULL where it is none of ours */
  const char *const
      *valid;   /* what there may be, NULL at its end; may be NULL */
  uint64_t max; /* of a number; 0: it is none */
} debug_fault_t;

/* `raw` may be NULL. Errors: UV_EINVAL, and `ret_fault` says why. */
int asyncscope__debug_query_parse(const char *raw,
                                  const debug_accepts_t *accepts,
                                  debug_query_t *ret_query,
                                  debug_fault_t *ret_fault);

static inline bool asyncscope__debug_given(const debug_query_t *query,
                                           debug_parameter_id_t parameter) {
  return (query->given & DEBUG_TAKES(parameter)) != 0;
}

/* Whether one of the patterns is all of `text`. */
bool asyncscope__debug_globs_match(const debug_globs_t *globs,
                                   const char *text);

/* "THREAD:ID", all of `text`. */
bool asyncscope__debug_parse_key(const char *text, async_ref_t *ret_ref);

/* "r9" or "9", all of `text`. */
bool asyncscope__debug_parse_request(const char *text, uint64_t *ret_request);

#define DEBUG_CURSOR_BYTES 96

/* Takes back what asyncscope__debug_format_cursor() made. */
bool asyncscope__debug_parse_cursor(const char *text,
                                    debug_cursor_t *ret_cursor);
void asyncscope__debug_format_cursor(const debug_cursor_t *cursor,
                                     char ret_text[DEBUG_CURSOR_BYTES]);

#endif
