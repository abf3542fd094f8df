/* The sizes in text.h are worst cases: one byte of input makes at most three
 * of UTF-8 (U+FFFD) and at most four printable ones (\xNN). A character that
 * takes several bytes is escaped byte by byte, so the bound holds for it. */
#include "text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* By the first byte: how many follow, and the smallest value that may be
 * written so. */
static int32_t utf8_begin(unsigned char byte, size_t *ret_follow,
                          int32_t *ret_smallest) {
  static const int32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  size_t follow = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  if ((byte >= 0x80 && byte < 0xc2) || byte > 0xf4) {
    return -1;
  }
  *ret_follow = follow;
  *ret_smallest = smallest[follow];
  return follow == 0 ? byte : byte & (0x3f >> follow);
}

static bool is_scalar(int32_t point, int32_t smallest) {
  return point >= smallest && point <= 0x10ffff &&
         (point < 0xd800 || point > 0xdfff);
}

int32_t asyncscope__debug_utf8_next(const char *text, size_t length,
                                    size_t *ret_bytes) {
  size_t follow = 0;
  int32_t smallest = 0;
  int32_t point = utf8_begin((unsigned char)text[0], &follow, &smallest);
  *ret_bytes = 1;
  if (point < 0 || follow >= length) {
    return -1;
  }
  for (size_t i = 1; i <= follow; i++) {
    if (((unsigned char)text[i] & 0xc0) != 0x80) {
      return -1;
    }
    point = point << 6 | (text[i] & 0x3f);
  }
  if (!is_scalar(point, smallest)) {
    return -1;
  }
  *ret_bytes = follow + 1;
  return point;
}

/* The end of a text that is cut does not split a character. */
static size_t shown_bytes(const char *text) {
  size_t length = strnlen(text, DEBUG_TEXT_MAX_BYTES + 1);
  if (length <= DEBUG_TEXT_MAX_BYTES) {
    return length;
  }
  length = DEBUG_TEXT_MAX_BYTES;
  for (size_t back = 0; back < 4; back++) {
    if (((unsigned char)text[length - back] & 0xc0) != 0x80) {
      return length - back;
    }
  }
  return length;
}

void asyncscope__debug_utf8(const char *text, char ret_text[DEBUG_UTF8_BYTES]) {
  asyncscope__debug_utf8_all(text, text == NULL ? 0 : shown_bytes(text),
                             ret_text);
}

void asyncscope__debug_utf8_all(const char *text, size_t length,
                                char *ret_text) {
  size_t bytes = 0;
  size_t used = 0;
  for (size_t i = 0; i < length; i += bytes) {
    bool valid = asyncscope__debug_utf8_next(text + i, length - i, &bytes) > 0;
    size_t put = valid ? bytes : 3;
    memcpy(ret_text + used, valid ? text + i : "\xef\xbf\xbd", put);
    used += put;
  }
  ret_text[used] = '\0';
}

/* What would move the cursor, end the line or turn the direction of the text.
 */
static bool is_unsafe(int32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
         point == 0xfeff || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2060 && point <= 0x206f);
}

/* What would end the quotes it stands in. */
static bool ends_quotes(int32_t point) {
  return point == '"' || point == '\\';
}

static size_t escape(const char *text, size_t length, char *ret_text) {
  size_t used = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)text[i];
    bool quote = byte == '"' || byte == '\\';
    int put = quote ? snprintf(ret_text + used, 5, "\\%c", byte)
                    : snprintf(ret_text + used, 5, "\\x%02x", byte);
    used += (size_t)put;
  }
  return used;
}

static size_t print(const char *text, size_t length, bool quoted,
                    char *ret_text) {
  size_t bytes = 0;
  size_t used = 0;
  size_t columns = 0;
  for (size_t i = 0; i < length; i += bytes) {
    int32_t point = asyncscope__debug_utf8_next(text + i, length - i, &bytes);
    if (is_unsafe(point) || (quoted && ends_quotes(point))) {
      size_t put = escape(text + i, bytes, ret_text + used);
      used += put;
      columns += put;
    } else {
      memcpy(ret_text + used, text + i, bytes);
      used += bytes;
      columns++;
    }
  }
  ret_text[used] = '\0';
  return columns;
}

size_t asyncscope__debug_printable(const char *text,
                                   char ret_text[DEBUG_PRINTABLE_BYTES]) {
  return print(text, text == NULL ? 0 : shown_bytes(text), true, ret_text);
}

void asyncscope__debug_printable_all(const char *text, size_t length,
                                     char *ret_text) {
  print(text, length, false, ret_text);
}

const char *asyncscope__debug_tail(const char *text) {
  const char *tail = text == NULL ? "" : text;
  size_t length = strlen(tail);
  return tail +
         (length > DEBUG_TEXT_MAX_BYTES ? length - DEBUG_TEXT_MAX_BYTES : 0);
}

void asyncscope__debug_key(async_ref_t ref, char ret_key[DEBUG_KEY_BYTES]) {
  snprintf(ret_key, DEBUG_KEY_BYTES, "%" PRIu32 ":%" PRId64, ref.thread,
           ref.async_id);
}

static void two_units(uint64_t amount, uint64_t parts, const char *units,
                      char ret_text[DEBUG_DURATION_BYTES]) {
  snprintf(ret_text, DEBUG_DURATION_BYTES, "%" PRIu64 " %c %02" PRIu64 " %c",
           amount / parts, units[0], amount % parts, units[1]);
}

static void one_unit(uint64_t thousandths, const char *unit,
                     char ret_text[DEBUG_DURATION_BYTES]) {
  snprintf(ret_text, DEBUG_DURATION_BYTES, "%" PRIu64 ".%" PRIu64 " %s",
           thousandths / 1000, thousandths % 1000 / 100, unit);
}

void asyncscope__debug_duration(uint64_t duration_us,
                                char ret_text[DEBUG_DURATION_BYTES]) {
  uint64_t s = duration_us / 1000000;
  if (duration_us < 1000) {
    snprintf(ret_text, DEBUG_DURATION_BYTES, "%" PRIu64 " us", duration_us);
  } else if (s < 1) {
    one_unit(duration_us, "ms", ret_text);
  } else if (s < 60) {
    one_unit(duration_us / 1000, "s", ret_text);
  } else if (s < 60 * 60) {
    two_units(s, 60, "ms", ret_text);
  } else if (s < 24 * 60 * 60) {
    two_units(s / 60, 60, "hm", ret_text);
  } else {
    two_units(s / 3600, 24, "dh", ret_text);
  }
}

void asyncscope__debug_time(const struct timespec *time,
                            char ret_text[DEBUG_TIME_BYTES]) {
  struct tm parts;
  char seconds[DEBUG_TIME_BYTES / 2 + 4] = "";
  if (gmtime_r(&time->tv_sec, &parts) != NULL) {
    (void)strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &parts);
  }
  snprintf(ret_text, DEBUG_TIME_BYTES, "%s.%03dZ", seconds,
           (int)(time->tv_nsec / 1000000 % 1000));
}
