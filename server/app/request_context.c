#include "request_context.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int begin_account(request_context_t *context,
                         const http_request_t *request) {
  char name[ASYNC_REQUEST_NAME_BYTES];
  async_request_trace_t trace = {.trace_id = {context->trace.ids.trace_id[0],
                                              context->trace.ids.trace_id[1]},
                                 .span_id = context->trace.ids.span_id,
                                 .parent_span_id = context->trace.ids.parent_id,
                                 .flags = context->trace.ids.flags};
  async_request_options_t options = {
      .number = context->number,
      .name = name,
      .name_bytes = http_request_name(request, name, sizeof(name)),
      .trace = &trace};

  return async_request_begin(&options, &context->account);
}

static void copy_path(request_context_t *context, http_text_t path) {
  size_t size = path.size_bytes < REQUEST_PATH_BYTES ? path.size_bytes
                                                     : REQUEST_PATH_BYTES - 1;

  memcpy(context->path, path.at, size);
}

request_context_t *request_context_create(uint64_t number,
                                          const http_request_t *request,
                                          asyncscope_trace_source_t *source) {
  request_context_t *context = async_calloc(1, sizeof(*context));

  if (context == NULL)
    return NULL;
  atomic_init(&context->references, 1);
  context->number = number;
  context->method = http_request_method(request);
  copy_path(context, http_request_path(request));
  request_trace_read(request, source, &context->trace);
  if (begin_account(context, request) != 0) {
    request_context_release(context);
    return NULL;
  }
  context->started_ns = async_env_now_ns();
  return context;
}

void request_context_end(request_context_t *context,
                         const http_request_t *request,
                         const http_response_t *response, int error) {
  int status = http_response_status(response);

  async_request_add_bytes(context->account,
                          http_request_received_bytes(request),
                          http_response_sent_bytes(response));
  if (status >= 500)
    async_request_set_failed(context->account);
  async_request_end(context->account, error != 0 ? error : status);
  context->account = NULL;
}

void request_context_retain(void *context) {
  request_context_t *self = context;

  atomic_fetch_add_explicit(&self->references, 1, memory_order_relaxed);
}

void request_context_release(void *context) {
  request_context_t *self = context;

  if (atomic_fetch_sub_explicit(&self->references, 1, memory_order_acq_rel) !=
      1)
    return;
  request_trace_finish(&self->trace);
  async_free(self);
}

async_request_t *request_context_account(const void *context) {
  return ((const request_context_t *)context)->account;
}

void request_id_format(uint64_t number, char ret_id[REQUEST_ID_BYTES]) {
  snprintf(ret_id, REQUEST_ID_BYTES, "r%" PRIu64, number);
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
