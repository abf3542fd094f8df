/* A failure on its way out of the scopes of a thread. */
#ifndef ASYNCSCOPE_HOOKS_FAILURE_H
#define ASYNCSCOPE_HOOKS_FAILURE_H

#include "asyncscope/async_fail.h"

typedef struct asyncscope__failure_s {
  bool pending;
  bool handling; /* the handler runs */
  bool abort;
  async_uncaught_exception_cb handler;
  void *data;
  char message[ASYNC_FAILURE_BYTES];
} asyncscope__failure_t;

struct async_env_s;

/* Before the outermost scope closes: the handler's turn. */
void asyncscope__failure_uncaught(struct async_env_s *env);

static inline void asyncscope__failure_settle(struct async_env_s *env,
                                              asyncscope__failure_t *failure) {
  if (failure->pending)
    asyncscope__failure_uncaught(env);
}

#endif
