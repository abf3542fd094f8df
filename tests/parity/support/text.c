#include "text.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *text_grow(void *memory, size_t size_bytes) {
  void *grown = realloc(memory, size_bytes);
  if (grown == NULL) {
    fputs("out of memory\n", stderr);
    exit(2);
  }
  return grown;
}

void text_add_bytes(text_t *text, const char *bytes, size_t length) {
  if (text->length + length + 1 > text->size) {
    text->size = (text->length + length + 1) * 2;
    text->bytes = text_grow(text->bytes, text->size);
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = '\0';
}

void text_add(text_t *text, const char *format, ...) {
  char *added;
  va_list args;
  va_start(args, format);
  int length = vasprintf(&added, format, args);
  va_end(args);
  if (length < 0) {
    fputs("out of memory\n", stderr);
    exit(2);
  }
  text_add_bytes(text, added, (size_t)length);
  free(added);
}

char *text_line(const char **at) {
  size_t length = strcspn(*at, "\n");
  text_t line = {0};
  text_add_bytes(&line, *at, length);
  *at += length + ((*at)[length] == '\n');
  return line.bytes;
}

bool text_word(const char **at, char *word, size_t size) {
  *at += strspn(*at, " \t");
  size_t length = strcspn(*at, " \t\n");
  if (length == 0) {
    return false;
  }
  snprintf(word, size, "%.*s", (int)length, *at);
  *at += length;
  return true;
}

char *text_read_file(const char *path) {
  FILE *file = fopen(path, "r");
  char bytes[4096];
  text_t text = {0};
  if (file == NULL) {
    return NULL;
  }
  text_add(&text, "%s", "");
  for (size_t n; (n = fread(bytes, 1, sizeof(bytes), file)) > 0;) {
    text_add_bytes(&text, bytes, n);
  }
  fclose(file);
  return text.bytes;
}

bool text_write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  if (file == NULL) {
    perror(path);
    return false;
  }
  fputs(text, file);
  return fclose(file) == 0;
}
