/* The execution stack: whose callback runs inside whose.
 *
 * The private part is deep without bound; the first ASYNC_STACK_PUBLISHED
 * entries are mirrored where other threads can read them. The lowest entry is
 * the top level's (root resource), which is not counted and not published. */
#ifndef ASYNCSCOPE_HOOKS_STACK_H
#define ASYNCSCOPE_HOOKS_STACK_H

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_request.h"
#include "asyncscope/async_resource.h"
#include "record.h"

typedef struct asyncscope__entry_s {
  async_id_t async_id;
  async_id_t trigger_async_id;
  async_resource_t *resource;         /* its embedder's; only handed back */
  async_context_frame_t *saved_frame; /* owned; of the scope around */
  uint64_t entered_ns;
  uint64_t nested_ns; /* in scopes inside it that were left */
  /* Of the resource, which may have ended when its scope is left. */
  uint64_t site_and_type; /* asyncscope__site_and_type(); 0 without a record */
  uint64_t request;
  async_request_t *account; /* of the frame it was entered in; only compared */
  uint32_t record;          /* index + 1; 0: none */
  uint32_t marks;
} asyncscope__entry_t;

/* What is marked beside ASYNCSCOPE__INTERNAL and ASYNCSCOPE__CAUSED, which are
 * the record's: its resource may have ended, and it be another's by now. */
enum asyncscope__entry_marks_e {
  ASYNCSCOPE__CALLBACK = 1 << 16, /* opened for a loop's callback */
  ASYNCSCOPE__ENDS = 1 << 17 /* its record waits for the scope to be left */
};

/* One writer. The sequence guards entries; a pop only lowers the depth, when
 * the time of what was left is in the entry around it. */
typedef struct asyncscope__published_stack_s {
  asyncscope__slot_t slot;
  _Atomic uint64_t depth;
  struct {
    _Atomic uint64_t async_id, trigger_async_id, entered_ns, nested_ns, request;
  } entries[ASYNC_STACK_PUBLISHED];
} asyncscope__published_stack_t;

typedef struct asyncscope__stack_s {
  asyncscope__entry_t *top; /* of `entries`: where the thread is */
  asyncscope__entry_t *entries;
  size_t depth, capacity; /* without the top level's */
  asyncscope__entry_t first[ASYNC_STACK_PUBLISHED + 1];
  asyncscope__published_stack_t published;
} asyncscope__stack_t;

void asyncscope__stack_init(asyncscope__stack_t *stack);
void asyncscope__stack_finish(asyncscope__stack_t *stack);

/* Room for one more. UV_ENOMEM, only beyond ASYNC_STACK_PUBLISHED. */
int asyncscope__stack_grow(asyncscope__stack_t *stack);

/* NULL at top level. */
static inline asyncscope__entry_t *asyncscope__stack_top(
    asyncscope__stack_t *stack) {
  return stack->depth == 0 ? NULL : stack->top;
}

/* `entry` is read before any of it can be seen: behind a word that others read
 * the compiler would read it anew. */
ASYNCSCOPE__HOT void asyncscope__stack_publish(
    asyncscope__published_stack_t *published, size_t depth,
    const asyncscope__entry_t *entry) {
  uint64_t async_id = (uint64_t)entry->async_id;
  uint64_t trigger_async_id = (uint64_t)entry->trigger_async_id;
  uint64_t entered_ns = entry->entered_ns, nested_ns = entry->nested_ns;
  uint64_t request = entry->request;
  asyncscope__slot_begin(&published->slot);
  if (ASYNCSCOPE__LIKELY(depth < ASYNC_STACK_PUBLISHED)) {
    asyncscope__put(&published->entries[depth].async_id, async_id);
    asyncscope__put(&published->entries[depth].trigger_async_id,
                    trigger_async_id);
    asyncscope__put(&published->entries[depth].entered_ns, entered_ns);
    asyncscope__put(&published->entries[depth].nested_ns, nested_ns);
    asyncscope__put(&published->entries[depth].request, request);
  }
  asyncscope__put(&published->depth, depth + 1);
  asyncscope__slot_end(&published->slot);
}

/* Where the next entry goes: fill it and commit. NULL: UV_ENOMEM as above. */
ASYNCSCOPE__HOT asyncscope__entry_t *asyncscope__stack_next(
    asyncscope__stack_t *stack) {
  if (__builtin_expect(stack->depth == stack->capacity, 0) &&
      asyncscope__stack_grow(stack) != 0)
    return NULL;
  return stack->top + 1;
}

/* `entry` is the one that asyncscope__stack_next() gave. */
ASYNCSCOPE__HOT void asyncscope__stack_commit(asyncscope__stack_t *stack,
                                              asyncscope__entry_t *entry) {
  size_t depth = stack->depth;
  stack->top = entry;
  stack->depth = depth + 1;
  asyncscope__stack_publish(&stack->published, depth, entry);
}

/* Copies `entry` to the top. */
static inline int asyncscope__stack_push(asyncscope__stack_t *stack,
                                         const asyncscope__entry_t *entry) {
  asyncscope__entry_t *next = asyncscope__stack_next(stack);
  if (next == NULL)
    return UV_ENOMEM;
  *next = *entry;
  asyncscope__stack_commit(stack, next);
  return 0;
}

/* The entry stays readable until the next push. Others see the pop when
 * asyncscope__stack_popped() follows. */
static inline asyncscope__entry_t *asyncscope__stack_take(
    asyncscope__stack_t *stack) {
  asyncscope__entry_t *entry = stack->top;
  stack->top = entry - 1;
  stack->depth--;
  return entry;
}

/* `nested_ns` is that of the entry which is the topmost now. */
ASYNCSCOPE__HOT void asyncscope__stack_popped(asyncscope__stack_t *stack,
                                              uint64_t nested_ns) {
  size_t depth = stack->depth;
  if (depth - 1 < ASYNC_STACK_PUBLISHED) /* 0 wraps: not published */
    asyncscope__put(&stack->published.entries[depth - 1].nested_ns, nested_ns);
  asyncscope__put(&stack->published.depth, depth);
}

static inline void asyncscope__stack_pop(asyncscope__stack_t *stack) {
  asyncscope__stack_take(stack);
  asyncscope__stack_popped(stack, stack->top->nested_ns);
}

/* Any thread's: the depth, and the entries that are published of it. */
size_t asyncscope__stack_read(
    const asyncscope__published_stack_t *published,
    async_stack_entry_t ret_entries[ASYNC_STACK_PUBLISHED]);

/* What async_hooks_trigger_async_id() answers from now on in the topmost
 * scope of the calling thread. */
void asyncscope__stack_set_trigger(async_id_t trigger_async_id);

#endif
