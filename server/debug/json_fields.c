#include "json_fields.h"

#include "text.h"
#include <inttypes.h>
#include <stdio.h>

json_fields_t asyncscope__json_begin(void) {
  json_t *object = json_object();
  return (json_fields_t){object, object == NULL};
}

void asyncscope__json_put(json_fields_t *fields, const char *key,
                          json_t *value) {
  if (json_object_set_new(fields->object, key, value) != 0)
    fields->failed = true;
}

void asyncscope__json_put_integer(json_fields_t *fields, const char *key,
                                  int64_t value) {
  asyncscope__json_put(fields, key, json_integer(value));
}

void asyncscope__json_put_unsigned(json_fields_t *fields, const char *key,
                                   uint64_t value) {
  asyncscope__json_put_integer(fields, key, (int64_t)value);
}

void asyncscope__json_put_bool(json_fields_t *fields, const char *key,
                               bool value) {
  asyncscope__json_put(fields, key, json_boolean(value));
}

json_t *asyncscope__json_text(const char *text) {
  char valid[DEBUG_UTF8_BYTES];
  asyncscope__debug_utf8(text, valid);
  return json_string(valid);
}

void asyncscope__json_put_text(json_fields_t *fields, const char *key,
                               const char *text) {
  asyncscope__json_put(fields, key, asyncscope__json_text(text));
}

void asyncscope__json_put_name(json_fields_t *fields, const char *key,
                               const char *text) {
  if (text != NULL && text[0] != '\0')
    asyncscope__json_put_text(fields, key, text);
}

json_t *asyncscope__json_key(async_ref_t ref) {
  char text[DEBUG_KEY_BYTES];
  asyncscope__debug_key(ref, text);
  return json_string(text);
}

void asyncscope__json_put_key(json_fields_t *fields, const char *key,
                              async_ref_t ref) {
  if (ref.thread != ASYNC_THREAD_NONE && ref.async_id > ASYNC_ID_NONE)
    asyncscope__json_put(fields, key, asyncscope__json_key(ref));
}

void asyncscope__json_put_site(json_fields_t *fields, const char *key,
                               const async_site_t *site) {
  if (site == NULL)
    return;
  json_fields_t parts = asyncscope__json_begin();
  asyncscope__json_put_text(&parts, "file", asyncscope__debug_tail(site->file));
  asyncscope__json_put_unsigned(&parts, "line", site->line);
  asyncscope__json_put_text(&parts, "function", site->function);
  asyncscope__json_put(fields, key, asyncscope__json_end(&parts));
}

void asyncscope__json_put_request(json_fields_t *fields, const char *key,
                                  uint64_t request) {
  if (request != 0)
    asyncscope__json_put(fields, key, asyncscope__json_request_id(request));
}

json_t *asyncscope__json_request_id(uint64_t request) {
  char text[DEBUG_KEY_BYTES];
  snprintf(text, sizeof(text), "r%" PRIu64, request);
  return json_string(text);
}

json_t *asyncscope__json_end(json_fields_t *fields) {
  if (fields->failed) {
    json_decref(fields->object);
    return NULL;
  }
  return fields->object;
}
