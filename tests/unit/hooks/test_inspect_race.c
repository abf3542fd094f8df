/* Readers beside a writer that runs flat out: no record is torn, nothing that
 * lives through a walk is missed or doubled, and memory goes back. */
#include "hooks_fixture.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READERS 4
#define ROUNDS  40000
#define WINDOW  500
#define STAYING 50

typedef struct race_s {
  uint32_t thread;
  async_id_t staying[STAYING];
  atomic_bool over;
  atomic_int torn, missed, walks, bad_stack;
} race_t;

static race_t race;

/* Whatever lives here, but for the staying, has the trigger id - 1 and a name
 * made of one letter that follows from the id. */
static bool is_whole(const async_resource_info_t *info) {
  char letter = (char)('a' + info->async_id % 26);
  size_t length = strlen(info->name);
  if (info->thread != race.thread || strcmp(info->type, "RACE") != 0 ||
      info->trigger_async_id != info->async_id - 1 ||
      info->trigger.async_id != info->async_id - 1 ||
      info->execution_async_id != ASYNC_ID_ROOT) {
    return false;
  }
  for (size_t i = 0; i < length; i++) {
    if (info->name[i] != letter) {
      return false;
    }
  }
  return length == 0 || length == 10 || length == 55;
}

static int staying_index(async_id_t async_id) {
  for (int i = 0; i < STAYING; i++) {
    if (race.staying[i] == async_id) {
      return i;
    }
  }
  return -1;
}

static void read_records(async_env_t *env) {
  async_resource_info_t infos[32];
  int seen[STAYING] = {0};
  uint32_t cursor = 0;
  size_t got;
  while ((got = async_inspect_resources(env, &cursor, infos, 32)) > 0) {
    for (size_t i = 0; i < got; i++) {
      int index = staying_index(infos[i].async_id);
      seen[index < 0 ? 0 : index] += index >= 0;
      atomic_fetch_add(&race.torn, !is_whole(&infos[i]));
    }
  }
  for (int i = 0; i < STAYING; i++) {
    atomic_fetch_add(&race.missed, seen[i] != 1);
  }
}

/* Each entry's trigger is the id before it. */
static void read_stack(async_env_t *env, async_env_info_t *info) {
  async_inspect_env(env, info);
  for (size_t i = 0; i < info->stack_depth && i < ASYNC_STACK_PUBLISHED; i++) {
    atomic_fetch_add(&race.bad_stack, info->stack[i].async_id - 1 !=
                                          info->stack[i].trigger_async_id);
  }
  atomic_fetch_add(&race.bad_stack, info->stack_depth > 2);
}

static void read_on(void *arg) {
  (void)arg;
  async_env_info_t info;
  while (!atomic_load(&race.over)) {
    async_env_t *env = find_env(race.thread);
    read_records(env);
    read_stack(env, &info);
    async_inspect_release(env);
    atomic_fetch_add(&race.walks, 1);
  }
}

static bool make(async_resource_t *resource, size_t name_bytes) {
  char name[64];
  async_id_t async_id = async_resource_reserve_id();
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = async_id - 1,
                                      .async_id = &async_id};
  memset(name, 'a' + (int)(async_id % 26), sizeof(name));
  return async_resource_init(resource, "RACE", &options) == 0 &&
         (name_bytes == 0 ||
          async_resource_set_name(resource, name, name_bytes) == 0);
}

/* Makes one more, renames it, nests two scopes, ends the oldest. */
static bool write_once(async_resource_t *window, size_t round) {
  async_resource_t *young = &window[round % WINDOW];
  async_resource_t *other = &window[(round + 1) % WINDOW];
  char name[64];
  async_resource_finish(young);
  if (!make(young, round % 3 == 0 ? 0 : 10)) {
    return false;
  }
  memset(name, 'a' + (int)(async_resource_async_id(young) % 26), sizeof(name));
  bool done = round % 3 != 1 || async_resource_set_name(young, name, 60) == 0;
  done = async_resource_enter(young) == 0 && done;
  if (async_resource_async_id(other) != ASYNC_ID_UNSET) {
    done = async_resource_enter(other) == 0 && done;
    async_resource_leave(other);
  }
  async_resource_leave(young);
  if (round % 97 == 0) {
    async_env_flush();
  }
  return done;
}

/* Grows far beyond the window and shrinks again, so that chunks come and go
 * under the readers. */
static bool write_burst(void) {
  static async_resource_t burst[3000];
  bool done = true;
  for (size_t i = 0; i < 3000; i++) {
    done = make(&burst[i], 0) && done;
  }
  for (size_t i = 0; i < 3000; i++) {
    async_resource_finish(&burst[i]);
  }
  async_env_flush();
  return done;
}

static bool write_all(void) {
  static async_resource_t window[WINDOW];
  bool done = true;
  for (size_t round = 0; round < ROUNDS; round++) {
    done = write_once(window, round) && done;
    if (round % 2000 == 0) {
      done = write_burst() && done;
    }
  }
  for (size_t i = 0; i < WINDOW; i++) {
    async_resource_finish(&window[i]);
  }
  return done;
}

static void start_readers(uv_thread_t *readers) {
  race.thread = async_env_thread();
  for (int i = 0; i < READERS; i++) {
    assert_int_equal(uv_thread_create(&readers[i], read_on, NULL), 0);
  }
}

static void stop_readers(uv_thread_t *readers) {
  atomic_store(&race.over, true);
  for (int i = 0; i < READERS; i++) {
    assert_int_equal(uv_thread_join(&readers[i]), 0);
  }
}

static void test_readers_see_whole_records(void **state) {
  (void)state;
  uv_thread_t readers[READERS];
  async_resource_t staying[STAYING];
  for (int i = 0; i < STAYING; i++) {
    assert_true(make(&staying[i], 55));
    race.staying[i] = async_resource_async_id(&staying[i]);
  }
  start_readers(readers);
  bool written = write_all();
  stop_readers(readers);
  for (int i = 0; i < STAYING; i++) {
    async_resource_finish(&staying[i]);
  }
  assert_true(written);
  assert_true(atomic_load(&race.walks) > 0);
  assert_int_equal(atomic_load(&race.torn), 0);
  assert_int_equal(atomic_load(&race.missed), 0);
  assert_int_equal(atomic_load(&race.bad_stack), 0);
}

#define BURST 200000

static void test_memory_goes_back_after_a_burst(void **state) {
  fixture_t *fixture = *state;
  async_resource_t *burst = calloc(BURST, sizeof(*burst));
  assert_non_null(burst);
  uint64_t before = own_env_info().record_bytes;
  for (size_t i = 0; i < BURST; i++) {
    assert_int_equal(async_resource_init(&burst[i], "BURST", NULL), 0);
    assert_int_equal(async_resource_set_name(&burst[i], "burst", 5), 0);
  }
  uint64_t highest = own_env_info().record_bytes;
  for (size_t i = 0; i < BURST; i++) {
    async_resource_finish(&burst[i]);
  }
  free(burst);
  assert_int_equal(async_next_tick(free, NULL), 0); /* one turn */
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  uint64_t after = own_env_info().record_bytes;
  assert_true(highest > BURST * 64);
  assert_true(after < highest / 100);
  assert_true(after <= before + 65536);
}

/* One that lives on in the highest chunk must not be lost with it. */
static void test_survivor_of_a_burst_stays(void **state) {
  fixture_t *fixture = *state;
  async_resource_t *burst = calloc(BURST, sizeof(*burst));
  async_resource_info_t info;
  assert_non_null(burst);
  for (size_t i = 0; i < BURST; i++) {
    assert_int_equal(async_resource_init(&burst[i], "BURST", NULL), 0);
  }
  for (size_t i = 0; i < BURST - 1; i++) {
    async_resource_finish(&burst[i]);
  }
  assert_int_equal(async_next_tick(free, NULL), 0); /* one turn */
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_true(find_info(async_env_thread(),
                        async_resource_async_id(&burst[BURST - 1]), &info));
  assert_string_equal(async_resource_type(&burst[BURST - 1]), "BURST");
  async_resource_finish(&burst[BURST - 1]);
  free(burst);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_readers_see_whole_records),
      cmocka_unit_test_on_loop(test_memory_goes_back_after_a_burst),
      cmocka_unit_test_on_loop(test_survivor_of_a_burst_stays),
  };
  return test_main(tests, argc, argv);
}
