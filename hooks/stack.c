#include "env.h"

#include "asyncscope/async_allocator.h"
#include "error.h"
#include <string.h>

void asyncscope__stack_init(asyncscope__stack_t *stack) {
  stack->entries = stack->top = stack->first;
  stack->top->async_id = ASYNC_ID_ROOT;
  stack->top->caused = true; /* there is no record of it */
  stack->capacity = ASYNC_STACK_PUBLISHED;
}

void asyncscope__stack_finish(asyncscope__stack_t *stack) {
  if (stack->entries != stack->first)
    async_free(stack->entries);
}

int asyncscope__stack_grow(asyncscope__stack_t *stack) {
  bool grown = stack->entries != stack->first;
  size_t capacity = stack->capacity * 2;
  asyncscope__entry_t *entries = async_realloc(
      grown ? stack->entries : NULL, (capacity + 1) * sizeof(*entries));
  if (entries == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for %zu nested scopes",
                            capacity);
  if (!grown)
    memcpy(entries, stack->first, sizeof(stack->first));
  stack->entries = entries;
  stack->top = &entries[stack->depth];
  stack->capacity = capacity;
  return 0;
}

void asyncscope__stack_set_trigger(async_id_t trigger_async_id) {
  asyncscope__stack_t *stack = &asyncscope__env->stack;
  asyncscope__entry_t entry = *asyncscope__stack_top(stack);
  entry.trigger_async_id = trigger_async_id;
  asyncscope__stack_pop(stack);
  asyncscope__stack_push(stack, &entry);
}
