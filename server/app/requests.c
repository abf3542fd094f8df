/* The store is set while the request's resource is being made, in a frame that
 * only this resource captures. The frame owns it: it lasts as long as anything
 * the request started, and through the request's own callbacks. */
#include "requests.h"

#include "app.h"
#include "asyncscope/async_env.h"
#include "http_apart.h"
#include "http_put.h"
#include "request_context.h"
#include "request_log.h"
#include "routes.h"

/* Unique without a shared counter. */
static uint64_t take_number(app_loop_t *loop) {
  uint64_t number = loop->next_number;

  loop->next_number += loop->app->options.loops;
  return number;
}

/* Who reads the diagnostics has a store and a line in the log, as everybody. It
 * is not what the program does: on no port is it counted, shown or exported. */
static bool is_of_debug(const request_context_t *context,
                        const http_request_t *request) {
  return app_route_is_debug(context->route) || debug_mount_is_welcome(request);
}

static int begin(app_loop_t *loop, request_context_t *context,
                 http_request_t *request) {
  int error = 0;

  context->route = http_router_find(loop->routes, request);
  if (loop->app->log.requests)
    context->started_ns = async_env_now_ns();
  if (is_of_debug(context, request))
    http_request_set_internal(request);
  else
    error = request_context_count(context, request);
  return error != 0
             ? error
             : async_local_storage_enter_with(&loop->app->storage, context);
}

static int on_request_open(void *data, http_request_t *request) {
  app_loop_t *loop = data;
  request_context_t *context = request_context_create(
      &loop->contexts, take_number(loop), request, &loop->trace_source);
  int error;

  if (context == NULL)
    return UV_ENOMEM;
  error = begin(loop, context, request);
  if (error != 0) {
    async_request_end(context->account, error);
    request_context_release(context);
    return error;
  }
  http_request_set_context(request, context);
  http_request_set_account(request, context->account);
  return 0;
}

/* How the requester finds it in the logs and traces of this server. */
HTTP_FLAT static void name_request(const request_context_t *context,
                                   http_response_t *response) {
  char *at = http_response_begin_lines(
      response, 64 + REQUEST_ID_BYTES + ASYNCSCOPE_TRACE_TEXT_BYTES);

  if (at == NULL)
    return;
  at = HTTP_PUT(at, "X-Request-Id: ");
  at = request_id_format(context->number, at);
  at = HTTP_PUT(at, "\r\ntraceresponse: ");
  asyncscope_trace_format(&context->trace.ids, at);
  at = HTTP_PUT(at + ASYNCSCOPE_TRACE_TEXT_BYTES - 1, "\r\n");
  http_response_end_lines(response, at);
}

static void on_request(void *data, http_request_t *request,
                       http_response_t *response) {
  app_loop_t *loop = data;

  const request_context_t *context = http_request_context(request);

  name_request(context, response);
  if (!debug_mount_welcome(request, response))
    http_router_call(loop->routes, context->route, request, response, loop);
}

static void on_request_close(void *data, http_request_t *request,
                             http_response_t *response, int status) {
  app_loop_t *loop = data;
  request_context_t *context = http_request_context(request);

  if (context != NULL) {
    if (loop->app->log.requests)
      request_log_write(&loop->app->log, context, request, response, status);
    http_request_set_account(request, NULL);
    request_context_end(context, response, status);
    http_request_set_context(request, NULL);
  }
}

static void on_refused(void *data, http_request_t *request, int status) {
  app_loop_t *loop = data;

  (void)request;
  app_log_write(&loop->app->log, APP_LOG_WARN, "- refused %d", status);
}

static void on_accept_error(void *data, int error) {
  app_loop_t *loop = data;

  app_log_write(&loop->app->log, APP_LOG_ERROR, "asyncscope: cannot accept: %s",
                uv_strerror(error));
}

static void on_session_error(void *data, int error, const char *words) {
  app_loop_t *loop = data;

  (void)error;
  app_log_write(&loop->app->log, APP_LOG_WARN, "asyncscope: TLS: %s", words);
}

void requests_server_options(app_loop_t *loop,
                             http_server_options_t *ret_options) {
  *ret_options = (http_server_options_t){
      .limits = loop->app->options.limits,
      .callbacks = {.on_request_open = on_request_open,
                    .on_request = on_request,
                    .on_request_close = on_request_close,
                    .on_refused = on_refused,
                    .on_accept_error = on_accept_error,
                    .on_session_error = on_session_error},
      .transport = tls_context_transport(loop->app->tls),
      .data = loop};
}
