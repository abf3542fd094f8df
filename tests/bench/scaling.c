/* How a cost grows: nanoseconds of one operation, by how much there is of what
 * it may depend on.
 *
 * usage: bench_scaling ROW SIZE COUNT
 *
 *   life      one resource is made, entered, left and ended while SIZE live
 *   oldest    the same, and of the SIZE that live the oldest one ends
 *   any       the same, and any one of them ends
 *   scope     one of the SIZE that live is entered and left, any next
 *   memory    what entering one touches is written, any next, and no more done
 *   snapshot  one of the SIZE that live is copied by a reader
 *   store     the store of the first of SIZE storages is read
 *   loops     a life, on one of SIZE threads that all do so
 *   workers   a task of a pool of SIZE threads, 64 in flight
 *
 * Prints nanoseconds, of COUNT operations in all, for each: as they pass, and
 * of the processor. callgrind counts bench_measured() alone, which is
 * everything that the main thread does for them. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/worker_pool.h"
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#define IN_FLIGHT    64
#define A_CALLBACK   100 /* lives; the destroy events are delivered behind */
#define COPIED       256 /* records at a time */
#define RECORD_WORDS (sizeof(asyncscope__record_t) / sizeof(uint64_t))
#define LOOPS_MAX    64
#define STORAGES_MAX 500

static struct bench_s {
  uv_loop_t loop;
  size_t size;
  async_resource_t *live;
  uint64_t *bare_records;
  async_local_storage_t storages[STORAGES_MAX];
  worker_pool_t *pool;
  worker_task_t tasks[IN_FLIGHT];
  size_t left; /* tasks not submitted yet */
  int failed;
} bench;

static void life(async_resource_t *resource) {
  async_resource_init(resource, "BENCH", NULL);
  async_resource_enter(resource);
  async_resource_leave(resource);
}

static void lives(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_resource_t resource;
    life(&resource);
    async_resource_finish(&resource);
    if (i % A_CALLBACK == 0)
      async_env_flush();
  }
}

/* Another one begins where it has ended. */
static void replace(async_resource_t *resource) {
  async_resource_finish(resource);
  life(resource);
}

static void oldest(size_t count) {
  for (size_t i = 0; i < count; i++) {
    replace(&bench.live[i % bench.size]);
    if (i % A_CALLBACK == 0)
      async_env_flush();
  }
}

/* By steps that no prefetcher guesses and that come to each of them: the sizes
 * are powers of ten, and the step has no factor of theirs. */
static size_t next_of(size_t at) {
  return (at + (size_t)7919 * 7919) % bench.size;
}

static void any(size_t count) {
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    at = next_of(at);
    replace(&bench.live[at]);
    if (i % A_CALLBACK == 0)
      async_env_flush();
  }
}

static void scopes(size_t count) {
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    at = next_of(at);
    async_resource_enter(&bench.live[at]);
    async_resource_leave(&bench.live[at]);
  }
}

/* As far apart as resources and their records are, and known by one from the
 * other. */
static void touches(size_t count) {
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    at = next_of(at);
    uint32_t record = bench.live[at].record - 1;
    bench.live[at].data = &bench;
    bench.bare_records[record * RECORD_WORDS]++;
    bench.bare_records[(record + 1) * RECORD_WORDS - 1]++;
  }
}

static void snapshots(size_t count) {
  static async_resource_info_t infos[COPIED];
  async_env_t *env = async_inspect_next(NULL);
  uint32_t cursor = 0;
  for (size_t done = 0; done < count;) {
    size_t copied = async_inspect_resources(env, &cursor, infos, COPIED);
    done += copied;
    if (copied == 0)
      cursor = 0;
  }
  async_inspect_release(env);
}

static void get_stores(size_t count) {
  for (size_t i = 0; i < count; i++)
    async_local_storage_get_store(&bench.storages[0]);
}

static void loop_lives(void *arg) {
  size_t count = *(size_t *)arg;
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0 || async_env_attach(&loop) != 0)
    abort();
  lives(count);
  async_env_detach();
  uv_loop_close(&loop);
}

static void loops(size_t count) {
  uv_thread_t threads[LOOPS_MAX];
  size_t of_each = count / bench.size;
  for (size_t i = 0; i < bench.size; i++)
    if (uv_thread_create(&threads[i], loop_lives, &of_each) != 0)
      abort();
  for (size_t i = 0; i < bench.size; i++)
    uv_thread_join(&threads[i]);
}

static int work(worker_task_t *task) {
  (void)task;
  return 0;
}

static void submit(worker_task_t *task);

static void done(worker_task_t *task, int status) {
  bench.failed += status != 0;
  if (bench.left > 0)
    submit(task);
}

static void submit(worker_task_t *task) {
  bench.left--;
  bench.failed += worker_pool_submit(bench.pool, task, work, done) != 0;
}

static void tasks(size_t count) {
  bench.left = count;
  for (size_t i = 0; i < IN_FLIGHT && bench.left > 0; i++)
    submit(&bench.tasks[i]);
  uv_run(&bench.loop, UV_RUN_DEFAULT);
}

static void open_live(void) {
  bench.live = calloc(bench.size, sizeof(*bench.live));
  if (bench.live == NULL)
    abort();
  for (size_t i = 0; i < bench.size; i++)
    bench.failed += async_resource_init(&bench.live[i], "LIVE", NULL) != 0;
}

static void close_live(void) {
  for (size_t i = 0; i < bench.size; i++)
    async_resource_finish(&bench.live[i]);
  async_env_flush();
  free(bench.live);
}

static void open_bare(void) {
  open_live();
  bench.bare_records = calloc(bench.size, sizeof(asyncscope__record_t));
  if (bench.bare_records == NULL)
    abort();
}

static void close_bare(void) {
  free(bench.bare_records);
  close_live();
}

static void open_storages(void) {
  for (size_t i = 0; i < bench.size; i++) {
    bench.failed += async_local_storage_init(&bench.storages[i], NULL) != 0;
    async_local_storage_enter_with(&bench.storages[i], &bench);
  }
}

static void close_storages(void) {
  async_context_frame_release(async_context_frame_exchange(NULL));
  for (size_t i = 0; i < bench.size; i++)
    async_local_storage_finish(&bench.storages[i]);
}

static void open_pool(void) {
  worker_pool_options_t options = {.threads = (unsigned)bench.size,
                                   .queue_max = IN_FLIGHT};
  if (worker_pool_create(&options, &bench.pool) != 0)
    abort();
}

static void close_pool(void) {
  worker_pool_close(bench.pool, true, NULL, NULL);
  uv_run(&bench.loop, UV_RUN_DEFAULT);
}

static void nothing(void) {
}

typedef struct row_s {
  const char *name;
  size_t size_max;
  void (*open)(void), (*run)(size_t count), (*close)(void);
} row_t;

static const row_t rows[] = {
    {"life", 10000000, open_live, lives, close_live},
    {"oldest", 10000000, open_live, oldest, close_live},
    {"any", 10000000, open_live, any, close_live},
    {"scope", 10000000, open_live, scopes, close_live},
    {"memory", 10000000, open_bare, touches, close_bare},
    {"snapshot", 10000000, open_live, snapshots, close_live},
    {"store", STORAGES_MAX, open_storages, get_stores, close_storages},
    {"loops", LOOPS_MAX, nothing, loops, nothing},
    {"workers", WORKER_POOL_THREADS_MAX, open_pool, tasks, close_pool},
};

static const row_t *find_row(const char *name) {
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    if (strcmp(rows[i].name, name) == 0)
      return &rows[i];
  return NULL;
}

__attribute__((noinline)) static void bench_measured(const row_t *row,
                                                     size_t count) {
  row->run(count);
  __asm__ volatile("" ::: "memory");
}

static double cpu_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void measure(const row_t *row, size_t count) {
  bench_measured(row, count / 10); /* the first ones fetch the memory */
  double cpu_begun_ns = cpu_ns();
  uint64_t begun_ns = uv_hrtime();
  bench_measured(row, count);
  double passed_ns = (double)(uv_hrtime() - begun_ns);
  printf("%.2f %.2f\n", passed_ns / (double)count,
         (cpu_ns() - cpu_begun_ns) / (double)count);
}

int main(int argc, char **argv) {
  const row_t *row = argc == 4 ? find_row(argv[1]) : NULL;
  bench.size = row == NULL ? 0 : strtoul(argv[2], NULL, 10);
  if (row == NULL || bench.size == 0 || bench.size > row->size_max) {
    fprintf(stderr, "usage: bench_scaling ROW SIZE COUNT\n");
    return 2;
  }
  if (uv_loop_init(&bench.loop) != 0 || async_env_attach(&bench.loop) != 0)
    return 2;
  row->open();
  measure(row, strtoul(argv[3], NULL, 10));
  row->close();
  async_env_detach();
  return uv_loop_close(&bench.loop) != 0 || bench.failed != 0 ? 2 : 0;
}
