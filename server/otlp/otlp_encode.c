#include "otlp_encode.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_version.h"
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX_BYTES 1024

static json_t *escaped(const char *text) {
  static const char digits[] = "0123456789ABCDEF";
  char out[3 * TEXT_MAX_BYTES + 1];
  size_t used = 0;
  size_t size = strnlen(text, TEXT_MAX_BYTES);
  for (size_t i = 0; i < size; i++) {
    unsigned char byte = (unsigned char)text[i];
    if (byte >= ' ' && byte <= '~') {
      out[used++] = (char)byte;
    } else {
      out[used++] = '%';
      out[used++] = digits[byte >> 4];
      out[used++] = digits[byte & 15];
    }
  }
  return json_stringn(out, used);
}

/* jansson takes UTF-8 alone. */
json_t *otlp_text(const char *text) {
  json_t *json = json_string(text);
  return json == NULL ? escaped(text) : json;
}

/* `value` is taken over; NULL is a failure. Keys may be the configuration's. */
static bool put(json_t *list, const char *key, const char *kind,
                json_t *value) {
  return json_array_append_new(list, json_pack("{s:o, s:{s:o}}", "key",
                                               otlp_text(key), "value", kind,
                                               value)) == 0;
}

bool otlp_put_text(json_t *list, const char *key, const char *text) {
  return put(list, key, "stringValue", otlp_text(text));
}

bool otlp_put_true(json_t *list, const char *key) {
  return put(list, key, "boolValue", json_true());
}

/* 64 bits are text in the JSON of protocol buffers. */
bool otlp_put_integer(json_t *list, const char *key, uint64_t value) {
  char text[24];
  snprintf(text, sizeof(text), "%" PRIu64, value);
  return put(list, key, "intValue", json_string(text));
}

/* What the service says of itself; what was configured comes first. */
static json_t *resource(const otlp_settings_t *settings) {
  const otlp_list_t *attributes = &settings->attributes;
  json_t *list = json_array();
  bool well = otlp_put_text(list, "service.name", settings->service_name);
  for (size_t i = 0; well && i < attributes->count; i++)
    if (strcmp(attributes->pairs[i].name, "service.name") != 0)
      well = otlp_put_text(list, attributes->pairs[i].name,
                           attributes->pairs[i].value);
  well =
      well && otlp_put_text(list, "telemetry.sdk.name", "asyncscope") &&
      otlp_put_text(list, "telemetry.sdk.language", "c") &&
      otlp_put_text(list, "telemetry.sdk.version", ASYNCSCOPE_VERSION_STRING);
  if (well && otlp_list_value(attributes, "process.pid") == NULL)
    well = otlp_put_integer(list, "process.pid", (uint64_t)getpid());
  if (well)
    return json_pack("{s:o}", "attributes", list);
  json_decref(list);
  return NULL;
}

static json_t *spans(const otlp_queue_t *queue, size_t count, bool https) {
  json_t *list = json_array();
  for (size_t i = 0; i < count; i++)
    if (json_array_append_new(
            list, otlp_encode_span(otlp_queue_at(queue, i), https)) != 0) {
      json_decref(list);
      return NULL;
    }
  return list;
}

static json_t *document(const otlp_settings_t *settings,
                        const otlp_queue_t *queue, size_t count) {
  return json_pack("{s:[{s:o, s:[{s:{s:s, s:s}, s:o}]}]}", "resourceSpans",
                   "resource", resource(settings), "scopeSpans", "scope",
                   "name", "asyncscope", "version", ASYNCSCOPE_VERSION_STRING,
                   "spans", spans(queue, count, settings->https));
}

static int append(const char *bytes, size_t size, void *data) {
  otlp_body_t *body = data;
  size_t capacity = body->capacity == 0 ? 65536 : body->capacity * 2;
  char *grown;
  if (size > HTTP_CLIENT_BODY_MAX_BYTES - body->size)
    return -1;
  while (capacity < body->size + size)
    capacity *= 2;
  if (body->size + size > body->capacity) {
    grown = async_realloc(body->bytes, capacity);
    if (grown == NULL)
      return -1;
    body->bytes = grown;
    body->capacity = capacity;
  }
  memcpy(body->bytes + body->size, bytes, size);
  body->size += size;
  return 0;
}

int otlp_encode(const otlp_settings_t *settings, const otlp_queue_t *queue,
                size_t count, otlp_body_t *ret_body) {
  otlp_body_t body = {.bytes = NULL};
  json_t *json = document(settings, queue, count);
  int error = json == NULL ? UV_ENOMEM : 0;
  if (error == 0 && json_dump_callback(json, append, &body,
                                       JSON_COMPACT | JSON_ENSURE_ASCII) != 0)
    error = body.size > HTTP_CLIENT_BODY_MAX_BYTES / 2 ? UV_ENOBUFS : UV_ENOMEM;
  json_decref(json);
  if (error != 0)
    async_free(body.bytes);
  else
    *ret_body = body;
  return error;
}
