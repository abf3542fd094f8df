#include "otlp_span.h"

#include "asyncscope/async_allocator.h"

int otlp_queue_init(otlp_queue_t *queue, size_t capacity) {
  *queue = (otlp_queue_t){.capacity = capacity};
  queue->spans = async_malloc(capacity * sizeof(otlp_span_t));
  return queue->spans == NULL ? UV_ENOMEM : 0;
}

void otlp_queue_finish(otlp_queue_t *queue) {
  async_free(queue->spans);
  queue->spans = NULL;
}

otlp_span_t *otlp_queue_push(otlp_queue_t *queue) {
  if (queue->count == queue->capacity)
    return NULL;
  return &queue->spans[(queue->first + queue->count++) % queue->capacity];
}

const otlp_span_t *otlp_queue_at(const otlp_queue_t *queue, size_t index) {
  return &queue->spans[(queue->first + index) % queue->capacity];
}

void otlp_queue_drop(otlp_queue_t *queue, size_t count) {
  queue->first = (queue->first + count) % queue->capacity;
  queue->count -= count;
}
