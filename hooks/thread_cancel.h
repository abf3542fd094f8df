/* A thread's cancellation waits while code runs that is not made to be cut
 * short: where it struck, a lock would stay locked or an event half told. */
#ifndef ASYNCSCOPE_HOOKS_THREAD_CANCEL_H
#define ASYNCSCOPE_HOOKS_THREAD_CANCEL_H

#include <pthread.h>

/* What is to be given to asyncscope__cancel_allow() behind it. */
static inline int asyncscope__cancel_hold(void) {
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  return before;
}

static inline void asyncscope__cancel_allow(int before) {
  pthread_setcancelstate(before, NULL);
}

#endif
