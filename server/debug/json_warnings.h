/* Warnings in a JSON document. */
#ifndef ASYNCSCOPE_DEBUG_JSON_WARNINGS_H
#define ASYNCSCOPE_DEBUG_JSON_WARNINGS_H

#include "json_writer.h"
#include "query.h"
#include "warnings.h"

/* The next one that is shown, which `*at` then is the number of; `*at` is 0 at
 * first. Left out is what code= does not name, and where there is a focus what
 * is not about it. NULL at the end. */
const debug_warning_t *asyncscope__debug_next_warning(
    const debug_warnings_t *warnings, const debug_query_t *query, size_t *at);

/* A part (document.h): the elements of an array that is open; `*at` is 0 at
 * first. */
int asyncscope__debug_write_warnings(const debug_warnings_t *warnings,
                                     const debug_query_t *query, size_t *at,
                                     json_writer_t *writer);

/* The same of all kinds there are, which tells what can be warned of. */
int asyncscope__debug_write_warning_kinds(const debug_capture_t *capture,
                                          size_t *at, json_writer_t *writer);

#endif
