/* What tracking costs: nanoseconds for each operation, here and now.
 *
 * usage: bench_hooks               a table, medians of many short rounds
 *        bench_hooks names         the names of the rows
 *        bench_hooks NAME COUNT    one row's operation COUNT times and nothing
 *                                  measured: for callgrind, which counts the
 *                                  instructions of bench_measured() alone
 *
 * A life is init, before, after and destroy. The hook has four callbacks that
 * do nothing. */
#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS         201
#define ROUND_COUNT    2000
#define LIVE_AT_A_TIME 64

static async_hook_t hook;
static async_resource_t outer, one;
static async_context_frame_t *frame;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  (void)data;
}

static void on_event(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
}

static void lives(size_t count) {
  async_resource_t resource;
  for (size_t i = 0; i < count; i++) {
    async_resource_init(&resource, "BENCH", NULL);
    async_resource_enter(&resource);
    async_resource_leave(&resource);
    async_resource_finish(&resource);
  }
  async_env_flush();
}

/* Many alive, so that records are not always the same one. */
static void lives_together(size_t count) {
  static async_resource_t resources[LIVE_AT_A_TIME];
  for (size_t i = 0; i < count; i++) {
    async_resource_t *resource = &resources[i % LIVE_AT_A_TIME];
    async_resource_finish(resource);
    async_resource_init(resource, "BENCH", NULL);
    async_resource_enter(resource);
    async_resource_leave(resource);
  }
  for (size_t i = 0; i < LIVE_AT_A_TIME; i++)
    async_resource_finish(&resources[i]);
  async_env_flush();
}

static void inits(size_t count) {
  async_resource_t resource;
  for (size_t i = 0; i < count; i++) {
    async_resource_init(&resource, "BENCH", NULL);
    async_resource_finish(&resource);
  }
  async_env_flush();
}

static void scopes(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_resource_enter(&one);
    async_resource_leave(&one);
  }
}

typedef struct row_s {
  const char *name;
  void (*run)(size_t count);
  bool hooked;
  bool framed;
} row_t;

static const row_t rows[] = {
    {"life", lives, false, false},
    {"life-hook", lives, true, false},
    {"life-frame", lives, false, true},
    {"lives-hook", lives_together, true, false},
    {"init-destroy", inits, false, false},
    {"init-destroy-hook", inits, true, false},
    {"before-after", scopes, false, false},
    {"before-after-hook", scopes, true, false},
    {NULL, NULL, false, false},
};

__attribute__((noinline)) static void bench_measured(const row_t *row,
                                                     size_t count) {
  row->run(count);
  __asm__ volatile("" ::: "memory");
}

/* Measured inside a scope, as nearly all that happens in a program. */
static void run_row(const row_t *row, size_t count) {
  async_context_frame_t *around = NULL;
  if (row->hooked)
    async_hook_enable(&hook);
  if (row->framed)
    around = async_context_frame_exchange(async_context_frame_retain(frame));
  async_resource_enter(&outer);
  bench_measured(row, count);
  async_resource_leave(&outer);
  if (row->framed)
    async_context_frame_release(async_context_frame_exchange(around));
  async_hook_disable(&hook);
  async_env_flush();
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void measure(const row_t *row) {
  double times[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    uint64_t started_ns = uv_hrtime();
    run_row(row, ROUND_COUNT);
    times[i] = (double)(uv_hrtime() - started_ns) / ROUND_COUNT;
  }
  qsort(times, ROUNDS, sizeof(*times), compare);
  printf("%-20s %8.1f ns  (%.1f to %.1f)\n", row->name, times[ROUNDS / 2],
         times[ROUNDS / 10], times[ROUNDS * 9 / 10]);
}

static const row_t *find_row(const char *name) {
  const row_t *row = rows;
  while (row->name != NULL && strcmp(row->name, name) != 0)
    row++;
  return row->name == NULL ? NULL : row;
}

static int open_bench(void) {
  static const async_hook_callbacks_t callbacks = {on_init, on_event, on_event,
                                                   on_event, NULL};
  async_context_key_t key;
  async_context_value_t value = {.store = &key, .request = 1};
  async_hook_init(&hook, &callbacks, NULL);
  int error = async_env_open(ASYNC_ENV_OTHER, "bench");
  if (error == 0)
    error = async_context_key_create("bench", &key);
  if (error == 0)
    error = async_context_frame_with(NULL, &key, &value, &frame);
  if (error == 0)
    error = async_resource_init(&outer, "OUTER", NULL);
  return error != 0 ? error : async_resource_init(&one, "ONE", NULL);
}

static int print_names(void) {
  for (const row_t *row = rows; row->name != NULL; row++)
    puts(row->name);
  return 0;
}

int main(int argc, char **argv) {
  const row_t *row = argc == 3 ? find_row(argv[1]) : rows;
  if (argc == 2)
    return print_names();
  if (row == NULL || open_bench() != 0)
    return 2;
  if (argc == 3)
    run_row(row, strtoul(argv[2], NULL, 10));
  for (; argc != 3 && row->name != NULL; row++)
    measure(row);
  async_resource_finish(&one);
  async_resource_finish(&outer);
  async_context_frame_release(frame);
  return async_env_detach() != 0;
}
