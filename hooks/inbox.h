/* Values whose last drop happened on another thread, on their way home.
 *
 * The lock is held for a few instructions and never while a release runs. It
 * also settles the end of the environment: once the inbox is closed, whoever
 * drops a value releases it where it stands. */
#ifndef ASYNCSCOPE_HOOKS_INBOX_H
#define ASYNCSCOPE_HOOKS_INBOX_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <uv.h>

struct asyncscope__binding_s;

typedef struct asyncscope__inbox_s {
  pthread_mutex_t lock;
  /* Last come first. Changed under the lock; the owner looks without it. */
  _Atomic(struct asyncscope__binding_s *) first;
  bool open;
  bool has_wake; /* wake is on a loop and not closing */
  uv_async_t wake;
} asyncscope__inbox_t;

void asyncscope__inbox_init(asyncscope__inbox_t *inbox);
void asyncscope__inbox_finish(asyncscope__inbox_t *inbox);

/* Any thread. False when the inbox is closed: nothing was taken. */
bool asyncscope__inbox_post(asyncscope__inbox_t *inbox,
                            struct asyncscope__binding_s *binding);

/* The owner's. `wake` keeps no loop alive: a value on its way home is no
 * reason to go on. */
int asyncscope__inbox_attach(asyncscope__inbox_t *inbox, uv_loop_t *loop,
                             uv_async_cb on_wake);
/* After it nobody sends to `wake`, which the caller then closes. */
void asyncscope__inbox_detach(asyncscope__inbox_t *inbox);
/* After it every post answers false. */
void asyncscope__inbox_close(asyncscope__inbox_t *inbox);
/* Takes what has come, first come first; no lock where nothing has. */
struct asyncscope__binding_s *asyncscope__inbox_take(
    asyncscope__inbox_t *inbox);

#endif
