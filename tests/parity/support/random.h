/* Programs made by chance, the same ones that random.js makes. */
#ifndef ASYNCSCOPE_PARITY_RANDOM_H
#define ASYNCSCOPE_PARITY_RANDOM_H

#include "trace.h"

enum { RANDOM_HOOKS_MAX = 2 };

typedef struct random_options_s {
  unsigned first, last; /* the seeds */
  bool toggle;          /* the programs switch the hooks on and off */
  bool inside;          /* and so do the hooks' callbacks */
  bool disable;         /* they disable storages, and have no run() */
  bool unasked;         /* nobody is told of rejections */
  bool held;            /* they also settle what then() answered */
  unsigned hooks[RANDOM_HOOKS_MAX]; /* sums of trace_event_e; 0 for none */
  bool blind[RANDOM_HOOKS_MAX];     /* they do not track promises */
} random_options_t;

/* At top level, instead of a scenario: runs the loop for each program. */
void random_run(const random_options_t *options);

#endif
