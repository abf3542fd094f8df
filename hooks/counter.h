/* A count that one thread raises and any thread reads. */
#ifndef ASYNCSCOPE_HOOKS_COUNTER_H
#define ASYNCSCOPE_HOOKS_COUNTER_H

#include "hot.h"
#include <stdatomic.h>
#include <stdint.h>

typedef _Atomic uint64_t asyncscope__counter_t;

static inline uint64_t asyncscope__counter_read(
    const asyncscope__counter_t *counter) {
  return atomic_load_explicit(counter, memory_order_relaxed);
}

/* The owner's: a plain add, no locked instruction. */
ASYNCSCOPE__HOT void asyncscope__counter_add(asyncscope__counter_t *counter,
                                             uint64_t amount) {
  atomic_store_explicit(counter, asyncscope__counter_read(counter) + amount,
                        memory_order_relaxed);
}

ASYNCSCOPE__HOT void asyncscope__counter_set(asyncscope__counter_t *counter,
                                             uint64_t value) {
  atomic_store_explicit(counter, value, memory_order_relaxed);
}

#endif
