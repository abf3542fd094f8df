/* The floor's part of what /flow and /sum do: timer, files and pool are libuv's
 * own. What tracking would have found out is kept by hand beside each callback,
 * as a server without it keeps it: one pointer to the request's context. */
#ifndef BENCH_FLOOR_WORK_H
#define BENCH_FLOOR_WORK_H

#include "asyncscope/async_hooks.h"
#include "asyncscope/async_uv.h"
#include "asyncscope/worker_pool.h"

#undef async_uv_fs_close
#undef async_uv_fs_read
#undef async_uv_timer_start
#undef worker_pool_submit

__attribute__((weak)) _Thread_local uv_loop_t *floor_loop;
__attribute__((weak)) _Thread_local void *floor_current;

static inline void *floor_swap(void *frame) {
  void *before = floor_current;

  floor_current = frame;
  return before;
}

static inline int floor_attach(uv_loop_t *loop) {
  floor_loop = loop;
  return 0;
}

static inline void floor_on_timer(uv_timer_t *uv) {
  async_uv_timer_t *timer = (async_uv_timer_t *)uv;
  void *before = floor_swap(timer->tracked.resource.frame);

  timer->cb(timer);
  floor_swap(before);
}

static inline int floor_timer_start(async_uv_timer_t *timer,
                                    async_uv_timer_cb cb, uint64_t timeout_ms,
                                    uint64_t repeat_ms) {
  timer->cb = cb;
  timer->tracked.resource.frame = floor_current;
  return uv_timer_start(&timer->uv, floor_on_timer, timeout_ms, repeat_ms);
}

static inline void floor_on_fs(uv_fs_t *uv) {
  async_uv_fs_t *req = (async_uv_fs_t *)uv;
  void *before = floor_swap(req->resource.frame);

  req->cb(req);
  floor_swap(before);
}

/* With no callback the call blocks. */
static inline uv_fs_cb floor_fs(async_uv_fs_t *req, async_uv_fs_cb cb) {
  req->cb = cb;
  req->resource.frame = floor_current;
  return cb == NULL ? NULL : floor_on_fs;
}

/* A task of libuv's pool, with the name of ours. */
typedef struct floor_task_s {
  uv_work_t req;
  void *data;
  int (*work)(struct floor_task_s *task);
  void (*done)(struct floor_task_s *task, int status);
  void *frame;
  int status;
} floor_task_t;

static inline void floor_on_work(uv_work_t *req) {
  floor_task_t *task = (floor_task_t *)req;
  void *before = floor_swap(task->frame);

  task->status = task->work(task);
  floor_swap(before);
}

static inline void floor_on_worked(uv_work_t *req, int status) {
  floor_task_t *task = (floor_task_t *)req;
  void *before = floor_swap(task->frame);

  task->done(task, status != 0 ? status : task->status);
  floor_swap(before);
}

static inline int floor_submit(floor_task_t *task,
                               int (*work)(floor_task_t *task),
                               void (*done)(floor_task_t *task, int status)) {
  task->work = work;
  task->done = done;
  task->frame = floor_current;
  return uv_queue_work(floor_loop, &task->req, floor_on_work, floor_on_worked);
}

/* What a hop is told of ids. */
#define async_hooks_execution_async_id()       ((async_id_t)1)
#define async_hooks_trigger_async_id()         ((async_id_t)1)
#define async_hooks_execution_async_resource() ((const async_resource_t *)0)

#define async_env_attach(loop)                 floor_attach(loop)
#define async_uv_timer_init(l, t)              uv_timer_init(l, (uv_timer_t *)(t))
#define async_uv_timer_start(t, cb, ms, repeat) \
  floor_timer_start(t, cb, ms, repeat)
#define async_uv_fs_cancel(r)      uv_cancel((uv_req_t *)(r))
#define async_uv_fs_req_cleanup(r) uv_fs_req_cleanup(&(r)->uv)
#define async_uv_fs_close(l, r, fd, cb) \
  uv_fs_close(l, &(r)->uv, fd, floor_fs(r, cb))
#define async_uv_fs_read(l, r, fd, bufs, n, offset, cb) \
  uv_fs_read(l, &(r)->uv, fd, bufs, n, offset, floor_fs(r, cb))
#define worker_task_t floor_task_t
#define worker_pool_submit(pool, t, work, done) \
  ((void)(pool), floor_submit(t, work, done))
#define worker_pool_cancel(pool, t) ((void)(pool), uv_cancel((uv_req_t *)(t)))

#endif
