#include "moved_clock.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)

static atomic_uint_least64_t moved_ns;
static atomic_uint_least64_t held_ns; /* 0: it goes on by itself */

static int real_gettime(clockid_t clock, struct timespec *ret_time) {
  __typeof__(&clock_gettime) real =
      (__typeof__(&clock_gettime))(uintptr_t)dlsym(RTLD_NEXT, "clock_gettime");

  return real(clock, ret_time);
}

static uint64_t to_ns(const struct timespec *time) {
  return (uint64_t)time->tv_sec * NS_PER_S + (uint64_t)time->tv_nsec;
}

void moved_clock_by_ms(uint64_t ms) {
  atomic_fetch_add(&moved_ns, ms * 1000000);
}

void moved_clock_hold(void) {
  struct timespec now;

  real_gettime(CLOCK_MONOTONIC, &now);
  atomic_store(&held_ns, to_ns(&now));
}

static bool is_monotonic(clockid_t clock) {
  return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE;
}

/* The program's own definition goes before that of the C library, in libuv
 * too. */
__attribute__((visibility("default"))) int clock_gettime(
    clockid_t clock, struct timespec *ret_time) {
  int error = real_gettime(clock, ret_time);
  uint64_t ns;

  if (error != 0 || !is_monotonic(clock))
    return error;
  ns = atomic_load(&held_ns);
  ns = (ns != 0 ? ns : to_ns(ret_time)) + atomic_load(&moved_ns);
  ret_time->tv_sec = (time_t)(ns / NS_PER_S);
  ret_time->tv_nsec = (long)(ns % NS_PER_S);
  return 0;
}
