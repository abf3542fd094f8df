#include "http_client_parser.h"

#include "http_client_refusal.h"
#include <string.h>
#include <uv.h>

static void begin_head(http_client_response_t *response) {
  http_head_reset(&response->head);
  response->head.is_response = true;
}

void http_client_parser_init(http_client_response_t *response,
                             const http_limits_t *limits,
                             const http_client_parser_callbacks_t *callbacks,
                             void *arg, bool head_only) {
  memset(response, 0, sizeof(*response));
  response->limits = limits;
  response->callbacks = callbacks;
  response->arg = arg;
  response->head_only = head_only;
  begin_head(response);
}

static int refuse(http_client_response_t *response, int error,
                  const char *reason) {
  response->reason = reason;
  return error;
}

static int check(http_client_response_t *response, http_refusal_t refusal) {
  return refusal == HTTP_ACCEPTED
             ? 0
             : http_client_refusal_error(refusal, &response->reason);
}

static void on_body(void *arg, const char *bytes, size_t size) {
  http_client_response_t *response = arg;

  response->callbacks->on_data(response->arg, bytes, size);
}

static void complete(http_client_response_t *response) {
  response->complete = true;
  response->callbacks->on_end(response->arg);
}

/* One that never gets to the point is no better than silence. */
static int pass_over(http_client_response_t *response) {
  if (++response->interims > HTTP_CLIENT_INTERIMS_MAX)
    return refuse(response, UV_EPROTO, "there are too many interim responses");
  begin_head(response);
  return 0;
}

/* RFC 9112 6.3: these have no body, whatever their fields say. */
static bool has_no_body(const http_client_response_t *response) {
  unsigned status = response->head.status;

  return response->head_only || status < 200 || status == 204 || status == 304;
}

static int take_head(http_client_response_t *response) {
  int error;

  if (response->head.status == 101)
    return refuse(response, UV_EPROTO, "the protocol is changed unasked");
  http_parser_init_response(&response->parser, &response->head,
                            response->limits, on_body, response,
                            has_no_body(response));
  error = check(response, http_parser_head(&response->parser));
  if (error != 0)
    return error;
  if (response->head.status < 200)
    return pass_over(response);
  response->final = true;
  response->callbacks->on_head(response->arg);
  return 0;
}

static int read_head(http_client_response_t *response, const char *bytes,
                     size_t size, size_t *ret_read) {
  int error = check(response, http_head_read(&response->head, response->limits,
                                             bytes, size, ret_read));

  return error == 0 && response->head.complete ? take_head(response) : error;
}

static int read_some(http_client_response_t *response, const char *bytes,
                     size_t size, size_t *ret_read) {
  int error = response->final
                  ? check(response, http_parser_body(&response->parser, bytes,
                                                     size, ret_read))
                  : read_head(response, bytes, size, ret_read);

  if (error == 0 && response->final && response->parser.complete)
    complete(response);
  return error;
}

int http_client_parser_read(http_client_response_t *response, const char *bytes,
                            size_t size, size_t *ret_read) {
  size_t at = 0;
  int error = 0;

  response->begun = response->begun || size > 0;
  while (at < size && !response->complete && error == 0) {
    size_t read = 0;

    error = read_some(response, bytes + at, size - at, &read);
    at += read;
  }
  *ret_read = at;
  return error;
}

int http_client_parser_end(http_client_response_t *response) {
  if (!response->final || http_parser_end(&response->parser) != HTTP_ACCEPTED)
    return refuse(response, UV_ECONNRESET,
                  response->begun ? "the connection ended within the response"
                                  : "the connection ended before the response");
  complete(response);
  return 0;
}

bool http_client_parser_keep_alive(const http_client_response_t *response) {
  return response->complete && response->parser.framing.keep_alive &&
         !response->parser.ends_connection;
}

void http_client_parser_finish(http_client_response_t *response) {
  http_head_finish(&response->head);
}
