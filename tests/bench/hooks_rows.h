/* The operations that bench_hooks measures. */
#ifndef BENCH_HOOKS_ROWS_H
#define BENCH_HOOKS_ROWS_H

#include "asyncscope/async_local_storage.h"

#include <stddef.h>

enum row_how {
  AT_TOP_LEVEL = 1, /* it turns the loop; the others run in a scope */
  BARE = 2,         /* without recorder and times */
  INIT_ONLY = 4,    /* the hooks have no other callback than init */
};

typedef struct row_s {
  const char *name;
  /* Does the operation `count` times and leaves nothing alive. */
  void (*run)(size_t count);
  int how; /* of enum row_how */
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
#define AT_A_TURN    100u /* of what the loop calls back */

/* Opens what the rows need: 0 or a negative UV_E*. */
int rows_open(void);
int rows_close(void);
/* The last of those that have a store; where none has, one without. */
async_local_storage_t *rows_storage(void);
/* Runs a row: `measured` calls row->run(count). */
void rows_run(const row_t *row, const around_t *around, size_t count,
              void (*measured)(const row_t *row, size_t count));

#endif
