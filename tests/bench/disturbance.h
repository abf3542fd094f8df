/* What else the machine did while something was measured: the processor time
 * of other programs, and what the hypervisor took. */
#ifndef BENCH_DISTURBANCE_H
#define BENCH_DISTURBANCE_H

#include <stdbool.h>

typedef struct disturbance_s {
  double busy_s, stolen_s; /* of all cores, since the machine started */
  double own_s;            /* of this process, since it started */
  double at_s;
} disturbance_t;

void disturbance_begin(disturbance_t *disturbance);
/* More since begin than a measurement bears: others had more than 4 % of a core
 * or the hypervisor more than 3 %, beyond what the kernel's counting in
 * hundredths of a second may be wrong by. False where it cannot be told. */
bool disturbance_end(const disturbance_t *disturbance);

/* Processor time of this process, seconds. */
double own_cpu_s(void);

#endif
