#include "asyncscope/asyncscope_trace.h"
#include <string.h>
#include <uv.h>
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

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

#if defined(__x86_64__)
/* Every request is answered with one: all sixteen digits at once. */
static void put_id(char *at, uint64_t id) {
  const __m128i four_bits = _mm_set1_epi8(15), nine = _mm_set1_epi8(9);
  const __m128i zero = _mm_set1_epi8('0'), to_a = _mm_set1_epi8('a' - '0' - 10);
  __m128i bytes = _mm_cvtsi64_si128((int64_t)__builtin_bswap64(id));
  __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), four_bits);
  __m128i digits = _mm_unpacklo_epi8(high, _mm_and_si128(bytes, four_bits));
  __m128i letters = _mm_and_si128(_mm_cmpgt_epi8(digits, nine), to_a);
  digits = _mm_add_epi8(_mm_add_epi8(digits, zero), letters);
  _mm_storeu_si128((__m128i *)(void *)at, digits);
}
#else
static void put_id(char *at, uint64_t id) {
  for (size_t i = 16; i > 0; id >>= 4)
    at[--i] = "0123456789abcdef"[id & 15];
}
#endif

/* Of the flags only what 00 defines is sent. */
void asyncscope_trace_format(const asyncscope_trace_t *trace,
                             char ret_text[ASYNCSCOPE_TRACE_TEXT_BYTES]) {
  memcpy(ret_text, "00-", TRACE_AT);
  put_id(ret_text + TRACE_AT, trace->trace_id[0]);
  put_id(ret_text + TRACE_AT + 16, trace->trace_id[1]);
  ret_text[SPAN_AT - 1] = '-';
  put_id(ret_text + SPAN_AT, trace->span_id);
  ret_text[FLAGS_AT - 1] = '-';
  ret_text[FLAGS_AT] = '0';
  ret_text[FLAGS_AT + 1] = trace->flags & ASYNCSCOPE_TRACE_SAMPLED ? '1' : '0';
  ret_text[LENGTH] = '\0';
}
