/* What program this is, and what the capture is worth. */
#include "document.h"

#include "asyncscope/async_version.h"
#include "json_fields.h"
#include "recorded.h"
#include "text.h"
#include <stdio.h>
#include <unistd.h>

static uint64_t uptime_us(const debug_capture_t *capture, uint64_t at_ns) {
  return asyncscope__debug_elapsed_us(capture->started_ns, at_ns);
}

static json_t *tool(const debug_capture_t *capture) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(&fields, "name", capture->debug->tool_name);
  asyncscope__json_put_text(&fields, "version", ASYNCSCOPE_VERSION_STRING);
  return asyncscope__json_end(&fields);
}

static void put_time(json_fields_t *fields, const char *key,
                     struct timespec time) {
  char text[DEBUG_TIME_BYTES];
  asyncscope__debug_time(&time, text);
  asyncscope__json_put_text(fields, key, text);
}

static json_t *process(const debug_capture_t *capture) {
  uint64_t up_us = uptime_us(capture, capture->begun_ns);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_integer(&fields, "pid", getpid());
  asyncscope__json_put_text(&fields, "command", capture->debug->command);
  put_time(&fields, "startTime",
           asyncscope__debug_wall_time(capture, capture->started_ns));
  asyncscope__json_put_unsigned(&fields, "uptimeUs", up_us);
  asyncscope__json_put_text(&fields, "libuv", uv_version_string());
  return asyncscope__json_end(&fields);
}

static json_t *overview(const debug_document_t *document) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_integer(&fields, "schemaVersion", DEBUG_SCHEMA_VERSION);
  asyncscope__json_put_text(&fields, "kind", document->kind);
  asyncscope__json_put(&fields, "tool", tool(document->capture));
  asyncscope__json_put(&fields, "process", process(document->capture));
  return asyncscope__json_end(&fields);
}

static json_t *token(const debug_capture_t *capture) {
  char text[DEBUG_KEY_BYTES];
  snprintf(text, sizeof(text), "s-%llu",
           (unsigned long long)(capture->begun_ns / 1000));
  return json_string(text);
}

static json_t *snapshot(const debug_capture_t *capture) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put(&fields, "token", token(capture));
  put_time(&fields, "time", capture->time);
  asyncscope__json_put_text(&fields, "consistency", "per-record");
  asyncscope__json_put_unsigned(
      &fields, "buildUs",
      asyncscope__debug_elapsed_us(capture->begun_ns, async_inspect_now_ns()));
  asyncscope__json_put_unsigned(&fields, "skewUs",
                                asyncscope__debug_skew_us(capture));
  asyncscope__debug_put_recorded(&fields,
                                 asyncscope__debug_recorded_by_all(capture));
  return asyncscope__json_end(&fields);
}

static json_t *captured(const debug_capture_t *capture,
                        const debug_thread_t *thread) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "thread", thread->info.thread);
  asyncscope__json_put_unsigned(&fields, "capturedUs",
                                uptime_us(capture, thread->captured_ns));
  asyncscope__debug_put_recorded(&fields,
                                 asyncscope__debug_recorded(capture, thread));
  return asyncscope__json_end(&fields);
}

static int begin(debug_document_t *document, json_writer_t *writer) {
  int error = asyncscope__json_open_object(writer, NULL);
  if (error == 0)
    error = asyncscope__json_write_members(writer, overview(document));
  return error;
}

static int begin_snapshot(debug_document_t *document, json_writer_t *writer) {
  int error = asyncscope__json_open_object(writer, "snapshot");
  if (error == 0)
    error = asyncscope__json_write_members(writer, snapshot(document->capture));
  return error == 0 ? asyncscope__json_open_array(writer, "threads") : error;
}

static int end_snapshot(json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_write(writer, "missing", json_array());
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static int write_thread(debug_document_t *document, json_writer_t *writer) {
  const debug_capture_t *capture = document->capture;
  const debug_thread_t *thread = &capture->threads[document->head_thread];
  int error = asyncscope__json_write(writer, NULL, captured(capture, thread));
  document->head_thread += error == 0;
  return error;
}

int asyncscope__debug_write_head(void *state, json_writer_t *writer) {
  debug_document_t *document = state;
  int error;
  if (document->head_piece == 2 &&
      document->head_thread == document->capture->thread_count)
    return end_snapshot(writer);
  if (document->head_piece == 0)
    error = begin(document, writer);
  else if (document->head_piece == 1)
    error = begin_snapshot(document, writer);
  else
    error = write_thread(document, writer);
  document->head_piece += error == 0 && document->head_piece < 2;
  return error == 0 ? 1 : error;
}
