/* Eight readers beside two writers that run flat out, each in an environment of
 * its own: no record is torn, nothing that lives through a walk is missed or
 * doubled, and memory goes back. How much the writers do decides when it is
 * over, not time. */
#include "hooks_fixture.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READERS 8
#define WRITERS 2
#define ROUNDS  20000 /* a tenth of it where the load is reduced */
#define BURSTS  5
#define WINDOW  500
#define BURST   3000
#define STAYING 50

/* A thread that writes. It keeps its environment until all have read. */
typedef struct writer_s {
  uv_thread_t self;
  uint32_t thread;
  size_t rounds;
  async_id_t staying_ids[STAYING];
  async_resource_t staying[STAYING], window[WINDOW], burst[BURST];
  uv_sem_t ready, start, written, leave;
  bool done; /* whatever it did succeeded */
} writer_t;

typedef struct race_s {
  writer_t writers[WRITERS];
  atomic_bool over;
  atomic_int torn, missed, walks, bad_stack;
} race_t;

static race_t race;

/* Whatever lives here, but for the staying, has the trigger id - 1 and a name
 * made of one letter that follows from the id. */
static bool is_whole(const writer_t *writer,
                     const async_resource_info_t *info) {
  char letter = (char)('a' + info->async_id % 26);
  size_t length = strlen(info->name);
  if (info->thread != writer->thread || strcmp(info->type, "RACE") != 0 ||
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

static int staying_index(const writer_t *writer, async_id_t async_id) {
  for (int i = 0; i < STAYING; i++) {
    if (writer->staying_ids[i] == async_id) {
      return i;
    }
  }
  return -1;
}

static void read_records(const writer_t *writer, async_env_t *env) {
  async_resource_info_t infos[32];
  int seen[STAYING] = {0};
  uint32_t cursor = 0;
  size_t got;
  while ((got = async_inspect_resources(env, &cursor, infos, 32)) > 0) {
    for (size_t i = 0; i < got; i++) {
      int index = staying_index(writer, infos[i].async_id);
      seen[index < 0 ? 0 : index] += index >= 0;
      atomic_fetch_add(&race.torn, !is_whole(writer, &infos[i]));
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

static void walk(const writer_t *writer) {
  async_env_info_t info;
  async_env_t *env = find_env(writer->thread);
  read_records(writer, env);
  read_stack(env, &info);
  async_inspect_release(env);
  atomic_fetch_add(&race.walks, 1);
}

/* Half of the readers begin at the other end. */
static void read_on(void *arg) {
  size_t first = (size_t)(uintptr_t)arg;
  do {
    for (size_t i = 0; i < WRITERS; i++) {
      walk(&race.writers[(first + i) % WRITERS]);
    }
  } while (!atomic_load(&race.over));
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
static bool write_burst(async_resource_t *burst) {
  bool done = true;
  for (size_t i = 0; i < BURST; i++) {
    done = make(&burst[i], 0) && done;
  }
  for (size_t i = 0; i < BURST; i++) {
    async_resource_finish(&burst[i]);
  }
  async_env_flush();
  return done;
}

static bool write_all(writer_t *writer) {
  bool done = true;
  for (size_t round = 0; round < writer->rounds; round++) {
    done = write_once(writer->window, round) && done;
    if (round % (writer->rounds / BURSTS) == 0) {
      done = write_burst(writer->burst) && done;
    }
  }
  for (size_t i = 0; i < WINDOW; i++) {
    async_resource_finish(&writer->window[i]);
  }
  return done;
}

static bool make_staying(writer_t *writer) {
  bool done = true;
  for (size_t i = 0; i < STAYING; i++) {
    done = make(&writer->staying[i], 55) && done;
    writer->staying_ids[i] = async_resource_async_id(&writer->staying[i]);
  }
  return done;
}

static void write_on(void *arg) {
  writer_t *writer = arg;
  writer->done = async_env_open(ASYNC_ENV_OTHER, "writer") == 0;
  writer->thread = async_env_thread();
  writer->done = make_staying(writer) && writer->done;
  uv_sem_post(&writer->ready);
  uv_sem_wait(&writer->start);
  writer->done = write_all(writer) && writer->done;
  uv_sem_post(&writer->written);
  uv_sem_wait(&writer->leave);
  for (size_t i = 0; i < STAYING; i++) {
    async_resource_finish(&writer->staying[i]);
  }
  writer->done = async_env_detach() == 0 && writer->done;
}

static size_t count_rounds(void) {
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  return load != NULL && strcmp(load, "reduced") == 0 ? ROUNDS / 10 : ROUNDS;
}

static void open_writer(writer_t *writer) {
  writer->rounds = count_rounds();
  assert_int_equal(uv_sem_init(&writer->ready, 0), 0);
  assert_int_equal(uv_sem_init(&writer->start, 0), 0);
  assert_int_equal(uv_sem_init(&writer->written, 0), 0);
  assert_int_equal(uv_sem_init(&writer->leave, 0), 0);
  assert_int_equal(uv_thread_create(&writer->self, write_on, writer), 0);
  uv_sem_wait(&writer->ready);
}

static void close_writer(writer_t *writer) {
  uv_sem_post(&writer->leave);
  assert_int_equal(uv_thread_join(&writer->self), 0);
  uv_sem_destroy(&writer->ready);
  uv_sem_destroy(&writer->start);
  uv_sem_destroy(&writer->written);
  uv_sem_destroy(&writer->leave);
}

/* They read until the last has written all. */
static void run_race(void) {
  uv_thread_t readers[READERS];
  for (uintptr_t i = 0; i < READERS; i++) {
    assert_int_equal(uv_thread_create(&readers[i], read_on, (void *)i), 0);
  }
  for (size_t i = 0; i < WRITERS; i++) {
    uv_sem_post(&race.writers[i].start);
  }
  for (size_t i = 0; i < WRITERS; i++) {
    uv_sem_wait(&race.writers[i].written);
  }
  atomic_store(&race.over, true);
  for (size_t i = 0; i < READERS; i++) {
    assert_int_equal(uv_thread_join(&readers[i]), 0);
  }
}

static void test_eight_readers_see_whole_records(void **state) {
  (void)state;
  for (size_t i = 0; i < WRITERS; i++) {
    open_writer(&race.writers[i]);
  }
  run_race();
  for (size_t i = 0; i < WRITERS; i++) {
    close_writer(&race.writers[i]);
    assert_true(race.writers[i].done);
  }
  assert_true(atomic_load(&race.walks) >= READERS * WRITERS);
  assert_int_equal(atomic_load(&race.torn), 0);
  assert_int_equal(atomic_load(&race.missed), 0);
  assert_int_equal(atomic_load(&race.bad_stack), 0);
}

#define MANY 200000

static void test_memory_goes_back_after_a_burst(void **state) {
  fixture_t *fixture = *state;
  async_resource_t *burst = calloc(MANY, sizeof(*burst));
  assert_non_null(burst);
  uint64_t before = own_env_info().record_bytes;
  for (size_t i = 0; i < MANY; i++) {
    assert_int_equal(async_resource_init(&burst[i], "BURST", NULL), 0);
    assert_int_equal(async_resource_set_name(&burst[i], "burst", 5), 0);
  }
  uint64_t highest = own_env_info().record_bytes;
  for (size_t i = 0; i < MANY; i++) {
    async_resource_finish(&burst[i]);
  }
  free(burst);
  assert_int_equal(async_next_tick(free, NULL), 0); /* one turn */
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  uint64_t after = own_env_info().record_bytes;
  assert_true(highest > MANY * 64);
  assert_true(after < highest / 100);
  assert_true(after <= before + 65536);
}

/* One that lives on in the highest chunk must not be lost with it. */
static void test_survivor_of_a_burst_stays(void **state) {
  fixture_t *fixture = *state;
  async_resource_t *burst = calloc(MANY, sizeof(*burst));
  async_resource_info_t info;
  assert_non_null(burst);
  for (size_t i = 0; i < MANY; i++) {
    assert_int_equal(async_resource_init(&burst[i], "BURST", NULL), 0);
  }
  for (size_t i = 0; i < MANY - 1; i++) {
    async_resource_finish(&burst[i]);
  }
  assert_int_equal(async_next_tick(free, NULL), 0); /* one turn */
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_true(find_info(async_env_thread(),
                        async_resource_async_id(&burst[MANY - 1]), &info));
  assert_string_equal(async_resource_type(&burst[MANY - 1]), "BURST");
  async_resource_finish(&burst[MANY - 1]);
  free(burst);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_eight_readers_see_whole_records),
      cmocka_unit_test_on_loop(test_memory_goes_back_after_a_burst),
      cmocka_unit_test_on_loop(test_survivor_of_a_burst_stays),
  };
  return test_main(tests, argc, argv);
}
