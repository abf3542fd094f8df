/* A failure on its way out of the scopes of a thread. */
#ifndef ASYNCSCOPE_HOOKS_FAILURE_H
#define ASYNCSCOPE_HOOKS_FAILURE_H

#include "asyncscope/async_fail.h"

typedef struct asyncscope__failure_s {
  bool pending;
  bool handling; /* the handler runs */
  bool abort;
  bool exiting; /* the exit has found one that was left */
  async_uncaught_exception_cb handler;
  void *data;
  async_id_t async_id; /* in whose scope it failed */
  char message[ASYNC_FAILURE_BYTES];
} asyncscope__failure_t;

struct async_env_s;

/* Before the outermost scope closes: the handler's turn. */
void asyncscope__failure_uncaught(struct async_env_s *env);

/* The same where no scope is entered; nothing where one is, or none pends. */
void asyncscope__failure_settle_at_top(struct async_env_s *env);

static inline void asyncscope__failure_settle(struct async_env_s *env,
                                              asyncscope__failure_t *failure) {
  if (failure->pending)
    asyncscope__failure_uncaught(env);
}

#endif
