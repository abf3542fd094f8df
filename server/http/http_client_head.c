/* The head of a request as bytes. Everything the caller gives is checked before
 * it becomes a part of it: a line end in a value would be a second request. */
#include "http_client_exchange.h"

#include "asyncscope/async_env.h"
#include "http_host.h"
#include <stdio.h>
#include <string.h>

struct http_client_head_s {
  http_buffer_t *message;
  const http_client_options_t *options;
  size_t room_bytes; /* for what is passed on */
};

static const char *method_of(const http_client_options_t *options) {
  return options->method != NULL ? options->method : "GET";
}

static const char *target_of(const http_client_options_t *options) {
  return options->target != NULL ? options->target : "/";
}

static bool is_target(const char *target) {
  if (*target != '/' && strcmp(target, "*") != 0)
    return false;
  for (; *target != '\0'; target++) {
    unsigned char byte = (unsigned char)*target;

    if (byte <= ' ' || byte >= 0x7f || byte == '#')
      return false;
  }
  return true;
}

/* A tunnel has no response of its own. */
static int check_line(const http_client_options_t *options) {
  const char *method = method_of(options);

  if (!http_text_is_token(http_text(method)) || strcmp(method, "CONNECT") == 0)
    return async_error_set(UV_EINVAL, "the method cannot be sent");
  if (!is_target(target_of(options)))
    return async_error_set(UV_EINVAL, "the target cannot be sent");
  return 0;
}

static bool is_ours(http_text_t name) {
  return http_text_equals_nocase(name, "content-length") ||
         http_text_equals_nocase(name, "transfer-encoding") ||
         http_text_equals_nocase(name, "connection");
}

static int check_field(const http_client_field_t *field) {
  http_text_t name = http_text(field->name);

  if (!http_text_is_token(name) || !http_is_field_value(field->value))
    return async_error_set(UV_EINVAL, "a field cannot be sent");
  if (is_ours(name))
    return async_error_set(UV_EINVAL, "%s is not the caller's to set",
                           field->name);
  return 0;
}

/* The head's ceiling, before anything is copied. */
static int append(http_buffer_t *message, const char *text) {
  size_t size = strlen(text);

  if (size > HTTP_CLIENT_HEAD_MAX_BYTES - message->size_bytes)
    return async_error_set(UV_ENOBUFS, "the head of the request is too long");
  return http_buffer_append(message, text, size);
}

static int append_line(http_buffer_t *message, const char *name,
                       const char *value) {
  int error = append(message, name);

  if (error == 0)
    error = append(message, value);
  return error != 0 ? error : append(message, "\r\n");
}

static int append_field(http_buffer_t *message,
                        const http_client_field_t *field) {
  int error = check_field(field);

  if (error == 0)
    error = append(message, field->name);
  return error != 0 ? error : append_line(message, ": ", field->value);
}

static int append_request_line(http_buffer_t *message,
                               const http_client_options_t *options) {
  int error = check_line(options);

  if (error == 0)
    error = append(message, method_of(options));
  if (error == 0)
    error = append(message, " ");
  if (error == 0)
    error = append(message, target_of(options));
  return error != 0 ? error : append_line(message, " ", "HTTP/1.1");
}

/* A scope (fe80::1%eth0) means something on this machine only. */
static void host_text(const http_agent_host_t *host, char *ret_text,
                      size_t size) {
  bool is_ipv6 = strchr(host->name, ':') != NULL;
  int name_bytes = (int)strcspn(host->name, is_ipv6 ? "%" : "");
  int at = snprintf(ret_text, size, is_ipv6 ? "[%.*s]" : "%.*s", name_bytes,
                    host->name);

  if (host->port != 80 && at > 0 && (size_t)at < size)
    snprintf(ret_text + at, size - (size_t)at, ":%u", host->port);
}

static int append_host(http_client_request_t *request,
                       const http_client_options_t *options) {
  char text[HTTP_CLIENT_HOST_MAX_BYTES + 16];

  for (size_t i = 0; i < options->field_count; i++)
    if (http_text_equals_nocase(http_text(options->fields[i].name), "host"))
      return 0;
  host_text(request->host, text, sizeof(text));
  if (!http_host_valid(text, http_text(text)))
    return async_error_set(UV_EINVAL, "the host cannot be sent");
  return append_line(&request->message, "Host: ", text);
}

static bool is_given(const http_client_options_t *options, http_text_t name) {
  for (size_t i = 0; i < options->field_count; i++)
    if (http_text_equals_nocase(name, options->fields[i].name))
      return true;
  return http_text_equals_nocase(name, "host");
}

int http_client_head_add(http_client_head_t *head, const char *name,
                         http_text_t value) {
  const http_text_t parts[] = {http_text(name), http_text(": "), value,
                               http_text("\r\n")};
  size_t size = 0, before = head->message->size_bytes;
  int error = 0;

  if (!http_text_is_token(parts[0]) || is_ours(parts[0]) ||
      !http_text_is_field_value(value))
    return UV_EINVAL;
  if (is_given(head->options, parts[0]))
    return UV_EEXIST;
  for (size_t i = 0; i < 4; i++)
    size += parts[i].size_bytes;
  if (size > head->room_bytes)
    return UV_ENOBUFS;
  for (size_t i = 0; i < 4 && error == 0; i++)
    error = http_buffer_append(head->message, parts[i].at, parts[i].size_bytes);
  if (error != 0)
    head->message->size_bytes = before;
  else
    head->room_bytes -= size;
  return error;
}

/* Last in the head, so that it takes no room from what the caller wants. */
static void pass_on(http_client_request_t *request,
                    const http_client_options_t *options) {
  const http_agent_options_t *agent = &request->agent->options;
  http_client_head_t head = {.message = &request->message,
                             .options = options,
                             .room_bytes = HTTP_CLIENT_HEAD_MAX_BYTES -
                                           request->message.size_bytes};

  if (agent->pass_on == NULL || options->stranger || head.room_bytes < 2)
    return;
  head.room_bytes -= 2; /* the empty line */
  agent->pass_on(agent->pass_on_data, &head);
}

static int append_fields(http_client_request_t *request,
                         const http_client_options_t *options) {
  int error = append_host(request, options);

  for (size_t i = 0; i < options->field_count && error == 0; i++)
    error = append_field(&request->message, &options->fields[i]);
  if (error == 0)
    error = append_line(&request->message, "Connection: ",
                        request->agent->options.keep_alive ? "keep-alive"
                                                           : "close");
  return error;
}

/* A method that has a body says so even when the body is empty. */
static bool expects_body(const char *method) {
  return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
         strcmp(method, "PATCH") == 0;
}

static int append_length(http_buffer_t *message, uint64_t length_bytes) {
  char digits[24];

  snprintf(digits, sizeof(digits), "%llu", (unsigned long long)length_bytes);
  return append_line(message, "Content-Length: ", digits);
}

static int append_framing(http_client_request_t *request,
                          const http_client_options_t *options) {
  http_buffer_t *message = &request->message;

  if (request->chunked)
    return append_line(message, "Transfer-Encoding: ", "chunked");
  if (request->streamed)
    return append_length(message, request->length_bytes);
  if (options->body_bytes > 0 || expects_body(method_of(options)))
    return append_length(message, options->body_bytes);
  return 0;
}

static int append_body(http_client_request_t *request,
                       const http_client_options_t *options) {
  if (request->streamed)
    return 0;
  if (options->body_bytes > HTTP_CLIENT_BODY_MAX_BYTES)
    return async_error_set(UV_ENOBUFS, "the body is too long to be held");
  return http_buffer_append(&request->message, options->body,
                            options->body_bytes);
}

/* Without the query: that may hold what is nobody else's business. */
static void name_request(http_client_request_t *request,
                         const http_client_options_t *options) {
  const char *target = target_of(options);

  snprintf(request->name, sizeof(request->name), "%s %.*s", method_of(options),
           (int)strcspn(target, "?"), target);
}

int http_client_head_write(http_client_request_t *request,
                           const http_client_options_t *options) {
  int error = append_request_line(&request->message, options);

  if (error == 0)
    error = append_fields(request, options);
  if (error == 0)
    error = append_framing(request, options);
  if (error == 0)
    pass_on(request, options);
  if (error == 0)
    error = append_line(&request->message, "", "");
  if (error == 0)
    error = append_body(request, options);
  if (error == 0)
    name_request(request, options);
  return error == UV_ENOMEM ? async_error_set(error, "no memory for a request")
                            : error;
}
