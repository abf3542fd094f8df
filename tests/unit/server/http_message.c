#include "http_message.h"

#include <string.h>

static void on_body(void *arg, const char *bytes, size_t size) {
  http_message_t *message = arg;

  http_buffer_append(&message->body, bytes, size);
}

void http_message_init(http_message_t *message) {
  const http_limits_t limits = HTTP_LIMITS_DEFAULT;

  memset(message, 0, sizeof(*message));
  message->limits = limits;
  http_parser_init(&message->parser, &message->head, &message->limits, on_body,
                   message);
}

static http_refusal_t read_some(http_message_t *message, const char *bytes,
                                size_t size, size_t *ret_read) {
  http_refusal_t refusal;

  if (message->head.complete)
    return http_parser_body(&message->parser, bytes, size, ret_read);
  refusal =
      http_head_read(&message->head, &message->limits, bytes, size, ret_read);
  if (refusal == HTTP_ACCEPTED && message->head.complete)
    refusal = http_parser_head(&message->parser);
  return refusal;
}

http_refusal_t http_message_read(http_message_t *message, const char *bytes,
                                 size_t size) {
  http_refusal_t refusal = HTTP_ACCEPTED;
  size_t at = 0;

  while (at < size && !message->parser.complete && refusal == HTTP_ACCEPTED) {
    size_t read = 0;

    refusal = read_some(message, bytes + at, size - at, &read);
    at += read;
  }
  return refusal;
}

void http_message_finish(http_message_t *message) {
  http_head_finish(&message->head);
  http_buffer_finish(&message->body);
}

http_refusal_t http_message_refusal(const char *text) {
  http_message_t message;
  http_refusal_t refusal;

  http_message_init(&message);
  refusal = http_message_read(&message, text, strlen(text));
  http_message_finish(&message);
  return refusal;
}
