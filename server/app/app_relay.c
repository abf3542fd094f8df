#include "app_relay.h"

#include "app.h"
#include "request_context.h"

static void pass_on(void *data, http_client_head_t *head) {
  const app_loop_t *loop = data;
  const request_context_t *context =
      async_local_storage_get_store(&loop->app->storage);

  if (context != NULL)
    request_trace_pass_on(&context->trace, head);
}

int app_relay_open(app_loop_t *loop) {
  const http_agent_options_t options = {.limits = HTTP_CLIENT_LIMITS_DEFAULT,
                                        .pass_on = pass_on,
                                        .pass_on_data = loop,
                                        .keep_alive = true};
  int error = 0;

  if (loop->app->options.relay != NULL) {
    error = http_agent_init(&loop->relay, &loop->loop, &options);
    loop->relay_is_open = error == 0;
  }
  return error;
}

void app_relay_stop(app_loop_t *loop) {
  if (loop->relay_is_open)
    http_agent_stop(&loop->relay, NULL);
}

void app_relay_finish(app_loop_t *loop) {
  if (loop->relay_is_open)
    http_agent_finish(&loop->relay);
}
