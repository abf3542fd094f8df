/* From a request to the stream of its answer. */
#include "known_threads.h"
#include "recorded.h"
#include "stream.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const debug_format_t *choose(const debug_endpoint_t *endpoint,
                                    const debug_query_t *query,
                                    const char *accept) {
  return query->format != NULL
             ? asyncscope__debug_format_named(endpoint, query->format)
             : asyncscope__debug_format_accepted(endpoint, accept);
}

/* The names of the formats, for who asked for another. */
static void refuse_format(const debug_endpoint_t *endpoint,
                          asyncscope_debug_stream_t *stream) {
  size_t count = 0;
  while (count < DEBUG_FORMATS_MAX && endpoint->formats[count] != NULL) {
    stream->format_names[count] = endpoint->formats[count]->name;
    count++;
  }
  stream->format_names[count] = NULL;
  stream->refusal.fault =
      (debug_fault_t){.problem = "not a format of this path",
                      .parameter = "format",
                      .valid = stream->format_names};
}

/* 0, or the status of the refusal. */
static int understand(const asyncscope_debug_request_t *request,
                      debug_call_t *call, asyncscope_debug_stream_t *stream) {
  if (!asyncscope__debug_find_endpoint(request->path, call)) {
    stream->refusal.fault = (debug_fault_t){.problem = "not found"};
    return 404;
  }
  if (asyncscope__debug_query_parse(request->query, &call->endpoint->accepts,
                                    &stream->query,
                                    &stream->refusal.fault) != 0 ||
      !asyncscope__debug_threads_are_known(&stream->query,
                                           &stream->refusal.fault))
    return 400;
  call->format = choose(call->endpoint, &stream->query, request->accept);
  if (call->format == NULL) {
    refuse_format(call->endpoint, stream);
    return 400;
  }
  return 0;
}

/* Of a query that was refused before its format was read. */
static bool asks_for_text(const char *raw) {
  static const char pair[] = "format=text";
  const size_t size = sizeof(pair) - 1;
  while (raw != NULL) {
    if (strncmp(raw, pair, size) == 0 &&
        (raw[size] == '\0' || raw[size] == '&'))
      return true;
    raw = strchr(raw, '&');
    raw = raw == NULL ? NULL : raw + 1;
  }
  return false;
}

/* Text where the path gives none but text, or the client asked for it. */
static bool wants_text(const debug_call_t *call,
                       const asyncscope_debug_request_t *request,
                       const debug_query_t *query) {
  static const debug_format_t *const formats[] = {
      &asyncscope__debug_refusal_json, &asyncscope__debug_refusal_text, NULL};
  const debug_endpoint_t both = {.formats = formats};
  if (query->format != NULL)
    return strcmp(query->format, "text") == 0;
  if (asks_for_text(request->query))
    return true;
  if (call->endpoint != NULL &&
      strcmp(call->endpoint->formats[0]->content_type, DEBUG_JSON_TYPE) != 0)
    return true;
  return asyncscope__debug_format_accepted(&both, request->accept) ==
         formats[1];
}

static void refuse(int status, const debug_call_t *call,
                   const asyncscope_debug_request_t *request,
                   asyncscope_debug_stream_t *stream) {
  stream->format = wants_text(call, request, &stream->query)
                       ? &asyncscope__debug_refusal_text
                       : &asyncscope__debug_refusal_json;
  stream->state = &stream->refusal;
  stream->refusal.status = status;
  stream->refusal.endpoint = call->endpoint;
  call->answer->status = status;
  call->answer->field_count = 0;
  call->answer->waits = false;
  if (status == 503)
    call->answer->fields[call->answer->field_count++] =
        (asyncscope_debug_field_t){"Retry-After", "1"};
}

static void add_field(asyncscope_debug_answer_t *answer, const char *name,
                      uint64_t value, char *ret_text) {
  snprintf(ret_text, DEBUG_FIELD_BYTES, "%" PRIu64, value);
  answer->fields[answer->field_count++] =
      (asyncscope_debug_field_t){name, ret_text};
}

/* Some formats have no place for what the recorders cover: it goes with each
 * answer, as of when it began. Errors: UV_ENOMEM. */
static int add_recorded(const debug_call_t *call,
                        asyncscope_debug_stream_t *stream) {
  debug_recorded_t all;
  int error = asyncscope__debug_recorded_now(call->debug, &all);
  if (error != 0)
    return error;
  add_field(call->answer, "Asyncscope-Covers-Us", all.covers_us,
            stream->covers_us);
  add_field(call->answer, "Asyncscope-Dropped-Events", all.dropped,
            stream->dropped);
  return 0;
}

/* Errors: UV_ENOMEM. */
static int open_stream(debug_call_t *call,
                       const asyncscope_debug_request_t *request,
                       asyncscope_debug_stream_t *stream) {
  int status = understand(request, call, stream);
  int error = 0;
  if (status == 0) {
    call->answer->status = 200;
    error = add_recorded(call, stream);
    if (error == 0)
      error = call->format->open(call, &stream->state);
    stream->format = call->format;
    status = error == 0 ? 0 : call->answer->status;
  }
  if (error == UV_ENOMEM)
    return error;
  if (status != 0)
    refuse(status, call, request, stream);
  return 0;
}

int asyncscope_debug_open(asyncscope_debug_t *debug,
                          const asyncscope_debug_request_t *request,
                          asyncscope_debug_answer_t *ret_answer) {
  asyncscope_debug_stream_t *stream = asyncscope__debug_stream_create(debug);
  asyncscope_debug_answer_t answer = {.stream = stream};
  int error = UV_ENOMEM;
  if (stream != NULL) {
    debug_call_t call = {.debug = debug,
                         .pace = &stream->pace,
                         .query = &stream->query,
                         .last_event_id = request->last_event_id,
                         .answer = &answer,
                         .fault = &stream->refusal.fault};
    error = open_stream(&call, request, stream);
  }
  if (error != 0) {
    async_free(stream);
    return error;
  }
  answer.content_type = stream->format->content_type;
  *ret_answer = answer;
  return 0;
}
