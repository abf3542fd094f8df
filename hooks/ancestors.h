/* A bounded memory of ended resources that others name as their trigger, so
 * that a chain of causes does not break where its middle ended first. */
#ifndef ASYNCSCOPE_HOOKS_ANCESTORS_H
#define ASYNCSCOPE_HOOKS_ANCESTORS_H

#include "asyncscope/async_inspect.h"
#include "record.h"

typedef struct asyncscope__ancestor_s {
  asyncscope__slot_t slot;
  _Atomic uint64_t async_id; /* 0: never used */
  _Atomic uint64_t trigger_async_id;
  _Atomic uint64_t execution_async_id;
  _Atomic uint64_t trigger_thread_and_type;
  _Atomic uint64_t site;
  _Atomic uint64_t created_ns;
  _Atomic uint64_t exited_and_storages;
} asyncscope__ancestor_t;

/* How many ids that were given as a trigger by number are kept in mind; of two
 * that fall on one place, the later. */
#define ASYNCSCOPE__NAMED 1024u

/* A ring of ASYNC_ANCESTORS_KEPT, kept until the environment's memory goes. */
typedef struct asyncscope__ancestors_s {
  _Atomic(asyncscope__ancestor_t *) ring;
  uint32_t next;
  async_id_t *named; /* by their last digits; NULL until there is one */
} asyncscope__ancestors_t;

/* Makes the ring, before something is first seen to cause something: while a
 * resource is made, so that ending one takes no memory. False without memory:
 * nothing is remembered until a later call finds some. */
bool asyncscope__ancestors_reserve(asyncscope__ancestors_t *ancestors);

static inline bool asyncscope__ancestors_there(
    const asyncscope__ancestors_t *ancestors) {
  return atomic_load_explicit(&ancestors->ring, memory_order_relaxed) != NULL;
}

/* Somebody names `async_id` as a trigger, and no record is at hand to mark: it
 * is asked for when a resource ends. Without memory it is not remembered. */
void asyncscope__ancestors_name(asyncscope__ancestors_t *ancestors,
                                async_id_t async_id);

static inline bool asyncscope__ancestors_named(
    const asyncscope__ancestors_t *ancestors, async_id_t async_id) {
  return ancestors->named != NULL &&
         ancestors->named[(uint64_t)async_id % ASYNCSCOPE__NAMED] == async_id;
}

/* Copies the record's cause. */
void asyncscope__ancestors_add(asyncscope__ancestors_t *ancestors,
                               const asyncscope__record_t *record);
void asyncscope__ancestors_finish(asyncscope__ancestors_t *ancestors);

/* Any thread: false for a place never used. */
bool asyncscope__ancestors_read(const asyncscope__ancestors_t *ancestors,
                                uint32_t place,
                                async_ancestor_info_t *ret_info);

#endif
