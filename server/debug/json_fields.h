/* Filling a JSON object without asking after each field: the first failure is
 * remembered, and the end answers NULL for it. */
#ifndef ASYNCSCOPE_DEBUG_JSON_FIELDS_H
#define ASYNCSCOPE_DEBUG_JSON_FIELDS_H

#include "asyncscope/async_types.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define DEBUG_SCHEMA_VERSION 1

typedef struct json_fields_s {
  json_t *object;
  bool failed;
} json_fields_t;

json_fields_t asyncscope__json_begin(void);

/* Takes `value` over; NULL is a failure. */
void asyncscope__json_put(json_fields_t *fields, const char *key,
                          json_t *value);
void asyncscope__json_put_integer(json_fields_t *fields, const char *key,
                                  int64_t value);
void asyncscope__json_put_unsigned(json_fields_t *fields, const char *key,
                                   uint64_t value);
void asyncscope__json_put_bool(json_fields_t *fields, const char *key,
                               bool value);
/* Any bytes: see asyncscope__debug_utf8(). */
json_t *asyncscope__json_text(const char *text);
void asyncscope__json_put_text(json_fields_t *fields, const char *key,
                               const char *text);
/* Left out where `text` is empty or NULL. */
void asyncscope__json_put_name(json_fields_t *fields, const char *key,
                               const char *text);
/* "thread:id"; left out where `ref` names nothing. */
void asyncscope__json_put_key(json_fields_t *fields, const char *key,
                              async_ref_t ref);
json_t *asyncscope__json_key(async_ref_t ref);
/* Left out where `site` is NULL. */
void asyncscope__json_put_site(json_fields_t *fields, const char *key,
                               const async_site_t *site);
/* Left out where `request` is 0. */
void asyncscope__json_put_request(json_fields_t *fields, const char *key,
                                  uint64_t request);

/* "r" and the number. */
json_t *asyncscope__json_request_id(uint64_t request);

/* The object, the caller's now, or NULL. */
json_t *asyncscope__json_end(json_fields_t *fields);

#endif
