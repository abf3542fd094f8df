#include "clock.h"

#include <uv.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* How long the counter alone is trusted: its error grows meanwhile. */
#define TRUST_NS UINT64_C(1000000)
/* Over how long its rate is measured, at least. */
#define MEASURE_NS UINT64_C(16000000)
/* Two rates agree when they differ by no more than one in this many. */
#define RATE_PARTS 1024u
/* Both clocks were read at one moment when no more lay between. */
#define AT_ONCE_NS  400u
#define TRIES       4
#define FAR_AWAY_NS (4 * ASYNCSCOPE__CLOCK_ERROR_NS)

bool asyncscope__clock_has_counter(void) {
#if defined(__x86_64__)
  unsigned eax, ebx, ecx, edx;
  /* Invariant TSC: bit 8. */
  return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) != 0 &&
         (edx >> 8 & 1) != 0;
#elif defined(__aarch64__)
  return true;
#else
  return false;
#endif
}

void asyncscope__clock_init(asyncscope__clock_t *clock, bool counts) {
  *clock = (asyncscope__clock_t){.counts = counts};
}

static uint64_t to_ns(const asyncscope__clock_t *clock, uint64_t cycles) {
  return (uint64_t)((double)cycles * (double)clock->rate / 4294967296.0);
}

/* The system's time, and the cycles in the middle of asking for it. */
static asyncscope__moment_t read_once(uint64_t *ret_between) {
  uint64_t before = asyncscope__cycles();
  uint64_t ns = uv_hrtime();
  *ret_between = asyncscope__cycles() - before;
  return (asyncscope__moment_t){before + *ret_between / 2, ns};
}

/* Whoever was interrupted in between asks again; the closest is taken. */
static asyncscope__moment_t read_both(const asyncscope__clock_t *clock) {
  uint64_t closest, between;
  asyncscope__moment_t moment = read_once(&closest);
  for (int i = 1; i < TRIES && to_ns(clock, closest) > AT_ONCE_NS; i++) {
    asyncscope__moment_t next = read_once(&between);
    if (between < closest) {
      closest = between;
      moment = next;
    }
  }
  return moment;
}

static void distrust(asyncscope__clock_t *clock) {
  clock->trusted_cycles = 0;
  if (++clock->failures >= ASYNCSCOPE__CLOCK_FAILURES)
    clock->counts = false;
}

static bool agree(uint64_t rate, uint64_t other) {
  uint64_t apart = rate > other ? rate - other : other - rate;
  return apart <= rate / RATE_PARTS;
}

/* In floating point: the loop may have waited for days. */
static uint64_t rate_between(const asyncscope__moment_t *from,
                             const asyncscope__moment_t *to) {
  double cycles = (double)(to->cycles - from->cycles);
  return (uint64_t)((double)(to->ns - from->ns) / cycles * 4294967296.0);
}

/* A counter that stood still, went back or was set disagrees. */
static void measure(asyncscope__clock_t *clock,
                    const asyncscope__moment_t *now) {
  if (now->ns - clock->rated_from.ns < MEASURE_NS)
    return;
  uint64_t rate = now->cycles > clock->rated_from.cycles
                      ? rate_between(&clock->rated_from, now)
                      : 0;
  bool trusted = rate != 0 && agree(rate, clock->rate);
  if (!trusted && clock->trusted_cycles != 0)
    distrust(clock);
  else if (trusted)
    clock->trusted_cycles =
        (uint64_t)((double)TRUST_NS / (double)rate * 4294967296.0);
  clock->rate = rate;
  clock->rated_from = *now;
}

/* Where the counter was asked for what it was still, or hardly not any more,
 * trusted with. */
static void check(asyncscope__clock_t *clock, const asyncscope__moment_t *now) {
  uint64_t cycles = now->cycles - clock->base.cycles;
  if (clock->trusted_cycles == 0 || cycles > 2 * clock->trusted_cycles)
    return;
  uint64_t said_ns = clock->base.ns + to_ns(clock, cycles);
  uint64_t apart_ns = said_ns > now->ns ? said_ns - now->ns : now->ns - said_ns;
  if (apart_ns > FAR_AWAY_NS)
    distrust(clock);
}

uint64_t asyncscope__clock_read(asyncscope__clock_t *clock, uint64_t last_ns) {
  uint64_t now_ns;
  if (clock->counts) {
    asyncscope__moment_t now = read_both(clock);
    if (clock->rated_from.ns == 0)
      clock->rated_from = now;
    check(clock, &now);
    measure(clock, &now);
    clock->base = now;
    now_ns = now.ns;
  } else {
    now_ns = uv_hrtime();
  }
  return now_ns > last_ns ? now_ns : last_ns;
}
