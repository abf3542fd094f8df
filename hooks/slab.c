/* Giving a chunk back and reading it are settled as follows: the owner first
 * takes the chunk out of the table, then looks at the count of readers; a
 * reader first raises the count, then looks into the table. Both in one total
 * order (seq_cst), so either the owner sees the reader and keeps the chunk, or
 * the reader does not see the chunk. A chunk taken out holds nothing live, so
 * a reader that misses it misses nothing. */
#include "slab.h"

#include "asyncscope/async_allocator.h"
#include <sched.h>

#define KEPT_BYTES (UINT32_C(16) << 10)

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

bool asyncscope__slab_grow(asyncscope__slab_t *slab) {
  uint32_t chunk = slab->chunk_count;
  if (chunk == ASYNCSCOPE__CHUNKS)
    return false;
  unsigned char *memory =
      async_calloc(chunk_capacity(chunk), slab->element_bytes);
  if (memory == NULL)
    return false;
  atomic_store_explicit(&slab->used[chunk], 0, memory_order_relaxed);
  atomic_store_explicit(&slab->chunks[chunk], memory, memory_order_release);
  slab->origins[chunk] =
      (uintptr_t)memory - chunk_capacity(chunk) * slab->element_bytes;
  slab->free_first[chunk] = ASYNCSCOPE__SLAB_NONE;
  asyncscope__slab_set_room(slab, slab->with_room | 1u << chunk);
  slab->chunk_count++;
  return true;
}

static bool give_back_last(asyncscope__slab_t *slab) {
  uint32_t chunk = slab->chunk_count - 1;
  unsigned char *memory = atomic_exchange(&slab->chunks[chunk], NULL);
  if (atomic_load(slab->readers) != 0) {
    atomic_store(&slab->chunks[chunk], memory);
    return false;
  }
  async_free(memory);
  asyncscope__slab_set_room(slab, slab->with_room & ~(1u << chunk));
  slab->chunk_count--;
  return true;
}

/* What was needed since the last time may be needed again at once: a program
 * that makes and ends the same number of resources at every turn would ask for
 * the same memory each time. Much memory is given back all the same. */
static bool is_in_use(const asyncscope__slab_t *slab, uint32_t chunk) {
  return (slab->touched >> chunk & 1) != 0 &&
         chunk_capacity(chunk) * slab->element_bytes <= KEPT_BYTES;
}

/* Half of what stays must be free, so that a slab at the edge of a chunk does
 * not give it back and ask for it again all the time. */
static bool has_too_much(const asyncscope__slab_t *slab) {
  uint32_t last = slab->chunk_count - 1;
  return last > 0 && slab->live[last] == 0 &&
         slab->live_total <= asyncscope__chunk_base(last) / 2 &&
         !is_in_use(slab, last);
}

/* Its chunk may be the one to be given back. */
static void put_spare(asyncscope__slab_t *slab) {
  asyncscope__slot_t *spare = slab->spare;
  if (spare == NULL)
    return;
  slab->spare = NULL;
  slab->touched |= 1u << asyncscope__chunk_of(slab->spare_index);
  asyncscope__slab_put(slab, slab->spare_index, spare);
}

void asyncscope__slab_shrink(asyncscope__slab_t *slab) {
  if (slab->chunk_count > 1)
    put_spare(slab);
  while (slab->chunk_count > 1 && has_too_much(slab))
    if (!give_back_last(slab))
      break;
  slab->touched = 0;
}

bool asyncscope__slab_has(const asyncscope__slab_t *slab, const void *element) {
  for (uint32_t chunk = 0; chunk < slab->chunk_count; chunk++) {
    uintptr_t memory = (uintptr_t)atomic_load_explicit(&slab->chunks[chunk],
                                                       memory_order_relaxed);
    uintptr_t offset = (uintptr_t)element - memory;
    if (offset < chunk_capacity(chunk) * slab->element_bytes)
      return offset % slab->element_bytes == 0;
  }
  return false;
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
