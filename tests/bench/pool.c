/* Tasks per second: worker_pool with tracking on against libuv's bare
 * uv_queue_work(), each with four threads, in one process.
 *
 * The tasks are empty, so all that is measured is the way there and back; those
 * of two more rows, which decide nothing, have some work to do. Ours are
 * submitted inside a store, which every done callback looks for; libuv's have
 * nothing of the kind, and a loop that nothing is attached to. Either a batch
 * is in hand at a time, the next one submitted when all of it is done, or a
 * number is kept in flight, each done submitting one more.
 *
 * In a round both do the same number of tasks by turns of some milliseconds;
 * compared is each round's ratio, and the median of these. A round in which
 * others used the machine is repeated, and if that does not help told of.
 *
 * One task at a time is two threads that take turns. Left alone, the scheduler
 * keeps them on one core for whole turns or wakes an idle core for each half,
 * which takes five times as long, and which of both is luck. So that row is
 * measured where the luck is out: on one core, where the way there and back is
 * all there is, and this decides; and on two, where nearly all is the waking of
 * cores, as often on both sides, and this is shown. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/worker_pool.h"
#include "disturbance.h"
#include "placement.h"

#include <stdio.h>
#include <stdlib.h>

#define THREADS 4
#define LARGEST 1000
#define ROUNDS  9
#define REPEATS 3
#define TURNS   8 /* of each, in a round */

typedef struct row_s {
  const char *name;
  size_t size;
  bool in_flight;
  size_t count; /* of tasks in a turn */
  placement_t placement;
  bool shown;       /* and decides nothing */
  unsigned work_us; /* of a task, where it has a core to itself */
} row_t;

static struct bench_s {
  uv_loop_t tracked, bare;
  worker_pool_t *pool;
  async_local_storage_t storage;
  worker_task_t tasks[LARGEST];
  uv_work_t works[LARGEST];
  /* What the works read lies apart from what the loop writes for each task: a
   * line that both have would cost either side more than a task does. */
  char apart_1[64];
  const row_t *row;
  unsigned steps_of_us;
  char apart_2[64];
  size_t left;  /* tasks of the turn not submitted yet */
  size_t going; /* not done yet */
  int failed;
} bench;

typedef struct side_s {
  uv_loop_t *loop;
  void (*submit)(size_t index);
  double time_s, cpu_s; /* of this round */
  double rates[ROUNDS], cpus_ns[ROUNDS];
} side_t;

/* The side whose turn it is. */
static void (*submit)(size_t index);

static void submit_some(size_t count) {
  for (size_t i = 0; i < count && bench.left > 0; i++) {
    bench.left--;
    bench.going++;
    submit(i);
  }
}

static void submit_next(size_t index) {
  bench.going--;
  if (bench.row->in_flight && bench.left > 0) {
    bench.left--;
    bench.going++;
    submit(index);
  } else if (!bench.row->in_flight && bench.going == 0) {
    submit_some(bench.row->size);
  }
}

/* So many steps and not so much time: a worker that waits for a core works
 * meanwhile by no clock. The same instructions for both sides, and none that
 * touches memory: where they lie makes a difference of a half. */
__attribute__((noinline)) static void take_steps(unsigned count) {
  for (unsigned i = 0; i < count; i++)
    __asm__ volatile("" : "+r"(i));
}

/* The best of some, as the rest were kept from it. */
static void measure_steps(void) {
  enum { STEPS = 100000, TRIES = 20 };
  uint64_t best_ns = UINT64_MAX;
  for (int i = 0; i < TRIES; i++) {
    uint64_t began_ns = uv_hrtime();
    take_steps(STEPS);
    uint64_t taken_ns = uv_hrtime() - began_ns;
    best_ns = taken_ns < best_ns ? taken_ns : best_ns;
  }
  bench.steps_of_us = (unsigned)(STEPS * UINT64_C(1000) / best_ns);
}

static void do_work(void) {
  take_steps(bench.row->work_us * bench.steps_of_us);
}

static int work(worker_task_t *task) {
  (void)task;
  do_work();
  return 0;
}

static void done(worker_task_t *task, int status) {
  bench.failed += status != 0;
  bench.failed += async_local_storage_get_store(&bench.storage) != &bench;
  submit_next((size_t)(task - bench.tasks));
}

static void submit_task(size_t index) {
  bench.failed +=
      worker_pool_submit(bench.pool, &bench.tasks[index], work, done) != 0;
}

static void uv_work(uv_work_t *req) {
  (void)req;
  do_work();
}

static void uv_done(uv_work_t *req, int status) {
  bench.failed += status != 0;
  submit_next((size_t)(req - bench.works));
}

static void submit_work(size_t index) {
  bench.failed +=
      uv_queue_work(&bench.bare, &bench.works[index], uv_work, uv_done) != 0;
}

static int begin(void *arg) {
  (void)arg;
  submit_some(bench.row->size);
  return 0;
}

static void take_turn(side_t *side) {
  double began_s = (double)uv_hrtime() / 1e9, cpu_s = own_cpu_s();
  submit = side->submit;
  bench.left = bench.row->count;
  if (side->loop == &bench.tracked)
    async_local_storage_run(&bench.storage, &bench, begin, NULL);
  else
    begin(NULL);
  uv_run(side->loop, UV_RUN_DEFAULT);
  side->time_s += (double)uv_hrtime() / 1e9 - began_s;
  side->cpu_s += own_cpu_s() - cpu_s;
}

/* Who begins changes from turn to turn. */
static void take_turns(side_t *ours, side_t *theirs) {
  ours->time_s = ours->cpu_s = theirs->time_s = theirs->cpu_s = 0;
  for (int i = 0; i < TURNS; i++) {
    if (i % 2 == 0)
      take_turn(ours);
    take_turn(theirs);
    if (i % 2 != 0)
      take_turn(ours);
  }
}

/* True: disturbed, and so were all repetitions. */
static bool run_round(side_t *ours, side_t *theirs) {
  bool disturbed = true;
  for (int i = 0; disturbed && i <= REPEATS; i++) {
    disturbance_t disturbance;
    disturbance_begin(&disturbance);
    take_turns(ours, theirs);
    disturbed = disturbance_end(&disturbance);
  }
  return disturbed;
}

static void note_round(side_t *side, int round) {
  double count = (double)bench.row->count * TURNS;
  side->rates[round] = count / side->time_s;
  side->cpus_ns[round] = side->cpu_s * 1e9 / count;
}

static int compare(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Sorts them. */
static double median(double *values) {
  qsort(values, ROUNDS, sizeof(*values), compare);
  return values[ROUNDS / 2];
}

/* The pools' threads have to be there to be placed. */
static void place(const row_t *row) {
  side_t ours = {.loop = &bench.tracked, .submit = submit_task},
         theirs = {.loop = &bench.bare, .submit = submit_work};
  bench.row = row;
  take_turns(&ours, &theirs);
  bench.failed += placement_set(row->placement) != 0;
}

/* True: not slower. */
static bool measure(const row_t *row) {
  side_t ours = {.loop = &bench.tracked, .submit = submit_task},
         theirs = {.loop = &bench.bare, .submit = submit_work};
  double ratios[ROUNDS];
  int disturbed = 0;
  place(row);
  for (int i = 0; i < ROUNDS; i++) {
    disturbed += run_round(&ours, &theirs);
    note_round(&ours, i);
    note_round(&theirs, i);
    ratios[i] = ours.rates[i] / theirs.rates[i];
  }
  double ratio = median(ratios);
  printf("%-13s %12.0f %13.0f %6.2f %5.2f to %-5.2f %7.0f %7.0f %5d of %d\n",
         row->name, median(ours.rates), median(theirs.rates), ratio, ratios[0],
         ratios[ROUNDS - 1], median(ours.cpus_ns), median(theirs.cpus_ns),
         disturbed, ROUNDS);
  return row->shown || ratio >= 1.0;
}

static int open_bench(void) {
  worker_pool_options_t options = {.threads = THREADS, .queue_max = LARGEST};
  int error = uv_loop_init(&bench.tracked);
  if (error == 0)
    error = uv_loop_init(&bench.bare);
  if (error == 0)
    error = async_env_attach(&bench.tracked);
  if (error == 0)
    error = async_local_storage_init(&bench.storage, NULL);
  return error != 0 ? error : worker_pool_create(&options, &bench.pool);
}

static int close_bench(void) {
  int error = worker_pool_close(bench.pool, true, NULL, NULL);
  uv_run(&bench.tracked, UV_RUN_DEFAULT);
  async_local_storage_finish(&bench.storage);
  async_env_detach();
  if (error == 0)
    error = uv_loop_close(&bench.bare);
  return error != 0 ? error : uv_loop_close(&bench.tracked);
}

int main(void) {
  static const row_t rows[] = {
      {"1, one core", 1, false, 4000, PLACEMENT_ONE, false, 0},
      {"1, two cores", 1, false, 500, PLACEMENT_APART, true, 0},
      {"2, one core", 2, false, 8000, PLACEMENT_ONE, true, 0},
      {"16", 16, false, 8000, PLACEMENT_FREE, false, 0},
      {"64 in flight", 64, true, 30000, PLACEMENT_FREE, false, 0},
      {"1000", 1000, false, 60000, PLACEMENT_FREE, false, 0},
      {"64, 1 us", 64, true, 8000, PLACEMENT_FREE, true, 1},
      {"64, 10 us", 64, true, 1000, PLACEMENT_FREE, true, 10}};
  int slower = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  measure_steps();
  if (open_bench() != 0)
    return 2;
  printf("tasks per second, %d threads, medians of %d rounds\n", THREADS,
         ROUNDS);
  printf("%-13s %12s %13s %6s %14s %15s %10s\n", "batch", "worker_pool",
         "uv_queue_work", "ratio", "least to most", "cpu ns of each",
         "disturbed");
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    slower += !measure(&rows[i]);
  if (close_bench() != 0 || bench.failed != 0)
    return 2;
  return slower > 0;
}
