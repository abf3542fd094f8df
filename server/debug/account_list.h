/* The accounts of requests that have ended, the last ones each thread keeps. */
#ifndef ASYNCSCOPE_DEBUG_ACCOUNT_LIST_H
#define ASYNCSCOPE_DEBUG_ACCOUNT_LIST_H

#include "filter.h"

#include "asyncscope/async_request.h"

#define DEBUG_ACCOUNTS_MAX 16384

typedef struct debug_account_list_s {
  async_request_info_t *items; /* in the order of the query, each once */
  size_t count, capacity;
  size_t shown; /* under the limit */
} debug_account_list_t;

/* Those of `which` (of async_requests_e) that the query is about: request=,
 * thread=, loop=, older_than= for how long they took, and since= for when they
 * ended. Errors: UV_ENOMEM;
 * then there is nothing to finish. */
int asyncscope__debug_account_list_init(debug_account_list_t *list,
                                        debug_filter_t *filter, unsigned which);

/* Leaves out all up to the cursor, which is of the order of the filter's query.
 */
void asyncscope__debug_account_list_skip(debug_account_list_t *list,
                                         const debug_filter_t *filter,
                                         const debug_cursor_t *cursor);

/* Whether the limit left some out; then `ret_cursor` is where they begin. */
bool asyncscope__debug_account_list_cut(const debug_account_list_t *list,
                                        const debug_filter_t *filter,
                                        debug_cursor_t *ret_cursor);

/* Whether the cursor could be of that order: without sort= the last to end
 * stands first, which no other order says of itself. */
bool asyncscope__debug_account_cursor_fits(const debug_query_t *query);

/* From its begin to its end; to the capture where it has not ended. */
uint64_t asyncscope__debug_account_us(const debug_capture_t *capture,
                                      const async_request_info_t *info);

/* Looks for the account of that number; false where there is none. */
bool asyncscope__debug_find_account(const debug_capture_t *capture,
                                    uint64_t number,
                                    async_request_info_t *ret_info);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_account_list_finish(debug_account_list_t *list);

#endif
