/* What other threads may know of a resource: numbers, an interned type, a
 * static site and a short text. Never a pointer into memory that may go. */
#ifndef ASYNCSCOPE_HOOKS_RECORD_H
#define ASYNCSCOPE_HOOKS_RECORD_H

#include "asyncscope/async_resource.h"
#include "slab.h"

enum asyncscope__record_flags_e {
  ASYNCSCOPE__EMITTED = 1 << 0,   /* destroy was asked for */
  ASYNCSCOPE__DELIVERED = 1 << 1, /* nobody will hear of it any more */
  ASYNCSCOPE__FINISHED = 1 << 2,  /* the embedder let go */
  ASYNCSCOPE__MANUAL = 1 << 3,    /* finish emits nothing */
  ASYNCSCOPE__INTERNAL = 1 << 4,
  ASYNCSCOPE__UNREF = 1 << 5,
  ASYNCSCOPE__CAUSED = 1 << 6,  /* others name it as their trigger */
  ASYNCSCOPE__PROMISE = 1 << 7, /* hooks that track no promises pass it over */
  ASYNCSCOPE__CONTEXT_LOST = 1 << 8 /* its first callback is to be reported */
};

/* One record is live from its publication until the later of the delivered
 * destroy and the finish; async_id 0 says it is free. Only the words are read
 * by other threads. */
typedef struct asyncscope__record_s {
  asyncscope__slot_t slot;
  _Atomic uint64_t async_id;
  _Atomic uint64_t trigger_async_id;
  _Atomic uint64_t execution_async_id;
  _Atomic uint64_t trigger_thread_and_frame; /* thread in the high half */
  _Atomic uint64_t created_ns;
  _Atomic uint64_t site;
  _Atomic uint64_t request;
  _Atomic uint64_t name_type_flags; /* 32, 16, 16 bits; name: index + 1 */
  _Atomic uint64_t run_us_and_callbacks;
  _Atomic uint64_t exited_and_storages; /* of the frame; exited: high half */
} asyncscope__record_t;

#define ASYNCSCOPE__NAME_WORDS (ASYNC_RESOURCE_NAME_BYTES / 8)

typedef struct asyncscope__name_s {
  asyncscope__slot_t slot;
  _Atomic uint64_t words[ASYNCSCOPE__NAME_WORDS];
} asyncscope__name_t;

static inline uint64_t asyncscope__pair(uint32_t high, uint32_t low) {
  return (uint64_t)high << 32 | low;
}

static inline uint32_t asyncscope__high(uint64_t pair) {
  return (uint32_t)(pair >> 32);
}

static inline uint32_t asyncscope__low(uint64_t pair) {
  return (uint32_t)pair;
}

static inline uint32_t asyncscope__record_name(uint64_t name_type_flags) {
  return asyncscope__high(name_type_flags);
}

static inline uint32_t asyncscope__record_type(uint64_t name_type_flags) {
  return asyncscope__low(name_type_flags) >> 16;
}

static inline uint32_t asyncscope__record_flags(uint64_t name_type_flags) {
  return asyncscope__low(name_type_flags) & 0xffff;
}

/* The trigger id as `thread`, the record's own, sees it: 0 when the cause is
 * elsewhere. */
static inline async_id_t asyncscope__record_trigger(
    const asyncscope__record_t *record, uint32_t thread) {
  uint64_t cause = atomic_load_explicit(&record->trigger_thread_and_frame,
                                        memory_order_acquire);
  return asyncscope__high(cause) == thread
             ? (async_id_t)asyncscope__get(&record->trigger_async_id)
             : ASYNC_ID_NONE;
}

/* The owner's view and change of the flags. */
static inline uint32_t asyncscope__flags(const asyncscope__record_t *record) {
  return asyncscope__record_flags(
      atomic_load_explicit(&record->name_type_flags, memory_order_relaxed));
}

static inline void asyncscope__flags_add(asyncscope__record_t *record,
                                         uint32_t flags) {
  uint64_t word =
      atomic_load_explicit(&record->name_type_flags, memory_order_relaxed);
  asyncscope__put(&record->name_type_flags, word | flags);
}

static inline void asyncscope__flags_remove(asyncscope__record_t *record,
                                            uint32_t flags) {
  uint64_t word =
      atomic_load_explicit(&record->name_type_flags, memory_order_relaxed);
  asyncscope__put(&record->name_type_flags, word & ~(uint64_t)flags);
}

#endif
