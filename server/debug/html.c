#include "html.h"

#include "text.h"
#include <string.h>

static const char *reference(char byte) {
  switch (byte) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

int asyncscope__debug_append_html_byte(debug_buffer_t *buffer, char byte) {
  const char *name = reference(byte);
  return name != NULL ? asyncscope__debug_append_text(buffer, name)
                      : asyncscope__debug_append(buffer, &byte, 1);
}

int asyncscope__debug_append_html(debug_buffer_t *buffer, const char *text) {
  char printable[DEBUG_PRINTABLE_BYTES];
  int error = 0;
  asyncscope__debug_printable(text, printable);
  for (const char *at = printable; *at != '\0' && error == 0; at++)
    error = asyncscope__debug_append_html_byte(buffer, *at);
  return error;
}

int asyncscope__debug_append_page_head(debug_buffer_t *buffer,
                                       const char *title, const char *head) {
  int error = asyncscope__debug_append_text(
      buffer, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
              "<meta charset=\"utf-8\">\n"
              "<meta name=\"viewport\" content=\"width=device-width\">\n"
              "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
  if (error == 0)
    error = asyncscope__debug_append_html(buffer, title);
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, "</title>\n");
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, head);
  return error == 0 ? asyncscope__debug_append_text(buffer, "</head>\n<body>\n")
                    : error;
}

int asyncscope__debug_append_page_tail(debug_buffer_t *buffer) {
  return asyncscope__debug_append_text(buffer, "</body>\n</html>\n");
}
