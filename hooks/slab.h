/* Fixed-size elements that never move, allocated and written by one thread and
 * read by any.
 *
 *   chunk 0: 64 elements   chunk 1: 128   chunk 2: 256   ...
 *
 * An index names an element for as long as it is taken. Every element begins
 * with a slot: its sequence number is odd while the owner changes it. Low
 * chunks fill first, so that after a burst the high ones run empty and can be
 * given back while no reader is announced. */
#ifndef ASYNCSCOPE_HOOKS_SLAB_H
#define ASYNCSCOPE_HOOKS_SLAB_H

#include "hot.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ASYNCSCOPE__CHUNK_FIRST 64u
#define ASYNCSCOPE__CHUNKS      22u
#define ASYNCSCOPE__SLAB_NONE   UINT32_MAX

typedef struct asyncscope__slot_s {
  _Atomic uint32_t sequence;
  uint32_t link; /* the owner's: next in a list of its own */
} asyncscope__slot_t;

typedef struct asyncscope__slab_s {
  size_t element_bytes; /* a multiple of 8 */
  _Atomic(unsigned char *) chunks[ASYNCSCOPE__CHUNKS];
  /* The owner's: where an element of each chunk would lie whose index is
   * -ASYNCSCOPE__CHUNK_FIRST, so that the way to one is short. */
  uintptr_t origins[ASYNCSCOPE__CHUNKS];
  _Atomic uint32_t used[ASYNCSCOPE__CHUNKS]; /* ever taken, from the start */
  uint32_t free_first[ASYNCSCOPE__CHUNKS];   /* index of a free element */
  uint32_t live[ASYNCSCOPE__CHUNKS];
  uint32_t live_total;
  uint32_t chunk_count; /* chunks 0 to chunk_count - 1 are there */
  uint32_t with_room;   /* bit per chunk that has a free element */
  uint32_t touched;     /* bit per chunk taken from since the last shrink */
  /* One that was given back and is the next to be taken, counted as taken until
   * the slab shrinks: mostly one comes when one has gone. When it was given it
   * lay no higher than the lowest chunk that had room. */
  asyncscope__slot_t *spare; /* NULL: none */
  uint32_t spare_index;
  uint32_t spare_below; /* its index may be */
  _Atomic uint32_t *readers;
} asyncscope__slab_t;

static inline uint32_t asyncscope__chunk_of(uint32_t index) {
  return (31u ^ (uint32_t)__builtin_clz(index + ASYNCSCOPE__CHUNK_FIRST)) - 6u;
}

static inline uint32_t asyncscope__chunk_base(uint32_t chunk) {
  return (ASYNCSCOPE__CHUNK_FIRST << chunk) - ASYNCSCOPE__CHUNK_FIRST;
}

/* `readers` counts the announced readers of the owner's memory. */
void asyncscope__slab_init(asyncscope__slab_t *slab, size_t element_bytes,
                           _Atomic uint32_t *readers);
/* No reader may be left. */
void asyncscope__slab_finish(asyncscope__slab_t *slab);

/* One more chunk; false without memory. */
bool asyncscope__slab_grow(asyncscope__slab_t *slab);
/* Gives empty chunks back when the slab is mostly empty. */
void asyncscope__slab_shrink(asyncscope__slab_t *slab);

/* The way to an element of a chunk that is known. */
static inline void *asyncscope__slab_in(const asyncscope__slab_t *slab,
                                        uint32_t chunk, uint32_t index) {
  size_t number = (size_t)index + ASYNCSCOPE__CHUNK_FIRST;
  return (void *)(slab->origins[chunk] + number * slab->element_bytes);
}

/* The owner's way to an element it holds. */
static inline void *asyncscope__slab_at(const asyncscope__slab_t *slab,
                                        uint32_t index) {
  return asyncscope__slab_in(slab, asyncscope__chunk_of(index), index);
}
/* The owner's way to one that may have been given back: NULL where its memory
 * has been too. */
static inline void *asyncscope__slab_find(const asyncscope__slab_t *slab,
                                          uint32_t index) {
  return asyncscope__chunk_of(index) < slab->chunk_count
             ? asyncscope__slab_at(slab, index)
             : NULL;
}

/* Whether there is an element at that address now, free or not. The owner's. */
bool asyncscope__slab_has(const asyncscope__slab_t *slab, const void *element);

static inline uint32_t asyncscope__slab_take_fresh(asyncscope__slab_t *slab,
                                                   uint32_t chunk) {
  uint32_t used =
      atomic_load_explicit(&slab->used[chunk], memory_order_relaxed);
  atomic_store_explicit(&slab->used[chunk], used + 1, memory_order_release);
  return asyncscope__chunk_base(chunk) + used;
}

/* A spare may lie up to the end of the lowest chunk that has room. */
static inline void asyncscope__slab_set_room(asyncscope__slab_t *slab,
                                             uint32_t with_room) {
  slab->with_room = with_room;
  slab->spare_below =
      with_room == 0
          ? ASYNCSCOPE__SLAB_NONE
          : asyncscope__chunk_base((uint32_t)__builtin_ctz(with_room) + 1);
}

/* A free element, zeroed when it is taken for the first time, and its index;
 * NULL when there is no memory. */
ASYNCSCOPE__HOT void *asyncscope__slab_take_at(asyncscope__slab_t *slab,
                                               uint32_t *ret_index) {
  asyncscope__slot_t *spare = slab->spare;
  if (ASYNCSCOPE__LIKELY(spare != NULL)) {
    slab->spare = NULL;
    *ret_index = slab->spare_index;
    return spare;
  }
  if (__builtin_expect(slab->with_room == 0, 0) && !asyncscope__slab_grow(slab))
    return NULL;
  uint32_t chunk = (uint32_t)__builtin_ctz(slab->with_room);
  uint32_t index = slab->free_first[chunk];
  bool freed = __builtin_expect(index != ASYNCSCOPE__SLAB_NONE, 1);
  if (!freed)
    index = asyncscope__slab_take_fresh(slab, chunk);
  asyncscope__slot_t *slot = asyncscope__slab_in(slab, chunk, index);
  if (freed)
    slab->free_first[chunk] = slot->link;
  slab->touched |= 1u << chunk;
  if (++slab->live[chunk] == ASYNCSCOPE__CHUNK_FIRST << chunk)
    asyncscope__slab_set_room(slab, slab->with_room & ~(1u << chunk));
  slab->live_total++;
  *ret_index = index;
  return slot;
}

/* Its index alone; ASYNCSCOPE__SLAB_NONE when there is no memory. */
static inline uint32_t asyncscope__slab_take(asyncscope__slab_t *slab) {
  uint32_t index;
  return asyncscope__slab_take_at(slab, &index) == NULL ? ASYNCSCOPE__SLAB_NONE
                                                        : index;
}

/* See asyncscope__slab_give(). */
static inline void asyncscope__slab_put(asyncscope__slab_t *slab,
                                        uint32_t index,
                                        asyncscope__slot_t *slot) {
  uint32_t chunk = asyncscope__chunk_of(index);
  slot->link = slab->free_first[chunk];
  slab->free_first[chunk] = index;
  if (ASYNCSCOPE__UNLIKELY((slab->with_room & 1u << chunk) == 0))
    asyncscope__slab_set_room(slab, slab->with_room | 1u << chunk);
  slab->live[chunk]--;
  slab->live_total--;
}

/* `slot` is the element's, whose owner has zeroed what readers take for life.
 */
ASYNCSCOPE__HOT void asyncscope__slab_give(asyncscope__slab_t *slab,
                                           uint32_t index,
                                           asyncscope__slot_t *slot) {
  if (ASYNCSCOPE__UNLIKELY(slab->spare != NULL || index >= slab->spare_below)) {
    asyncscope__slab_put(slab, index, slot);
    return;
  }
  slab->spare = slot;
  slab->spare_index = index;
}

/* An announced reader's way; NULL where there is none. */
void *asyncscope__slab_peek(const asyncscope__slab_t *slab, uint32_t index);
/* The index to peek at after `index` came back NULL: the next chunk's first,
 * ASYNCSCOPE__SLAB_NONE behind the last. */
uint32_t asyncscope__slab_skip(uint32_t index);
size_t asyncscope__slab_bytes(const asyncscope__slab_t *slab);

ASYNCSCOPE__HOT void asyncscope__slot_begin(asyncscope__slot_t *slot) {
  uint32_t sequence =
      atomic_load_explicit(&slot->sequence, memory_order_relaxed);
  atomic_store_explicit(&slot->sequence, sequence + 1, memory_order_relaxed);
}

ASYNCSCOPE__HOT void asyncscope__slot_end(asyncscope__slot_t *slot) {
  uint32_t sequence =
      atomic_load_explicit(&slot->sequence, memory_order_relaxed);
  atomic_store_explicit(&slot->sequence, sequence + 1, memory_order_release);
}

/* A reader copies as long as the copy may be torn:
 *
 *   asyncscope__reading_t reading = {0};
 *   while (asyncscope__reading(&reading, &record->slot))
 *     copy(record);
 *
 * The words are stored release and loaded acquire, so whoever saw one that was
 * stored after the begin also sees the odd number. The owner may have lost its
 * processor in between: it gets its turn. */
typedef struct asyncscope__reading_s {
  uint32_t seen;
  uint32_t turns;
} asyncscope__reading_t;

#define ASYNCSCOPE__READING_TURNS 64u

void asyncscope__reader_yield(void);

static inline bool asyncscope__reading(asyncscope__reading_t *reading,
                                       const asyncscope__slot_t *slot) {
  if (reading->turns > 0 && (reading->seen & 1) == 0 &&
      atomic_load_explicit(&slot->sequence, memory_order_relaxed) ==
          reading->seen)
    return false;
  if (++reading->turns % ASYNCSCOPE__READING_TURNS == 0)
    asyncscope__reader_yield();
  reading->seen = atomic_load_explicit(&slot->sequence, memory_order_acquire);
  return true;
}

ASYNCSCOPE__HOT void asyncscope__put(_Atomic uint64_t *word, uint64_t value) {
  atomic_store_explicit(word, value, memory_order_release);
}

/* Less than eight bytes as they lie in memory, and zeros: two pieces that may
 * overlap. */
static inline uint64_t asyncscope__text_word(const char *text, size_t bytes) {
  char word[8] = {0};
  uint64_t value;
  if (bytes >= 4) {
    memcpy(word, text, 4);
    memcpy(&word[bytes - 4], &text[bytes - 4], 4);
  } else if (bytes > 0) {
    word[0] = text[0];
    word[bytes / 2] = text[bytes / 2];
    word[bytes - 1] = text[bytes - 1];
  }
  memcpy(&value, word, 8);
  return value;
}

/* `bytes` of text and a NUL; what else there is of the words stays. */
static inline void asyncscope__put_text(_Atomic uint64_t *words,
                                        const char *text, size_t bytes) {
  uint64_t word;
  for (; bytes >= 8; bytes -= 8, text += 8) {
    memcpy(&word, text, 8);
    asyncscope__put(words++, word);
  }
  asyncscope__put(words, asyncscope__text_word(text, bytes));
}

ASYNCSCOPE__HOT uint64_t asyncscope__get(const _Atomic uint64_t *word) {
  return atomic_load_explicit(word, memory_order_acquire);
}

/* The owner's view of what it alone writes. */
ASYNCSCOPE__HOT uint64_t asyncscope__own(const _Atomic uint64_t *word) {
  return atomic_load_explicit(word, memory_order_relaxed);
}

#endif
