#include "otlp_span.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

otlp_state_t *otlp_state_create(const char *text, size_t bytes) {
  otlp_state_t *state =
      bytes == 0 ? NULL : async_malloc(sizeof(*state) + bytes + 1);
  if (state == NULL)
    return NULL;
  state->references = 1;
  memcpy(state->text, text, bytes);
  state->text[bytes] = '\0';
  return state;
}

otlp_state_t *otlp_state_retain(otlp_state_t *state) {
  if (state != NULL)
    state->references++;
  return state;
}

void otlp_state_release(otlp_state_t *state) {
  if (state != NULL && --state->references == 0)
    async_free(state);
}

int otlp_queue_init(otlp_queue_t *queue, size_t capacity) {
  *queue = (otlp_queue_t){.capacity = capacity};
  queue->spans = async_malloc(capacity * sizeof(otlp_span_t));
  return queue->spans == NULL ? UV_ENOMEM : 0;
}

void otlp_queue_finish(otlp_queue_t *queue) {
  otlp_queue_drop(queue, queue->count);
  async_free(queue->spans);
  queue->spans = NULL;
}

otlp_span_t *otlp_queue_push(otlp_queue_t *queue) {
  if (queue->count + queue->away >= queue->capacity)
    return NULL;
  otlp_span_t *span =
      &queue->spans[(queue->first + queue->count++) % queue->capacity];
  span->state = NULL;
  return span;
}

const otlp_span_t *otlp_queue_at(const otlp_queue_t *queue, size_t index) {
  return &queue->spans[(queue->first + index) % queue->capacity];
}

void otlp_queue_take(otlp_queue_t *queue, size_t count) {
  otlp_queue_drop(queue, count);
  queue->away += count;
}

void otlp_queue_settle(otlp_queue_t *queue) {
  queue->away = 0;
}

void otlp_queue_drop(otlp_queue_t *queue, size_t count) {
  for (size_t i = 0; i < count; i++)
    otlp_state_release(otlp_queue_at(queue, i)->state);
  queue->first = (queue->first + count) % queue->capacity;
  queue->count -= count;
}
