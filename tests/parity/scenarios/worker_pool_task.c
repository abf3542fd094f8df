#include "asyncscope/worker_pool.h"
#include "scenario.h"
#include <stdio.h>

static worker_pool_t *pool;
static async_local_storage_t *storage;

/* A number in, its double out. */
typedef struct job_s {
  worker_task_t task;
  int number;
} job_t;

static job_t first, second;

static int work(worker_task_t *task) {
  job_t *job = (job_t *)task;
  job->number *= 2;
  return 0;
}

static void say_done(worker_task_t *task, int status) {
  char text[32];
  MUST(status);
  snprintf(text, sizeof(text), "done %d", ((job_t *)task)->number);
  trace_where(text);
  trace_store("done", storage);
}

static void submit(job_t *job, int number, worker_task_done_cb done) {
  job->number = number;
  MUST(worker_pool_submit(pool, &job->task, work, done));
}

static void on_second(worker_task_t *task, int status) {
  say_done(task, status);
  MUST(worker_pool_close(pool, true, NULL, NULL));
}

static void submit_second(void *arg) {
  (void)arg;
  submit(&second, 4, on_second);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  run_with(storage, "of the callback", submit_second, NULL);
}

static void on_tick(void *arg) {
  (void)arg;
  trace_where("tick");
}

static void on_first(worker_task_t *task, int status) {
  say_done(task, status);
  MUST(async_resource_emit_destroy(make_resource("MADE")));
  next_tick(on_tick, NULL);
  set_immediate(on_immediate);
}

static void submit_first(void *arg) {
  (void)arg;
  submit(&first, 21, on_first);
  trace_where("submitted");
}

static void in_caller(void *arg) {
  (void)arg;
  run_with(storage, "of the caller", submit_first, NULL);
}

SCENARIO(worker_pool_task) {
  worker_pool_options_t options = {.threads = 1};
  storage = make_storage();
  MUST(worker_pool_create(&options, &pool));
  trace_start_only(" WORK CALLER MADE ");
  run_in(make_resource("CALLER"), in_caller, NULL);
}
