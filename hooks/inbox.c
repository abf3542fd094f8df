#include "inbox.h"

#include "frame.h"

void asyncscope__inbox_init(asyncscope__inbox_t *inbox) {
  pthread_mutex_init(&inbox->lock, NULL);
  inbox->open = true;
}

void asyncscope__inbox_finish(asyncscope__inbox_t *inbox) {
  pthread_mutex_destroy(&inbox->lock);
}

/* wake is sent to under the lock, so that it cannot be closed between. */
bool asyncscope__inbox_post(asyncscope__inbox_t *inbox,
                            asyncscope__binding_t *binding) {
  pthread_mutex_lock(&inbox->lock);
  bool open = inbox->open;
  if (open) {
    binding->next = atomic_load_explicit(&inbox->first, memory_order_relaxed);
    atomic_store_explicit(&inbox->first, binding, memory_order_relaxed);
    if (binding->next == NULL && inbox->has_wake)
      uv_async_send(&inbox->wake);
  }
  pthread_mutex_unlock(&inbox->lock);
  return open;
}

int asyncscope__inbox_attach(asyncscope__inbox_t *inbox, uv_loop_t *loop,
                             uv_async_cb on_wake) {
  int error = uv_async_init(loop, &inbox->wake, on_wake);
  if (error != 0)
    return error;
  uv_unref((uv_handle_t *)&inbox->wake);
  pthread_mutex_lock(&inbox->lock);
  inbox->has_wake = true;
  if (atomic_load_explicit(&inbox->first, memory_order_relaxed) != NULL)
    uv_async_send(&inbox->wake);
  pthread_mutex_unlock(&inbox->lock);
  return 0;
}

void asyncscope__inbox_detach(asyncscope__inbox_t *inbox) {
  pthread_mutex_lock(&inbox->lock);
  inbox->has_wake = false;
  pthread_mutex_unlock(&inbox->lock);
}

void asyncscope__inbox_close(asyncscope__inbox_t *inbox) {
  pthread_mutex_lock(&inbox->lock);
  inbox->open = false;
  pthread_mutex_unlock(&inbox->lock);
}

static asyncscope__binding_t *reverse(asyncscope__binding_t *binding) {
  asyncscope__binding_t *reversed = NULL;
  while (binding != NULL) {
    asyncscope__binding_t *next = binding->next;
    binding->next = reversed;
    reversed = binding;
    binding = next;
  }
  return reversed;
}

asyncscope__binding_t *asyncscope__inbox_take(asyncscope__inbox_t *inbox) {
  if (atomic_load_explicit(&inbox->first, memory_order_relaxed) == NULL)
    return NULL;
  pthread_mutex_lock(&inbox->lock);
  asyncscope__binding_t *binding =
      atomic_load_explicit(&inbox->first, memory_order_relaxed);
  atomic_store_explicit(&inbox->first, NULL, memory_order_relaxed);
  pthread_mutex_unlock(&inbox->lock);
  return reverse(binding);
}
