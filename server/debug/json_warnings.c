#include "json_warnings.h"

#include "json_fields.h"

static json_t *keys_of(const debug_warning_t *warning) {
  json_t *keys = json_array();
  for (size_t i = 0; i < warning->count && i < DEBUG_WARNING_KEYS; i++)
    if (json_array_append_new(keys, asyncscope__json_key(warning->keys[i])) !=
        0) {
      json_decref(keys);
      return NULL;
    }
  return keys;
}

static void put_kind(json_fields_t *fields, const debug_capture_t *capture,
                     const debug_warning_kind_t *kind) {
  uint64_t threshold_us = asyncscope__debug_threshold_us(capture, kind);
  asyncscope__json_put_text(fields, "code", kind->code);
  asyncscope__json_put_text(fields, "severity", kind->severity);
  asyncscope__json_put_text(fields, "message", kind->meaning);
  asyncscope__json_put_text(fields, "advice", kind->advice);
  if (threshold_us != 0)
    asyncscope__json_put_unsigned(fields, "thresholdUs", threshold_us);
}

static json_t *element(const debug_capture_t *capture,
                       const debug_warning_t *warning) {
  json_fields_t fields = asyncscope__json_begin();
  put_kind(&fields, capture, warning->kind);
  if (warning->worst_us != 0)
    asyncscope__json_put_unsigned(&fields, "worstUs", warning->worst_us);
  asyncscope__json_put_unsigned(&fields, "count", warning->count);
  asyncscope__json_put(&fields, "keys", keys_of(warning));
  asyncscope__json_put_request(&fields, "requestId", warning->request);
  asyncscope__json_put_site(&fields, "site", warning->site);
  return asyncscope__json_end(&fields);
}

static bool is_shown(const debug_query_t *query,
                     const debug_warning_kind_t *kind) {
  return !asyncscope__debug_given(query, DEBUG_PARAM_CODE) ||
         asyncscope__debug_globs_match(&query->codes, kind->code);
}

int asyncscope__debug_write_warnings(const debug_warnings_t *warnings,
                                     const debug_query_t *query, size_t *at,
                                     json_writer_t *writer) {
  while (*at < warnings->count && !is_shown(query, warnings->items[*at].kind))
    ++*at;
  if (*at == warnings->count)
    return 0;
  int error = asyncscope__json_write(
      writer, NULL, element(warnings->capture, &warnings->items[*at]));
  *at += error == 0;
  return error == 0 ? 1 : error;
}

int asyncscope__debug_write_warning_kinds(const debug_capture_t *capture,
                                          size_t *at, json_writer_t *writer) {
  const debug_warning_kind_t *kind = &asyncscope__debug_warning_kinds[*at];
  if (kind->code == NULL)
    return 0;
  json_fields_t fields = asyncscope__json_begin();
  put_kind(&fields, capture, kind);
  int error =
      asyncscope__json_write(writer, NULL, asyncscope__json_end(&fields));
  *at += error == 0;
  return error == 0 ? 1 : error;
}
