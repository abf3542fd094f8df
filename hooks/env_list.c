/* The list of environments, in the order of their thread numbers: the one
 * piece of state that threads share. Its lock is held for a few steps of the
 * list and never while an environment is read or ended. */
#include "env.h"

#include "asyncscope/async_allocator.h"
#include <pthread.h>

static struct {
  pthread_mutex_t lock;
  async_env_t *first, **last;
  uint32_t next_thread;
  bool detects_loss; /* the environments opened next */
  uint64_t slow_ns;  /* the same: what is a slow callback on a loop's thread */
  size_t recorder_bytes;
  async_requests_kept_t kept;
} list = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .slow_ns = ASYNC_SLOW_CALLBACK_NS,
          .recorder_bytes = ASYNC_RECORDER_BYTES,
          .kept = ASYNC_REQUESTS_KEPT};

static void set_slow(async_env_t *env, uint64_t slow_ns) {
  asyncscope__counter_set(&env->findings.slow_ns,
                          env->kind == ASYNC_ENV_LOOP ? slow_ns : UINT64_MAX);
}

void asyncscope__env_list_add(async_env_t *env) {
  pthread_mutex_lock(&list.lock);
  if (list.last == NULL)
    list.last = &list.first;
  env->thread = list.next_thread++;
  env->loss_detector.on = list.detects_loss;
  set_slow(env, list.slow_ns);
  asyncscope__recorder_want(&env->recorder, list.recorder_bytes);
  env->next = NULL;
  *list.last = env;
  list.last = &env->next;
  pthread_mutex_unlock(&list.lock);
}

void asyncscope__env_list_set_loss_detection(bool on) {
  pthread_mutex_lock(&list.lock);
  list.detects_loss = on;
  pthread_mutex_unlock(&list.lock);
}

bool asyncscope__env_list_loss_detection(void) {
  pthread_mutex_lock(&list.lock);
  bool on = list.detects_loss;
  pthread_mutex_unlock(&list.lock);
  return on;
}

void asyncscope__env_list_set_slow(uint64_t slow_ns) {
  pthread_mutex_lock(&list.lock);
  list.slow_ns = slow_ns;
  for (async_env_t *env = list.first; env != NULL; env = env->next)
    if (env->kind == ASYNC_ENV_LOOP)
      set_slow(env, slow_ns);
  pthread_mutex_unlock(&list.lock);
}

size_t asyncscope__env_list_recorder(void) {
  pthread_mutex_lock(&list.lock);
  size_t bytes = list.recorder_bytes;
  pthread_mutex_unlock(&list.lock);
  return bytes;
}

void asyncscope__env_list_set_recorder(size_t bytes) {
  pthread_mutex_lock(&list.lock);
  list.recorder_bytes = bytes;
  for (async_env_t *env = list.first; env != NULL; env = env->next)
    asyncscope__recorder_want(&env->recorder, bytes);
  pthread_mutex_unlock(&list.lock);
}

void async_requests_kept(async_requests_kept_t *ret_kept) {
  pthread_mutex_lock(&list.lock);
  *ret_kept = list.kept;
  pthread_mutex_unlock(&list.lock);
}

void async_requests_set_kept(const async_requests_kept_t *kept) {
  pthread_mutex_lock(&list.lock);
  list.kept = *kept;
  pthread_mutex_unlock(&list.lock);
}

static async_env_t **link_to_locked(const async_env_t *env) {
  async_env_t **link = &list.first;
  while (*link != env)
    link = &(*link)->next;
  return link;
}

/* A walker that stands on `env` finds its way by the thread number. */
void asyncscope__env_list_remove(async_env_t *env) {
  pthread_mutex_lock(&list.lock);
  async_env_t **link = link_to_locked(env);
  *link = env->next;
  if (list.last == &env->next)
    list.last = link;
  env->next = NULL;
  atomic_store(&env->ended, true);
  pthread_mutex_unlock(&list.lock);
}

bool asyncscope__env_list_has(uint32_t thread) {
  pthread_mutex_lock(&list.lock);
  const async_env_t *env = list.first;
  while (env != NULL && env->thread != thread)
    env = env->next;
  pthread_mutex_unlock(&list.lock);
  return env != NULL;
}

static async_env_t *after_locked(const async_env_t *previous) {
  if (previous == NULL)
    return list.first;
  if (!atomic_load(&previous->ended))
    return previous->next;
  async_env_t *env = list.first;
  while (env != NULL && env->thread <= previous->thread)
    env = env->next;
  return env;
}

async_env_t *async_inspect_next(async_env_t *previous) {
  pthread_mutex_lock(&list.lock);
  async_env_t *env = after_locked(previous);
  if (env != NULL)
    atomic_fetch_add_explicit(&env->references, 1, memory_order_relaxed);
  pthread_mutex_unlock(&list.lock);
  async_inspect_release(previous);
  return env;
}

async_env_t *async_inspect_retain(async_env_t *env) {
  atomic_fetch_add_explicit(&env->references, 1, memory_order_relaxed);
  return env;
}

void async_inspect_release(async_env_t *env) {
  if (env != NULL)
    asyncscope__env_unref(env);
}

void asyncscope__env_unref(async_env_t *env) {
  if (atomic_fetch_sub_explicit(&env->references, 1, memory_order_acq_rel) != 1)
    return;
  asyncscope__slab_finish(&env->records);
  asyncscope__slab_finish(&env->names);
  asyncscope__ancestors_finish(&env->ancestors);
  asyncscope__type_counts_finish(&env->type_counts);
  asyncscope__recorder_finish(&env->recorder);
  asyncscope__requests_destroy(asyncscope__requests_of(env));
  asyncscope__inbox_finish(&env->inbox);
  async_free(env);
}
