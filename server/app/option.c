#include "option.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void *member(const app_option_t *option, app_options_t *options) {
  return (char *)options + option->at;
}

static const void *value_of(const app_option_t *option,
                            const app_options_t *options) {
  return (const char *)options + option->at;
}

bool app_option_wrong(char ret_wrong[APP_OPTION_TEXT_BYTES],
                      const char *words) {
  snprintf(ret_wrong, APP_OPTION_TEXT_BYTES, "%s", words);
  return false;
}

/* The number in front of `*text`, which moves behind it. More than `max` is
 * none. */
static bool take_number(const char **text, uint64_t max, uint64_t *ret_number) {
  uint64_t number = 0;
  if (!isdigit((unsigned char)**text))
    return false;
  for (; isdigit((unsigned char)**text); ++*text) {
    unsigned digit = (unsigned)(**text - '0');
    if (digit > max || number > (max - digit) / 10)
      return false;
    number = number * 10 + digit;
  }
  *ret_number = number;
  return true;
}

bool app_option_parse_number(const char *text, uint64_t max,
                             uint64_t *ret_number) {
  return take_number(&text, max, ret_number) && *text == '\0';
}

bool app_option_set_count(const app_option_t *option, app_options_t *options,
                          const char *value,
                          char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  uint64_t number;
  if (!app_option_parse_number(value, option->max, &number) ||
      number < option->min) {
    snprintf(ret_wrong, APP_OPTION_TEXT_BYTES,
             "must be a whole number from %" PRIu64 " to %" PRIu64, option->min,
             option->max);
    return false;
  }
  *(unsigned *)member(option, options) = (unsigned)number;
  return true;
}

void app_option_show_count(const app_option_t *option,
                           const app_options_t *options,
                           char ret_text[APP_OPTION_TEXT_BYTES]) {
  const unsigned *number = value_of(option, options);
  snprintf(ret_text, APP_OPTION_TEXT_BYTES, "%u", *number);
}

bool app_option_set_flag(const app_option_t *option, app_options_t *options,
                         const char *value,
                         char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
    return app_option_wrong(ret_wrong, "must be 0 or 1");
  *(bool *)member(option, options) = *value == '1';
  return true;
}

/* What stands behind a number of bytes: by how many bits it shifts it. */
static bool parse_unit(const char *unit, unsigned *ret_shift) {
  *ret_shift = *unit == 'K' ? 10 : *unit == 'M' ? 20 : 0;
  return *unit == '\0' || (*ret_shift > 0 && unit[1] == '\0');
}

static bool parse_bytes(const char *value, uint64_t max, uint64_t *ret_bytes) {
  unsigned shift;
  if (!take_number(&value, max, ret_bytes) || !parse_unit(value, &shift) ||
      *ret_bytes > max >> shift)
    return false;
  *ret_bytes <<= shift;
  return true;
}

/* The largest unit that leaves a whole number. */
static int format_bytes(uint64_t bytes, char *ret_text, size_t size) {
  if (bytes > 0 && bytes % (1u << 20) == 0)
    return snprintf(ret_text, size, "%" PRIu64 "M", bytes >> 20);
  if (bytes > 0 && bytes % (1u << 10) == 0)
    return snprintf(ret_text, size, "%" PRIu64 "K", bytes >> 10);
  return snprintf(ret_text, size, "%" PRIu64, bytes);
}

bool app_option_set_bytes(const app_option_t *option, app_options_t *options,
                          const char *value,
                          char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  char min[24], max[24];
  uint64_t bytes;
  if (!parse_bytes(value, option->max, &bytes) || bytes < option->min) {
    format_bytes(option->min, min, sizeof(min));
    format_bytes(option->max, max, sizeof(max));
    snprintf(ret_wrong, APP_OPTION_TEXT_BYTES,
             "must be bytes from %s to %s, K for KiB and M for MiB", min, max);
    return false;
  }
  *(size_t *)member(option, options) = (size_t)bytes;
  return true;
}

void app_option_show_bytes(const app_option_t *option,
                           const app_options_t *options,
                           char ret_text[APP_OPTION_TEXT_BYTES]) {
  const size_t *bytes = value_of(option, options);
  format_bytes(*bytes, ret_text, APP_OPTION_TEXT_BYTES);
}

/* The decimals behind the point, as thousandths. */
static bool parse_decimals(const char *text, uint64_t *ret_ms) {
  uint64_t digits = 0;
  size_t count = strlen(text);
  if (count == 0 || count > 3 || !app_option_parse_number(text, 999, &digits))
    return false;
  for (; count < 3; count++)
    digits *= 10;
  *ret_ms = digits;
  return true;
}

static bool parse_seconds(const char *value, uint64_t max_ms,
                          uint64_t *ret_ms) {
  uint64_t seconds, decimals = 0;
  if (!take_number(&value, max_ms / 1000, &seconds))
    return false;
  if (*value != '\0' &&
      (*value != '.' || !parse_decimals(value + 1, &decimals)))
    return false;
  *ret_ms = seconds * 1000 + decimals;
  return *ret_ms <= max_ms;
}

static int format_seconds(uint64_t ms, char *ret_text, size_t size) {
  int length = snprintf(ret_text, size, "%" PRIu64 ".%03u", ms / 1000,
                        (unsigned)(ms % 1000));
  while (length > 0 && ret_text[length - 1] == '0')
    ret_text[--length] = '\0';
  if (length > 0 && ret_text[length - 1] == '.')
    ret_text[--length] = '\0';
  return length;
}

bool app_option_set_seconds(const app_option_t *option, app_options_t *options,
                            const char *value,
                            char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  char min[24], max[24];
  uint64_t ms;
  if (!parse_seconds(value, option->max, &ms) || ms < option->min) {
    format_seconds(option->min, min, sizeof(min));
    format_seconds(option->max, max, sizeof(max));
    snprintf(ret_wrong, APP_OPTION_TEXT_BYTES,
             "must be seconds from %s to %s, with three decimals at most", min,
             max);
    return false;
  }
  *(unsigned *)member(option, options) = (unsigned)ms;
  return true;
}

void app_option_show_seconds(const app_option_t *option,
                             const app_options_t *options,
                             char ret_text[APP_OPTION_TEXT_BYTES]) {
  const unsigned *ms = value_of(option, options);
  format_seconds(*ms, ret_text, APP_OPTION_TEXT_BYTES);
}

/* The word in front of the stroke, or the one behind it. */
static const char *word_of(const app_option_t *option, bool second,
                           size_t *ret_size) {
  const char *stroke = strchr(option->value, '|');
  const char *word = second ? stroke + 1 : option->value;
  *ret_size = second ? strlen(word) : (size_t)(stroke - word);
  return word;
}

static bool is_word(const app_option_t *option, bool second,
                    const char *value) {
  size_t size;
  const char *word = word_of(option, second, &size);
  return strlen(value) == size && memcmp(value, word, size) == 0;
}

bool app_option_set_word(const app_option_t *option, app_options_t *options,
                         const char *value,
                         char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  bool second = is_word(option, true, value);
  if (!second && !is_word(option, false, value)) {
    snprintf(ret_wrong, APP_OPTION_TEXT_BYTES, "must be one of %s",
             option->value);
    return false;
  }
  *(bool *)member(option, options) = second;
  return true;
}

void app_option_show_word(const app_option_t *option,
                          const app_options_t *options,
                          char ret_text[APP_OPTION_TEXT_BYTES]) {
  const bool *second = value_of(option, options);
  size_t size;
  const char *word = word_of(option, *second, &size);
  snprintf(ret_text, APP_OPTION_TEXT_BYTES, "%.*s", (int)size, word);
}

void app_option_show_text(const app_option_t *option,
                          const app_options_t *options,
                          char ret_text[APP_OPTION_TEXT_BYTES]) {
  const char *const *text = value_of(option, options);
  snprintf(ret_text, APP_OPTION_TEXT_BYTES, "%s", *text == NULL ? "" : *text);
}

void app_option_variable(const app_option_t *option,
                         char ret_name[APP_VARIABLE_BYTES]) {
  int at = snprintf(ret_name, APP_VARIABLE_BYTES, "ASYNCSCOPE_%s",
                    option->name + strlen("--"));
  for (char *byte = ret_name; at > 0; byte++, at--)
    *byte = (char)(*byte == '-' ? '_' : toupper((unsigned char)*byte));
}
