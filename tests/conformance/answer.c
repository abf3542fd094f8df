#include "answer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the fields say about the framing. */
typedef struct framing_s {
  unsigned lengths, codings, dates;
  size_t length;
  bool chunked;
} framing_t;

static bool is_status_line(const char *line, size_t size) {
  return size >= 15 && memcmp(line, "HTTP/1.1 ", 9) == 0 &&
         isdigit((unsigned char)line[9]) && isdigit((unsigned char)line[10]) &&
         isdigit((unsigned char)line[11]) && line[12] == ' ';
}

/* The length of the line at `bytes`, without its end; -1 when it has none. */
static long line_length(const char *bytes, size_t size) {
  const char *end = memmem(bytes, size, "\r\n", 2);
  return end == NULL ? -1 : end - bytes;
}

static bool is_text(const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if ((byte < ' ' && byte != '\t') || byte == 0x7f) {
      return false;
    }
  }
  return true;
}

static bool is_field(const char *line, const char *name) {
  size_t size = strlen(name);
  return strncasecmp(line, name, size) == 0 && line[size] == ':';
}

static const char *read_field(const char *line, size_t size, framing_t *framing,
                              answer_t *answer) {
  const char *colon = memchr(line, ':', size);
  if (colon == NULL || colon == line || !is_text(line, size) ||
      memchr(line, ' ', (size_t)(colon - line)) != NULL) {
    return "a line of the head is no field";
  }
  const char *value = colon + 1 + strspn(colon + 1, " ");
  if (is_field(line, "Content-Length")) {
    char *end = NULL;
    framing->lengths++;
    framing->length = strtoul(value, &end, 10);
    return *end == '\r' ? NULL : "Content-Length is no number";
  }
  framing->codings += is_field(line, "Transfer-Encoding");
  framing->chunked |= is_field(line, "Transfer-Encoding") &&
                      strncmp(value, "chunked\r", 8) == 0;
  framing->dates += is_field(line, "Date");
  answer->closes |=
      is_field(line, "Connection") && strncmp(value, "close\r", 6) == 0;
  return NULL;
}

static const char *read_head(const char *bytes, size_t size, framing_t *framing,
                             answer_t *answer) {
  long length = line_length(bytes, size);
  if (length < 0 || !is_status_line(bytes, (size_t)length)) {
    return "it does not begin with a status-line";
  }
  answer->status = (int)strtol(bytes + 9, NULL, 10);
  size_t at = (size_t)length + 2;
  while ((length = line_length(bytes + at, size - at)) > 0) {
    const char *wrong = read_field(bytes + at, (size_t)length, framing, answer);
    if (wrong != NULL) {
      return wrong;
    }
    at += (size_t)length + 2;
  }
  answer->head = bytes;
  answer->head_bytes = at + 2;
  return length < 0 ? "the head has no end" : NULL;
}

static const char *read_chunks(const char *bytes, size_t size,
                               answer_t *answer) {
  size_t at = 0;
  for (;;) {
    char *end = NULL;
    size_t chunk = strtoul(bytes + at, &end, 16);
    size_t begin = (size_t)(end - bytes) + 2;
    if (end == bytes + at || begin + chunk + 2 > size ||
        memcmp(end, "\r\n", 2) != 0 ||
        memcmp(bytes + begin + chunk, "\r\n", 2) != 0) {
      return "a chunk is not framed";
    }
    memcpy(answer->body + answer->body_bytes, bytes + begin, chunk);
    answer->body_bytes += chunk;
    at = begin + chunk + 2;
    if (chunk == 0) {
      answer->answer_bytes += at;
      return NULL;
    }
  }
}

static const char *read_length(const char *bytes, size_t size, size_t length,
                               answer_t *answer) {
  if (length > size) {
    return "the body is shorter than Content-Length";
  }
  memcpy(answer->body, bytes, length);
  answer->body_bytes = length;
  answer->answer_bytes += length;
  return NULL;
}

static const char *check_framing(const framing_t *framing,
                                 const answer_t *answer) {
  bool bodyless = answer->status < 200 || answer->status == 204;
  if (framing->lengths + framing->codings > 1) {
    return "it has two framings";
  }
  if (framing->codings > 0 && !framing->chunked) {
    return "Transfer-Encoding is not chunked";
  }
  if (bodyless && framing->lengths + framing->codings > 0) {
    return "it has a framing, but never a body";
  }
  if (answer->status >= 200 && framing->dates != 1) {
    return "it has not one Date";
  }
  return NULL;
}

/* Without a framing the body goes to the end of the connection. */
static const char *read_body(const char *bytes, size_t size,
                             const framing_t *framing, answer_t *answer) {
  if (framing->chunked) {
    return read_chunks(bytes, size, answer);
  }
  if (framing->lengths == 0 && !answer->closes) {
    return "it has no framing, and the connection stays open";
  }
  return read_length(bytes, size, framing->lengths > 0 ? framing->length : size,
                     answer);
}

const char *answer_parse(const char *bytes, size_t size, bool no_body,
                         answer_t *ret_answer) {
  framing_t framing = {0};
  *ret_answer = (answer_t){.body = calloc(1, size + 1)};
  if (ret_answer->body == NULL) {
    return "no memory";
  }
  const char *wrong = read_head(bytes, size, &framing, ret_answer);
  if (wrong == NULL) {
    wrong = check_framing(&framing, ret_answer);
  }
  if (wrong != NULL) {
    return wrong;
  }
  ret_answer->answer_bytes = ret_answer->head_bytes;
  if (no_body || ret_answer->status < 200 || ret_answer->status == 204 ||
      ret_answer->status == 304) {
    return NULL;
  }
  return read_body(bytes + ret_answer->head_bytes,
                   size - ret_answer->head_bytes, &framing, ret_answer);
}

void answer_finish(answer_t *answer) {
  free(answer->body);
  *answer = (answer_t){0};
}
