/* The shared parts of frames: bindings and nodes. A count of 0 is reached once,
 * by whoever drops the last reference; relaxed on the way up, release and
 * acquire on the way down, as for any shared pointer. */
#include "env.h"
#include "frame.h"

static uint64_t request_of(const async_context_value_t *value) {
  return value->account == NULL ? value->request
                                : async_request_number(value->account);
}

asyncscope__binding_t *asyncscope__binding_create(
    async_env_t *maker, const async_context_key_t *key,
    const async_context_value_t *value) {
  asyncscope__binding_t *binding =
      asyncscope__piece_take(ASYNCSCOPE__PIECE_BINDING);
  if (binding == NULL)
    return NULL;
  *binding = (asyncscope__binding_t){
      .references = 1,
      .key = key->id,
      .store = value->store,
      .release = value->release,
      .request = request_of(value),
      .account = asyncscope__request_retain(value->account),
      .maker = maker};
  asyncscope__piece_made(maker);
  return binding;
}

void asyncscope__binding_retain(asyncscope__binding_t *binding) {
  atomic_fetch_add_explicit(&binding->references, 1, memory_order_relaxed);
}

/* One that no frame ever showed: its store is not released. */
void asyncscope__binding_discard(asyncscope__binding_t *binding) {
  if (binding == NULL)
    return;
  asyncscope__request_release(binding->account);
  asyncscope__piece_gone(binding->maker);
  asyncscope__piece_give(ASYNCSCOPE__PIECE_BINDING, binding);
}

static void binding_end(asyncscope__binding_t *binding) {
  async_env_t *maker = binding->maker;
  if (binding->release != NULL)
    binding->release(binding->store);
  asyncscope__request_release(binding->account);
  asyncscope__piece_give(ASYNCSCOPE__PIECE_BINDING, binding);
  if (maker == asyncscope__env)
    asyncscope__counter_add(&maker->counters.stores_released, 1);
  else
    atomic_fetch_add_explicit(&maker->stores_released_elsewhere, 1,
                              memory_order_relaxed);
  asyncscope__piece_gone(maker);
}

static bool drop(_Atomic uint32_t *references) {
  return atomic_fetch_sub_explicit(references, 1, memory_order_acq_rel) == 1;
}

void asyncscope__binding_release(asyncscope__binding_t *binding) {
  if (!drop(&binding->references))
    return;
  if (binding->maker == asyncscope__env || binding->release == NULL ||
      !asyncscope__inbox_post(&binding->maker->inbox, binding))
    binding_end(binding);
}

void asyncscope__bindings_return(async_env_t *env) {
  asyncscope__binding_t *binding = asyncscope__inbox_take(&env->inbox);
  while (binding != NULL) {
    asyncscope__binding_t *next = binding->next;
    binding_end(binding);
    binding = next;
  }
}

/* Bindings and nodes both begin with their count. */
static void retain_child(void *child) {
  if (child != NULL)
    atomic_fetch_add_explicit((_Atomic uint32_t *)child, 1,
                              memory_order_relaxed);
}

static void release_child(void *child, uint32_t levels) {
  if (child == NULL)
    return;
  if (levels == 0) {
    asyncscope__binding_release(child);
    return;
  }
  asyncscope__node_t *node = child;
  if (!drop(&node->references))
    return;
  asyncscope__slots_release(node->slots, levels);
  asyncscope__piece_give(ASYNCSCOPE__PIECE_NODE, node);
}

void asyncscope__slots_release(void *slots[ASYNCSCOPE__FRAME_WIDTH],
                               uint32_t levels) {
  for (uint32_t i = 0; i < ASYNCSCOPE__FRAME_WIDTH; i++)
    release_child(slots[i], levels - 1);
}

void asyncscope__slots_retain(void *const slots[ASYNCSCOPE__FRAME_WIDTH],
                              void *ret_slots[ASYNCSCOPE__FRAME_WIDTH]) {
  for (uint32_t i = 0; i < ASYNCSCOPE__FRAME_WIDTH; i++) {
    retain_child(slots[i]);
    ret_slots[i] = slots[i];
  }
}

bool asyncscope__slots_wrap(void *slots[ASYNCSCOPE__FRAME_WIDTH]) {
  asyncscope__node_t *node = asyncscope__piece_take(ASYNCSCOPE__PIECE_NODE);
  if (node == NULL)
    return false;
  atomic_store_explicit(&node->references, 1, memory_order_relaxed);
  for (uint32_t i = 0; i < ASYNCSCOPE__FRAME_WIDTH; i++) {
    node->slots[i] = slots[i];
    slots[i] = NULL;
  }
  slots[0] = node;
  return true;
}

static asyncscope__node_t *node_copy(const asyncscope__node_t *from,
                                     uint32_t levels, uint32_t slot,
                                     void *child) {
  static void *const empty[ASYNCSCOPE__FRAME_WIDTH];
  asyncscope__node_t *node = asyncscope__piece_take(ASYNCSCOPE__PIECE_NODE);
  if (node == NULL)
    return NULL;
  atomic_store_explicit(&node->references, 1, memory_order_relaxed);
  if (asyncscope__slots_copy(from == NULL ? empty : from->slots, levels, slot,
                             child, node->slots))
    return node;
  asyncscope__piece_give(ASYNCSCOPE__PIECE_NODE, node);
  return NULL;
}

/* Only the nodes on the way to `slot` are copied. */
bool asyncscope__slots_copy(void *const from[ASYNCSCOPE__FRAME_WIDTH],
                            uint32_t levels, uint32_t slot, void *child,
                            void *ret_slots[ASYNCSCOPE__FRAME_WIDTH]) {
  uint32_t changed = asyncscope__slot_index(slot, levels);
  if (levels > 1) {
    child = node_copy(from[changed], levels - 1, slot, child);
    if (child == NULL)
      return false;
  }
  for (uint32_t i = 0; i < ASYNCSCOPE__FRAME_WIDTH; i++) {
    ret_slots[i] = i == changed ? child : from[i];
    if (i != changed)
      retain_child(from[i]);
  }
  return true;
}
