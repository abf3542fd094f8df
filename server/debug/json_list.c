#include "json_list.h"

#include "json_resource.h"

int asyncscope__debug_write_resource(debug_source_t *source,
                                     json_writer_t *writer,
                                     debug_resource_t *ret_resource) {
  int status =
      asyncscope__debug_selection_peek(&source->selection, ret_resource);
  if (status <= 0)
    return status;
  json_t *element = asyncscope__json_resource(&source->capture, ret_resource);
  int error = asyncscope__json_write(
      writer, NULL, asyncscope__json_masked(element, source->query));
  if (error != 0)
    return error;
  asyncscope__debug_selection_take(&source->selection);
  return 1;
}

int asyncscope__debug_write_cut(bool cut, const debug_cursor_t *cursor,
                                json_writer_t *writer) {
  char text[DEBUG_CURSOR_BYTES];
  int error = asyncscope__json_write(writer, "truncated", json_boolean(cut));
  if (error != 0 || !cut)
    return error;
  asyncscope__debug_format_cursor(cursor, text);
  return asyncscope__json_write(writer, "nextCursor", json_string(text));
}

int asyncscope__debug_end_selection(const debug_selection_t *selection,
                                    json_writer_t *writer) {
  debug_cursor_t cursor;
  bool cut = asyncscope__debug_selection_cut(selection, &cursor);
  int error = asyncscope__json_close(writer);
  return error == 0 ? asyncscope__debug_write_cut(cut, &cursor, writer) : error;
}
