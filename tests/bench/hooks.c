/* What tracking costs: nanoseconds for each operation, here and now.
 *
 * usage: bench_hooks        a table, a row's operation under some hooks and
 *                           storages a line: nanoseconds, the median of many
 *                           short rounds, a tenth of them below, a tenth above
 *        bench_hooks bytes  the bytes of a live resource: its record, and the
 *                           part of it in the embedder's memory
 *        bench_hooks NAME HOOKS STORAGES COUNT
 *                           one row's operation COUNT times and no time
 *                           measured: how often memory was asked for in it.
 *                           callgrind counts the instructions of
 *                           bench_measured() alone
 *
 * A life is init, before, after and destroy. A hook has four callbacks that do
 * nothing; in a row whose name ends in -init it has the first of them alone. */
#include "hooks_rows.h"

#include "asyncscope/async_allocator.h"
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define ROUNDS      101
#define ROUND_COUNT 2000

static size_t allocations;

static void *counted_malloc(size_t size_bytes) {
  allocations++;
  return malloc(size_bytes);
}

static void *counted_realloc(void *memory, size_t size_bytes) {
  allocations++;
  return realloc(memory, size_bytes);
}

static void *counted_calloc(size_t count, size_t size_bytes) {
  allocations++;
  return calloc(count, size_bytes);
}

__attribute__((noinline)) static void bench_measured(const row_t *row,
                                                     size_t count) {
  allocations = 0;
  row->run(count);
  __asm__ volatile("" ::: "memory");
}

static uint64_t took_ns;

static void bench_timed(const row_t *row, size_t count) {
  uint64_t started_ns = uv_hrtime();
  row->run(count);
  took_ns = uv_hrtime() - started_ns;
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static void measure(const row_t *row, const around_t *around) {
  double times[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    rows_run(row, around, ROUND_COUNT, bench_timed);
    times[i] = (double)took_ns / ROUND_COUNT;
  }
  qsort(times, ROUNDS, sizeof(*times), compare);
  printf("%-17s %5zu %8zu %8.2f %8.2f %8.2f\n", row->name, around->hooks,
         around->storages, times[ROUNDS / 2], times[ROUNDS / 10],
         times[ROUNDS * 9 / 10]);
}

/* Hooks and storages, one at a time. */
static void measure_all(const row_t *row) {
  static const around_t arounds[] = {{0, 0}, {1, 0},  {10, 0},
                                     {0, 1}, {0, 10}, {0, 100}};
  for (size_t i = 0; i < sizeof(arounds) / sizeof(arounds[0]); i++)
    measure(row, &arounds[i]);
}

static const row_t *find_row(const char *name) {
  const row_t *row = rows;
  while (row->name != NULL && strcmp(row->name, name) != 0)
    row++;
  return row->name == NULL ? NULL : row;
}

static int print_bytes(void) {
  printf("%zu\n", sizeof(asyncscope__record_t) + sizeof(async_resource_t));
  return 0;
}

static int run_one(char **words) {
  const row_t *row = find_row(words[0]);
  around_t around = {strtoul(words[1], NULL, 10), strtoul(words[2], NULL, 10)};
  if (row == NULL || around.hooks > HOOKS_MAX || around.storages > STORAGES_MAX)
    return 2;
  size_t count = strtoul(words[3], NULL, 10);
  rows_run(row, &around, count, bench_measured);
  printf("%zu\n", allocations);
  return 0;
}

int main(int argc, char **argv) {
  int status = 0;
  if (argc == 2 && strcmp(argv[1], "bytes") == 0)
    return print_bytes();
  async_replace_allocator(counted_malloc, counted_realloc, counted_calloc,
                          free);
  if ((argc != 1 && argc != 5) || rows_open() != 0)
    return 2;
  if (argc == 5)
    status = run_one(argv + 1);
  else
    puts("operation         hooks storages   median      low     high");
  for (const row_t *row = rows; argc == 1 && row->name != NULL; row++)
    measure_all(row);
  return rows_close() != 0 ? 2 : status;
}
