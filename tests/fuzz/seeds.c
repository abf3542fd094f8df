#include "seeds.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int digit(char byte) {
  const char *digits = "0123456789abcdef";
  const char *at = strchr(digits, byte);
  return byte == '\0' || at == NULL ? -1 : (int)(at - digits);
}

/* The byte that the escape at `*at`, behind its backslash, stands for. */
static int escaped(const char **at) {
  static const char names[] = "rnt\\", bytes[] = "\r\n\t\\";
  const char *name = **at == '\0' ? NULL : strchr(names, **at);
  if (name != NULL) {
    (*at)++;
    return (unsigned char)bytes[name - names];
  }
  if (**at != 'x' || digit((*at)[1]) < 0 || digit((*at)[2]) < 0) {
    return -1;
  }
  *at += 3;
  return digit((*at)[-2]) * 16 + digit((*at)[-1]);
}

static long decode(const char *line, uint8_t *ret_data) {
  long size = 0;
  while (*line != '\0') {
    int byte = (unsigned char)*line++;
    if (byte == '\\') {
      byte = escaped(&line);
    }
    if (byte < 0) {
      return -1;
    }
    ret_data[size++] = (uint8_t)byte;
  }
  return size;
}

static long give(const char *line, fuzz_seed_cb cb, void *arg) {
  uint8_t *data = malloc(strlen(line) + 1);
  long size = data == NULL ? -1 : decode(line, data);
  uint8_t *exact = size < 0 ? NULL : malloc(size > 0 ? (size_t)size : 1);
  if (exact != NULL) {
    memcpy(exact, data, (size_t)size);
    cb(arg, exact, (size_t)size);
  }
  free(exact);
  free(data);
  return exact == NULL ? -1 : 1;
}

long fuzz_seeds_each(const char *path, fuzz_seed_cb cb, void *arg) {
  FILE *file = fopen(path, "r");
  char *line = NULL;
  size_t room = 0;
  long count = 0, given = 0;
  ssize_t length = 0;
  if (file == NULL) {
    return -1;
  }
  while (given >= 0 && (length = getline(&line, &room, file)) >= 0) {
    if (length > 0 && line[length - 1] == '\n') {
      line[length - 1] = '\0';
    }
    given = line[0] == '#' || line[0] == '\0' ? 0 : give(line, cb, arg);
    count += given;
  }
  free(line);
  fclose(file);
  return given < 0 ? -1 : count;
}

void fuzz_seed_print(const uint8_t *data, size_t size) {
  static const char names[] = "rnt\\", bytes[] = "\r\n\t\\";
  for (size_t i = 0; i < size; i++) {
    const char *at = data[i] == '\0' ? NULL : strchr(bytes, data[i]);
    if (at != NULL) {
      printf("\\%c", names[at - bytes]);
    } else if (data[i] < 0x7f && isprint(data[i]) &&
               (i > 0 || data[i] != '#')) {
      putchar(data[i]);
    } else {
      printf("\\x%02x", data[i]);
    }
  }
  putchar('\n');
}
