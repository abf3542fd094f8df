/* llhttp for one message: its head, which http_head_t has gathered, then its
 * body as it comes. */
#ifndef ASYNCSCOPE_SERVER_HTTP_PARSER_H
#define ASYNCSCOPE_SERVER_HTTP_PARSER_H

#include "http_chunk_line.h"
#include "http_framing.h"
#include "http_head.h"
#include <llhttp.h>
#include <stdint.h>

typedef void (*http_parser_body_cb)(void *arg, const char *bytes, size_t size);

/* What the bytes behind the head are part of. */
typedef enum http_parser_part_e {
  HTTP_PARSER_DATA,
  HTTP_PARSER_CHUNK_LINE,
  HTTP_PARSER_TRAILERS
} http_parser_part_t;

typedef struct http_parser_s {
  llhttp_t llhttp;
  http_head_t *head;
  const http_limits_t *limits;
  http_parser_body_cb on_body;
  void *arg;
  http_refusal_t refusal; /* of a callback, stronger than llhttp's error */
  unsigned field_count;   /* in llhttp's reading */
  bool no_body;           /* of a response, whatever its fields say */
  bool headers_complete;
  bool ends_connection;   /* in llhttp's reading, which knows of bodies without
                             an end of their own */
  bool complete;          /* read-only: the last byte of the message was read */
  http_framing_t framing; /* read-only: when the head was read */
  http_parser_part_t part;
  http_chunk_line_t chunk_line;
  http_lines_t trailers;
  size_t trailer_bytes;
  uint64_t body_bytes; /* read-only: received */
  uint64_t chunk_line_bytes;
  uint64_t chunks;
} http_parser_t;

/* `limits` and `head` must stay; on_body is called from http_parser_body(). */
void http_parser_init(http_parser_t *parser, http_head_t *head,
                      const http_limits_t *limits, http_parser_body_cb on_body,
                      void *arg);

/* The same for a response; `no_body`: it answers a HEAD. Its status says where
 * its body ends too. */
void http_parser_init_response(http_parser_t *parser, http_head_t *head,
                               const http_limits_t *limits,
                               http_parser_body_cb on_body, void *arg,
                               bool no_body);

/* Reads the head, which is complete. Afterwards the fields are there, and
 * `complete` is set when there is no body. */
http_refusal_t http_parser_head(http_parser_t *parser);

/* Reads body and trailers up to the end of the message and answers in
 * `ret_read` how many bytes that took. After a refusal: never again. */
http_refusal_t http_parser_body(http_parser_t *parser, const char *bytes,
                                size_t size, size_t *ret_read);

/* The peer sends no more. Sets `complete` for a body that ends with the
 * connection; a refusal says that the message is cut short. */
http_refusal_t http_parser_end(http_parser_t *parser);

/* Private: llhttp's callbacks for the body. */
int http_parser_on_body(llhttp_t *llhttp, const char *at, size_t size);
int http_parser_on_chunk_complete(llhttp_t *llhttp);

#endif
