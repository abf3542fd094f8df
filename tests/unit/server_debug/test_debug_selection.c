/* What selects, searches and sorts, by itself. */
#include "debug_fixture.h"

#include "asyncscope/async_allocator.h"
#include "debug.h"
#include "index.h"
#include "nodes.h"
#include "selection.h"
#include <stdlib.h>
#include <string.h>

typedef struct looking_s {
  debug_capture_t capture;
  debug_query_t query;
  debug_selection_t selection;
} looking_t;

static looking_t *begin(scene_t *scene, const char *raw, size_t window) {
  const debug_accepts_t accepts = {.parameters =
                                       DEBUG_TAKES_FILTERS | DEBUG_TAKES_ORDER};
  debug_fault_t fault;
  looking_t *looking = async_calloc(1, sizeof(*looking));
  assert_int_equal(
      asyncscope__debug_query_parse(raw, &accepts, &looking->query, &fault), 0);
  assert_int_equal(
      asyncscope__debug_capture_init(&looking->capture, scene->debug, NULL), 0);
  assert_int_equal(asyncscope__debug_selection_init(
                       &looking->selection, &looking->capture, &looking->query),
                   0);
  looking->selection.window = window;
  return looking;
}

static void finish(looking_t *looking) {
  asyncscope__debug_selection_finish(&looking->selection);
  asyncscope__debug_capture_finish(&looking->capture);
  async_free(looking);
}

/* The id of the next one, 0 at the end. */
static async_id_t next(looking_t *looking) {
  debug_resource_t resource;
  int status;
  do {
    status = asyncscope__debug_selection_peek(&looking->selection, &resource);
  } while (status == UV_EAGAIN);
  if (status == 0)
    return 0;
  assert_int_equal(status, 1);
  asyncscope__debug_selection_take(&looking->selection);
  return resource.info.async_id;
}

static void windows_follow_each_other_without_a_gap(void **state) {
  scene_t *scene = *state;
  static const size_t windows[] = {1, 2, 7, 50, 99, 100, 101};
  for (size_t i = 0; i < 100; i++)
    make(scene, "A", 1);
  for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
    looking_t *looking = begin(scene, "", windows[i]);
    for (async_id_t j = 0; j < 100; j++)
      assert_int_equal(next(looking), scene->first + j);
    assert_int_equal(next(looking), 0);
    assert_int_equal(next(looking), 0);
    finish(looking);
  }
}

static void a_limit_ends_in_any_window(void **state) {
  scene_t *scene = *state;
  debug_cursor_t cursor;
  for (size_t i = 0; i < 20; i++)
    make(scene, "A", 1);
  looking_t *looking = begin(scene, "limit=10&sort=age", 5);
  for (async_id_t j = 0; j < 10; j++)
    assert_int_equal(next(looking), scene->first + 19 - j);
  assert_int_equal(next(looking), 0);
  assert_true(asyncscope__debug_selection_cut(&looking->selection, &cursor));
  assert_int_equal(cursor.ref.async_id, scene->first + 10);
  finish(looking);
}

/* Those that live from the first to the last window come once, those that
 * began meanwhile do not. */
static void what_lives_throughout_comes_once(void **state) {
  scene_t *scene = *state;
  unsigned seen[200] = {0};
  for (size_t i = 0; i < 100; i++)
    make(scene, "A", 1);
  looking_t *looking = begin(scene, "", 10);
  async_id_t id;
  for (size_t turn = 0; (id = next(looking)) != 0; turn++) {
    seen[id - scene->first]++;
    if (turn % 3 == 0)
      make(scene, "NEW", 1);
    if (turn % 5 == 0)
      end(scene, &scene->resources[turn % 100]);
  }
  for (size_t i = 0; i < 100; i++) {
    bool lived = id_of(&scene->resources[i]) != ASYNC_ID_UNSET;
    assert_true(seen[i] == 1 || (!lived && seen[i] <= 1));
  }
  for (size_t i = 100; i < 200; i++)
    assert_int_equal(seen[i], 0);
  finish(looking);
}

/* Without a look at the records that the caller cannot see the end of. */
static void a_program_that_never_stops_making_does_not_hold_up_the_end(
    void **state) {
  scene_t *scene = *state;
  size_t count = 0;
  for (size_t i = 0; i < 50; i++)
    make(scene, "A", 1);
  looking_t *looking = begin(scene, "", 5);
  while (next(looking) != 0) {
    make(scene, "A", 1);
    make(scene, "A", 1);
    count++;
  }
  assert_in_range(count, 50, 60);
  finish(looking);
}

static void memory_does_not_grow_with_what_lives(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < SCENE_MAX; i++)
    make(scene, "A", 1);
  looking_t *looking = begin(scene, "limit=1000000", 1024);
  for (size_t i = 0; i < SCENE_MAX; i++)
    assert_true(next(looking) != 0);
  assert_int_equal(next(looking), 0);
  assert_true(looking->selection.capacity < 2048);
  finish(looking);
}

static void check_sort(debug_entry_t *entries, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) {
    entries[i].place = entries[i].low * 7;
    sum += entries[i].low;
  }
  asyncscope__debug_entries_sort(entries, count);
  for (size_t i = 0; i < count; i++) {
    assert_true(i == 0 || entries[i - 1].low <= entries[i].low);
    assert_true(entries[i].place == entries[i].low * 7);
    sum -= entries[i].low;
  }
  assert_true(sum == 0);
}

#define SORTED 5000

static void entries_of_any_order_are_sorted(void **state) {
  static const uint32_t spans[] = {1, 2, 300, 70000, UINT32_MAX};
  debug_entry_t *entries = calloc(SORTED, sizeof(*entries));
  uint64_t seed = 1;
  (void)state;
  for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
    for (size_t count = 0; count <= SORTED; count = count * 3 + 1) {
      for (size_t j = 0; j < count; j++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        entries[j].low = (uint32_t)(seed >> 32) % spans[i];
      }
      check_sort(entries, count);
      check_sort(entries, count);
    }
  free(entries);
}

static void an_index_finds_what_lives_and_nothing_else(void **state) {
  scene_t *scene = *state;
  debug_capture_t capture;
  debug_index_t index;
  debug_resource_t resource;
  int error;
  other_t other = {.kind = ASYNC_ENV_OTHER,
                   .name = "other",
                   .type = "B",
                   .cause = {ASYNC_THREAD_NONE, 0}};
  other_start(&other);
  for (size_t i = 0; i < 300; i++)
    make(scene, "A", 1);
  for (size_t i = 0; i < 300; i += 2)
    async_resource_finish(&scene->resources[i]);
  async_env_flush();
  assert_int_equal(asyncscope__debug_capture_init(&capture, scene->debug, NULL),
                   0);
  asyncscope__debug_index_begin(&index, &capture);
  do {
    error = asyncscope__debug_index_build(&index);
  } while (error == UV_EAGAIN);
  assert_int_equal(error, 0);
  for (async_id_t i = -1; i <= 301; i++) {
    uint32_t entry = asyncscope__debug_index_find(
        &index, (async_ref_t){scene->thread, scene->first + i});
    bool lives = i >= 0 && i < 300 && i % 2 == 1;
    assert_int_equal(entry != DEBUG_NODE_NONE, lives);
    if (lives)
      assert_true(asyncscope__debug_index_read(&index, entry, &resource));
  }
  assert_true(asyncscope__debug_index_find(&index, other.made) !=
              DEBUG_NODE_NONE);
  assert_true(asyncscope__debug_index_find(&index, (async_ref_t){99, 2}) ==
              DEBUG_NODE_NONE);
  asyncscope__debug_index_finish(&index);
  asyncscope__debug_capture_finish(&capture);
  other_stop(&other);
}

static void add_run(debug_index_t *index, size_t thread, uint32_t high,
                    size_t count) {
  debug_run_t *run = &index->runs[index->run_count++];
  *run = (debug_run_t){.thread = thread, .high = high};
  run->entries = async_malloc(count * sizeof(*run->entries));
  assert_non_null(run->entries);
  for (; run->count < count; run->count++)
    run->entries[run->count].low = (uint32_t)(count - run->count) * 10;
  index->count += count;
}

static async_id_t long_lived(uint32_t high, uint32_t low) {
  return (async_id_t)high << 32 | low;
}

/* Some have outlived four thousand million others, and some of another thread
 * stand between them as they are found. */
static void ids_of_any_height_are_told_apart(void **state) {
  scene_t *scene = *state;
  other_t other = {.kind = ASYNC_ENV_OTHER,
                   .name = "other",
                   .type = "B",
                   .cause = {ASYNC_THREAD_NONE, 0}};
  debug_capture_t capture;
  debug_index_t index;
  other_start(&other);
  assert_int_equal(asyncscope__debug_capture_init(&capture, scene->debug, NULL),
                   0);
  asyncscope__debug_index_begin(&index, &capture);
  index.walk.thread = index.walk.end;
  index.runs = async_malloc(3 * sizeof(*index.runs));
  assert_non_null(index.runs);
  add_run(&index, 0, 7, 50);
  add_run(&index, 1, 0, 20);
  add_run(&index, 0, 0, 30);
  assert_int_equal(asyncscope__debug_index_build(&index), 0);
  uint32_t first = capture.threads[0].info.thread;
  for (uint32_t i = 0; i < 100; i++) {
    async_ref_t ref = asyncscope__debug_index_ref(&index, i);
    assert_int_equal(ref.thread,
                     i < 80 ? first : capture.threads[1].info.thread);
    assert_true(ref.async_id == long_lived(i >= 30 && i < 80 ? 7 : 0,
                                           10 * (1 + (i < 30   ? i
                                                      : i < 80 ? i - 30
                                                               : i - 80))));
    assert_int_equal(asyncscope__debug_index_find(&index, ref), i);
  }
  assert_int_equal(asyncscope__debug_index_find(
                       &index, (async_ref_t){first, long_lived(7, 11)}),
                   DEBUG_NODE_NONE);
  assert_int_equal(asyncscope__debug_index_find(
                       &index, (async_ref_t){first, long_lived(6, 10)}),
                   DEBUG_NODE_NONE);
  asyncscope__debug_index_finish(&index);
  asyncscope__debug_capture_finish(&capture);
  other_stop(&other);
}

/* The second count is the first that three bytes are too few for. */
static void a_node_is_kept_in_as_many_bytes_as_tell_it_from_none(void **state) {
  static const struct {
    size_t count;
    uint32_t width;
  } cases[] = {{(1u << 24) - 1, 3}, {1u << 24, 4}};
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    uint32_t last = (uint32_t)cases[i].count - 1;
    debug_nodes_t nodes;
    assert_int_equal(asyncscope__debug_nodes_init(&nodes, cases[i].count), 0);
    assert_int_equal(nodes.width, cases[i].width);
    asyncscope__debug_nodes_set(&nodes, last - 1, last);
    asyncscope__debug_nodes_set(&nodes, last, 0);
    asyncscope__debug_nodes_set(&nodes, 1, 0x010203);
    assert_int_equal(asyncscope__debug_nodes_get(&nodes, last - 1), last);
    assert_int_equal(asyncscope__debug_nodes_get(&nodes, last), 0);
    assert_int_equal(asyncscope__debug_nodes_get(&nodes, 0), DEBUG_NODE_NONE);
    assert_int_equal(asyncscope__debug_nodes_get(&nodes, 1), 0x010203);
    asyncscope__debug_nodes_set(&nodes, 1, DEBUG_NODE_NONE);
    assert_int_equal(asyncscope__debug_nodes_get(&nodes, 1), DEBUG_NODE_NONE);
    asyncscope__debug_nodes_finish(&nodes);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(windows_follow_each_other_without_a_gap),
      cmocka_unit_test_of_scene(a_limit_ends_in_any_window),
      cmocka_unit_test_of_scene(what_lives_throughout_comes_once),
      cmocka_unit_test_of_scene(
          a_program_that_never_stops_making_does_not_hold_up_the_end),
      cmocka_unit_test_of_scene(memory_does_not_grow_with_what_lives),
      cmocka_unit_test(entries_of_any_order_are_sorted),
      cmocka_unit_test_of_scene(an_index_finds_what_lives_and_nothing_else),
      cmocka_unit_test(a_node_is_kept_in_as_many_bytes_as_tell_it_from_none),
      cmocka_unit_test_of_scene(ids_of_any_height_are_told_apart),
  };
  return test_main(tests, argc, argv);
}
