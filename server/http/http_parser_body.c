/* llhttp is given the data, and of the line before a chunk only the size: what
 * the line says is read by http_chunk_line_t, so that every version of llhttp
 * has the same idea of it. Trailers mean nothing here and stay with
 * http_lines_t; the last chunk, which llhttp never sees, ends the message. */
#include "http_parser.h"

int http_parser_on_body(llhttp_t *llhttp, const char *at, size_t size) {
  http_parser_t *parser = llhttp->data;
  parser->body_bytes += size;
  if (parser->body_bytes > parser->limits->body_max_bytes) {
    parser->refusal = HTTP_REFUSE_BODY_LENGTH;
    return HPE_USER;
  }
  parser->on_body(parser->arg, at, size);
  return 0;
}

int http_parser_on_chunk_complete(llhttp_t *llhttp) {
  http_parser_t *parser = llhttp->data;
  parser->part = HTTP_PARSER_CHUNK_LINE;
  return HPE_PAUSED;
}

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

/* "1a3f" CRLF, behind the end of which `ret_text` has room. */
static size_t format_size(uint64_t size, char ret_text[20]) {
  char digits[16];
  size_t count = 0, at = 0;
  do {
    digits[count++] = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size > 0);
  while (count > 0)
    ret_text[at++] = digits[--count];
  ret_text[at++] = '\r';
  ret_text[at++] = '\n';
  return at;
}

static http_refusal_t begin_chunk(http_parser_t *parser) {
  uint64_t size = parser->chunk_line.size_bytes;
  char text[20];
  size_t read;
  parser->chunks++;
  parser->chunk_line = (http_chunk_line_t){0};
  if (size > parser->limits->body_max_bytes - parser->body_bytes)
    return HTTP_REFUSE_BODY_LENGTH;
  if (size == 0) {
    parser->part = HTTP_PARSER_TRAILERS;
    parser->trailers.fields = true;
    return HTTP_ACCEPTED;
  }
  parser->part = HTTP_PARSER_DATA;
  return feed(parser, text, format_size(size, text), &read);
}

/* The limit is for all lines of the request together, and holds for one that
 * does not end too. */
static http_refusal_t read_chunk_line(http_parser_t *parser, const char *bytes,
                                      size_t size, size_t *ret_read) {
  uint64_t lines = parser->chunks + 1;
  http_chunk_line_result_t result =
      http_chunk_line_read(&parser->chunk_line, bytes, size, ret_read);
  parser->chunk_line_bytes += *ret_read;
  if (result == HTTP_CHUNK_LINE_BAD)
    return HTTP_REFUSE_CHUNK;
  if (parser->chunk_line_bytes >
      HTTP_CHUNK_EXTENSIONS_MAX_BYTES + lines * HTTP_CHUNK_HEADER_BYTES)
    return HTTP_REFUSE_CHUNK_EXTENSIONS;
  return result == HTTP_CHUNK_LINE_END ? begin_chunk(parser) : HTTP_ACCEPTED;
}

static http_refusal_t read_trailer(http_parser_t *parser, const char *bytes,
                                   size_t size, size_t *ret_read) {
  http_lines_result_t result =
      http_lines_read(&parser->trailers, bytes, size, ret_read);
  parser->trailer_bytes += *ret_read;
  if (result == HTTP_LINES_BAD)
    return HTTP_REFUSE_CHUNK;
  if (parser->trailer_bytes > parser->limits->header_max_bytes ||
      parser->trailers.count > parser->limits->fields_max)
    return HTTP_REFUSE_TRAILER_LENGTH;
  parser->complete = result == HTTP_LINES_END;
  return HTTP_ACCEPTED;
}

static http_refusal_t read_part(http_parser_t *parser, const char *bytes,
                                size_t size, size_t *ret_read) {
  switch (parser->part) {
  case HTTP_PARSER_CHUNK_LINE:
    return read_chunk_line(parser, bytes, size, ret_read);
  case HTTP_PARSER_TRAILERS:
    return read_trailer(parser, bytes, size, ret_read);
  default:
    return feed(parser, bytes, size, ret_read);
  }
}

http_refusal_t http_parser_end(http_parser_t *parser) {
  if (parser->headers_complete && !parser->complete && !parser->framing.chunked)
    llhttp_finish(&parser->llhttp);
  return parser->complete ? HTTP_ACCEPTED : HTTP_REFUSE_SYNTAX;
}

http_refusal_t http_parser_body(http_parser_t *parser, const char *bytes,
                                size_t size, size_t *ret_read) {
  http_refusal_t refusal = HTTP_ACCEPTED;
  size_t at = 0;
  while (at < size && !parser->complete && refusal == HTTP_ACCEPTED) {
    size_t read = 0;
    refusal = read_part(parser, bytes + at, size - at, &read);
    at += read;
  }
  *ret_read = at;
  return refusal;
}
