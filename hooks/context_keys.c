/* Keys are given out to the whole process: the lowest free slot, so that
 * frames stay low, and an id that never comes back, so that a binding of a
 * former key in the same slot is not mistaken for the new key's. */
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_inspect.h"
#include "error.h"
#include "frame.h"
#include <pthread.h>
#include <stdio.h>

#define KEY_NAME_BYTES 32

static struct {
  pthread_mutex_t lock;
  uint64_t last_id;
  struct {
    uint64_t id;         /* 0: free */
    uint64_t created_ns; /* in the scale of uv_hrtime() */
    char name[KEY_NAME_BYTES];
  } slots[ASYNC_CONTEXT_KEYS_MAX];
} keys = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint32_t free_slot_locked(void) {
  uint32_t slot = 0;
  while (slot < ASYNC_CONTEXT_KEYS_MAX && keys.slots[slot].id != 0)
    slot++;
  return slot;
}

int async_context_key_create(const char *name, async_context_key_t *ret_key) {
  pthread_mutex_lock(&keys.lock);
  uint32_t slot = free_slot_locked();
  bool found = slot < ASYNC_CONTEXT_KEYS_MAX;
  if (found) {
    keys.slots[slot].id = ++keys.last_id;
    keys.slots[slot].created_ns = uv_hrtime();
    snprintf(keys.slots[slot].name, KEY_NAME_BYTES, "%s",
             name == NULL ? "" : name);
    *ret_key = (async_context_key_t){.id = keys.last_id, .slot = slot};
  }
  pthread_mutex_unlock(&keys.lock);
  return found ? 0
               : asyncscope__fail(UV_ENOMEM, "%d context keys are alive",
                                  ASYNC_CONTEXT_KEYS_MAX);
}

void async_context_key_destroy(async_context_key_t *key) {
  if (key == NULL || key->id == ASYNCSCOPE__KEY_NONE)
    return;
  pthread_mutex_lock(&keys.lock);
  if (keys.slots[key->slot].id == key->id)
    keys.slots[key->slot].id = 0;
  pthread_mutex_unlock(&keys.lock);
  *key = (async_context_key_t){0};
}

/* As many as a record has bits for. */
#define WATCHED 32

size_t async_context_loss_unwatched(void) {
  size_t unwatched = 0;
  pthread_mutex_lock(&keys.lock);
  for (uint32_t slot = WATCHED; slot < ASYNC_CONTEXT_KEYS_MAX; slot++)
    unwatched += keys.slots[slot].id != 0;
  pthread_mutex_unlock(&keys.lock);
  return unwatched;
}

uint32_t asyncscope__keys_since(uint64_t ns) {
  uint32_t alive = 0;
  pthread_mutex_lock(&keys.lock);
  for (uint32_t slot = 0; slot < WATCHED; slot++)
    if (keys.slots[slot].id != 0 && keys.slots[slot].created_ns <= ns)
      alive |= UINT32_C(1) << slot;
  pthread_mutex_unlock(&keys.lock);
  return alive;
}

void async_inspect_key_name(uint32_t slot, char *ret_name, size_t name_bytes) {
  pthread_mutex_lock(&keys.lock);
  bool taken = slot < ASYNC_CONTEXT_KEYS_MAX && keys.slots[slot].id != 0;
  snprintf(ret_name, name_bytes, "%s", taken ? keys.slots[slot].name : "");
  pthread_mutex_unlock(&keys.lock);
}
