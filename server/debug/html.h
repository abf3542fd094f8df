/* Text for a page out of bytes that anybody may have sent. */
#ifndef ASYNCSCOPE_DEBUG_HTML_H
#define ASYNCSCOPE_DEBUG_HTML_H

#include "buffer.h"

/* `text` (NUL-terminated; NULL is "") so that it is text wherever it stands in
 * a page, in attributes with quotes too: as asyncscope__debug_printable() has
 * it, with references for what HTML gives a meaning. Errors: UV_ENOBUFS. */
int asyncscope__debug_append_html(debug_buffer_t *buffer, const char *text);

/* A byte of ASCII that is printable, or the end of a line, in the same way. */
int asyncscope__debug_append_html_byte(debug_buffer_t *buffer, char byte);

/* A whole page: its title, and what does not change before and behind the
 * body. `head` (static, may be "") goes into the head as it is. No script and
 * no style in the page itself: they may be forbidden. Errors: UV_ENOBUFS. */
int asyncscope__debug_append_page_head(debug_buffer_t *buffer,
                                       const char *title, const char *head);
int asyncscope__debug_append_page_tail(debug_buffer_t *buffer);

#endif
