/* Text for people and parsers out of bytes that anybody may have sent. */
#ifndef ASYNCSCOPE_DEBUG_TEXT_H
#define ASYNCSCOPE_DEBUG_TEXT_H

#include "asyncscope/async_types.h"
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Of a longer text only so many bytes are shown. */
#define DEBUG_TEXT_MAX_BYTES 200

/* Room for the output of the functions below, with the final NUL. */
#define DEBUG_UTF8_BYTES      (3 * DEBUG_TEXT_MAX_BYTES + 1)
#define DEBUG_PRINTABLE_BYTES (4 * DEBUG_TEXT_MAX_BYTES + 1)
#define DEBUG_KEY_BYTES       32
#define DEBUG_DURATION_BYTES  32
#define DEBUG_TIME_BYTES      40

/* The code point at `text`, which is not empty, and in `ret_bytes` how many
 * bytes it takes; -1 and one byte where it is no UTF-8. */
int32_t asyncscope__debug_utf8_next(const char *text, size_t length,
                                    size_t *ret_bytes);

/* `text` (NUL-terminated; NULL is "") as valid UTF-8: U+FFFD in place of each
 * byte that is none. */
void asyncscope__debug_utf8(const char *text, char ret_text[DEBUG_UTF8_BYTES]);

/* As above for a terminal: control characters, line and direction marks,
 * quotes, backslashes and bytes that are no UTF-8 appear as escapes.
 * Returns the number of columns, one for each character. */
size_t asyncscope__debug_printable(const char *text,
                                   char ret_text[DEBUG_PRINTABLE_BYTES]);

/* As the two above, of all `length` bytes, a NUL among them too; quotes and
 * backslashes stay as they are. Room: 3 * length + 1, 4 * length + 1. */
void asyncscope__debug_utf8_all(const char *text, size_t length,
                                char *ret_text);
void asyncscope__debug_printable_all(const char *text, size_t length,
                                     char *ret_text);

/* The last bytes of `text` that are shown in full. */
const char *asyncscope__debug_tail(const char *text);

/* "thread:id" */
void asyncscope__debug_key(async_ref_t ref, char ret_key[DEBUG_KEY_BYTES]);

/* "35 us", "1.9 ms", "12.0 s", "3 m 05 s", "2 h 04 m", "3 d 04 h" */
void asyncscope__debug_duration(uint64_t duration_us,
                                char ret_text[DEBUG_DURATION_BYTES]);

/* RFC 3339 in UTC, to the millisecond. */
void asyncscope__debug_time(const struct timespec *time,
                            char ret_text[DEBUG_TIME_BYTES]);

#endif
