/* Warnings in a JSON document. */
#ifndef ASYNCSCOPE_DEBUG_JSON_WARNINGS_H
#define ASYNCSCOPE_DEBUG_JSON_WARNINGS_H

#include "json_writer.h"
#include "query.h"
#include "warnings.h"

/* A part (document.h): the elements of an array that is open; `*at` is 0 at
 * first. code= leaves out what it does not name. */
int asyncscope__debug_write_warnings(const debug_warnings_t *warnings,
                                     const debug_query_t *query, size_t *at,
                                     json_writer_t *writer);

/* The same of all kinds there are, which tells what can be warned of. */
int asyncscope__debug_write_warning_kinds(const debug_capture_t *capture,
                                          size_t *at, json_writer_t *writer);

#endif
