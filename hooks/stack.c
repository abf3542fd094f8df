#include "env.h"

#include "asyncscope/async_allocator.h"
#include "error.h"
#include <string.h>

void asyncscope__stack_init(asyncscope__stack_t *stack) {
  stack->entries = stack->top = stack->first;
  stack->top->async_id = ASYNC_ID_ROOT;
  stack->top->marks = ASYNCSCOPE__CAUSED; /* there is no record of it */
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

static size_t copy_stack(const asyncscope__published_stack_t *published,
                         async_stack_entry_t *entries) {
  size_t depth = asyncscope__get(&published->depth);
  for (size_t i = 0; i < depth && i < ASYNC_STACK_PUBLISHED; i++)
    entries[i] = (async_stack_entry_t){
        .async_id =
            (async_id_t)asyncscope__get(&published->entries[i].async_id),
        .trigger_async_id = (async_id_t)asyncscope__get(
            &published->entries[i].trigger_async_id),
        .since_ns = asyncscope__get(&published->entries[i].entered_ns),
        .nested_ns = asyncscope__get(&published->entries[i].nested_ns),
        .request = asyncscope__get(&published->entries[i].request)};
  return depth;
}

size_t asyncscope__stack_read(
    const asyncscope__published_stack_t *published,
    async_stack_entry_t ret_entries[ASYNC_STACK_PUBLISHED]) {
  asyncscope__reading_t reading = {0};
  size_t depth = 0;
  while (asyncscope__reading(&reading, &published->slot))
    depth = copy_stack(published, ret_entries);
  return depth;
}
