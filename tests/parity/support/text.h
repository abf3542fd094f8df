/* Strings that grow, lines, files: what the runner is written with. Out of
 * memory ends the program. */
#ifndef ASYNCSCOPE_PARITY_TEXT_H
#define ASYNCSCOPE_PARITY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text_s {
  char *bytes; /* NUL-terminated once something was added */
  size_t length, size;
} text_t;

void *text_grow(void *memory, size_t size_bytes);
void text_add(text_t *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_add_bytes(text_t *text, const char *bytes, size_t length);

/* The line at *at, without its end, for the caller to free(); *at is moved
 * behind it. */
char *text_line(const char **at);
/* The next word of *at, cut to `size`; false when there is none. */
bool text_word(const char **at, char *word, size_t size);

/* The whole file, or NULL when it cannot be read. The caller's to free(). */
char *text_read_file(const char *path);
bool text_write_file(const char *path, const char *text);

#endif
