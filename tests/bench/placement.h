/* On which cores the threads of this process run. */
#ifndef BENCH_PLACEMENT_H
#define BENCH_PLACEMENT_H

typedef enum placement_e {
  PLACEMENT_FREE,  /* as the scheduler likes */
  PLACEMENT_ONE,   /* all on one core */
  PLACEMENT_APART, /* the main thread on one, all others on another */
} placement_t;

/* Of the threads there are; those made later follow their makers. A negative
 * libuv error where the machine does not let it, or has too few cores. */
int placement_set(placement_t placement);

#endif
