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
  ASYNCSCOPE__CONTEXT_LOST = 1 << 8, /* its first callback is to be reported */
  ASYNCSCOPE__OWES = 1 << 9,         /* a callback, and has run none yet */
  ASYNCSCOPE__CLOSING = 1 << 10,     /* its handle is being closed */
  ASYNCSCOPE__TASK = 1 << 11         /* of a pool */
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
  _Atomic uint64_t site_and_type; /* asyncscope__site_and_type() */
  _Atomic uint64_t request;
  /* name: index + 1, 32 bits; callbacks, the upper 16; flags, 16 */
  _Atomic uint64_t name_calls_flags;
  _Atomic uint64_t run_and_calls; /* ns, 48 bits; callbacks, the lower 16 */
  _Atomic uint64_t exited_and_storages; /* of the frame; exited: high half */
} asyncscope__record_t;

/* The row of what is counted apart: the program's own, asyncscope's. No
 * comparison, whose answer is a byte: it goes into words. */
static inline uint64_t asyncscope__whose(uint32_t flags) {
  return (uint64_t)flags / ASYNCSCOPE__INTERNAL & 1;
}

/* What a record begins with. */
typedef struct asyncscope__fresh_s {
  async_id_t async_id, execution_async_id;
  async_id_t trigger; /* as this thread sees it */
  async_id_t trigger_async_id;
  /* Of trigger_async_id. As wide as the word it goes into: where the compiler
   * puts it on the stack it may read as much, and a read that is wider than its
   * write waits until all that was written before is in the cache. */
  uint64_t trigger_thread;
  uint32_t type, flags;
  uint32_t name; /* where it lies, 0: none */
  uint64_t site_and_type;
  uint64_t request;
  const async_context_frame_t *frame;
  uint64_t created_ns;
} asyncscope__fresh_t;

/* Of a name's place: that of its request's account, in the requests' slab. */
#define ASYNCSCOPE__NAME_OF_REQUEST (UINT32_C(1) << 31)

#define ASYNCSCOPE__NAME_WORDS      (ASYNC_RESOURCE_NAME_BYTES / 8)

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

/* Static data lies in the lower 48 bits of the address space; where it does
 * not, the site is unknown. */
#define ASYNCSCOPE__SITE_BITS 48

static inline uint64_t asyncscope__site_and_type(const async_site_t *site,
                                                 uint32_t type) {
  uint64_t address = (uintptr_t)site;
  if (address >> ASYNCSCOPE__SITE_BITS != 0)
    address = 0;
  return (uint64_t)type << ASYNCSCOPE__SITE_BITS | address;
}

static inline const async_site_t *asyncscope__site_of(uint64_t site_and_type) {
  uint64_t mask = (UINT64_C(1) << ASYNCSCOPE__SITE_BITS) - 1;
  return (const async_site_t *)(uintptr_t)(site_and_type & mask);
}

static inline uint32_t asyncscope__type_of(uint64_t site_and_type) {
  return (uint32_t)(site_and_type >> ASYNCSCOPE__SITE_BITS);
}

static inline uint32_t asyncscope__record_name(uint64_t name_calls_flags) {
  return asyncscope__high(name_calls_flags);
}

static inline uint32_t asyncscope__record_flags(uint64_t name_calls_flags) {
  return asyncscope__low(name_calls_flags) & 0xffff;
}

/* The trigger id as `thread`, the record's own, sees it: 0 when the cause is
 * elsewhere. */
static inline async_id_t asyncscope__record_trigger(
    const asyncscope__record_t *record, uint32_t thread) {
  uint64_t cause = atomic_load_explicit(&record->trigger_thread_and_frame,
                                        memory_order_acquire);
  return ASYNCSCOPE__LIKELY(asyncscope__high(cause) == thread)
             ? (async_id_t)asyncscope__get(&record->trigger_async_id)
             : ASYNC_ID_NONE;
}

/* The owner's view and change of the flags. */
static inline uint32_t asyncscope__flags(const asyncscope__record_t *record) {
  return asyncscope__record_flags(
      atomic_load_explicit(&record->name_calls_flags, memory_order_relaxed));
}

static inline void asyncscope__flags_add(asyncscope__record_t *record,
                                         uint32_t flags) {
  uint64_t word =
      atomic_load_explicit(&record->name_calls_flags, memory_order_relaxed);
  asyncscope__put(&record->name_calls_flags, word | flags);
}

static inline void asyncscope__flags_remove(asyncscope__record_t *record,
                                            uint32_t flags) {
  uint64_t word =
      atomic_load_explicit(&record->name_calls_flags, memory_order_relaxed);
  asyncscope__put(&record->name_calls_flags, word & ~(uint64_t)flags);
}

#define ASYNCSCOPE__RUN_MAX_NS ((UINT64_C(1) << 48) - 1) /* three days */

/* The owner's: one callback more. Its lower half counts in the word of the
 * time; when that is full, the upper half is in another one. */
ASYNCSCOPE__HOT void asyncscope__record_add_run(asyncscope__record_t *record,
                                                uint64_t run_ns) {
  uint64_t word =
      atomic_load_explicit(&record->run_and_calls, memory_order_relaxed);
  uint64_t total_ns = (word >> 16) + run_ns;
  if (total_ns > ASYNCSCOPE__RUN_MAX_NS)
    total_ns = ASYNCSCOPE__RUN_MAX_NS;
  uint64_t next = total_ns << 16 | ((word + 1) & 0xffff);
  if (ASYNCSCOPE__LIKELY((next & 0xffff) != 0)) {
    asyncscope__put(&record->run_and_calls, next);
    return;
  }
  asyncscope__slot_begin(&record->slot);
  asyncscope__put(&record->run_and_calls, next);
  word = asyncscope__get(&record->name_calls_flags);
  asyncscope__put(&record->name_calls_flags,
                  (word & ~UINT64_C(0xffff0000)) |
                      ((word + 0x10000) & UINT64_C(0xffff0000)));
  asyncscope__slot_end(&record->slot);
}

static inline void asyncscope__record_run(const asyncscope__record_t *record,
                                          uint64_t *ret_run_ns,
                                          uint32_t *ret_callbacks) {
  uint64_t upper = asyncscope__get(&record->name_calls_flags);
  uint64_t word = asyncscope__get(&record->run_and_calls);
  *ret_run_ns = word >> 16;
  *ret_callbacks =
      (asyncscope__low(upper) & 0xffff0000) | (uint32_t)(word & 0xffff);
}

#endif
