/* The time in the scale of uv_hrtime(), cheaply: a thread reads it at every
 * scope boundary, and the system's clock costs more than all the rest of one.
 *
 * Where the processor counts cycles at a rate that never changes, a thread
 * reads that counter and converts. It reads the system's clock too once a
 * millisecond at least, and measures the rate by it. What must stay true:
 * - The answers of a thread never go back.
 * - An answer is within ASYNCSCOPE__CLOCK_ERROR_NS of uv_hrtime() on any
 * thread, while the thread is not interrupted between reading and answering.
 * - The counter is trusted only while two measurements of its rate agree, and
 *   what it said agrees with the system's clock when that is read; never again
 *   after it has failed ASYNCSCOPE__CLOCK_FAILURES times. Without trust each
 *   answer is the system's.
 * Everything is the owner's alone: nothing is shared between threads. */
#ifndef ASYNCSCOPE_HOOKS_CLOCK_H
#define ASYNCSCOPE_HOOKS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define ASYNCSCOPE__CLOCK_ERROR_NS 1000u
#define ASYNCSCOPE__CLOCK_FAILURES 4u

/* Both clocks at about one moment. */
typedef struct asyncscope__moment_s {
  uint64_t cycles, ns;
} asyncscope__moment_t;

typedef struct asyncscope__clock_s {
  asyncscope__moment_t base;       /* the last reading of both */
  uint64_t trusted_cycles;         /* behind base; 0: not at all */
  uint64_t rate;                   /* ns for 2^32 cycles */
  asyncscope__moment_t rated_from; /* where the next measurement begins */
  unsigned failures;
  bool counts; /* there is a counter to be trusted */
} asyncscope__clock_t;

/* Whether the processor has a counter that runs at one rate, whatever it does,
 * and this library knows how to read it. */
bool asyncscope__clock_has_counter(void);

/* Begins with the counter, if it `counts`, or without. */
void asyncscope__clock_init(asyncscope__clock_t *clock, bool counts);

/* Reads the system's clock. Answers `last_ns` at least. */
uint64_t asyncscope__clock_read(asyncscope__clock_t *clock, uint64_t last_ns);

static inline uint64_t asyncscope__cycles(void) {
#if defined(ASYNCSCOPE__CYCLES) /* a test's */
  return ASYNCSCOPE__CYCLES();
#elif defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
  uint64_t cycles;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(cycles));
  return cycles;
#else
  return 0;
#endif
}

/* Now; `last_ns` is what the thread was answered last. */
static inline uint64_t asyncscope__clock_now(asyncscope__clock_t *clock,
                                             uint64_t last_ns) {
  uint64_t trusted = clock->trusted_cycles;
  if (trusted == 0)
    return asyncscope__clock_read(clock, last_ns);
  uint64_t cycles = asyncscope__cycles() - clock->base.cycles;
  if (__builtin_expect(cycles >= trusted, 0))
    return asyncscope__clock_read(clock, last_ns);
  uint64_t now_ns = clock->base.ns + (cycles * clock->rate >> 32);
  return now_ns > last_ns ? now_ns : last_ns;
}

#endif
