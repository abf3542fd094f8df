/* What the parts of a random program share while it runs. */
#ifndef ASYNCSCOPE_PARITY_RANDOM_PROGRAM_H
#define ASYNCSCOPE_PARITY_RANDOM_PROGRAM_H

#include "asyncscope/async_promise.h"
#include "random.h"
#include <stdint.h>

enum { LIST_MAX = 64, BUDGET = 60, DEPTH_MAX = 4 };

typedef struct random_list_s {
  void *items[LIST_MAX];
  unsigned count;
} random_list_t;

typedef struct random_program_s {
  uint32_t state;
  unsigned labels, budget, depth;
  bool thrown; /* what follows in the callback is left out */
  random_list_t promises, resources, snapshots, immediates, timers;
  unsigned hooks;
  bool toggling, disabling, held, on[RANDOM_HOOKS_MAX];
  bool timing; /* timers were started */
} random_program_t;

extern random_program_t random_now;

unsigned random_draw(unsigned below);
/* Which programs, where the environment says. */
unsigned random_seed(const char *variable, unsigned otherwise);
void *random_pick(const random_list_t *list);
void *random_add(random_list_t *list, void *item);
char *random_label(const char *kind);
/* A callback: shows where it is, and does what is drawn. */
void random_called(const char *name, const char *value);

/* random_promise.c: what it does with promises. */
void random_make_promise(void);
void random_settle(int (*as)(async_promise_t *promise, void *result),
                   const char *kind);
void random_adopt(void);
/* The kinds of its callbacks, or NULL. */
void random_derive(const char *fulfilled, const char *rejected, bool finally);

#endif
