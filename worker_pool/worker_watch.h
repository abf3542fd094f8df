/* Whether the last worker that runs dry watches for the next task, awake.
 *
 * To be woken costs some ten microseconds, most of them the submitter's, and
 * takes as long: more than many a task. So the worker looks on for at most
 * WATCH_NS before it sleeps, where
 *   - it has a core that is not the submitter's;
 *   - tasks come one soon after the other: the last time without any took no
 *     longer than a watch;
 *   - it was not in vain lately: after that 1, 3, 7, ... such times are passed
 *     over. */
#ifndef ASYNCSCOPE_WORKER_WATCH_H
#define ASYNCSCOPE_WORKER_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Zeroed memory is one that has seen nothing yet. */
typedef struct asyncscope__worker_watch_s {
  bool on;               /* a worker watches */
  bool is_quick;         /* the last time without tasks was short */
  unsigned vain;         /* how many to pass over after a watch in vain */
  unsigned pass;         /* how many of them are left */
  int submitter_core;    /* when it put a task where none was */
  uint64_t dry_since_ns; /* 0: there are tasks */
} asyncscope__worker_watch_t;

/* A task is put where none was. */
void asyncscope__worker_watch_put(asyncscope__worker_watch_t *watch);
/* The last worker found none. True: it is to watch. */
bool asyncscope__worker_watch_begin(asyncscope__worker_watch_t *watch);
/* Looks on while `sign` is `none`; false: in vain, or the core is lost. */
bool asyncscope__worker_watch_look(const atomic_uint *sign, unsigned none);
void asyncscope__worker_watch_end(asyncscope__worker_watch_t *watch,
                                  bool in_vain);
/* A worker found one. */
void asyncscope__worker_watch_found(asyncscope__worker_watch_t *watch);

#endif
