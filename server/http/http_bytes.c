#include "http_bytes.h"

#include <stdint.h>
#include <string.h>
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

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The high bit of each of the eight that is below ' ', or DEL. One behind the
 * first of them may be marked for nothing; a tab is marked, though it is text:
 * the caller looks again. */
static uint64_t control_marks(uint64_t word) {
  uint64_t del = word ^ EACH(0x7f);
  uint64_t below = (word - EACH(' ')) & ~word;

  return (below | ((del - EACH(1)) & ~del)) & EACH(0x80);
}

/* Where the first mark is, or before it. */
static size_t first_mark(uint64_t marks) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return (size_t)__builtin_ctzll(marks) / 8;
#else
  (void)marks;
  return 0;
#endif
}

static const char *skip_words(const char *at, const char *end) {
  uint64_t word, marks;

  for (; end - at >= 8; at += 8) {
    memcpy(&word, at, 8);
    marks = control_marks(word);
    if (marks != 0)
      return at + first_mark(marks);
  }
  return at;
}

#if defined(__SSE2__)
/* Sixteen at a time: the same bytes stop it. */
static const char *skip_text(const char *at, const char *end) {
  const __m128i last_control = _mm_set1_epi8(0x1f), del = _mm_set1_epi8(0x7f);

  for (; end - at >= 16; at += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    unsigned marks = (unsigned)_mm_movemask_epi8(
        _mm_or_si128(control, _mm_cmpeq_epi8(bytes, del)));
    if (marks != 0)
      return at + __builtin_ctz(marks);
  }
  return skip_words(at, end);
}
#else
#define skip_text skip_words
#endif

/* Mostly a line ends where the words stop it. */
size_t http_bytes_text_span(const char *at, const char *end) {
  const char *begin = at;

  at = skip_text(at, end);
  if (at == end || *at == '\r')
    return (size_t)(at - begin);
  return (size_t)(at - begin) + http_bytes_span(at, end, HTTP_BYTE_TEXT);
}
