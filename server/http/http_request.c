#include "http_exchange.h"

#include <string.h>

http_method_t http_request_method(const http_request_t *request) {
  return request->head.method;
}

http_text_t http_request_target(const http_request_t *request) {
  return http_head_text(&request->head, request->head.target);
}

http_text_t http_request_path(const http_request_t *request) {
  return http_head_text(&request->head, request->head.path);
}

http_text_t http_request_query(const http_request_t *request) {
  return http_head_text(&request->head, request->head.query);
}

http_text_t http_request_host(const http_request_t *request) {
  const http_head_t *head = &request->head;

  return http_head_text(head, head->authority.size_bytes > 0 ? head->authority
                                                             : head->host);
}

static size_t append(char *to, size_t at, size_t to_bytes, http_text_t text) {
  size_t size =
      to_bytes - at < text.size_bytes ? to_bytes - at : text.size_bytes;

  memcpy(to + at, text.at, size);
  return at + size;
}

/* Most targets begin with the path: then the request-line begins with the name.
 */
http_text_t http_request_name(const http_request_t *request, char *spare,
                              size_t spare_bytes) {
  const http_head_t *head = &request->head;
  size_t at = 0;

  if (head->path.at == head->target.at)
    return (http_text_t){head->raw.bytes,
                         head->path.at + head->path.size_bytes};
  at = append(spare, at, spare_bytes, http_method_text(head->method));
  at = append(spare, at, spare_bytes, (http_text_t){" ", 1});
  at = append(spare, at, spare_bytes, http_request_path(request));
  return (http_text_t){spare, at};
}

unsigned http_request_field(const http_request_t *request, const char *name,
                            http_text_t *ret_value) {
  return http_head_find(&request->head, name, ret_value);
}

bool http_request_field_at(const http_request_t *request, const char *name,
                           unsigned skip, http_text_t *ret_value) {
  return http_head_field_at(&request->head, name, skip, ret_value);
}

int http_request_peer(const http_request_t *request,
                      struct sockaddr_storage *ret_peer) {
  return http_socket_peer(&request->connection->socket, ret_peer);
}

async_resource_t *http_request_resource(http_request_t *request) {
  return &request->resource;
}

void *http_request_context(const http_request_t *request) {
  return request->context;
}

void http_request_set_context(http_request_t *request, void *context) {
  request->context = context;
}

void http_request_set_internal(http_request_t *request) {
  request->internal = true;
}

void http_request_set_account(http_request_t *request,
                              async_request_t *account) {
  request->account = account;
  if (account != NULL)
    async_request_add_bytes(account, request->received_bytes,
                            request->response.sent_bytes);
}

/* A body that is already here needs no invitation. */
static void invite_body(http_request_t *request) {
  static const char invitation[] = "HTTP/1.1 100 Continue\r\n\r\n";
  http_connection_t *connection = request->connection;

  if (request->parser.framing.expect_continue && !request->parser.complete &&
      !request->body_begun && request->parser.body_bytes == 0 &&
      http_buffer_append_text(http_output(connection), invitation) != 0)
    http_connection_fail(connection, UV_ENOMEM);
}

void http_request_read_body(http_request_t *request, http_body_data_cb on_data,
                            http_body_end_cb on_end, void *arg) {
  request->on_data = on_data;
  request->on_end = on_end;
  request->body_arg = arg;
  request->reads_body = true;
  invite_body(request);
}

void http_request_on_close(http_request_t *request, http_close_cb cb,
                           void *arg) {
  request->on_close = cb;
  request->close_arg = arg;
}
