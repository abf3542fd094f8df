/* Tasks per second: worker_pool with tracking on against libuv's bare
 * uv_queue_work(), each with four threads, in one process.
 *
 * A round lets both do the same number of empty tasks, a batch in hand at a
 * time: as many are submitted at once, and the next batch when all are done.
 * Rounds are interleaved and the order within one alternates, so that what
 * disturbs the machine disturbs both; what is compared is each round's ratio,
 * and the median of these. */
#include "asyncscope/async_env.h"
#include "asyncscope/worker_pool.h"

#include <stdio.h>
#include <stdlib.h>

#define THREADS 4
#define ROUNDS  31
#define SIZES   3

typedef struct bench_s {
  uv_loop_t loop;
  worker_pool_t *pool;
  worker_task_t *tasks;
  uv_work_t *works;
  size_t batch;
  size_t left;  /* tasks of the round not submitted yet */
  size_t going; /* of the batch not done yet */
  int failed;
} bench_t;

static bench_t bench;

static void submit_tasks(void);

static int work(worker_task_t *task) {
  (void)task;
  return 0;
}

static void done(worker_task_t *task, int status) {
  (void)task;
  bench.failed += status != 0;
  if (--bench.going == 0)
    submit_tasks();
}

static size_t next_batch(void) {
  size_t count = bench.left < bench.batch ? bench.left : bench.batch;
  bench.left -= count;
  bench.going = count;
  return count;
}

static void submit_tasks(void) {
  size_t count = next_batch();
  for (size_t i = 0; i < count; i++)
    bench.failed +=
        worker_pool_submit(bench.pool, &bench.tasks[i], work, done) != 0;
}

static void submit_works(void);

static void uv_work(uv_work_t *req) {
  (void)req;
}

static void uv_done(uv_work_t *req, int status) {
  (void)req;
  bench.failed += status != 0;
  if (--bench.going == 0)
    submit_works();
}

static void submit_works(void) {
  size_t count = next_batch();
  for (size_t i = 0; i < count; i++)
    bench.failed +=
        uv_queue_work(&bench.loop, &bench.works[i], uv_work, uv_done) != 0;
}

/* Tasks per second. */
static double run(void (*submit)(void), size_t batch, size_t count) {
  bench.batch = batch;
  bench.left = count;
  uint64_t started_ns = uv_hrtime();
  submit();
  uv_run(&bench.loop, UV_RUN_DEFAULT);
  return (double)count * 1e9 / (double)(uv_hrtime() - started_ns);
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double median(double *values) {
  qsort(values, ROUNDS, sizeof(*values), compare);
  return values[ROUNDS / 2];
}

/* The median ratio. */
static double measure(size_t batch, size_t count) {
  static double ours[ROUNDS], theirs[ROUNDS], ratios[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    if (i % 2 == 0)
      ours[i] = run(submit_tasks, batch, count);
    theirs[i] = run(submit_works, batch, count);
    if (i % 2 != 0)
      ours[i] = run(submit_tasks, batch, count);
    ratios[i] = ours[i] / theirs[i];
  }
  double ratio = median(ratios);
  double our_rate = median(ours), their_rate = median(theirs);
  printf("%10zu %14.0f %14.0f %10.2f %7.2f to %.2f\n", batch, our_rate,
         their_rate, ratio, ratios[ROUNDS / 10], ratios[ROUNDS * 9 / 10]);
  return ratio;
}

static int open_bench(size_t largest) {
  worker_pool_options_t options = {.threads = THREADS, .queue_max = largest};
  bench.tasks = calloc(largest, sizeof(*bench.tasks));
  bench.works = calloc(largest, sizeof(*bench.works));
  if (bench.tasks == NULL || bench.works == NULL)
    return UV_ENOMEM;
  int error = uv_loop_init(&bench.loop);
  if (error == 0)
    error = async_env_attach(&bench.loop);
  return error != 0 ? error : worker_pool_create(&options, &bench.pool);
}

static int close_bench(void) {
  int error = worker_pool_close(bench.pool, true, NULL, NULL);
  uv_run(&bench.loop, UV_RUN_DEFAULT);
  async_env_detach();
  free(bench.tasks);
  free(bench.works);
  return error != 0 ? error : uv_loop_close(&bench.loop);
}

int main(void) {
  static const size_t batches[SIZES] = {1, 16, 1000};
  static const size_t counts[SIZES] = {4000, 32000, 60000};
  int slower = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (open_bench(batches[SIZES - 1]) != 0)
    return 2;
  printf("tasks per second, %d threads, medians of %d interleaved rounds\n",
         THREADS, ROUNDS);
  printf("%10s %14s %14s %10s %15s\n", "batch", "worker_pool", "uv_queue_work",
         "ratio", "10 % to 90 %");
  for (size_t i = 0; i < SIZES; i++)
    slower += measure(batches[i], counts[i]) < 1.0;
  if (close_bench() != 0 || bench.failed != 0)
    return 2;
  return slower > 0;
}
