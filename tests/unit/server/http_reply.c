#include "http_reply.h"

#include <string.h>

static void on_head(void *arg) {
  http_reply_t *reply = arg;

  reply->heads++;
}

static void on_data(void *arg, const char *bytes, size_t size) {
  http_reply_t *reply = arg;

  http_buffer_append(&reply->body, bytes, size);
}

static void on_end(void *arg) {
  http_reply_t *reply = arg;

  reply->ends++;
}

void http_reply_init(http_reply_t *reply, bool head_only) {
  static const http_client_parser_callbacks_t callbacks = {
      .on_head = on_head, .on_data = on_data, .on_end = on_end};
  const http_limits_t limits = HTTP_LIMITS_DEFAULT;

  memset(reply, 0, sizeof(*reply));
  reply->limits = limits;
  http_client_parser_init(&reply->response, &reply->limits, &callbacks, reply,
                          head_only);
}

int http_reply_read(http_reply_t *reply, const char *bytes, size_t size) {
  size_t read = 0;

  if (reply->error == 0)
    reply->error =
        http_client_parser_read(&reply->response, bytes, size, &read);
  reply->left_bytes += size - read;
  return reply->error;
}

int http_reply_end(http_reply_t *reply) {
  if (reply->error == 0 && !reply->response.complete)
    reply->error = http_client_parser_end(&reply->response);
  return reply->error;
}

void http_reply_finish(http_reply_t *reply) {
  http_client_parser_finish(&reply->response);
  http_buffer_finish(&reply->body);
}

int http_reply_error(const char *text, const char **ret_reason) {
  http_reply_t reply;
  int error;

  http_reply_init(&reply, false);
  http_reply_read(&reply, text, strlen(text));
  error = http_reply_end(&reply);
  if (ret_reason != NULL)
    *ret_reason = reply.response.reason;
  http_reply_finish(&reply);
  return error;
}
