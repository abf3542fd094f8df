/* The ring of events from the inside: its owner writes, anybody reads.
 *
 *   head: events written ever
 *         v
 *   [ 6 ][ 7 ][ 2 ][ 3 ][ 4 ][ 5 ]     capacity 6, head 8: event 2 may be
 *               ^                      overwritten at any moment, so 3 to 7
 *               the next               are what a reader may trust
 *
 * An event is six words. They are stored release, then the head. A reader
 * copies (acquire) and reads the head again: whoever saw a word of event n also
 * sees a head of n at least, so what lies more than a ring behind, or exactly
 * one, is dropped. */
#ifndef ASYNCSCOPE_HOOKS_RECORDER_H
#define ASYNCSCOPE_HOOKS_RECORDER_H

#include "asyncscope/async_recorder.h"
#include "hot.h"
#include "slab.h"

#define ASYNCSCOPE__EVENT_WORDS 6u

typedef struct asyncscope__ring_s {
  struct asyncscope__ring_s *retired; /* next to be freed */
  size_t bytes;
  uint64_t capacity;
  uint64_t first; /* head when the ring was new */
  _Atomic uint64_t words[];
} asyncscope__ring_t;

typedef struct asyncscope__recorder_s {
  _Atomic(asyncscope__ring_t *) ring; /* NULL: off */
  _Atomic uint64_t head;
  _Atomic uint64_t *next, *end; /* the owner's; next NULL: off */
  _Atomic uint64_t *begin;
  asyncscope__ring_t *retired; /* freed when nobody reads */
  size_t asked_bytes;          /* for the ring there is; the owner's */
  _Atomic size_t wanted; /* 1 + bytes that another thread asks for, or 0 */
} asyncscope__recorder_t;

/* 0 or UV_ENOMEM. */
int asyncscope__recorder_resize(asyncscope__recorder_t *recorder, size_t bytes);
/* Lets the owner do so at its next settling. Thread: any. */
void asyncscope__recorder_want(asyncscope__recorder_t *recorder, size_t bytes);
/* The owner's, now and then: `readers` counts those announced. */
void asyncscope__recorder_settle(asyncscope__recorder_t *recorder,
                                 _Atomic uint32_t *readers);
/* What environments begin with (env_list.c). */
size_t asyncscope__env_list_recorder(void);
void asyncscope__env_list_set_recorder(size_t bytes);
/* No reader may be left. */
void asyncscope__recorder_finish(asyncscope__recorder_t *recorder);

/* What an event is made of; each kind uses some. */
typedef struct asyncscope__event_s {
  uint64_t kind; /* of async_event_kind_t */
  uint64_t internal;
  uint64_t at_ns;
  async_id_t async_id;     /* not below 0 */
  uint64_t second, third;  /* words 2 and 3 */
  uint64_t trigger_thread; /* init: of it what is in word 1 */
  uint64_t request;
  uint64_t site_and_type;
} asyncscope__event_t;

/*   word 0   kind 3 bits, internal 1, at_ns 60
 *        1   trigger thread, lower 11; async id 53
 *        2   trigger thread, middle 11; trigger id 53     or duration 64
 *        3   trigger thread, upper 10; execution id 53    or status 32
 *        4   request
 *        5   type 16, site 48 */
#define ASYNCSCOPE__EVENT_TIME_BITS 60
#define ASYNCSCOPE__EVENT_ID_BITS   53

/* For a number that may be below 0. */
static inline uint64_t asyncscope__event_id(async_id_t async_id,
                                            uint32_t above) {
  uint64_t mask = (UINT64_C(1) << ASYNCSCOPE__EVENT_ID_BITS) - 1;
  return ((uint64_t)async_id & mask) | (uint64_t)above
                                           << ASYNCSCOPE__EVENT_ID_BITS;
}

/* The owner's. Inlined where `event` is built, so that it never lies in memory:
 * a few shifts and seven stores. */
ASYNCSCOPE__HOT void asyncscope__recorder_write(
    asyncscope__recorder_t *recorder, const asyncscope__event_t *event) {
  _Atomic uint64_t *words = recorder->next;
  if (ASYNCSCOPE__UNLIKELY(words == NULL))
    return;
  uint64_t head = atomic_load_explicit(&recorder->head, memory_order_relaxed);
  asyncscope__put(&words[0], (event->kind << 1 | event->internal)
                                     << ASYNCSCOPE__EVENT_TIME_BITS |
                                 event->at_ns);
  asyncscope__put(&words[1],
                  (uint64_t)event->async_id | event->trigger_thread
                                                  << ASYNCSCOPE__EVENT_ID_BITS);
  asyncscope__put(&words[2], event->second);
  asyncscope__put(&words[3], event->third);
  asyncscope__put(&words[4], event->request);
  asyncscope__put(&words[5], event->site_and_type);
  words += ASYNCSCOPE__EVENT_WORDS;
  recorder->next = words == recorder->end ? recorder->begin : words;
  atomic_store_explicit(&recorder->head, head + 1, memory_order_release);
}

#endif
