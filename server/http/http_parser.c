/* What ends a message is llhttp's to say: its head goes through it in one piece
 * and must have as many fields and end for it as for http_lines_t, as two
 * readings that disagree are a smuggling attempt. A message never runs into the
 * next one, as on_message_complete pauses. */
#include "http_parser.h"

#include <string.h>

static int on_header_field_complete(llhttp_t *llhttp) {
  http_parser_t *parser = llhttp->data;
  parser->field_count++;
  return 0;
}

/* Upgrade may be ignored, and is: what follows is HTTP. The flag, and not what
 * this answers, as whether the connection can be kept depends on it. */
static int on_headers_complete(llhttp_t *llhttp) {
  http_parser_t *parser = llhttp->data;
  llhttp->upgrade = 0;
  if (parser->no_body)
    llhttp->flags |= F_SKIPBODY;
  parser->ends_connection = llhttp_should_keep_alive(llhttp) == 0;
  parser->headers_complete = true;
  return 0;
}

static int on_message_complete(llhttp_t *llhttp) {
  http_parser_t *parser = llhttp->data;
  parser->complete = true;
  return HPE_PAUSED;
}

static const llhttp_settings_t SETTINGS = {
    .on_header_field_complete = on_header_field_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = http_parser_on_body,
    .on_chunk_complete = http_parser_on_chunk_complete,
    .on_message_complete = on_message_complete,
};

/* llhttp begins when it has something to read. */
static void init(http_parser_t *parser, http_head_t *head,
                 const http_limits_t *limits, http_parser_body_cb on_body,
                 void *arg) {
  memset(&parser->head, 0, sizeof(*parser) - offsetof(http_parser_t, head));
  parser->head = head;
  parser->limits = limits;
  parser->on_body = on_body;
  parser->arg = arg;
}

void http_parser_init(http_parser_t *parser, http_head_t *head,
                      const http_limits_t *limits, http_parser_body_cb on_body,
                      void *arg) {
  init(parser, head, limits, on_body, arg);
}

void http_parser_init_response(http_parser_t *parser, http_head_t *head,
                               const http_limits_t *limits,
                               http_parser_body_cb on_body, void *arg,
                               bool no_body) {
  init(parser, head, limits, on_body, arg);
  parser->no_body = no_body;
}

/* llhttp's own reason, made into one of ours. The framing check sees more, as
 * it names the coding that is not known. */
static http_refusal_t head_error(http_parser_t *parser, llhttp_errno_t error) {
  http_refusal_t refusal = parser->refusal;
  if (refusal == HTTP_ACCEPTED && error == HPE_INVALID_TRANSFER_ENCODING)
    refusal = http_framing_check(parser->head, &parser->framing);
  return refusal != HTTP_ACCEPTED ? refusal : HTTP_REFUSE_SYNTAX;
}

static http_refusal_t check_head(http_parser_t *parser) {
  const llhttp_t *llhttp = &parser->llhttp;
  http_refusal_t refusal = http_framing_check(parser->head, &parser->framing);
  if (refusal != HTTP_ACCEPTED)
    return refusal;
  if (parser->framing.chunked != ((llhttp->flags & F_CHUNKED) != 0))
    return HTTP_REFUSE_TRANSFER_ENCODING;
  if (parser->framing.chunked)
    parser->part = HTTP_PARSER_CHUNK_LINE;
  return !parser->no_body && (llhttp->flags & F_CONTENT_LENGTH) != 0 &&
                 llhttp->content_length > parser->limits->body_max_bytes
             ? HTTP_REFUSE_BODY_LENGTH
             : HTTP_ACCEPTED;
}

static void begin_llhttp(http_parser_t *parser) {
  llhttp_init(&parser->llhttp,
              parser->head->is_response ? HTTP_RESPONSE : HTTP_REQUEST,
              &SETTINGS);
  parser->llhttp.data = parser;
}

http_refusal_t http_parser_head(http_parser_t *parser) {
  const http_buffer_t *raw = &parser->head->raw;
  llhttp_t *llhttp = &parser->llhttp;
  begin_llhttp(parser);
  llhttp_errno_t error = llhttp_execute(llhttp, raw->bytes, raw->size_bytes);
  bool whole = error == HPE_OK;
  if (error == HPE_PAUSED && parser->complete)
    whole = llhttp_get_error_pos(llhttp) == raw->bytes + raw->size_bytes;
  if (!whole || !parser->headers_complete ||
      parser->field_count != parser->head->field_count)
    return head_error(parser, error);
  return check_head(parser);
}
