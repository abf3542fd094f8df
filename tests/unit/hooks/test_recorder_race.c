/* Eight readers beside a writer that runs flat out, in a ring so small that it
 * is overwritten all the time: no event is torn, none comes twice or out of
 * order, and what was missed is counted. One writer: a ring has no other by
 * design, it is its thread's own. And the ring's memory is touched only as it
 * is used. */
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_recorder.h"
#include "hooks_fixture.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define READERS  8
#define ROUNDS   200000 /* a tenth of it where the load is reduced */
#define KINDS    7
#define SMALL    4096
#define REQUESTS 5

typedef struct race_s {
  uint32_t thread;
  async_context_key_t key;
  async_context_frame_t *frames[REQUESTS];
  atomic_bool over;
  atomic_int torn, disordered, miscounted;
  atomic_llong seen;
} race_t;

static race_t race;
static const async_site_t sites[KINDS];
static const char *const types[KINDS] = {"R0", "R1", "R2", "R3",
                                         "R4", "R5", "R6"};

/* Everything an event says follows from its id. */
static async_ref_t origin_of(async_id_t async_id) {
  uint64_t mixed = (uint64_t)async_id * UINT64_C(0x9e3779b97f4a7c15);
  return (async_ref_t){(uint32_t)(mixed >> 32), (async_id_t)(mixed >> 11)};
}

static uint64_t request_of(async_id_t async_id) {
  return UINT64_C(0xfedcba9876543210) ^ (uint64_t)(async_id % REQUESTS);
}

static bool is_whole(const async_event_t *event) {
  async_id_t id = event->async_id;
  async_ref_t origin = origin_of(id);
  if (event->site != &sites[id % KINDS] ||
      strcmp(event->type, types[id % KINDS]) != 0 ||
      event->request != request_of(id))
    return false;
  return event->kind != ASYNC_EVENT_INIT ||
         (event->trigger.thread == origin.thread &&
          event->trigger.async_id == origin.async_id &&
          event->execution_async_id == ASYNC_ID_ROOT);
}

/* init n, run n, destroy n, init n + 1, ... */
static uint64_t place_of(const async_event_t *event) {
  return (uint64_t)event->async_id * 4 + (uint64_t)event->kind;
}

static void check(const async_event_t *events, size_t count, uint64_t *last) {
  for (size_t i = 0; i < count; i++) {
    uint64_t place = place_of(&events[i]);
    atomic_fetch_add(&race.torn, !is_whole(&events[i]));
    atomic_fetch_add(&race.disordered, place <= *last);
    *last = place;
  }
}

static void read_on(void *arg) {
  async_event_t events[16];
  async_env_t *env = find_env(race.thread);
  uint64_t cursor = 0, lost, total = 0, last = 0;
  bool over;
  size_t got, max = 1 + (size_t)(uintptr_t)arg * 2;
  do {
    over = atomic_load(&race.over);
    got = async_inspect_events(env, &cursor, events, max, &lost);
    total += got + lost;
    atomic_fetch_add(&race.seen, (long long)got);
    check(events, got, &last);
  } while (got > 0 || !over);
  atomic_fetch_add(&race.miscounted, total != cursor);
  async_inspect_release(env);
}

static bool live(async_id_t async_id) {
  async_resource_t resource;
  async_ref_t origin = origin_of(async_id);
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                      .frame = race.frames[async_id % REQUESTS],
                                      .origin = &origin,
                                      .async_id = &async_id};
  int error = async_resource_init_at(&sites[async_id % KINDS], &resource,
                                     types[async_id % KINDS], &options);
  if (error != 0 || async_resource_enter(&resource) != 0)
    return false;
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  return true;
}

static void make_frames(void) {
  assert_int_equal(async_context_key_create("race", &race.key), 0);
  for (int i = 0; i < REQUESTS; i++) {
    async_context_value_t value = {.store = &race, .request = request_of(i)};
    assert_int_equal(
        async_context_frame_with(NULL, &race.key, &value, &race.frames[i]), 0);
  }
}

static void end_frames(void) {
  for (int i = 0; i < REQUESTS; i++)
    async_context_frame_release(race.frames[i]);
  async_context_key_destroy(&race.key);
}

static void start_readers(uv_thread_t *readers) {
  race.thread = async_env_thread();
  for (uintptr_t i = 0; i < READERS; i++)
    assert_int_equal(uv_thread_create(&readers[i], read_on, (void *)i), 0);
}

static void stop_readers(uv_thread_t *readers) {
  atomic_store(&race.over, true);
  for (int i = 0; i < READERS; i++)
    assert_int_equal(uv_thread_join(&readers[i]), 0);
}

static int count_rounds(void) {
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  return load != NULL && strcmp(load, "reduced") == 0 ? ROUNDS / 10 : ROUNDS;
}

static bool write_flat_out(bool resize) {
  bool done = true;
  int rounds = count_rounds();
  for (int i = 0; i < rounds; i++) {
    done = live(async_resource_reserve_id()) && done;
    if (resize && i % 1000 == 0)
      done = async_env_set_recorder_bytes(SMALL + (size_t)(i % 7) * 512) == 0 &&
             done;
  }
  return done;
}

static void run_race(bool resize) {
  uv_thread_t readers[READERS];
  make_frames();
  assert_int_equal(async_env_set_recorder_bytes(SMALL), 0);
  start_readers(readers);
  bool written = write_flat_out(resize);
  stop_readers(readers);
  end_frames();
  assert_true(written);
  assert_true(atomic_load(&race.seen) > 0);
  assert_int_equal(atomic_load(&race.torn), 0);
  assert_int_equal(atomic_load(&race.disordered), 0);
  assert_int_equal(atomic_load(&race.miscounted), 0);
}

static void eight_readers_see_whole_events_in_order(void **state) {
  (void)state;
  run_race(false);
}

static void readers_hold_on_to_a_ring_that_is_replaced(void **state) {
  (void)state;
  run_race(true);
}

/* A large block in pages of its own, so that its residents can be counted. */
#define LARGE ((size_t)1 << 19)
static void *block;
static size_t block_bytes;

static void *mapping_malloc(size_t size_bytes) {
  if (size_bytes < LARGE || block != NULL)
    return malloc(size_bytes);
  block_bytes = size_bytes;
  block = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return block == MAP_FAILED ? NULL : block;
}

static void mapping_free(void *memory) {
  if (memory != NULL && memory == block)
    munmap(memory, block_bytes);
  else
    free(memory);
}

static size_t resident_pages(void) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), resident = 0;
  size_t pages = (block_bytes + page - 1) / page;
  unsigned char *seen = calloc(pages, 1);
  assert_non_null(seen);
  assert_int_equal(mincore(block, block_bytes, seen), 0);
  for (size_t i = 0; i < pages; i++)
    resident += seen[i] & 1;
  free(seen);
  return resident;
}

static void memory_is_touched_as_it_is_used(void **state) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t lives = 10 * page / (3 * 48);
  (void)state;
  assert_int_equal(
      async_replace_allocator(mapping_malloc, realloc, calloc, mapping_free),
      0);
  make_frames();
  assert_int_equal(async_env_set_recorder_bytes(ASYNC_RECORDER_BYTES), 0);
  assert_non_null(block);
  assert_int_equal(resident_pages(), 1);
  for (size_t i = 0; i < lives; i++)
    assert_true(live(async_resource_reserve_id()));
  assert_in_range(resident_pages(), 9, 11);
  end_frames();
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(eight_readers_see_whole_events_in_order),
      cmocka_unit_test_on_loop(readers_hold_on_to_a_ring_that_is_replaced),
      cmocka_unit_test_on_loop(memory_is_touched_as_it_is_used),
  };
  return test_main(tests, argc, argv);
}
