/* The diagnostics of a program with a million resources: how long each answer
 * takes, and how much memory the process has more of meanwhile, by what the
 * kernel says of it. Answers 1 where a bound is passed.
 *
 * Each second one, a timer, was caused by the one before, so that a tree has
 * parents on every page of its memory. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/async_uv_timer.h"
#include "asyncscope/asyncscope_debug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct row_s {
  const char *path, *query;
  double ms_max;  /* 0: no bound */
  double mib_max; /* the same */
} row_t;

static const row_t rows[] = {
    {"/debug/resources", "limit=1000&sort=-age", 200, 16},
    {"/debug/resources", "limit=1000&sort=age", 0, 16},
    {"/debug/resources", "limit=1000&sort=-runTime&type=C*", 0, 16},
    {"/debug/resources", "limit=10000000", 0, 16},
    {"/debug/resources", "limit=10000000&fields=key,type,site", 0, 16},
    {"/debug/resources", "group_by=site", 0, 16},
    {"/debug/resources", "group_by=path", 0, 16},
    {"/debug", "", 0, 16},
    {"/debug/requests", "", 0, 16},
    {"/debug/threads", "", 0, 16},
    {"/debug/tree", "", 0, 16},
    {"/debug/tree", "group_by=none&limit=100000", 0, 16},
    {"/debug/tree", "root=0:1", 0, 16},
};

typedef struct pair_s {
  async_resource_t cause;
  async_uv_timer_t timer;
  uv_loop_t *loop;
} pair_t;

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

static int make_timer(void *arg) {
  pair_t *pair = arg;
  int error = async_uv_timer_init(pair->loop, &pair->timer);
  return error != 0 ? error
                    : async_uv_timer_start(&pair->timer, on_timer, 3600000, 0);
}

static int make_pairs(uv_loop_t *loop, pair_t *pairs, size_t count) {
  int error = 0;
  for (size_t i = 0; i < count && error == 0; i++) {
    pairs[i].loop = loop;
    error = async_resource_init(&pairs[i].cause, "CAUSE", NULL);
    if (error == 0)
      error = async_resource_run_in_async_scope(&pairs[i].cause, make_timer,
                                                &pairs[i]);
  }
  return error;
}

/* A number of /proc/self/status, in bytes. */
static double status_bytes(const char *name) {
  FILE *file = fopen("/proc/self/status", "r");
  double kib = 0;
  char line[256];
  while (file != NULL && fgets(line, sizeof(line), file) != NULL)
    if (strncmp(line, name, strlen(name)) == 0)
      kib = strtod(line + strlen(name) + 1, NULL);
  if (file != NULL)
    fclose(file);
  return kib * 1024;
}

/* The most there was begins again from what there is. */
static void reset_peak(void) {
  FILE *file = fopen("/proc/self/clear_refs", "w");
  if (file != NULL) {
    fputs("5", file);
    fclose(file);
  }
}

/* The bytes of the answer, or an error. */
static int64_t read_all(asyncscope_debug_t *debug, const row_t *row) {
  const asyncscope_debug_request_t request = {.path = row->path,
                                              .query = row->query};
  asyncscope_debug_answer_t answer;
  const char *chunk;
  size_t length = 0;
  int64_t bytes = 0;
  int error = asyncscope_debug_open(debug, &request, &answer);
  if (error != 0)
    return error;
  do {
    error = asyncscope_debug_stream_next(answer.stream, &chunk, &length);
    bytes += error == 0 ? (int64_t)length : 0;
  } while (error == UV_EAGAIN || (error == 0 && length > 0));
  asyncscope_debug_stream_destroy(answer.stream);
  return error != 0 ? error : answer.status == 200 ? bytes : UV_EINVAL;
}

static int measure(asyncscope_debug_t *debug, const row_t *row) {
  reset_peak();
  double before = status_bytes("VmRSS:");
  uint64_t begun_ns = uv_hrtime();
  int64_t bytes = read_all(debug, row);
  double ms = (double)(uv_hrtime() - begun_ns) / 1e6;
  double mib = (status_bytes("VmHWM:") - before) / 1048576;
  bool slow = row->ms_max > 0 && ms > row->ms_max;
  bool big = row->mib_max > 0 && mib > row->mib_max;
  printf("%-18s %-36s %9.1f ms %8.1f MiB sent %6.1f MiB more%s%s%s\n",
         row->path, row->query, ms, (double)bytes / 1048576, mib,
         slow ? "  TOO SLOW" : "", big ? "  TOO BIG" : "",
         bytes < 0 ? "  FAILED" : "");
  return slow || big || bytes < 0;
}

int main(int argc, char **argv) {
  size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
  pair_t *pairs = calloc(count / 2, sizeof(*pairs));
  asyncscope_debug_t *debug;
  uv_loop_t loop;
  int failed = 0;
  if (pairs == NULL || uv_loop_init(&loop) != 0 ||
      async_env_attach(&loop) != 0 ||
      make_pairs(&loop, pairs, count / 2) != 0 ||
      asyncscope_debug_create(NULL, &debug) != 0) {
    fprintf(stderr, "debug: cannot make %zu resources\n", count);
    return 2;
  }
  printf("%zu resources, %.0f bytes resident for each\n", count,
         status_bytes("VmRSS:") / (double)count);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    failed |= measure(debug, &rows[i]);
  asyncscope_debug_destroy(debug);
  return failed;
}
