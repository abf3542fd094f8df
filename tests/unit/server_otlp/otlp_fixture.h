#ifndef OTLP_FIXTURE_H
#define OTLP_FIXTURE_H

/* A thread with an environment that does what a test says, so that the test's
 * own thread, which has none, can look on. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_request.h"
#include "asyncscope/async_resource.h"
#include "test_main.h"

#include <uv.h>

typedef struct actor_s {
  uv_thread_t id;
  uv_sem_t go, done;
  async_env_kind_t kind;
  void (*act)(void *arg); /* NULL: it is to end */
  void *arg;
  uint32_t thread;
  bool running;
} actor_t;

void actor_start(actor_t *actor, async_env_kind_t kind);

/* Returns when it is done. */
void actor_do(actor_t *actor, void (*act)(void *arg), void *arg);

/* Its environment ends, too. */
void actor_stop(actor_t *actor);

#define WORKS_MAX 8

/* A request of the actor's; zeroed but for what the test sets. */
typedef struct deed_s {
  uint64_t number;
  uint8_t flags; /* 1: sampled */
  int status;
  bool failed;
  const char *trace_state; /* NULL: none */
  /* Made in its context, each caused by the one before. */
  const char *types[WORKS_MAX];
  bool internal;  /* they are asyncscope's own */
  bool late;      /* they run and end in deed_end_works() */
  bool never_run; /* they end, and have not run */
  /* filled in */
  async_resource_t works[WORKS_MAX];
  async_request_t *account;
  async_local_storage_t storage;
} deed_t;

/* For actor_do(): the whole of it. */
void deed_do(void *deed);
/* Without its end, and that. */
void deed_begin(void *deed);
void deed_finish(void *deed);
void deed_end_works(void *deed);

#endif
