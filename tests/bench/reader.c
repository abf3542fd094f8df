/* What a reader costs the writer: one thread makes, runs and ends resources on
 * one core, and its own processor time is what counts; another takes whole
 * snapshots on another core without a pause but those that the diagnostics ask
 * it for. Rounds with and without take turns. Of what lives a part comes and
 * goes, as in a server; or all of it, as fast as it can be driven, so that each
 * record is written again in less time than a snapshot takes; or it stays, and
 * all of it runs. Answers 1 where one of them slows the writer down by more
 * than the bound. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/asyncscope_debug.h"
#include "disturbance.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <uv.h>

#define LIVE        10000
#define COUNT       4400000
#define COMING      64 /* of the live ones */
#define ROUNDS      11
#define PERCENT_MAX 15.0

static async_resource_t resources[LIVE];

static void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

static double thread_cpu_s(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* All that lives runs, and stays. */
static void run(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_resource_enter(&resources[i % LIVE]);
    async_resource_leave(&resources[i % LIVE]);
  }
}

/* The first `coming` places come and go; where that is none, all run. */
static void live(size_t count, size_t coming) {
  if (coming == 0) {
    run(count);
    return;
  }
  for (size_t i = 0; i < count; i++) {
    async_resource_t *resource = &resources[i % coming];
    async_resource_finish(resource);
    async_resource_init(resource, "BENCH", NULL);
    async_resource_enter(resource);
    async_resource_leave(resource);
  }
  async_env_flush();
}

typedef struct reader_s {
  asyncscope_debug_t *debug;
  atomic_bool reads, ends;
  atomic_ulong snapshots;
} reader_t;

static void wait_ms(uint64_t ms) {
  if (ms > 0)
    poll(NULL, 0, (int)ms);
}

static void read_all(asyncscope_debug_t *debug) {
  const asyncscope_debug_request_t request = {.path = "/debug/resources",
                                              .query = "limit=1000000"};
  asyncscope_debug_answer_t answer;
  const char *chunk;
  size_t length = 1;
  int error = asyncscope_debug_open(debug, &request, &answer);
  if (error != 0)
    return;
  while (error == UV_EAGAIN || (error == 0 && length > 0)) {
    error = asyncscope_debug_stream_next(answer.stream, &chunk, &length);
    if (error == UV_EAGAIN)
      wait_ms(asyncscope_debug_stream_wait_ms(answer.stream));
  }
  asyncscope_debug_stream_destroy(answer.stream);
}

static void read_on(void *arg) {
  reader_t *reader = arg;
  pin(1);
  while (!atomic_load(&reader->ends)) {
    if (!atomic_load(&reader->reads)) {
      sched_yield();
      continue;
    }
    read_all(reader->debug);
    atomic_fetch_add(&reader->snapshots, 1);
  }
}

static int compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static double median(double *values) {
  qsort(values, ROUNDS, sizeof(*values), compare);
  return values[ROUNDS / 2];
}

/* Nanoseconds of one life, or of one run. */
static double round_ns(reader_t *reader, size_t coming, bool reads) {
  atomic_store(&reader->reads, reads);
  double begun_s = thread_cpu_s();
  live(COUNT / ROUNDS, coming);
  return (thread_cpu_s() - begun_s) * 1e9 / (COUNT / ROUNDS);
}

static double percent_of(double alone_ns, double read_ns) {
  return (read_ns / alone_ns - 1) * 100;
}

static void print(size_t coming, double alone_ns, double read_ns,
                  unsigned long snapshots, bool disturbed) {
  if (coming > 0)
    printf("%5zu of %d live come and go: ", coming, LIVE);
  else
    printf("all of %d live run and stay: ", LIVE);
  printf("%.1f ns for one alone, %.1f ns while %lu snapshots are taken: "
         "%+.1f %%%s\n",
         alone_ns, read_ns, snapshots, percent_of(alone_ns, read_ns),
         disturbed ? "  (disturbed)" : "");
}

/* Whether it is within the bound. */
static bool report(reader_t *reader, size_t coming) {
  double alone[ROUNDS], read[ROUNDS];
  disturbance_t disturbance;
  unsigned long before = atomic_load(&reader->snapshots);
  disturbance_begin(&disturbance);
  for (size_t i = 0; i < ROUNDS; i++) {
    alone[i] = round_ns(reader, coming, false);
    read[i] = round_ns(reader, coming, true);
  }
  double alone_ns = median(alone), read_ns = median(read);
  print(coming, alone_ns, read_ns, atomic_load(&reader->snapshots) - before,
        disturbance_end(&disturbance));
  return percent_of(alone_ns, read_ns) <= PERCENT_MAX;
}

int main(void) {
  static reader_t reader;
  uv_thread_t thread;
  pin(0);
  if (async_env_open(ASYNC_ENV_OTHER, "writer") != 0 ||
      asyncscope_debug_create(NULL, &reader.debug) != 0) {
    fprintf(stderr, "reader: cannot begin\n");
    return 2;
  }
  live(LIVE, LIVE);
  if (uv_thread_create(&thread, read_on, &reader) != 0)
    return 2;
  bool few = report(&reader, COMING);
  bool all = report(&reader, LIVE);
  bool none = report(&reader, 0);
  printf("each is at most %.0f %%%s\n", PERCENT_MAX,
         few && all && none ? "" : "  TOO SLOW");
  atomic_store(&reader.ends, true);
  uv_thread_join(&thread);
  asyncscope_debug_destroy(reader.debug);
  return !(few && all && none);
}
