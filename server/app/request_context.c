#include "request_context.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "http_put.h"

int request_context_count(request_context_t *context,
                          const http_request_t *request) {
  char spare[ASYNC_REQUEST_NAME_BYTES];
  http_text_t name = http_request_name(request, spare, sizeof(spare));
  async_request_trace_t trace = {.trace_id = {context->trace.ids.trace_id[0],
                                              context->trace.ids.trace_id[1]},
                                 .span_id = context->trace.ids.span_id,
                                 .parent_span_id = context->trace.ids.parent_id,
                                 .flags = context->trace.ids.flags};
  async_request_options_t options = {.number = context->number,
                                     .name = name.at,
                                     .name_bytes = name.size_bytes,
                                     .route = context->route->path,
                                     .trace = &trace};

  int error = async_request_begin(&options, &context->account);
  http_text_t state = context->trace.tracestate;

  /* Without memory it is not exported. */
  if (error == 0 && state.size_bytes > 0)
    async_request_set_trace_state(context->account, state.at, state.size_bytes);
  return error;
}

void request_contexts_init(request_contexts_t *home) {
  *home = (request_contexts_t){.thread = async_env_thread()};
}

void request_contexts_finish(request_contexts_t *home) {
  while (home->spare != NULL) {
    request_context_t *context = home->spare;

    home->spare = context->next;
    async_free(context);
  }
}

static request_context_t *take(request_contexts_t *home) {
  request_context_t *context = home->spare;

  if (context == NULL)
    return async_malloc(sizeof(*context));
  home->spare = context->next;
  home->count--;
  return context;
}

/* The last frame may be dropped elsewhere, when the loop has ended. */
static void give(request_context_t *context) {
  request_contexts_t *home = context->home;

  if (async_env_thread() != home->thread ||
      home->count == REQUEST_CONTEXTS_SPARE_MAX) {
    async_free(context);
    return;
  }
  context->next = home->spare;
  home->spare = context;
  home->count++;
}

request_context_t *request_context_create(request_contexts_t *home,
                                          uint64_t number,
                                          const http_request_t *request,
                                          asyncscope_trace_source_t *source) {
  request_context_t *context = take(home);

  if (context == NULL)
    return NULL;
  context->home = home;
  context->account = NULL;
  context->hop_count = 0;
  context->started_ns = 0;
  context->number = number;
  request_trace_read(request, source, &context->trace);
  return context;
}

void request_context_end(request_context_t *context,
                         const http_response_t *response, int error) {
  int status = http_response_status(response);

  if (context->account == NULL)
    return;
  if (status >= 500)
    async_request_set_failed(context->account);
  async_request_end(context->account, error != 0 ? error : status);
  context->account = NULL;
}

void request_context_release(void *context) {
  request_context_t *self = context;

  request_trace_finish(&self->trace);
  give(self);
}

async_request_t *request_context_account(const void *context) {
  return ((const request_context_t *)context)->account;
}

char *request_id_format(uint64_t number, char ret_id[REQUEST_ID_BYTES]) {
  char *end = http_put_unsigned(HTTP_PUT(ret_id, "r"), number);

  *end = '\0';
  return end;
}

void request_id_current(const async_local_storage_t *storage,
                        char ret_id[REQUEST_ID_BYTES]) {
  const request_context_t *context = async_local_storage_get_store(storage);

  ret_id[0] = '\0';
  if (context != NULL)
    request_id_format(context->number, ret_id);
}

void request_hop_record(const async_local_storage_t *storage,
                        const char *name) {
  request_context_t *context = async_local_storage_get_store(storage);
  const async_resource_t *resource = async_hooks_execution_async_resource();

  if (context == NULL || context->hop_count == REQUEST_HOPS_MAX)
    return;
  context->hops[context->hop_count++] =
      (request_hop_t){.name = name,
                      .thread = async_env_thread(),
                      .async_id = async_resource_async_id(resource),
                      .trigger_async_id = async_hooks_trigger_async_id(),
                      .execution_async_id = async_hooks_execution_async_id(),
                      .origin = async_resource_origin(resource),
                      .request = context->number};
}
