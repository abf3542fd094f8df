#include "recorder.h"

#include "asyncscope/async_allocator.h"
#include "env.h"
#include "error.h"
#include <string.h>

/* One may be being overwritten. */
#define EVENTS_MIN  2
#define EVENT_BYTES (ASYNCSCOPE__EVENT_WORDS * sizeof(uint64_t))

/* The memory is left as it comes: what was not written is not read. */
static asyncscope__ring_t *ring_create(size_t bytes, uint64_t head) {
  asyncscope__ring_t *ring = async_malloc(bytes);
  if (ring == NULL)
    return NULL;
  ring->retired = NULL;
  ring->bytes = bytes;
  ring->capacity = (bytes - sizeof(*ring)) / EVENT_BYTES;
  ring->first = head;
  return ring;
}

static void use(asyncscope__recorder_t *recorder, asyncscope__ring_t *ring) {
  asyncscope__ring_t *before = atomic_exchange(&recorder->ring, ring);
  recorder->begin = recorder->next = ring == NULL ? NULL : ring->words;
  recorder->end = ring == NULL
                      ? NULL
                      : ring->words + ring->capacity * ASYNCSCOPE__EVENT_WORDS;
  if (before != NULL) {
    before->retired = recorder->retired;
    recorder->retired = before;
  }
}

int asyncscope__recorder_resize(asyncscope__recorder_t *recorder,
                                size_t bytes) {
  asyncscope__ring_t *ring = NULL;
  uint64_t head = atomic_load_explicit(&recorder->head, memory_order_relaxed);
  if (bytes >= sizeof(*ring) + EVENTS_MIN * EVENT_BYTES) {
    ring = ring_create(bytes, head);
    if (ring == NULL)
      return asyncscope__fail(UV_ENOMEM,
                              "no memory for a recorder of %zu bytes", bytes);
  }
  use(recorder, ring);
  recorder->asked_bytes = bytes;
  return 0;
}

void asyncscope__recorder_want(asyncscope__recorder_t *recorder, size_t bytes) {
  atomic_store_explicit(&recorder->wanted, bytes + 1, memory_order_relaxed);
}

/* For want of memory it stays as it is. */
static void take_wanted(asyncscope__recorder_t *recorder) {
  size_t wanted =
      atomic_exchange_explicit(&recorder->wanted, 0, memory_order_relaxed);
  if (wanted > 0 && wanted - 1 != recorder->asked_bytes)
    asyncscope__recorder_resize(recorder, wanted - 1);
}

static void free_retired(asyncscope__recorder_t *recorder) {
  while (recorder->retired != NULL) {
    asyncscope__ring_t *ring = recorder->retired;
    recorder->retired = ring->retired;
    async_free(ring);
  }
}

/* As with a slab's chunk: the ring was taken out before the readers are looked
 * at, so whoever announces itself later finds the new one. */
void asyncscope__recorder_settle(asyncscope__recorder_t *recorder,
                                 _Atomic uint32_t *readers) {
  if (atomic_load_explicit(&recorder->wanted, memory_order_relaxed) != 0)
    take_wanted(recorder);
  if (recorder->retired != NULL && atomic_load(readers) == 0)
    free_retired(recorder);
}

void asyncscope__recorder_finish(asyncscope__recorder_t *recorder) {
  free_retired(recorder);
  async_free(atomic_load_explicit(&recorder->ring, memory_order_relaxed));
}

int async_env_set_recorder_bytes(size_t bytes) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  int error = asyncscope__recorder_resize(&env->recorder, bytes);
  if (error == 0)
    atomic_store_explicit(&env->recorder.wanted, 0, memory_order_relaxed);
  asyncscope__recorder_settle(&env->recorder, &env->readers);
  return error;
}

void async_recorder_set_bytes(size_t bytes) {
  asyncscope__env_list_set_recorder(bytes);
}

/* The number of the oldest event that is not being overwritten. */
static uint64_t oldest(const asyncscope__ring_t *ring, uint64_t head) {
  uint64_t trusted = ring->capacity - 1;
  uint64_t first = ring->first;
  return head - first > trusted ? head - trusted : first;
}

static void load(const asyncscope__ring_t *ring, uint64_t number,
                 uint64_t words[ASYNCSCOPE__EVENT_WORDS]) {
  const _Atomic uint64_t *place =
      &ring->words[(number - ring->first) % ring->capacity *
                   ASYNCSCOPE__EVENT_WORDS];
  for (size_t i = 0; i < ASYNCSCOPE__EVENT_WORDS; i++)
    words[i] = asyncscope__get(&place[i]);
}

/* All bits set is ASYNC_ID_UNSET, the only negative one. */
static async_id_t id_of(uint64_t word) {
  uint64_t bits = (UINT64_C(1) << ASYNCSCOPE__EVENT_ID_BITS) - 1;
  return (word & bits) == bits ? ASYNC_ID_UNSET : (async_id_t)(word & bits);
}

static uint32_t above(uint64_t word) {
  return (uint32_t)(word >> ASYNCSCOPE__EVENT_ID_BITS);
}

static async_ref_t trigger_of(const uint64_t words[ASYNCSCOPE__EVENT_WORDS]) {
  return (async_ref_t){above(words[1]) | above(words[2]) << 11 |
                           above(words[3]) << 22,
                       id_of(words[2])};
}

static async_event_t decode(const uint64_t words[ASYNCSCOPE__EVENT_WORDS]) {
  uint64_t time = (UINT64_C(1) << ASYNCSCOPE__EVENT_TIME_BITS) - 1;
  uint32_t kind = (uint32_t)(words[0] >> ASYNCSCOPE__EVENT_TIME_BITS);
  async_event_t event = {
      .kind = (async_event_kind_t)(kind >> 1),
      .at_ns = words[0] & time,
      .async_id = id_of(words[1]),
      .type = asyncscope__type_name(asyncscope__type_of(words[5])),
      .site = asyncscope__site_of(words[5]),
      .request = words[4],
      .internal = (kind & 1) != 0,
  };
  if (event.kind == ASYNC_EVENT_REQUEST_END)
    event.status = (int)words[3];
  else
    event.execution_async_id = id_of(words[3]);
  if (event.kind == ASYNC_EVENT_INIT)
    event.trigger = trigger_of(words);
  else
    event.duration_ns = words[2];
  return event;
}

static size_t copy(const asyncscope__ring_t *ring, uint64_t from, uint64_t head,
                   async_event_t *ret_events, size_t max) {
  uint64_t words[ASYNCSCOPE__EVENT_WORDS];
  size_t count = head - from < max ? (size_t)(head - from) : max;
  for (size_t i = 0; i < count; i++) {
    load(ring, from + i, words);
    ret_events[i] = decode(words);
  }
  return count;
}

/* Drops from the front what may have been overwritten while it was copied;
 * returns how many that are. */
static size_t drop(uint64_t from, uint64_t trusted_from,
                   async_event_t *ret_events, size_t count) {
  uint64_t behind = trusted_from > from ? trusted_from - from : 0;
  size_t dropped = behind < count ? (size_t)behind : count;
  memmove(ret_events, ret_events + dropped,
          (count - dropped) * sizeof(*ret_events));
  return dropped;
}

/* False: the ring was replaced meanwhile, read again. */
static bool read_ring(asyncscope__recorder_t *recorder, uint64_t *cursor,
                      async_event_t *ret_events, size_t *count,
                      uint64_t *lost) {
  asyncscope__ring_t *ring = atomic_load(&recorder->ring);
  uint64_t head = atomic_load_explicit(&recorder->head, memory_order_acquire);
  uint64_t from = ring == NULL ? head : oldest(ring, head);
  if (*cursor > from || *cursor > head)
    from = *cursor;
  size_t copied = from < head ? copy(ring, from, head, ret_events, *count) : 0;
  uint64_t now = atomic_load_explicit(&recorder->head, memory_order_relaxed);
  if (atomic_load(&recorder->ring) != ring)
    return false;
  size_t dropped =
      copied == 0 ? 0 : drop(from, oldest(ring, now), ret_events, copied);
  *lost = from - *cursor + dropped;
  *count = copied - dropped;
  *cursor = from + copied;
  return true;
}

size_t async_inspect_events(async_env_t *env, uint64_t *cursor,
                            async_event_t *ret_events, size_t max,
                            uint64_t *ret_lost) {
  size_t count = max;
  atomic_fetch_add(&env->readers, 1);
  while (!read_ring(&env->recorder, cursor, ret_events, &count, ret_lost))
    count = max;
  atomic_fetch_sub(&env->readers, 1);
  return count;
}

/* The end of the oldest event, or of one near it where the writer is faster
 * than this reader; 0 for none. */
static uint64_t covers_from(async_env_t *env) {
  async_event_t event;
  uint64_t cursor = 0, lost, step = 1;
  while (async_inspect_events(env, &cursor, &event, 1, &lost) == 0) {
    if (lost == 0)
      return 0;
    cursor += step;
    step *= 2;
  }
  return event.at_ns + event.duration_ns;
}

void async_inspect_recorder(async_env_t *env, async_recorder_info_t *ret_info) {
  uint64_t there;
  atomic_fetch_add(&env->readers, 1);
  asyncscope__ring_t *ring = atomic_load(&env->recorder.ring);
  uint64_t head =
      atomic_load_explicit(&env->recorder.head, memory_order_acquire);
  there = ring == NULL ? 0 : head - oldest(ring, head);
  *ret_info =
      (async_recorder_info_t){.capacity_bytes = ring == NULL ? 0 : ring->bytes,
                              .capacity = ring == NULL ? 0 : ring->capacity,
                              .written = head,
                              .lost = head - there};
  atomic_fetch_sub(&env->readers, 1);
  ret_info->covers_from_ns = covers_from(env);
}
