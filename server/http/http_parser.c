/* The head goes through llhttp in one piece and must have as many fields and
 * end for it as for http_lines_t: two readings that disagree are a smuggling
 * attempt. A message never runs into the next one, as on_message_complete
 * pauses. */
#include "http_parser.h"

#include <string.h>

static void extend(const http_head_t *head, http_span_t *span, const char *at,
                   size_t size) {
  if (span->size_bytes == 0)
    span->at = (uint32_t)(at - head->raw.bytes);
  span->size_bytes += (uint32_t)size;
}

static int on_header_field(llhttp_t *llhttp, const char *at, size_t size) {
  http_parser_t *parser = llhttp->data;
  http_head_t *head = parser->head;
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
  http_parser_t *parser = llhttp->data;
  parser->in_name = false;
  return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t size) {
  http_parser_t *parser = llhttp->data;
  http_head_t *head = parser->head;
  extend(head, &head->fields[head->field_count - 1].value, at, size);
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
    .on_header_field = on_header_field,
    .on_header_field_complete = on_header_field_complete,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_body = http_parser_on_body,
    .on_chunk_complete = http_parser_on_chunk_complete,
    .on_message_complete = on_message_complete,
};

static void init(http_parser_t *parser, llhttp_type_t type, http_head_t *head,
                 const http_limits_t *limits, http_parser_body_cb on_body,
                 void *arg) {
  memset(parser, 0, sizeof(*parser));
  llhttp_init(&parser->llhttp, type, &SETTINGS);
  parser->llhttp.data = parser;
  parser->head = head;
  parser->limits = limits;
  parser->on_body = on_body;
  parser->arg = arg;
}

void http_parser_init(http_parser_t *parser, http_head_t *head,
                      const http_limits_t *limits, http_parser_body_cb on_body,
                      void *arg) {
  init(parser, HTTP_REQUEST, head, limits, on_body, arg);
}

void http_parser_init_response(http_parser_t *parser, http_head_t *head,
                               const http_limits_t *limits,
                               http_parser_body_cb on_body, void *arg,
                               bool no_body) {
  init(parser, HTTP_RESPONSE, head, limits, on_body, arg);
  parser->no_body = no_body;
}

static void take_field(http_head_t *head, http_field_t *field) {
  http_text_t name = http_head_text(head, field->name);
  http_text_t value = http_text_trim(http_head_text(head, field->value));
  field->value.at = (uint32_t)(value.at - head->raw.bytes);
  field->value.size_bytes = (uint32_t)value.size_bytes;
  head->names |= http_head_name_bit(name.at, name.size_bytes);
}

/* Nothing is found in the head before. */
static void take_fields(http_head_t *head) {
  for (unsigned i = 0; i < head->field_count; i++)
    take_field(head, &head->fields[i]);
}

/* llhttp's own reason, made into one of ours. The framing check sees more, as
 * it names the coding that is not known. */
static http_refusal_t head_error(http_parser_t *parser, llhttp_errno_t error) {
  http_refusal_t refusal = parser->refusal;
  if (refusal == HTTP_ACCEPTED && error == HPE_INVALID_TRANSFER_ENCODING) {
    take_fields(parser->head);
    refusal = http_framing_check(parser->head, &parser->framing);
  }
  return refusal != HTTP_ACCEPTED ? refusal : HTTP_REFUSE_SYNTAX;
}

static http_refusal_t check_head(http_parser_t *parser) {
  const llhttp_t *llhttp = &parser->llhttp;
  take_fields(parser->head);
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
