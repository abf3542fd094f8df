/* /debug for a browser: the page, which its script builds, and for a browser
 * without scripts, or a build without the page, where there is what. Static but
 * for the names of the program, and safe under any Content-Security-Policy. */
#include "debug.h"
#include "formats.h"
#include "html.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_version.h"
#include <string.h>

typedef struct overview_html_s {
  const asyncscope_debug_t *debug;
  size_t endpoint;
  bool begun;
} overview_html_t;

#ifdef ASYNCSCOPE_WEB
#define HEAD                                                               \
  "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/debug/icon.svg\">\n"  \
  "<link rel=\"stylesheet\" href=\"/debug/page.css\">\n"                   \
  "<script type=\"module\" src=\"/debug/page.js\"></script>\n"             \
  "<noscript><meta http-equiv=\"refresh\" content=\"0; url=/debug/tree\">" \
  "</noscript>\n"
#define INTRODUCTION "<noscript>\n"
#define END          "</dl>\n</noscript>\n"
#else
#define HEAD ""
#define INTRODUCTION                                                  \
  "<p>This build has no page: it was configured with "                \
  "-DASYNCSCOPE_WEB=OFF. With -DASYNCSCOPE_WEB=ON, and the packages " \
  "that scripts/setup installs, the page is here.</p>\n"
#define END "</dl>\n"
#endif

static int put_title(const overview_html_t *html, debug_buffer_t *buffer) {
  const asyncscope_debug_t *debug = html->debug;
  int error = asyncscope__debug_append_page_head(buffer, debug->command, HEAD);
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, INTRODUCTION);
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, "<h1>");
  if (error == 0)
    error = asyncscope__debug_append_html(buffer, debug->tool_name);
  if (error == 0)
    error = asyncscope__debug_append_text(buffer,
                                          " " ASYNCSCOPE_VERSION_STRING ": ");
  if (error == 0)
    error = asyncscope__debug_append_html(buffer, debug->command);
  return error == 0 ? asyncscope__debug_append_text(buffer, "</h1>\n<dl>\n")
                    : error;
}

/* A path with a part that stands for something does not by itself. */
static bool leads(const debug_endpoint_t *endpoint) {
  return strstr(endpoint->path, "/KEY") == NULL &&
         strstr(endpoint->path, "/ID") == NULL;
}

static int put_path(const debug_endpoint_t *endpoint, const char *format,
                    debug_buffer_t *buffer) {
  const char *text = format == NULL ? endpoint->path : format;
  if (!leads(endpoint))
    return asyncscope__debug_appendf(buffer, " %s", text);
  return asyncscope__debug_appendf(
      buffer, " <a href=\"%s%s%s\">%s</a>", endpoint->path,
      format == NULL ? "" : "?format=", format == NULL ? "" : format, text);
}

static int put_endpoint(const debug_endpoint_t *endpoint,
                        debug_buffer_t *buffer) {
  const debug_format_t *const *formats = endpoint->formats;
  int error = asyncscope__debug_append_text(buffer, "<dt>");
  if (error == 0)
    error = put_path(endpoint, NULL, buffer);
  for (size_t i = 0; leads(endpoint) && formats[1] != NULL &&
                     formats[i] != NULL && error == 0;
       i++)
    error = put_path(endpoint, formats[i]->name, buffer);
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, "</dt>\n<dd>");
  if (error == 0)
    error = asyncscope__debug_append_html(buffer, endpoint->title);
  return error == 0 ? asyncscope__debug_append_text(buffer, "</dd>\n") : error;
}

static int put_end(debug_buffer_t *buffer) {
  int error = asyncscope__debug_append_text(buffer, END);
  return error == 0 ? asyncscope__debug_append_page_tail(buffer) : error;
}

static int html_step(void *state, debug_buffer_t *buffer) {
  overview_html_t *html = state;
  const debug_endpoint_t *endpoint =
      &asyncscope__debug_endpoints[html->endpoint];
  int error;
  if (!html->begun) {
    error = put_title(html, buffer);
    html->begun = error == 0;
  } else if (endpoint->path != NULL) {
    error = put_endpoint(endpoint, buffer);
    html->endpoint += error == 0;
  } else {
    return put_end(buffer);
  }
  return error == 0 ? 1 : error;
}

static int html_open(debug_call_t *call, void **ret_state) {
  overview_html_t *html = async_calloc(1, sizeof(*html));
  if (html == NULL)
    return UV_ENOMEM;
  html->debug = call->debug;
  *ret_state = html;
  return 0;
}

const debug_format_t asyncscope__debug_overview_html = {
    "html", DEBUG_HTML_TYPE, html_open, html_step, async_free, NULL};
