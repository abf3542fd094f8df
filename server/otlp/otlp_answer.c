#include "otlp_answer.h"

#include "http_date.h"
#include "http_status.h"
#include "otlp_limits.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

/* Those of which OTLP says that they may be tried again. */
otlp_verdict_t otlp_verdict(unsigned status) {
  if (status >= 200 && status < 300)
    return OTLP_TAKEN;
  return status == 0 || status == 429 || status == 502 || status == 503 ||
                 status == 504
             ? OTLP_AGAIN
             : OTLP_REFUSED;
}

static bool parse_seconds(http_text_t value, uint64_t *ret_seconds) {
  uint64_t seconds = 0;
  for (size_t i = 0; i < value.size_bytes; i++) {
    if (value.at[i] < '0' || value.at[i] > '9')
      return false;
    if (seconds < OTLP_RETRY_AFTER_MAX_S)
      seconds = seconds * 10 + (uint64_t)(value.at[i] - '0');
  }
  *ret_seconds = seconds;
  return value.size_bytes > 0;
}

uint64_t otlp_retry_after_ms(http_text_t value, time_t now) {
  uint64_t seconds = 0;
  time_t date;
  if (!parse_seconds(value, &seconds) && http_date_parse(value, now, &date) &&
      date > now)
    seconds = (uint64_t)(date - now);
  return (seconds < OTLP_RETRY_AFTER_MAX_S ? seconds : OTLP_RETRY_AFTER_MAX_S) *
         1000;
}

/* 64 bits are text in the JSON of protocol buffers; a number is taken too. */
static uint64_t number_of(const json_t *json) {
  const char *text = json_string_value(json);
  long long number =
      text != NULL ? strtoll(text, NULL, 10) : json_integer_value(json);
  return number > 0 ? (uint64_t)number : 0;
}

uint64_t otlp_rejected(const char *body, size_t size, uint64_t count) {
  json_t *json =
      json_loadb(body, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
  const json_t *partial = json_object_get(json, "partialSuccess");
  uint64_t rejected = number_of(json_object_get(partial, "rejectedSpans"));
  json_decref(json);
  return rejected < count ? rejected : count;
}

/* "HTTP/1.1 503 Service Unavailable" and a line's end. */
static http_text_t named(int status) {
  http_text_t line = http_status_line(status);
  size_t version = sizeof("HTTP/1.1 ") - 1;
  if (line.size_bytes < version + 2)
    return (http_text_t){"", 0};
  return (http_text_t){line.at + version, line.size_bytes - version - 2};
}

void otlp_describe(int problem, char *ret_text, size_t bytes) {
  http_text_t name = named(problem);
  if (problem <= 0)
    snprintf(ret_text, bytes, "%s", problem == 0 ? "" : uv_strerror(problem));
  else if (name.size_bytes > 0)
    snprintf(ret_text, bytes, "%.*s", (int)name.size_bytes, name.at);
  else
    snprintf(ret_text, bytes, "%d", problem);
}

uint64_t otlp_backoff_ms(unsigned attempt, uint64_t first_ms, uint64_t max_ms,
                         uint32_t random) {
  uint64_t ms = first_ms;
  while (attempt-- > 1 && ms < max_ms)
    ms *= 2;
  if (ms > max_ms)
    ms = max_ms;
  return ms / 2 + (ms - ms / 2) * random / UINT32_MAX;
}
