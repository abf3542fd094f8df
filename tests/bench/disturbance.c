#include "disturbance.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#define FOREIGN 0.04
#define STOLEN  0.03
#define TICK_S  0.01

static double seconds(struct timeval time) {
  return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

double own_cpu_s(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/* The first line of /proc/stat: cpu user nice system idle iowait irq softirq
 * steal. */
void disturbance_begin(disturbance_t *disturbance) {
  double ticks_per_s = (double)sysconf(_SC_CLK_TCK);
  unsigned long long t[8] = {0};
  FILE *stat = fopen("/proc/stat", "r");
  if (stat != NULL) {
    if (fscanf(stat, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0],
               &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]) != 8)
      t[0] = 0;
    fclose(stat);
  }
  disturbance->busy_s =
      (double)(t[0] + t[1] + t[2] + t[5] + t[6]) / ticks_per_s;
  disturbance->stolen_s = (double)t[7] / ticks_per_s;
  disturbance->own_s = own_cpu_s();
  disturbance->at_s = (double)uv_hrtime() / 1e9;
}

bool disturbance_end(const disturbance_t *begun) {
  disturbance_t now;
  disturbance_begin(&now);
  double passed_s = now.at_s - begun->at_s;
  double foreign_s = now.busy_s - begun->busy_s - (now.own_s - begun->own_s);
  double stolen_s = now.stolen_s - begun->stolen_s;
  return foreign_s > FOREIGN * passed_s + 2 * TICK_S ||
         stolen_s > STOLEN * passed_s + TICK_S;
}
