#include "http_bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BETWEEN(c, first, last) ((c) >= (first) && (c) <= (last))
#define DIGIT(c)                BETWEEN(c, '0', '9')
#define LETTER(c)               (BETWEEN(c, 'a', 'z') || BETWEEN(c, 'A', 'Z'))

/* RFC 9110 5.6.2: !#$%&'*+-.^_`|~ beside letters and digits. */
#define TOKEN_MARK(c)                                                 \
  ((c) == '!' || BETWEEN(c, '#', '\'') || (c) == '*' || (c) == '+' || \
   (c) == '-' || (c) == '.' || BETWEEN(c, '^', '`') || (c) == '|' ||  \
   (c) == '~')
#define TOKEN(c) (LETTER(c) || DIGIT(c) || TOKEN_MARK(c))

#define TEXT(c)  ((c) == '\t' || ((c) >= ' ' && (c) != 0x7f))

/* RFC 3986 3.2.2: unreserved and sub-delims. */
#define HOST_MARK(c)                                                     \
  ((c) == '-' || (c) == '.' || (c) == '_' || (c) == '~' || (c) == '!' || \
   (c) == '$' || BETWEEN(c, '&', ',') || (c) == ';' || (c) == '=')
#define HOST(c)   (LETTER(c) || DIGIT(c) || HOST_MARK(c))

#define TARGET(c) (BETWEEN(c, '!', '~') && (c) != '#')
#define HEX(c)    (DIGIT(c) || BETWEEN(c, 'a', 'f') || BETWEEN(c, 'A', 'F'))

#define PATH(c)   (TARGET(c) && (c) != '?')

#define CLASSES(c)                                                       \
  ((TOKEN(c) ? HTTP_BYTE_TOKEN : 0) | (TEXT(c) ? HTTP_BYTE_TEXT : 0) |   \
   (HOST(c) ? HTTP_BYTE_HOST : 0) | (TARGET(c) ? HTTP_BYTE_TARGET : 0) | \
   (HEX(c) ? HTTP_BYTE_HEX : 0) | (PATH(c) ? HTTP_BYTE_PATH : 0))

#define OF_4(c)  CLASSES(c), CLASSES((c) + 1), CLASSES((c) + 2), CLASSES((c) + 3)
#define OF_16(c) OF_4(c), OF_4((c) + 4), OF_4((c) + 8), OF_4((c) + 12)
#define OF_64(c) OF_16(c), OF_16((c) + 16), OF_16((c) + 32), OF_16((c) + 48)

const unsigned char http_bytes[256] = {OF_64(0), OF_64(64), OF_64(128),
                                       OF_64(192)};

#if defined(__SSE2__)
/* What ends a span, of sixteen bytes: a bit for each. */
typedef unsigned (*stops_t)(__m128i bytes);

static inline __m128i all(char byte) {
  return _mm_set1_epi8(byte);
}

/* Control bytes; a tab too, though it is text. */
static inline unsigned text_stops(__m128i bytes) {
  __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, all(0x1f)), bytes);

  return (unsigned)_mm_movemask_epi8(
      _mm_or_si128(control, _mm_cmpeq_epi8(bytes, all(0x7f))));
}

/* As signed numbers those that are not ASCII are below all others. */
static inline unsigned path_stops(__m128i bytes) {
  __m128i visible = _mm_cmpgt_epi8(bytes, all(' '));
  __m128i end = _mm_or_si128(_mm_cmpeq_epi8(bytes, all('?')),
                             _mm_or_si128(_mm_cmpeq_epi8(bytes, all('#')),
                                          _mm_cmpeq_epi8(bytes, all(0x7f))));

  return (unsigned)_mm_movemask_epi8(end) |
         ((unsigned)_mm_movemask_epi8(visible) ^ 0xffff);
}

static inline __m128i between(__m128i bytes, char first, char last) {
  return _mm_and_si128(_mm_cmpgt_epi8(bytes, all((char)(first - 1))),
                       _mm_cmplt_epi8(bytes, all((char)(last + 1))));
}

/* All but letters, digits, '-' and '.', of which most hosts consist. */
static inline unsigned host_stops(__m128i bytes) {
  __m128i letters = between(_mm_or_si128(bytes, all(0x20)), 'a', 'z');
  __m128i others = between(bytes, '-', '9');
  __m128i slash = _mm_cmpeq_epi8(bytes, all('/'));

  others = _mm_andnot_si128(slash, others);
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(letters, others)) ^ 0xffff;
}

static inline __m128i load(const char *at) {
  return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* The last few are looked at together with those before them, if there are as
 * many. */
static inline const char *skip(const char *from, const char *at,
                               const char *end, stops_t stops) {
  unsigned found;

  for (; end - at >= 16; at += 16) {
    found = stops(load(at));
    if (found != 0)
      return at + __builtin_ctz(found);
  }
  if (end - from < 16)
    return at;
  found = stops(load(end - 16)) >> (16 - (end - at));
  return found == 0 ? end : at + __builtin_ctz(found);
}
#else
#define skip(from, at, end, stops) ((void)(from), (at))
#endif

/* Mostly a span ends where it was stopped. */
static inline size_t go_on(const char *begin, const char *at, const char *end,
                           unsigned classes) {
  while (at < end && http_byte_is(*at, classes))
    at++;
  return (size_t)(at - begin);
}

size_t http_bytes_text_span(const char *from, const char *at, const char *end) {
  return go_on(at, skip(from, at, end, text_stops), end, HTTP_BYTE_TEXT);
}

size_t http_bytes_path_span(const char *from, const char *at, const char *end) {
  return go_on(at, skip(from, at, end, path_stops), end, HTTP_BYTE_PATH);
}

size_t http_bytes_host_span(const char *from, const char *at, const char *end) {
  return go_on(at, skip(from, at, end, host_stops), end, HTTP_BYTE_HOST);
}
