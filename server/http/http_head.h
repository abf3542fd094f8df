/* The head of a message: request-line or status-line, and header section,
 * gathered into one piece of memory whatever pieces they came in.
 *
 *   raw  GET /timer?ms=5 HTTP/1.1 CRLF Host: a CRLF CRLF
 *            |---target--|              name  value
 *            path    query
 *
 *   raw  HTTP/1.1 204 No Content CRLF Server: a CRLF CRLF
 *                     |--reason--|
 *
 * Spans are offsets into `raw`, as it moves while it grows. */
#ifndef ASYNCSCOPE_SERVER_HTTP_HEAD_H
#define ASYNCSCOPE_SERVER_HTTP_HEAD_H

#include "http_buffer.h"
#include "http_limits.h"
#include "http_lines.h"
#include "http_method.h"
#include "http_refusal.h"
#include "http_text.h"
#include <string.h>

typedef struct http_span_s {
  uint32_t at;
  uint32_t size_bytes;
} http_span_t;

typedef struct http_field_s {
  http_span_t name, value;
} http_field_t;

typedef struct http_head_s {
  http_buffer_t raw;
  http_lines_t lines;
  bool is_response;  /* set it before the first byte is read */
  bool secured;      /* the same: by TLS, so that https:// may be meant */
  size_t line_bytes; /* of the first line with CRLF, 0 before its end */
  size_t line_at;    /* where the line that is being read begins */
  bool complete;
  http_method_t method;
  unsigned version_minor;
  http_span_t target, path, query, authority;
  unsigned status; /* of a response */
  http_span_t reason;
  uint64_t names;   /* bits of the names there are: http_head_name_bit() */
  http_span_t host; /* the last one's value; `at` is 0 where there is none */
  unsigned host_count;
  unsigned field_count;
  http_field_t fields[HTTP_FIELDS_MAX];
} http_head_t;

/* Makes a used head empty; keeps a small buffer. */
void http_head_reset(http_head_t *head);

/* Takes bytes up to the end of the head, sets `complete` there, and answers
 * in `ret_read` how many it took. The first line is checked as soon as it is
 * there, so that its sender need not wait for the answer. */
static inline http_refusal_t http_head_read(http_head_t *head,
                                            const http_limits_t *limits,
                                            const char *bytes, size_t size,
                                            size_t *ret_read);

static inline http_text_t http_head_text(const http_head_t *head,
                                         http_span_t span) {
  return (http_text_t){head->raw.bytes + span.at, span.size_bytes};
}

/* Names that share a bit are alike in length and first letter, mostly; that
 * a bit is not set says that no field has the name, without looking at any. */
static inline uint64_t http_head_name_bit(const char *name, size_t size) {
  return UINT64_C(1) << ((size * 7 + ((unsigned char)name[0] | 0x20)) & 63);
}

static inline bool http_head_may_have(const http_head_t *head,
                                      const char *name) {
  return (head->names & http_head_name_bit(name, strlen(name))) != 0;
}

/* How many fields have this name; the value of the last in `ret_value`. */
static inline unsigned http_head_find(const http_head_t *head, const char *name,
                                      http_text_t *ret_value);

/* The value of the field with this name before which `skip` others have it;
 * false where there is none. */
static inline bool http_head_field_at(const http_head_t *head, const char *name,
                                      unsigned skip, http_text_t *ret_value);

/* Whether `token` is in one of the lists that are the values of the fields
 * with this name; either is the same in either case. */
static inline bool http_head_has_token(const http_head_t *head,
                                       const char *name, const char *token);

void http_head_finish(http_head_t *head);

/* Reads the first line, which is complete in `raw`. */
http_refusal_t http_request_line_parse(http_head_t *head);
http_refusal_t http_status_line_parse(http_head_t *head);

/* HTTP/1.0 and HTTP/1.1; `version` lies in `raw`. */
http_refusal_t http_version_parse(http_head_t *head, http_text_t version);

/* Splits the target into authority, path and query. */
http_refusal_t http_target_parse(http_head_t *head);

/* Private: the path that begins at `at` in the head's text, and the query if
 * there is one, as far as their bytes go; each is looked at once. Answers where
 * they end. */
const char *http_target_read(http_head_t *head, const char *text,
                             const char *at, const char *end);

/* Private: the first line of the head's text, where it is as most are: a method
 * that is known, a path, HTTP/1.1 or HTTP/1.0. Answers where the next line
 * begins; NULL for others, with what was found so far in `head`. */
const char *http_request_line_read(http_head_t *head, const char *text,
                                   const char *end);

/* Private: one more field, both parts of it in the head's text, for which there
 * is room. */
static inline void http_head_add(http_head_t *head, const char *text,
                                 http_text_t name, http_text_t value);

/* Private: the same for a request's head of which nothing was read yet. False,
 * and nothing happened: it is to be read line by line, by the other. */
bool http_head_whole(http_head_t *head, const http_limits_t *limits,
                     const char *bytes, size_t size, size_t *ret_read);
http_refusal_t http_head_read_lines(http_head_t *head,
                                    const http_limits_t *limits,
                                    const char *bytes, size_t size,
                                    size_t *ret_read);

/* Private: field by field. */
unsigned http_head_search(const http_head_t *head, const char *name,
                          http_text_t *ret_value);
bool http_head_search_at(const http_head_t *head, const char *name,
                         unsigned skip, http_text_t *ret_value);
bool http_head_search_token(const http_head_t *head, const char *name,
                            const char *token);

static inline http_refusal_t http_head_read(http_head_t *head,
                                            const http_limits_t *limits,
                                            const char *bytes, size_t size,
                                            size_t *ret_read) {
  if (head->raw.size_bytes == 0 && !head->is_response &&
      http_head_whole(head, limits, bytes, size, ret_read))
    return HTTP_ACCEPTED;
  return http_head_read_lines(head, limits, bytes, size, ret_read);
}

/* All four at once: each of these letters has one other case, and no other
 * byte of a token becomes one of them. */
static inline bool http_head_is_host(http_text_t name) {
  uint32_t letters, host;

  if (name.size_bytes != sizeof(letters))
    return false;
  memcpy(&letters, name.at, sizeof(letters));
  memcpy(&host, "host", sizeof(host));
  return (letters | 0x20202020) == host;
}

static inline void http_head_add(http_head_t *head, const char *text,
                                 http_text_t name, http_text_t value) {
  http_field_t *field = &head->fields[head->field_count++];

  field->name =
      (http_span_t){(uint32_t)(name.at - text), (uint32_t)name.size_bytes};
  field->value =
      (http_span_t){(uint32_t)(value.at - text), (uint32_t)value.size_bytes};
  head->names |= http_head_name_bit(name.at, name.size_bytes);
  if (http_head_is_host(name)) {
    head->host = field->value;
    head->host_count++;
  }
}

static inline unsigned http_head_find(const http_head_t *head, const char *name,
                                      http_text_t *ret_value) {
  *ret_value = (http_text_t){"", 0};
  return http_head_may_have(head, name)
             ? http_head_search(head, name, ret_value)
             : 0;
}

static inline bool http_head_field_at(const http_head_t *head, const char *name,
                                      unsigned skip, http_text_t *ret_value) {
  return http_head_may_have(head, name) &&
         http_head_search_at(head, name, skip, ret_value);
}

static inline bool http_head_has_token(const http_head_t *head,
                                       const char *name, const char *token) {
  return http_head_may_have(head, name) &&
         http_head_search_token(head, name, token);
}

#endif
