/* A Worker from the inside: one structure for both threads. Read it, then
 * async_worker.c, the creator's side, and async_worker_thread.c.
 *
 *   creator                              the thread
 *   handle <----- uv_async_send -------- failed, over
 *   terminate --- uv_async_send -------> wake
 *   port <---------- channel ----------> parent_port
 *
 * The creator joins the thread before it closes `handle` or frees anything, so
 * the thread may use the structure to its last instruction. */
#ifndef ASYNCSCOPE_HOOKS_ASYNC_WORKER_INSIDE_H
#define ASYNCSCOPE_HOOKS_ASYNC_WORKER_INSIDE_H

#include "asyncscope/async_env.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_uv_async.h"
#include "asyncscope/async_worker.h"
#include <pthread.h>
#include <stdatomic.h>

/* What both threads write, under the lock; `stopping` is read without. */
typedef struct asyncscope__worker_state_s {
  pthread_mutex_t lock;
  int exit_code;
  _Atomic bool stopping;
  bool awake;        /* wake can be sent to */
  bool ended_itself; /* its loop came to its end: exit_code is nobody's yet */
  bool failed;       /* message is set, and does not change any more */
  bool over;         /* the thread's last word */
  char message[ASYNC_FAILURE_BYTES];
} asyncscope__worker_state_t;

struct async_worker_s {
  async_uv_async_t handle; /* WORKER; first: it is cast to this */
  async_worker_options_t options;
  async_worker_main_cb main;
  const async_site_t *site;
  char name[ASYNC_ENV_NAME_BYTES];
  async_ref_t ref; /* of the WORKER */
  _Atomic uint32_t thread_id;
  asyncscope__worker_state_t state;

  /* The creator's alone. */
  uv_thread_t thread;
  async_message_port_t *port; /* NULL: gone */
  async_env_cleanup_t cleanup;
  bool started;
  bool reported; /* what failed */
  bool joined;
  bool had_ref;
  bool exited;
  unsigned open; /* of handle and port */
  unsigned busy; /* the memory stays: a callback may run the loop */

  /* The thread's alone. */
  async_message_end_t *end;          /* until parent_port is made of it */
  async_message_port_t *parent_port; /* NULL: gone */
  async_message_t online;
  uv_loop_t loop;
  uv_async_t wake;
  uint64_t deadline_ns; /* of the end, since the thread was ended first; 0 */
  bool lost;            /* requests are still out, which know `loop` */
  async_worker_t *kept; /* the next one of those */
};

/* The thread. */
void asyncscope__worker_run(void *worker);

/* Either thread's: the first decides the exit code. */
void asyncscope__worker_stop(async_worker_t *worker, int exit_code);

/* The thread's, once an iteration: stops its loop where the worker is to end.
 */
void asyncscope__worker_check(async_worker_t *worker);

/* The thread's: a failure that nothing there took. The first is reported. */
void asyncscope__worker_failed(async_worker_t *worker, const char *message);

#endif
