#include "ancestors.h"

#include "asyncscope/async_allocator.h"
#include "types.h"

bool asyncscope__ancestors_reserve(asyncscope__ancestors_t *ancestors) {
  asyncscope__ancestor_t *ring =
      atomic_load_explicit(&ancestors->ring, memory_order_relaxed);
  if (ring == NULL) {
    ring = async_calloc(ASYNC_ANCESTORS_KEPT, sizeof(*ring));
    atomic_store_explicit(&ancestors->ring, ring, memory_order_release);
  }
  return ring != NULL;
}

void asyncscope__ancestors_name(asyncscope__ancestors_t *ancestors,
                                async_id_t async_id) {
  if (ancestors->named == NULL)
    ancestors->named =
        async_calloc(ASYNCSCOPE__NAMED, sizeof(*ancestors->named));
  if (ancestors->named == NULL || !asyncscope__ancestors_reserve(ancestors))
    return;
  ancestors->named[(uint64_t)async_id % ASYNCSCOPE__NAMED] = async_id;
}

void asyncscope__ancestors_add(asyncscope__ancestors_t *ancestors,
                               const asyncscope__record_t *record) {
  asyncscope__ancestor_t *ring =
      atomic_load_explicit(&ancestors->ring, memory_order_relaxed);
  if (ring == NULL)
    return;
  asyncscope__ancestor_t *place =
      &ring[ancestors->next++ % ASYNC_ANCESTORS_KEPT];
  uint64_t cause = asyncscope__get(&record->trigger_thread_and_frame);
  uint64_t site = asyncscope__get(&record->site_and_type);
  asyncscope__slot_begin(&place->slot);
  asyncscope__put(&place->async_id, asyncscope__get(&record->async_id));
  asyncscope__put(&place->trigger_async_id,
                  asyncscope__get(&record->trigger_async_id));
  asyncscope__put(&place->execution_async_id,
                  asyncscope__get(&record->execution_async_id));
  asyncscope__put(
      &place->trigger_thread_and_type,
      asyncscope__pair(asyncscope__high(cause), asyncscope__type_of(site)));
  asyncscope__put(&place->site, (uintptr_t)asyncscope__site_of(site));
  asyncscope__put(&place->created_ns, asyncscope__get(&record->created_ns));
  asyncscope__put(&place->exited_and_storages,
                  asyncscope__get(&record->exited_and_storages));
  asyncscope__slot_end(&place->slot);
}

void asyncscope__ancestors_finish(asyncscope__ancestors_t *ancestors) {
  async_free(atomic_load_explicit(&ancestors->ring, memory_order_relaxed));
  async_free(ancestors->named);
}

static void copy(const asyncscope__ancestor_t *place,
                 async_ancestor_info_t *ret_info) {
  uint64_t cause = asyncscope__get(&place->trigger_thread_and_type);
  *ret_info = (async_ancestor_info_t){
      .async_id = (async_id_t)asyncscope__get(&place->async_id),
      .execution_async_id =
          (async_id_t)asyncscope__get(&place->execution_async_id),
      .trigger = {asyncscope__high(cause),
                  (async_id_t)asyncscope__get(&place->trigger_async_id)},
      .type = asyncscope__type_name(asyncscope__low(cause)),
      .site = (const async_site_t *)(uintptr_t)asyncscope__get(&place->site),
      .created_ns = asyncscope__get(&place->created_ns),
      .storages = asyncscope__low(asyncscope__get(&place->exited_and_storages)),
  };
}

bool asyncscope__ancestors_read(const asyncscope__ancestors_t *ancestors,
                                uint32_t place,
                                async_ancestor_info_t *ret_info) {
  asyncscope__ancestor_t *ring =
      atomic_load_explicit(&ancestors->ring, memory_order_acquire);
  if (ring == NULL)
    return false;
  asyncscope__reading_t reading = {0};
  while (asyncscope__reading(&reading, &ring[place].slot))
    copy(&ring[place], ret_info);
  return ret_info->async_id != 0;
}
