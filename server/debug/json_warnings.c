#include "json_warnings.h"

#include "asyncscope/async_context_loss.h"
#include "json_fields.h"
#include "text.h"

static json_t *keys_of(const debug_warning_t *warning) {
  json_t *keys = json_array();
  for (size_t i = 0; i < warning->key_count; i++)
    if (json_array_append_new(keys, asyncscope__json_key(warning->keys[i])) !=
        0) {
      json_decref(keys);
      return NULL;
    }
  return keys;
}

static json_t *requests_of(const debug_warning_t *warning) {
  json_t *requests = json_array();
  for (size_t i = 0; i < warning->request_count; i++)
    if (json_array_append_new(
            requests, asyncscope__json_request_id(warning->requests[i])) != 0) {
      json_decref(requests);
      return NULL;
    }
  return requests;
}

static void put_number(json_fields_t *fields, const debug_warning_kind_t *kind,
                       const char *in_us, const char *counted,
                       uint64_t number) {
  asyncscope__json_put_unsigned(fields, kind->counts ? counted : in_us, number);
}

/* One that is never warned of has no threshold. */
static void put_kind(json_fields_t *fields, const debug_capture_t *capture,
                     debug_warning_id_t id) {
  const debug_warning_kind_t *kind = &asyncscope__debug_warning_kinds[id];
  uint64_t threshold = asyncscope__debug_threshold(capture, id);
  asyncscope__json_put_text(fields, "code", kind->code);
  asyncscope__json_put_text(fields, "severity", kind->severity);
  asyncscope__json_put_text(fields, "message", kind->meaning);
  asyncscope__json_put_text(fields, "advice", kind->advice);
  if (threshold != UINT64_MAX)
    put_number(fields, kind, "thresholdUs", "thresholdCount", threshold);
}

static void put_time(json_fields_t *fields, const debug_capture_t *capture,
                     const char *key, const char *ago_key, uint64_t at_ns) {
  struct timespec time = asyncscope__debug_wall_time(capture, at_ns);
  char text[DEBUG_TIME_BYTES];
  asyncscope__debug_time(&time, text);
  asyncscope__json_put_text(fields, key, text);
  asyncscope__json_put_unsigned(
      fields, ago_key, asyncscope__debug_elapsed_us(at_ns, capture->begun_ns));
}

static json_t *other_of(const debug_party_t *other) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", other->key);
  asyncscope__json_put_name(&fields, "type", other->type);
  asyncscope__json_put_request(&fields, "requestId", other->request);
  asyncscope__json_put_site(&fields, "site", other->site);
  return asyncscope__json_end(&fields);
}

static void put_parties(json_fields_t *fields, const debug_warning_t *warning) {
  asyncscope__json_put(fields, "keys", keys_of(warning));
  if (warning->request_count == 1)
    asyncscope__json_put_request(fields, "requestId", warning->requests[0]);
  asyncscope__json_put(fields, "requestIds", requests_of(warning));
  asyncscope__json_put_name(fields, "type", warning->type);
  asyncscope__json_put_site(fields, "site", warning->site);
  if (warning->other.key.async_id != ASYNC_ID_NONE)
    asyncscope__json_put(fields, "other", other_of(&warning->other));
}

static json_t *element(const debug_capture_t *capture,
                       const debug_warning_t *warning) {
  bool past = warning->last_ns != 0;
  json_fields_t fields = asyncscope__json_begin();
  put_kind(&fields, capture, warning->id);
  asyncscope__json_put_text(&fields, "state", past ? "past" : "active");
  put_time(&fields, capture, "since", "ageUs", warning->since_ns);
  if (past)
    put_time(&fields, capture, "last", "quietUs", warning->last_ns);
  if (warning->worst != 0)
    put_number(&fields, &asyncscope__debug_warning_kinds[warning->id],
               "worstUs", "worstCount", warning->worst);
  asyncscope__json_put_unsigned(&fields, "count", warning->count);
  put_parties(&fields, warning);
  return asyncscope__json_end(&fields);
}

static bool is_shown(const debug_warnings_t *warnings,
                     const debug_query_t *query,
                     const debug_warning_t *warning) {
  const char *code = asyncscope__debug_warning_kinds[warning->id].code;
  if (warnings->focus.async_id != ASYNC_ID_NONE && !warning->focused)
    return false;
  return !asyncscope__debug_given(query, DEBUG_PARAM_CODE) ||
         asyncscope__debug_globs_match(&query->codes, code);
}

const debug_warning_t *asyncscope__debug_next_warning(
    const debug_warnings_t *warnings, const debug_query_t *query, size_t *at) {
  while (*at < warnings->count &&
         !is_shown(warnings, query, &warnings->items[*at]))
    ++*at;
  return *at < warnings->count ? &warnings->items[*at] : NULL;
}

int asyncscope__debug_write_warnings(const debug_warnings_t *warnings,
                                     const debug_query_t *query, size_t *at,
                                     json_writer_t *writer) {
  const debug_warning_t *warning =
      asyncscope__debug_next_warning(warnings, query, at);
  if (warning == NULL)
    return 0;
  int error =
      asyncscope__json_write(writer, NULL, element(warnings->capture, warning));
  *at += error == 0;
  return error == 0 ? 1 : error;
}

/* Lost contexts are found while that is asked for. */
static bool is_looked_for(const debug_capture_t *capture,
                          debug_warning_id_t id) {
  return asyncscope__debug_threshold(capture, id) != UINT64_MAX &&
         (id != DEBUG_CONTEXT_LOST || async_context_loss_detects());
}

int asyncscope__debug_write_warning_kinds(const debug_capture_t *capture,
                                          size_t *at, json_writer_t *writer) {
  debug_warning_id_t id = (debug_warning_id_t)*at;
  if (id == DEBUG_WARNING_KINDS)
    return 0;
  json_fields_t fields = asyncscope__json_begin();
  put_kind(&fields, capture, id);
  asyncscope__json_put_bool(&fields, "enabled", is_looked_for(capture, id));
  int error =
      asyncscope__json_write(writer, NULL, asyncscope__json_end(&fields));
  *at += error == 0;
  return error == 0 ? 1 : error;
}
