#include "http_range.h"

#include <string.h>

/* The number that `text` begins with, and moves behind; one that does not fit
 * is the largest there is. False without a digit. */
static bool take_number(http_text_t *text, uint64_t *ret_number) {
  uint64_t number = 0;
  size_t at = 0;
  for (; at < text->size_bytes && text->at[at] >= '0' && text->at[at] <= '9';
       at++) {
    uint64_t digit = (uint64_t)(text->at[at] - '0');
    number =
        number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : number * 10 + digit;
  }
  text->at += at;
  text->size_bytes -= at;
  *ret_number = number;
  return at > 0;
}

static bool take_dash(http_text_t *text) {
  if (text->size_bytes == 0 || *text->at != '-')
    return false;
  text->at++;
  text->size_bytes--;
  return true;
}

/* "-500": so many at the end. */
static bool parse_suffix(http_text_t text, uint64_t size_bytes,
                         http_range_t *ret_range, bool *ret_there) {
  uint64_t length;
  if (!take_number(&text, &length) || text.size_bytes > 0)
    return false;
  *ret_there = length > 0 && size_bytes > 0;
  ret_range->first = length < size_bytes ? size_bytes - length : 0;
  ret_range->last = size_bytes - 1;
  return true;
}

/* False: not well-formed. `*ret_there`: some of it is. */
static bool parse_range(http_text_t text, uint64_t size_bytes,
                        http_range_t *ret_range, bool *ret_there) {
  uint64_t first, last = UINT64_MAX;
  if (take_dash(&text))
    return parse_suffix(text, size_bytes, ret_range, ret_there);
  if (!take_number(&text, &first) || !take_dash(&text))
    return false;
  if (text.size_bytes > 0 &&
      (!take_number(&text, &last) || text.size_bytes > 0 || last < first))
    return false;
  *ret_there = first < size_bytes;
  ret_range->first = first;
  ret_range->last = last < size_bytes ? last : size_bytes - 1;
  return true;
}

/* Without what lies behind the end. False: ignore them all. */
static bool parse_list(http_text_t list, uint64_t size_bytes,
                       http_ranges_t *ranges, unsigned *ret_asked) {
  *ret_asked = 0;
  while (list.at != NULL) {
    http_text_t text = http_text_trim(http_text_cut(&list, ','));
    http_range_t range;
    bool there;
    if (text.size_bytes == 0)
      continue;
    if (!parse_range(text, size_bytes, &range, &there) ||
        ++*ret_asked > HTTP_RANGES_MAX)
      return false;
    if (there)
      ranges->ranges[ranges->count++] = range;
  }
  return *ret_asked > 0;
}

static bool are_longer_than(const http_ranges_t *ranges, uint64_t size_bytes) {
  uint64_t left = size_bytes;
  for (unsigned i = 0; i < ranges->count; i++) {
    uint64_t length = ranges->ranges[i].last - ranges->ranges[i].first + 1;
    if (length > left)
      return true;
    left -= length;
  }
  return false;
}

http_range_result_t http_range_parse(http_text_t value, uint64_t size_bytes,
                                     http_ranges_t *ret_ranges) {
  http_text_t list = value;
  http_text_t unit = http_text_cut(&list, '=');
  unsigned asked;
  ret_ranges->count = 0;
  if (list.at == NULL || !http_text_equals_nocase(unit, "bytes") ||
      !parse_list(list, size_bytes, ret_ranges, &asked))
    return HTTP_RANGE_IGNORED;
  if (ret_ranges->count == 0)
    return HTTP_RANGE_UNSATISFIABLE;
  return are_longer_than(ret_ranges, size_bytes) ? HTTP_RANGE_IGNORED
                                                 : HTTP_RANGE_PARTIAL;
}
