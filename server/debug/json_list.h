/* The list of resources in a JSON document, with what ends it. */
#ifndef ASYNCSCOPE_DEBUG_JSON_LIST_H
#define ASYNCSCOPE_DEBUG_JSON_LIST_H

#include "json_writer.h"
#include "source.h"

/* A part (document.h) that writes the elements of an array that is open;
 * `ret_resource` is the one that was written. */
int asyncscope__debug_write_resource(debug_source_t *source,
                                     json_writer_t *writer,
                                     debug_resource_t *ret_resource);

/* Whether a list was cut, and where it goes on. */
int asyncscope__debug_write_cut(bool cut, const debug_cursor_t *cursor,
                                json_writer_t *writer);

/* Ends an array of what was selected and says whether it was cut, and where it
 * goes on. */
int asyncscope__debug_end_selection(const debug_selection_t *selection,
                                    json_writer_t *writer);

#endif
