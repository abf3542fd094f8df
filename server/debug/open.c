/* From a request to the stream of its answer. */
#include "debug.h"
#include "stream.h"

#include <string.h>

static int answer_live(const asyncscope_debug_t *debug,
                       asyncscope_debug_format_t format,
                       asyncscope_debug_answer_t *answer) {
  answer->status = 200;
  answer->content_type = asyncscope__debug_content_type(format);
  return asyncscope__debug_stream_create(format, &debug->options,
                                         &answer->stream);
}

static int answer_text(int status, const char *text,
                       asyncscope_debug_answer_t *answer) {
  answer->status = status;
  answer->content_type = "text/plain; charset=utf-8";
  return asyncscope__debug_stream_text(text, &answer->stream);
}

int asyncscope_debug_open(asyncscope_debug_t *debug,
                          const asyncscope_debug_request_t *request,
                          asyncscope_debug_answer_t *ret_answer) {
  asyncscope_debug_answer_t answer = {.status = 0};
  bool overview = strcmp(request->path, "/debug") == 0;
  bool plain = request->query == NULL || request->query[0] == '\0';
  int error;

  if (!overview && strcmp(request->path, "/debug/tree") != 0)
    error = answer_text(404, "not found; there are /debug and /debug/tree\n",
                        &answer);
  else if (!plain)
    error = answer_text(400, "unknown parameter; known here: none\n", &answer);
  else
    error = answer_live(
        debug, overview ? ASYNCSCOPE_DEBUG_JSON : ASYNCSCOPE_DEBUG_TREE,
        &answer);
  if (error == 0)
    *ret_answer = answer;
  return error;
}
