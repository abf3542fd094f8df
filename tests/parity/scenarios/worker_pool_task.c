#include "asyncscope/worker_pool.h"
#include "scenario.h"

static int work(worker_task_t *task) {
  (void)task;
  return 0;
}

static worker_pool_t *pool;

static void done(worker_task_t *task, int status) {
  (void)task, (void)status;
  trace_where("done");
  MUST(worker_pool_close(pool, true, NULL, NULL));
}

SCENARIO(worker_pool_task) {
  static worker_task_t task;
  MUST(worker_pool_create(NULL, &pool));
  trace_start_only(" WORK ");
  MUST(worker_pool_submit(pool, &task, work, done));
  trace_print("submitted");
}
