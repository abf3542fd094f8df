/* Giving a chunk back and reading it are settled as follows: the owner first
 * takes the chunk out of the table, then looks at the count of readers; a
 * reader first raises the count, then looks into the table. Both in one total
 * order (seq_cst), so either the owner sees the reader and keeps the chunk, or
 * the reader does not see the chunk. A chunk taken out holds nothing live, so
 * a reader that misses it misses nothing. */
#include "slab.h"

#include "asyncscope/async_allocator.h"
#include <sched.h>

static uint32_t chunk_capacity(uint32_t chunk) {
  return ASYNCSCOPE__CHUNK_FIRST << chunk;
}

void asyncscope__slab_init(asyncscope__slab_t *slab, size_t element_bytes,
                           _Atomic uint32_t *readers) {
  *slab =
      (asyncscope__slab_t){.element_bytes = element_bytes, .readers = readers};
  for (uint32_t i = 0; i < ASYNCSCOPE__CHUNKS; i++)
    slab->free_first[i] = ASYNCSCOPE__SLAB_NONE;
}

void asyncscope__slab_finish(asyncscope__slab_t *slab) {
  for (uint32_t i = 0; i < slab->chunk_count; i++)
    async_free(atomic_load(&slab->chunks[i]));
  slab->chunk_count = 0;
}

static bool add_chunk(asyncscope__slab_t *slab) {
  uint32_t chunk = slab->chunk_count;
  if (chunk == ASYNCSCOPE__CHUNKS)
    return false;
  unsigned char *memory =
      async_calloc(chunk_capacity(chunk), slab->element_bytes);
  if (memory == NULL)
    return false;
  atomic_store_explicit(&slab->used[chunk], 0, memory_order_relaxed);
  atomic_store_explicit(&slab->chunks[chunk], memory, memory_order_release);
  slab->free_first[chunk] = ASYNCSCOPE__SLAB_NONE;
  slab->with_room |= 1u << chunk;
  slab->chunk_count++;
  return true;
}

static uint32_t take_fresh(asyncscope__slab_t *slab, uint32_t chunk) {
  uint32_t used =
      atomic_load_explicit(&slab->used[chunk], memory_order_relaxed);
  atomic_store_explicit(&slab->used[chunk], used + 1, memory_order_release);
  return asyncscope__chunk_base(chunk) + used;
}

static uint32_t take_freed(asyncscope__slab_t *slab, uint32_t chunk) {
  uint32_t index = slab->free_first[chunk];
  asyncscope__slot_t *slot = asyncscope__slab_at(slab, index);
  slab->free_first[chunk] = slot->link;
  return index;
}

uint32_t asyncscope__slab_take(asyncscope__slab_t *slab) {
  if (slab->with_room == 0 && !add_chunk(slab))
    return ASYNCSCOPE__SLAB_NONE;
  uint32_t chunk = (uint32_t)__builtin_ctz(slab->with_room);
  uint32_t index = slab->free_first[chunk] == ASYNCSCOPE__SLAB_NONE
                       ? take_fresh(slab, chunk)
                       : take_freed(slab, chunk);
  if (++slab->live[chunk] == chunk_capacity(chunk))
    slab->with_room &= ~(1u << chunk);
  slab->live_total++;
  return index;
}

void asyncscope__slab_give(asyncscope__slab_t *slab, uint32_t index) {
  uint32_t chunk = asyncscope__chunk_of(index);
  asyncscope__slot_t *slot = asyncscope__slab_at(slab, index);
  slot->link = slab->free_first[chunk];
  slab->free_first[chunk] = index;
  slab->with_room |= 1u << chunk;
  slab->live[chunk]--;
  slab->live_total--;
}

static bool give_back_last(asyncscope__slab_t *slab) {
  uint32_t chunk = slab->chunk_count - 1;
  unsigned char *memory = atomic_exchange(&slab->chunks[chunk], NULL);
  if (atomic_load(slab->readers) != 0) {
    atomic_store(&slab->chunks[chunk], memory);
    return false;
  }
  async_free(memory);
  slab->with_room &= ~(1u << chunk);
  slab->chunk_count--;
  return true;
}

/* Half of what stays must be free, so that a slab at the edge of a chunk does
 * not give it back and ask for it again all the time. */
void asyncscope__slab_shrink(asyncscope__slab_t *slab) {
  while (slab->chunk_count > 1 && slab->live[slab->chunk_count - 1] == 0 &&
         slab->live_total <= asyncscope__chunk_base(slab->chunk_count - 1) / 2)
    if (!give_back_last(slab))
      return;
}

void *asyncscope__slab_peek(const asyncscope__slab_t *slab, uint32_t index) {
  uint32_t chunk = asyncscope__chunk_of(index);
  if (chunk >= ASYNCSCOPE__CHUNKS)
    return NULL;
  unsigned char *memory = atomic_load(&slab->chunks[chunk]);
  uint32_t offset = index - asyncscope__chunk_base(chunk);
  if (memory == NULL ||
      offset >= atomic_load_explicit(&slab->used[chunk], memory_order_acquire))
    return NULL;
  return memory + offset * slab->element_bytes;
}

uint32_t asyncscope__slab_skip(uint32_t index) {
  uint32_t chunk = asyncscope__chunk_of(index) + 1;
  return chunk >= ASYNCSCOPE__CHUNKS ? ASYNCSCOPE__SLAB_NONE
                                     : asyncscope__chunk_base(chunk);
}

size_t asyncscope__slab_bytes(const asyncscope__slab_t *slab) {
  size_t elements = 0;
  for (uint32_t i = 0; i < ASYNCSCOPE__CHUNKS; i++)
    if (atomic_load_explicit(&slab->chunks[i], memory_order_relaxed) != NULL)
      elements += chunk_capacity(i);
  return elements * slab->element_bytes;
}

void asyncscope__reader_yield(void) {
  sched_yield();
}
