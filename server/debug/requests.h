/* The requests in flight, with what lives for each. */
#ifndef ASYNCSCOPE_DEBUG_REQUESTS_H
#define ASYNCSCOPE_DEBUG_REQUESTS_H

#include "account_list.h"
#include "json_writer.h"
#include "selection.h"

#define DEBUG_REQUESTS_MAX 100000 /* the greatest limit */

typedef struct debug_request_count_s {
  uint64_t request;
  uint64_t live;
  async_request_info_t *account; /* NULL: it has none */
} debug_request_count_t;

/* Does not move: its parts know each other. */
typedef struct debug_requests_s {
  const debug_capture_t *capture;
  debug_query_t query; /* which records stand for requests */
  debug_selection_t selection;
  bool selected;
  debug_walk_t walk;
  debug_request_count_t *counts; /* by request */
  size_t count;
  debug_account_list_t accounts; /* of those in flight */
} debug_requests_t;

/* Those of `query`: its filters, limit, order and cursor. Errors: UV_ENOMEM;
 * then there is nothing to finish. */
int asyncscope__debug_requests_init(debug_requests_t *requests,
                                    const debug_capture_t *capture,
                                    const debug_query_t *query);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM.
 */
int asyncscope__debug_requests_build(debug_requests_t *requests);

/* A part (document.h): the elements of an array that is open. `masked` is for
 * fields=; NULL: all of them. */
int asyncscope__debug_write_requests(debug_requests_t *requests,
                                     const debug_query_t *masked,
                                     json_writer_t *writer);

extern const char *const asyncscope__debug_request_fields[];

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_requests_finish(debug_requests_t *requests);

#endif
