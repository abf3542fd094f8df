#include "asyncscope/asyncscope_trace.h"
#include <string.h>
#include <uv.h>

/* 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 */
enum {
  TRACE_AT = 3,
  SPAN_AT = 36,
  FLAGS_AT = 53,
  LENGTH = 55,
  VERSION_INVALID = 0xff
};

/* Upper case is no digit here. */
static int digit(char byte) {
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool read_hex(const char *text, size_t digits, uint64_t *ret_value) {
  uint64_t value = 0;
  for (size_t i = 0; i < digits; i++) {
    int next = digit(text[i]);
    if (next < 0)
      return false;
    value = value << 4 | (uint64_t)next;
  }
  *ret_value = value;
  return true;
}

/* A later version may go on behind a dash. */
static bool has_shape(const char *text, size_t text_bytes) {
  uint64_t version;
  if (text_bytes < LENGTH || !read_hex(text, 2, &version) ||
      version == VERSION_INVALID)
    return false;
  if (text[TRACE_AT - 1] != '-' || text[SPAN_AT - 1] != '-' ||
      text[FLAGS_AT - 1] != '-')
    return false;
  return text_bytes == LENGTH || (version > 0 && text[LENGTH] == '-');
}

int asyncscope_trace_parse(const char *text, size_t text_bytes,
                           asyncscope_trace_t *ret_trace) {
  asyncscope_trace_t trace = {.parent_id = 0};
  uint64_t flags;
  if (!has_shape(text, text_bytes) ||
      !read_hex(text + TRACE_AT, 16, &trace.trace_id[0]) ||
      !read_hex(text + TRACE_AT + 16, 16, &trace.trace_id[1]) ||
      !read_hex(text + SPAN_AT, 16, &trace.span_id) ||
      !read_hex(text + FLAGS_AT, 2, &flags))
    return UV_EINVAL;
  if ((trace.trace_id[0] | trace.trace_id[1]) == 0 || trace.span_id == 0)
    return UV_EINVAL;
  trace.flags = (uint8_t)flags;
  *ret_trace = trace;
  return 0;
}

#define DIGIT(n) ((n) < 10 ? '0' + (n) : 'a' + (n)-10)
#define PAIR(byte) \
  { DIGIT((byte) >> 4), DIGIT((byte)&15) }
#define PAIRS_4(b) PAIR(b), PAIR((b) + 1), PAIR((b) + 2), PAIR((b) + 3)
#define PAIRS_16(b) \
  PAIRS_4(b), PAIRS_4((b) + 4), PAIRS_4((b) + 8), PAIRS_4((b) + 12)
#define PAIRS_64(b) \
  PAIRS_16(b), PAIRS_16((b) + 16), PAIRS_16((b) + 32), PAIRS_16((b) + 48)

/* Every request is answered with one: two digits at a time. */
static void put_hex(char *at, uint64_t value, size_t digits) {
  static const char pairs[256][2] = {PAIRS_64(0), PAIRS_64(64), PAIRS_64(128),
                                     PAIRS_64(192)};
  for (size_t i = digits; i > 0; i -= 2) {
    memcpy(at + i - 2, pairs[value & 0xff], 2);
    value >>= 8;
  }
}

/* Of the flags only what 00 defines is sent. */
void asyncscope_trace_format(const asyncscope_trace_t *trace,
                             char ret_text[ASYNCSCOPE_TRACE_TEXT_BYTES]) {
  memcpy(ret_text, "00-", TRACE_AT);
  put_hex(ret_text + TRACE_AT, trace->trace_id[0], 16);
  put_hex(ret_text + TRACE_AT + 16, trace->trace_id[1], 16);
  ret_text[SPAN_AT - 1] = '-';
  put_hex(ret_text + SPAN_AT, trace->span_id, 16);
  ret_text[FLAGS_AT - 1] = '-';
  put_hex(ret_text + FLAGS_AT, trace->flags & ASYNCSCOPE_TRACE_SAMPLED, 2);
  ret_text[LENGTH] = '\0';
}
