#include "otlp_fixture.h"

#include "asyncscope/async_hooks.h"
#include <string.h>

static void run(void *arg) {
  actor_t *actor = arg;
  async_env_open(actor->kind, "actor");
  actor->thread = async_env_thread();
  uv_sem_post(&actor->done);
  uv_sem_wait(&actor->go);
  while (actor->act != NULL) {
    actor->act(actor->arg);
    uv_sem_post(&actor->done);
    uv_sem_wait(&actor->go);
  }
  async_env_detach();
}

void actor_start(actor_t *actor, async_env_kind_t kind) {
  *actor = (actor_t){.kind = kind, .running = true};
  assert_int_equal(uv_sem_init(&actor->go, 0), 0);
  assert_int_equal(uv_sem_init(&actor->done, 0), 0);
  assert_int_equal(uv_thread_create(&actor->id, run, actor), 0);
  uv_sem_wait(&actor->done);
}

void actor_do(actor_t *actor, void (*act)(void *arg), void *arg) {
  actor->act = act;
  actor->arg = arg;
  uv_sem_post(&actor->go);
  uv_sem_wait(&actor->done);
}

void actor_stop(actor_t *actor) {
  if (!actor->running)
    return;
  actor->running = false;
  actor->act = NULL;
  uv_sem_post(&actor->go);
  uv_thread_join(&actor->id);
  uv_sem_destroy(&actor->go);
  uv_sem_destroy(&actor->done);
}

static async_request_t *account_of(const void *deed) {
  return ((const deed_t *)deed)->account;
}

void deed_end_works(void *arg) {
  deed_t *deed = arg;
  for (size_t i = 0; i < WORKS_MAX && deed->types[i] != NULL; i++) {
    if (!deed->never_run && async_resource_enter(&deed->works[i]) == 0)
      async_resource_leave(&deed->works[i]);
    async_resource_emit_destroy(&deed->works[i]);
    async_resource_finish(&deed->works[i]);
  }
  async_env_flush();
}

static int make_works(void *arg) {
  deed_t *deed = arg;
  async_resource_options_t options = {
      .flags = deed->internal ? ASYNC_RESOURCE_INTERNAL : 0};
  for (size_t i = 0; i < WORKS_MAX && deed->types[i] != NULL; i++) {
    if (i > 0) {
      options.flags |= ASYNC_RESOURCE_TRIGGER;
      options.trigger_async_id = async_resource_async_id(&deed->works[i - 1]);
    }
    async_resource_init(&deed->works[i], deed->types[i], &options);
  }
  if (!deed->late)
    deed_end_works(deed);
  return 0;
}

void deed_begin(void *arg) {
  deed_t *deed = arg;
  const async_request_trace_t trace = {.trace_id = {1, deed->number},
                                       .span_id = 0x1000 + deed->number,
                                       .flags = deed->flags};
  const async_request_options_t options = {.number = deed->number,
                                           .name = "GET /it",
                                           .name_bytes = 7,
                                           .route = "/it",
                                           .trace = &trace};
  async_local_storage_init(
      &deed->storage, &(async_local_storage_options_t){.account = account_of});
  async_request_begin(&options, &deed->account);
  if (deed->trace_state != NULL)
    async_request_set_trace_state(deed->account, deed->trace_state,
                                  strlen(deed->trace_state));
  async_local_storage_run(&deed->storage, deed, make_works, deed);
}

void deed_finish(void *arg) {
  deed_t *deed = arg;
  if (deed->failed)
    async_request_set_failed(deed->account);
  async_request_end(deed->account, deed->status);
  async_local_storage_finish(&deed->storage);
  async_env_flush();
}

void deed_do(void *deed) {
  deed_begin(deed);
  deed_finish(deed);
}
