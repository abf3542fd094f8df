/* For a browser, every path whose answer is JSON: the same as lines, as they
 * are for a terminal, on a page. */
#include "endpoint.h"
#include "formats.h"
#include "html.h"

#include "asyncscope/async_allocator.h"

typedef struct json_html_s {
  const debug_endpoint_t *endpoint;
  void *text; /* the state of the lines */
  int status; /* of their last step */
  bool begun; /* the head is written */
  size_t at;  /* of the piece, what is written */
  debug_buffer_t piece;
} json_html_t;

static int put_head(json_html_t *html, debug_buffer_t *buffer) {
  int error =
      asyncscope__debug_append_page_head(buffer, html->endpoint->path, "");
  if (error == 0)
    error = asyncscope__debug_append_text(
        buffer, "<p><a href=\"/debug\">/debug</a></p>\n<pre>");
  html->begun = error == 0;
  return error == 0 ? 1 : error;
}

static int put_tail(debug_buffer_t *buffer) {
  int error = asyncscope__debug_append_text(buffer, "</pre>\n");
  return error == 0 ? asyncscope__debug_append_page_tail(buffer) : error;
}

/* The next piece of the text. */
static int fetch(json_html_t *html) {
  html->at = 0;
  html->piece.used_bytes = 0;
  html->status = asyncscope__debug_json_text.step(html->text, &html->piece);
  if (html->status < 0)
    html->piece.used_bytes = 0;
  return html->status < 0 ? html->status : 1;
}

/* As much of the piece as there is room for. */
static int put_piece(json_html_t *html, debug_buffer_t *buffer) {
  size_t before = html->at;
  int error = 0;
  while (html->at < html->piece.used_bytes && error == 0) {
    error =
        asyncscope__debug_append_html_byte(buffer, html->piece.bytes[html->at]);
    html->at += error == 0;
  }
  return html->at > before ? 1 : error;
}

static int html_step(void *state, debug_buffer_t *buffer) {
  json_html_t *html = state;
  if (!html->begun)
    return put_head(html, buffer);
  if (html->at < html->piece.used_bytes)
    return put_piece(html, buffer);
  return html->status == 0 ? put_tail(buffer) : fetch(html);
}

static void html_close(void *state) {
  json_html_t *html = state;
  asyncscope__debug_json_text.close(html->text);
  async_free(html);
}

static uint64_t html_wait_ms(const void *state) {
  const json_html_t *html = state;
  return asyncscope__debug_json_text.wait_ms(html->text);
}

static int html_open(debug_call_t *call, void **ret_state) {
  json_html_t *html = async_calloc(1, sizeof(*html));
  int error = html == NULL
                  ? UV_ENOMEM
                  : asyncscope__debug_json_text.open(call, &html->text);
  if (error != 0) {
    async_free(html);
    return error;
  }
  html->endpoint = call->endpoint;
  html->status = 1;
  call->format = &asyncscope__debug_json_html;
  *ret_state = html;
  return 0;
}

const debug_format_t asyncscope__debug_json_html = {
    "html", DEBUG_HTML_TYPE, html_open, html_step, html_close, html_wait_ms};
