/* /debug/warnings for a terminal: a block for each, errors and warnings in the
 * order of the JSON, and "no warnings" where there is none. */
#include "endpoint.h"
#include "formats.h"
#include "json_warnings.h"
#include "opening.h"
#include "recorded.h"
#include "text.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>

typedef struct warnings_text_s {
  debug_capture_t capture;
  debug_warnings_t warnings;
  const debug_query_t *query;
  size_t at;
  bool found, some;
} warnings_text_t;

/* "25.0 ms", or "3". */
static void format_number(const debug_warning_kind_t *kind, uint64_t number,
                          char ret_text[DEBUG_DURATION_BYTES]) {
  if (kind->counts)
    snprintf(ret_text, DEBUG_DURATION_BYTES, "%" PRIu64, number);
  else
    asyncscope__debug_duration(number, ret_text);
}

static int put_title(const warnings_text_t *text,
                     const debug_warning_t *warning, debug_buffer_t *buffer) {
  const debug_warning_kind_t *kind =
      &asyncscope__debug_warning_kinds[warning->id];
  const debug_capture_t *capture = &text->capture;
  bool past = warning->last_ns != 0;
  char ago[DEBUG_DURATION_BYTES];
  asyncscope__debug_duration(
      asyncscope__debug_elapsed_us(past ? warning->last_ns : warning->since_ns,
                                   capture->begun_ns),
      ago);
  return asyncscope__debug_appendf(
      buffer, "%s%s: %s, %" PRIu64 " %s%s, %s %s%s\n", text->some ? "\n" : "",
      kind->severity, kind->code, warning->count, past ? "time" : "resource",
      warning->count == 1 ? "" : "s", past ? "last" : "for", ago,
      past ? " ago" : "");
}

static int put_numbers(const warnings_text_t *text,
                       const debug_warning_t *warning, debug_buffer_t *buffer) {
  const debug_warning_kind_t *kind =
      &asyncscope__debug_warning_kinds[warning->id];
  char worst[DEBUG_DURATION_BYTES], threshold[DEBUG_DURATION_BYTES];
  format_number(kind, warning->worst, worst);
  format_number(kind, asyncscope__debug_threshold(&text->capture, warning->id),
                threshold);
  return warning->worst == 0
             ? 0
             : asyncscope__debug_appendf(
                   buffer, "  %s at most, warned from %s\n", worst, threshold);
}

static int put_site(const async_site_t *site, debug_buffer_t *buffer) {
  char file[DEBUG_PRINTABLE_BYTES], function[DEBUG_PRINTABLE_BYTES];
  if (site == NULL)
    return 0;
  asyncscope__debug_printable(asyncscope__debug_tail(site->file), file);
  asyncscope__debug_printable(site->function, function);
  return asyncscope__debug_appendf(buffer, " at %s:%" PRIu32 " %s", file,
                                   site->line, function);
}

static int put_keys(const debug_warning_t *warning, debug_buffer_t *buffer) {
  char key[DEBUG_KEY_BYTES];
  int error = 0;
  for (size_t i = 0; i < warning->key_count && error == 0; i++) {
    asyncscope__debug_key(warning->keys[i], key);
    error = asyncscope__debug_appendf(buffer, " %s", key);
  }
  for (size_t i = 0; i < warning->request_count && error == 0; i++)
    error =
        asyncscope__debug_appendf(buffer, " r%" PRIu64, warning->requests[i]);
  return error;
}

static int put_party(const char *start, const char *type,
                     const async_site_t *site, debug_buffer_t *buffer) {
  char printable[DEBUG_PRINTABLE_BYTES];
  asyncscope__debug_printable(type == NULL ? "" : type, printable);
  int error = asyncscope__debug_appendf(buffer, "  %s%s", start, printable);
  return error == 0 ? put_site(site, buffer) : error;
}

static int put_other(const debug_party_t *other, debug_buffer_t *buffer) {
  char key[DEBUG_KEY_BYTES];
  if (other->key.async_id == ASYNC_ID_NONE)
    return 0;
  asyncscope__debug_key(other->key, key);
  int error = put_party("with ", other->type, other->site, buffer);
  if (error == 0)
    error = asyncscope__debug_appendf(buffer, ", %s", key);
  if (error == 0 && other->request != 0)
    error = asyncscope__debug_appendf(buffer, " r%" PRIu64, other->request);
  return error == 0 ? asyncscope__debug_append_text(buffer, "\n") : error;
}

static int put_parties(const debug_warning_t *warning, debug_buffer_t *buffer) {
  int error = put_party("", warning->type, warning->site, buffer);
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, ",");
  if (error == 0)
    error = put_keys(warning, buffer);
  if (error == 0)
    error = asyncscope__debug_append_text(buffer, "\n");
  return error == 0 ? put_other(&warning->other, buffer) : error;
}

static int put_warning(const warnings_text_t *text,
                       const debug_warning_t *warning, debug_buffer_t *buffer) {
  const debug_warning_kind_t *kind =
      &asyncscope__debug_warning_kinds[warning->id];
  bool named = warning->key_count > 0 || warning->request_count > 0;
  int error = put_title(text, warning, buffer);
  if (error == 0 && named)
    error = put_parties(warning, buffer);
  if (error == 0)
    error = put_numbers(text, warning, buffer);
  return error == 0 ? asyncscope__debug_appendf(buffer, "  %s\n  => %s\n",
                                                kind->meaning, kind->advice)
                    : error;
}

static int put_end(const warnings_text_t *text, debug_buffer_t *buffer) {
  int error = asyncscope__debug_append_text(
      buffer, text->some ? "\n" : "no warnings\n");
  return error == 0
             ? asyncscope__debug_append_recorded(&text->capture, "", buffer)
             : error;
}

static int text_step(void *state, debug_buffer_t *buffer) {
  warnings_text_t *text = state;
  int error = asyncscope__debug_warnings_find(&text->warnings);
  if (error != 0)
    return error;
  const debug_warning_t *warning =
      asyncscope__debug_next_warning(&text->warnings, text->query, &text->at);
  if (warning == NULL)
    return put_end(text, buffer);
  error = put_warning(text, warning, buffer);
  text->at += error == 0;
  text->some = text->some || error == 0;
  return error == 0 ? 1 : error;
}

static int begin(void *state, debug_call_t *call) {
  warnings_text_t *text = state;
  int error = asyncscope__debug_open_capture(&text->capture, call);
  if (error != 0)
    return error;
  text->query = call->query;
  asyncscope__debug_warnings_begin(&text->warnings, &text->capture);
  return 0;
}

static void text_close(void *state) {
  warnings_text_t *text = state;
  asyncscope__debug_warnings_finish(&text->warnings);
  asyncscope__debug_capture_finish(&text->capture);
  async_free(text);
}

static int text_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(warnings_text_t), begin,
                                      text_close, ret_state);
}

const debug_format_t asyncscope__debug_warnings_text = {
    "text", DEBUG_TEXT_TYPE, text_open, text_step, text_close, NULL};
