#include "frame_memory.h"

#include "asyncscope/async_allocator.h"
#include "env.h"
#include "frame.h"

#define BALANCE_OPEN (INT64_C(1) << 62)

static const size_t piece_bytes[ASYNCSCOPE__PIECE_KINDS] = {
    [ASYNCSCOPE__PIECE_NODE] = sizeof(asyncscope__node_t),
    [ASYNCSCOPE__PIECE_FRAME] = sizeof(async_context_frame_t),
};

void asyncscope__frame_memory_init(asyncscope__frame_memory_t *memory) {
  atomic_store_explicit(&memory->balance, BALANCE_OPEN, memory_order_relaxed);
}

static void free_all(asyncscope__free_list_t *list) {
  while (list->first != NULL) {
    void *piece = list->first;
    list->first = *(void **)piece;
    async_free(piece);
  }
  list->count = 0;
}

static int64_t alive(const async_env_t *env) {
  const asyncscope__counters_t *counters = &env->counters;
  return env->frame_memory.alive_here +
         (int64_t)(asyncscope__counter_read(
                       &counters->frames_with_store_created) -
                   asyncscope__counter_read(
                       &counters->frames_with_store_released));
}

int asyncscope__frame_memory_finish(async_env_t *env) {
  asyncscope__frame_memory_t *memory = &env->frame_memory;
  for (size_t i = 0; i < ASYNCSCOPE__PIECE_KINDS; i++)
    free_all(&memory->free[i]);
  int64_t change = alive(env) - BALANCE_OPEN;
  return atomic_fetch_add(&memory->balance, change) + change == 0;
}

void *asyncscope__piece_new(enum asyncscope__piece_e kind) {
  return async_calloc(1, piece_bytes[kind]);
}

void asyncscope__piece_free(void *piece) {
  async_free(piece);
}

void asyncscope__piece_gone_elsewhere(async_env_t *maker) {
  if (atomic_fetch_sub(&maker->frame_memory.balance, 1) == 1)
    asyncscope__env_unref(maker);
}
