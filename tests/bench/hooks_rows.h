/* The operations that bench_hooks measures. */
#ifndef BENCH_HOOKS_ROWS_H
#define BENCH_HOOKS_ROWS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct row_s {
  const char *name;
  /* Does the operation `count` times and leaves nothing alive. */
  void (*run)(size_t count);
  bool at_top_level; /* it turns the loop; the others run in a scope */
  bool bare;         /* without recorder and times */
} row_t;

/* Ends with a row without a name. */
extern const row_t rows[];

/* What surrounds a row. */
typedef struct around_s {
  size_t hooks;    /* enabled, with four callbacks that do nothing */
  size_t storages; /* that have a store */
} around_t;

#define HOOKS_MAX    10u
#define STORAGES_MAX 100u

/* Opens what the rows need: 0 or a negative UV_E*. */
int rows_open(void);
int rows_close(void);
/* Runs a row: `measured` calls row->run(count). */
void rows_run(const row_t *row, const around_t *around, size_t count,
              void (*measured)(const row_t *row, size_t count));

#endif
