#include "request_context.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"
#include <inttypes.h>
#include <stdio.h>

request_context_t *request_context_create(uint64_t number,
                                          const http_request_t *request,
                                          asyncscope_trace_source_t *source) {
  request_context_t *context = async_calloc(1, sizeof(*context));
  http_text_t path = http_request_path(request);

  if (context == NULL)
    return NULL;
  atomic_init(&context->references, 1);
  context->number = number;
  context->method = http_request_method(request);
  snprintf(context->path, sizeof(context->path), "%.*s", (int)path.size_bytes,
           path.at);
  context->started_ns = async_inspect_now_ns();
  request_trace_read(request, source, &context->trace);
  return context;
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

uint64_t request_context_number(const void *context) {
  return ((const request_context_t *)context)->number;
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
