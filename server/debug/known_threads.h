/* Whether the threads that a query names are there: one that is misspelt would
 * have an empty answer else, as if nothing lived. */
#ifndef ASYNCSCOPE_DEBUG_KNOWN_THREADS_H
#define ASYNCSCOPE_DEBUG_KNOWN_THREADS_H

#include "query.h"

#include "asyncscope/async_inspect.h"

/* False: `ret_fault` says which parameter names none, and lists those there are
 * in the memory of `query`. A star alone names all there are, if any. */
bool asyncscope__debug_threads_are_known(debug_query_t *query,
                                         debug_fault_t *ret_fault);

/* Whether one of the patterns is the number or the name of the thread. */
bool asyncscope__debug_names_thread(const debug_globs_t *globs,
                                    const async_env_info_t *info);

#endif
