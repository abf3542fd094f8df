/* The order of RFC 9110 13.2.2: an entity-tag goes over a date, which only
 * stands for it. A date that is not understood, or is there twice, is none. */
#include "http_condition.h"

#include "http_date.h"
#include "http_etag.h"
#include <string.h>

typedef enum match_e { NO_FIELD, NO_MATCH, MATCH } match_t;

/* Any of the fields, which make one list. `*` is any state. */
static match_t match_tags(const http_request_t *request, const char *name,
                          const char *etag, bool strong) {
  http_text_t list;
  match_t match = NO_FIELD;
  for (unsigned i = 0; http_request_field_at(request, name, i, &list); i++) {
    if (http_text_equals(list, "*") || http_etag_in(list, etag, strong))
      return MATCH;
    match = NO_MATCH;
  }
  return match;
}

static bool date_of(const http_request_t *request, const char *name, time_t now,
                    time_t *ret_date) {
  http_text_t value;
  return http_request_field(request, name, &value) == 1 &&
         http_date_parse(value, now, ret_date);
}

static bool asks_to_read(const http_request_t *request) {
  return (http_request_method(request) &
          (HTTP_METHOD_GET | HTTP_METHOD_HEAD)) != 0;
}

/* If-Match, or If-Unmodified-Since in its place. */
static bool may_go_on(const http_request_t *request,
                      const http_validators_t *validators, time_t now) {
  match_t match = match_tags(request, "if-match", validators->etag, true);
  time_t date;
  if (match == NO_FIELD)
    return !date_of(request, "if-unmodified-since", now, &date) ||
           validators->modified <= date;
  return match == MATCH;
}

/* If-None-Match, or If-Modified-Since in its place. */
static bool has_it_already(const http_request_t *request,
                           const http_validators_t *validators, time_t now) {
  match_t match = match_tags(request, "if-none-match", validators->etag, false);
  time_t date;
  if (match == NO_FIELD)
    return asks_to_read(request) &&
           date_of(request, "if-modified-since", now, &date) &&
           validators->modified <= date;
  return match == MATCH;
}

http_condition_t http_condition_check(const http_request_t *request,
                                      const http_validators_t *validators,
                                      time_t now) {
  if (!may_go_on(request, validators, now))
    return HTTP_CONDITION_FALSE;
  if (!has_it_already(request, validators, now))
    return HTTP_CONDITION_TRUE;
  return asks_to_read(request) ? HTTP_CONDITION_NOT_MODIFIED
                               : HTTP_CONDITION_FALSE;
}

/* A date must be the very one, and so old that no second state of the same
 * second can have it (RFC 9110 8.8.2.2). */
static bool is_same_date(http_text_t value, time_t modified, time_t now) {
  time_t date;
  return http_date_parse(value, now, &date) && date == modified &&
         modified < now;
}

bool http_condition_range(const http_request_t *request,
                          const http_validators_t *validators, time_t now) {
  http_text_t value;
  unsigned count = http_request_field(request, "if-range", &value);
  if (count != 1)
    return count == 0;
  return http_etag_valid(value)
             ? http_etag_in(value, validators->etag, true)
             : is_same_date(value, validators->modified, now);
}

int http_condition_set_fields(http_response_t *response,
                              const http_validators_t *validators) {
  char date[HTTP_DATE_BYTES];
  http_date_format(validators->modified, date);
  int error = http_response_set_field(response, "ETag", validators->etag);
  if (error == 0)
    error = http_response_set_field(response, "Last-Modified", date);
  return error;
}
