#include "env.h"

#include "asyncscope/async_allocator.h"
#include "error.h"
#include <string.h>

void asyncscope__stack_init(asyncscope__stack_t *stack) {
  stack->entries = stack->first;
  stack->capacity = ASYNC_STACK_PUBLISHED;
}

void asyncscope__stack_finish(asyncscope__stack_t *stack) {
  if (stack->entries != stack->first)
    async_free(stack->entries);
}

static int grow(asyncscope__stack_t *stack) {
  bool grown = stack->entries != stack->first;
  size_t capacity = stack->capacity * 2;
  asyncscope__entry_t *entries =
      async_realloc(grown ? stack->entries : NULL, capacity * sizeof(*entries));
  if (entries == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for %zu nested scopes",
                            capacity);
  if (!grown)
    memcpy(entries, stack->first, sizeof(stack->first));
  stack->entries = entries;
  stack->capacity = capacity;
  return 0;
}

static void publish(asyncscope__published_stack_t *published, size_t depth,
                    const asyncscope__entry_t *entry) {
  asyncscope__slot_begin(&published->slot);
  if (depth < ASYNC_STACK_PUBLISHED) {
    asyncscope__put(&published->entries[depth].async_id,
                    (uint64_t)entry->async_id);
    asyncscope__put(&published->entries[depth].trigger_async_id,
                    (uint64_t)entry->trigger_async_id);
    asyncscope__put(&published->entries[depth].entered_ns, entry->entered_ns);
  }
  asyncscope__put(&published->depth, depth + 1);
  asyncscope__slot_end(&published->slot);
}

int asyncscope__stack_push(asyncscope__stack_t *stack,
                           const asyncscope__entry_t *entry) {
  if (stack->depth == stack->capacity) {
    int error = grow(stack);
    if (error != 0)
      return error;
  }
  stack->entries[stack->depth] = *entry;
  publish(&stack->published, stack->depth, entry);
  stack->depth++;
  return 0;
}

asyncscope__entry_t *asyncscope__stack_pop(asyncscope__stack_t *stack) {
  stack->depth--;
  asyncscope__put(&stack->published.depth, stack->depth);
  return &stack->entries[stack->depth];
}

void asyncscope__stack_set_trigger(async_id_t trigger_async_id) {
  asyncscope__stack_t *stack = &asyncscope__env->stack;
  asyncscope__entry_t entry = *asyncscope__stack_top(stack);
  entry.trigger_async_id = trigger_async_id;
  asyncscope__stack_pop(stack);
  asyncscope__stack_push(stack, &entry);
}
