/* The head goes through llhttp in one piece and must have as many fields and
 * end for it as for http_lines_t: two readings that disagree are a smuggling
 * attempt.
 * A message never runs into the next one, as on_message_complete pauses. */
#include "http_parser.h"

#include "http_framing.h"
#include <string.h>

static http_parser_t *parser_of(llhttp_t *llhttp) {
  return llhttp->data;
}

static void extend(const http_head_t *head, http_span_t *span, const char *at,
                   size_t size) {
  if (span->size_bytes == 0)
    span->at = (uint32_t)(at - head->raw.bytes);
  span->size_bytes += (uint32_t)size;
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t size) {
  http_parser_t *parser = parser_of(llhttp);
  http_head_t *head = parser->head;

  if (parser->headers_complete)
    return 0;
  if (!parser->in_name) {
    if (head->field_count == parser->limits->fields_max) {
      parser->refusal = HTTP_REFUSE_FIELDS;
      return HPE_USER;
    }
    head->fields[head->field_count++] = (http_field_t){0};
    parser->in_name = true;
  }
  extend(head, &head->fields[head->field_count - 1].name, at, size);
  return 0;
}

static int on_header_field_complete(llhttp_t *llhttp) {
  parser_of(llhttp)->in_name = false;
  return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t size) {
  http_parser_t *parser = parser_of(llhttp);
  http_head_t *head = parser->head;

  if (!parser->headers_complete)
    extend(head, &head->fields[head->field_count - 1].value, at, size);
  return 0;
}

/* Upgrade may be ignored, and is: what follows is HTTP. The flag, and not what
 * this answers, as whether the connection can be kept depends on it. */
static int on_headers_complete(llhttp_t *llhttp) {
  http_parser_t *parser = parser_of(llhttp);

  llhttp->upgrade = 0;
  if (parser->no_body)
    llhttp->flags |= F_SKIPBODY;
  parser->headers_complete = true;
  parser->keep_alive = llhttp_should_keep_alive(llhttp) != 0;
  return 0;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t size) {
  http_parser_t *parser = parser_of(llhttp);

  parser->body_bytes += size;
  if (parser->body_bytes > parser->limits->body_max_bytes) {
    parser->refusal = HTTP_REFUSE_BODY_LENGTH;
    return HPE_USER;
  }
  parser->on_body(parser->arg, at, size);
  return 0;
}

/* Behind the last chunk's size come the trailers, whose lines are ours to
 * check: stop there. */
static int on_chunk_header(llhttp_t *llhttp) {
  http_parser_t *parser = parser_of(llhttp);

  parser->chunks++;
  if (llhttp->content_length > 0)
    return 0;
  parser->trailers = true;
  return HPE_PAUSED;
}

static int on_message_complete(llhttp_t *llhttp) {
  parser_of(llhttp)->complete = true;
  return HPE_PAUSED;
}

static const llhttp_settings_t SETTINGS = {
    .on_header_field = on_header_field,
    .on_header_field_complete = on_header_field_complete,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_chunk_header = on_chunk_header,
    .on_message_complete = on_message_complete,
};

static void init(http_parser_t *parser, llhttp_type_t type, http_head_t *head,
                 const http_limits_t *limits, http_parser_body_cb on_body_,
                 void *arg) {
  memset(parser, 0, sizeof(*parser));
  llhttp_init(&parser->llhttp, type, &SETTINGS);
  parser->llhttp.data = parser;
  parser->head = head;
  parser->limits = limits;
  parser->on_body = on_body_;
  parser->arg = arg;
}

void http_parser_init(http_parser_t *parser, http_head_t *head,
                      const http_limits_t *limits, http_parser_body_cb on_body_,
                      void *arg) {
  init(parser, HTTP_REQUEST, head, limits, on_body_, arg);
}

void http_parser_init_response(http_parser_t *parser, http_head_t *head,
                               const http_limits_t *limits,
                               http_parser_body_cb on_body_, void *arg,
                               bool no_body) {
  init(parser, HTTP_RESPONSE, head, limits, on_body_, arg);
  parser->no_body = no_body;
}

static void trim_values(http_head_t *head) {
  for (unsigned i = 0; i < head->field_count; i++) {
    http_span_t *span = &head->fields[i].value;
    http_text_t value = http_text_trim(http_head_text(head, *span));

    span->at = (uint32_t)(value.at - head->raw.bytes);
    span->size_bytes = (uint32_t)value.size_bytes;
  }
}

/* llhttp's own reason, made into one of ours. The framing check sees more, as
 * it names the coding that is not known. */
static http_refusal_t head_error(http_parser_t *parser, llhttp_errno_t error) {
  http_refusal_t refusal = parser->refusal;

  if (refusal == HTTP_ACCEPTED && error == HPE_INVALID_TRANSFER_ENCODING) {
    trim_values(parser->head);
    refusal = http_framing_check(parser->head, &parser->expect_continue);
  }
  return refusal != HTTP_ACCEPTED ? refusal : HTTP_REFUSE_SYNTAX;
}

static http_refusal_t check_head(http_parser_t *parser) {
  http_refusal_t refusal;

  trim_values(parser->head);
  refusal = http_framing_check(parser->head, &parser->expect_continue);
  if (refusal == HTTP_ACCEPTED && !parser->no_body &&
      (parser->llhttp.flags & F_CONTENT_LENGTH) != 0 &&
      parser->llhttp.content_length > parser->limits->body_max_bytes)
    refusal = HTTP_REFUSE_BODY_LENGTH;
  return refusal;
}

http_refusal_t http_parser_head(http_parser_t *parser) {
  const http_buffer_t *raw = &parser->head->raw;
  llhttp_t *llhttp = &parser->llhttp;
  llhttp_errno_t error = llhttp_execute(llhttp, raw->bytes, raw->size_bytes);
  bool whole = error == HPE_OK;

  if (error == HPE_PAUSED && parser->complete)
    whole = llhttp_get_error_pos(llhttp) == raw->bytes + raw->size_bytes;
  if (!whole || !parser->headers_complete ||
      parser->head->field_count + 1 != parser->head->lines.count)
    return head_error(parser, error);
  return check_head(parser);
}

/* Feeds `size` bytes and answers in `ret_read` how many were taken. */
static http_refusal_t feed(http_parser_t *parser, const char *bytes,
                           size_t size, size_t *ret_read) {
  llhttp_t *llhttp = &parser->llhttp;
  llhttp_errno_t error = llhttp_execute(llhttp, bytes, size);

  if (error == HPE_OK) {
    *ret_read = size;
    return HTTP_ACCEPTED;
  }
  if (error == HPE_PAUSED) {
    *ret_read = (size_t)(llhttp_get_error_pos(llhttp) - bytes);
    llhttp_resume(llhttp);
    return HTTP_ACCEPTED;
  }
  return parser->refusal != HTTP_ACCEPTED ? parser->refusal : HTTP_REFUSE_CHUNK;
}

static http_refusal_t feed_body(http_parser_t *parser, const char *bytes,
                                size_t size, size_t *ret_read) {
  uint64_t before = parser->body_bytes;
  http_refusal_t refusal = feed(parser, bytes, size, ret_read);

  if (refusal != HTTP_ACCEPTED)
    return refusal;
  parser->framing_bytes += *ret_read - (parser->body_bytes - before);
  return parser->framing_bytes > HTTP_CHUNK_EXTENSIONS_MAX_BYTES +
                                     parser->chunks * HTTP_CHUNK_HEADER_BYTES
             ? HTTP_REFUSE_CHUNK_EXTENSIONS
             : HTTP_ACCEPTED;
}

static http_refusal_t feed_trailer(http_parser_t *parser, const char *bytes,
                                   size_t size, size_t *ret_read) {
  size_t piece = 0;
  http_lines_result_t result =
      http_lines_read(&parser->lines, bytes, size, &piece);
  http_refusal_t refusal;

  parser->trailer_bytes += piece;
  if (result == HTTP_LINES_BAD)
    return HTTP_REFUSE_CHUNK;
  if (parser->trailer_bytes > parser->limits->header_max_bytes ||
      parser->lines.count > parser->limits->fields_max)
    return HTTP_REFUSE_TRAILER_LENGTH;
  refusal = feed(parser, bytes, piece, ret_read);
  if (refusal == HTTP_ACCEPTED &&
      parser->complete != (result == HTTP_LINES_END))
    return HTTP_REFUSE_CHUNK;
  return refusal;
}

http_refusal_t http_parser_body(http_parser_t *parser, const char *bytes,
                                size_t size, size_t *ret_read) {
  http_refusal_t refusal = HTTP_ACCEPTED;
  size_t at = 0;

  while (at < size && !parser->complete && refusal == HTTP_ACCEPTED) {
    size_t read = 0;

    refusal = (parser->trailers ? feed_trailer : feed_body)(parser, bytes + at,
                                                            size - at, &read);
    at += read;
  }
  *ret_read = at;
  return refusal;
}

http_refusal_t http_parser_end(http_parser_t *parser) {
  llhttp_finish(&parser->llhttp);
  return parser->complete ? HTTP_ACCEPTED : HTTP_REFUSE_SYNTAX;
}
