#include "otlp_settings.h"

#include "asyncscope/async_env.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* In place. False for an escape that is none, and for a NUL. */
static bool decode(char *text) {
  char *out = text;
  for (const char *at = text; *at != '\0'; at++) {
    int byte = (unsigned char)*at;
    if (byte == '%') {
      int high = hex_digit(at[1]);
      int low = high < 0 ? -1 : hex_digit(at[2]);
      if (low < 0 || high + low == 0)
        return false;
      byte = high * 16 + low;
      at += 2;
    }
    *out++ = (char)byte;
  }
  *out = '\0';
  return true;
}

static char *trim(char *text) {
  size_t size;
  while (*text == ' ' || *text == '\t')
    text++;
  size = strlen(text);
  while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
    text[--size] = '\0';
  return text;
}

static bool take_pair(otlp_list_t *list, char *pair) {
  char *value = strchr(pair, '=');
  if (value == NULL)
    return *trim(pair) == '\0';
  *value++ = '\0';
  pair = trim(pair);
  value = trim(value);
  if (*pair == '\0' || !decode(pair) || !decode(value))
    return false;
  list->pairs[list->count++] = (otlp_pair_t){pair, value};
  return true;
}

int otlp_list_parse(const char *text, size_t max, otlp_list_t *ret_list) {
  char *rest = ret_list->text;
  ret_list->count = 0;
  if (text == NULL)
    return 0;
  if (strlen(text) >= sizeof(ret_list->text))
    return UV_EINVAL;
  memcpy(rest, text, strlen(text) + 1);
  while (rest != NULL) {
    char *pair = rest;
    rest = strchr(pair, ',');
    if (rest != NULL)
      *rest++ = '\0';
    if (ret_list->count == max || !take_pair(ret_list, pair))
      return UV_EINVAL;
  }
  return 0;
}

const char *otlp_list_value(const otlp_list_t *list, const char *name) {
  for (size_t i = list->count; i > 0; i--)
    if (strcmp(list->pairs[i - 1].name, name) == 0)
      return list->pairs[i - 1].value;
  return NULL;
}

static int set_url(otlp_settings_t *settings,
                   const asyncscope_otlp_options_t *options) {
  static const char path[] = "v1/traces";
  const char *base = options->traces_endpoint;
  bool whole = base != NULL;
  size_t size;
  if (base == NULL)
    base = options->endpoint;
  if (base == NULL)
    return async_error_set(UV_EINVAL, "there is no endpoint to export to");
  int error = http_url_parse(base, &settings->url);
  if (error != 0)
    return error;
  size = strlen(base);
  int used = snprintf(settings->text, sizeof(settings->text), "%s%s%s", base,
                      whole || (size > 0 && base[size - 1] == '/') ? "" : "/",
                      whole ? "" : path);
  if (used < 0 || (size_t)used >= sizeof(settings->text))
    return async_error_set(UV_EINVAL, "the URL is too long");
  return http_url_parse(settings->text, &settings->url);
}

/* Names are tokens and values visible text: they cannot end their line. */
static bool is_field(const otlp_pair_t *pair) {
  for (const char *at = pair->name; *at != '\0'; at++)
    if (!isalnum((unsigned char)*at) && strchr("!#$%&'*+-.^_`|~", *at) == NULL)
      return false;
  for (const char *at = pair->value; *at != '\0'; at++)
    if ((*at < ' ' && *at != '\t') || *at == 0x7f)
      return false;
  return true;
}

static int set_headers(otlp_settings_t *settings, const char *text) {
  int error = otlp_list_parse(text, OTLP_HEADERS_MAX, &settings->headers);
  for (size_t i = 0; error == 0 && i < settings->headers.count; i++)
    if (!is_field(&settings->headers.pairs[i]))
      error = UV_EINVAL;
  return error == 0 ? 0
                    : async_error_set(
                          error, "the headers are not name=value,name=value");
}

static int set_attributes(otlp_settings_t *settings,
                          const asyncscope_otlp_options_t *options) {
  otlp_list_t *attributes = &settings->attributes;
  const char *name = options->service_name;
  if (otlp_list_parse(options->resource_attributes, OTLP_ATTRIBUTES_MAX,
                      attributes) != 0)
    return async_error_set(
        UV_EINVAL, "the resource attributes are not name=value,name=value");
  if (name == NULL || *name == '\0')
    name = otlp_list_value(attributes, "service.name");
  if (name == NULL)
    name = program_invocation_short_name;
  snprintf(settings->service_name, sizeof(settings->service_name), "%s", name);
  return 0;
}

static unsigned number(unsigned value, unsigned fallback) {
  return value == 0 ? fallback : value;
}

static bool set_numbers(otlp_settings_t *settings,
                        const asyncscope_otlp_options_t *options) {
  settings->timeout_ms = number(options->timeout_ms, OTLP_TIMEOUT_MS);
  settings->delay_ms = number(options->delay_ms, OTLP_DELAY_MS);
  settings->queue_max = number(options->queue_max, OTLP_QUEUE_MAX);
  settings->batch_max =
      number(options->batch_max, settings->queue_max < OTLP_BATCH_MAX
                                     ? settings->queue_max
                                     : OTLP_BATCH_MAX);
  settings->retry_first_ms =
      number(options->retry_first_ms, OTLP_RETRY_FIRST_MS);
  settings->retry_max_ms = number(options->retry_max_ms, OTLP_RETRY_MAX_MS);
  settings->retry_total_ms =
      number(options->retry_total_ms, OTLP_RETRY_TOTAL_MS);
  return settings->timeout_ms <= OTLP_MS_CEILING &&
         settings->delay_ms <= OTLP_MS_CEILING &&
         settings->retry_first_ms <= OTLP_MS_CEILING &&
         settings->retry_max_ms <= OTLP_MS_CEILING &&
         settings->retry_total_ms <= OTLP_MS_CEILING &&
         settings->queue_max <= OTLP_QUEUE_CEILING &&
         settings->batch_max <= OTLP_BATCH_CEILING &&
         settings->batch_max <= settings->queue_max;
}

int otlp_settings_init(otlp_settings_t *settings,
                       const asyncscope_otlp_options_t *options) {
  int error = set_url(settings, options);
  settings->https = options->https;
  if (error == 0)
    error = set_headers(settings, options->headers);
  if (error == 0)
    error = set_attributes(settings, options);
  if (error == 0 && !set_numbers(settings, options))
    error = async_error_set(UV_EINVAL, "a time or size of the exporter is more "
                                       "than there may be");
  return error;
}
