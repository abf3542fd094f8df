#include "env.h"

#include "asyncscope/async_allocator.h"
#include "error.h"
#include "frame_count.h"
#include <string.h>
#include <unistd.h>

#define FLUSH_ROUNDS 100

_Thread_local async_env_t *asyncscope__env
    __attribute__((tls_model("initial-exec")));

static void write_name(async_env_t *env, const char *name) {
  uint64_t words[ASYNC_ENV_NAME_BYTES / 8] = {0};
  if (name != NULL)
    memcpy(words, name, strnlen(name, ASYNC_ENV_NAME_BYTES - 1));
  asyncscope__slot_begin(&env->name_slot);
  for (size_t i = 0; i < ASYNC_ENV_NAME_BYTES / 8; i++)
    asyncscope__put(&env->name[i], words[i]);
  asyncscope__slot_end(&env->name_slot);
}

static void init_queues(async_env_t *env) {
  env->destroys.first = ASYNCSCOPE__SLAB_NONE;
  env->ticks.last = &env->ticks.first;
  env->microtasks.last = &env->microtasks.first;
  asyncscope__immediates_init(env);
}

static void init(async_env_t *env, async_env_kind_t kind, const char *name) {
  env->kind = kind;
  env->hooks.uncut = kind == ASYNC_ENV_WORKER;
  env->os_tid = gettid();
  asyncscope__clock_init(&env->clock, asyncscope__clock_has_counter());
  env->opened_ns = asyncscope__read_clock(env);
  env->times = true;
  atomic_store_explicit(&env->references, 2, memory_order_relaxed);
  env->next_id = ASYNC_ID_ROOT;
  env->default_trigger = ASYNC_ID_UNSET;
  env->root.async_id = ASYNC_ID_ROOT;
  asyncscope__stack_init(&env->stack);
  asyncscope__slab_init(&env->records, sizeof(asyncscope__record_t),
                        &env->readers);
  asyncscope__slab_init(&env->names, sizeof(asyncscope__name_t), &env->readers);
  asyncscope__frame_memory_init(&env->frame_memory);
  asyncscope__inbox_init(&env->inbox);
  init_queues(env);
  write_name(env, name);
}

int async_env_open(async_env_kind_t kind, const char *name) {
  if (asyncscope__env != NULL)
    return asyncscope__fail(UV_EALREADY, "thread %u has an environment",
                            (unsigned)asyncscope__env->thread);
  async_env_t *env = async_calloc(1, sizeof(*env));
  if (env == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for an environment");
  int error = asyncscope__recorder_resize(&env->recorder,
                                          asyncscope__env_list_recorder());
  if (error != 0) {
    async_free(env);
    return error;
  }
  init(env, kind, name);
  asyncscope__env_list_add(env);
  asyncscope__env = env;
  return 0;
}

/* ASYNC_THREAD_NONE for a loop that no environment is bound to. */
static uint32_t owner_of(const uv_loop_t *loop) {
  uint32_t thread = ASYNC_THREAD_NONE;
  async_env_t *env = async_inspect_next(NULL);
  for (; env != NULL; env = async_inspect_next(env))
    if (atomic_load(&env->loop.loop) == loop)
      thread = env->thread;
  return thread;
}

static int fail_ending(const async_env_t *env) {
  return asyncscope__fail(UV_ECANCELED, "thread %u is ending",
                          (unsigned)env->thread);
}

/* To one that ends it would stay bound: its own has been let go. */
static int bind_loop(async_env_t *env, uv_loop_t *loop) {
  if (env->ending)
    return fail_ending(env);
  uint32_t owner = owner_of(loop);
  if (owner != ASYNC_THREAD_NONE)
    return asyncscope__fail(UV_EALREADY,
                            "loop of thread %u attached on thread %u",
                            (unsigned)owner, (unsigned)env->thread);
  return asyncscope__loop_open(env, loop);
}

int async_env_attach(uv_loop_t *loop) {
  bool opened = asyncscope__env == NULL;
  if (loop == NULL)
    return asyncscope__fail(UV_EINVAL, "no loop to attach");
  if (!opened && asyncscope__env->loop.loop != NULL)
    return asyncscope__fail(UV_EALREADY, "thread %u has a loop",
                            (unsigned)asyncscope__env->thread);
  int error = opened ? async_env_open(ASYNC_ENV_LOOP, "loop") : 0;
  if (error == 0)
    error = bind_loop(asyncscope__env, loop);
  if (error != 0 && opened && asyncscope__env != NULL)
    async_env_detach();
  return error;
}

static void call_cleanup(async_env_t *env, async_env_cleanup_t *cleanup) {
  __attribute__((cleanup(asyncscope__call_end), unused)) async_env_t *calling =
      asyncscope__call_begin(env);
  cleanup->cb(cleanup);
}

void asyncscope__cleanups_run(async_env_t *env) {
  while (env->cleanups != NULL) {
    async_env_cleanup_t *cleanup = env->cleanups;
    async_env_remove_cleanup_hook(cleanup);
    call_cleanup(env, cleanup);
  }
  env->ending = true;
  env->loop.open = NULL;
}

/* Destroy hooks and releases may queue ticks, and these resources: round after
 * round, but not for a program that never comes to an end. */
static void flush_all(async_env_t *env) {
  int rounds = 0;
  do
    async_env_flush();
  while (++rounds < FLUSH_ROUNDS &&
         (asyncscope__ticks_pending(env) ||
          env->destroys.first != ASYNCSCOPE__SLAB_NONE));
}

/* A release may enter another frame, and so may the hooks of what it makes. */
static void leave_frames(async_env_t *env) {
  int rounds = 0;
  do {
    asyncscope__frame_drop(asyncscope__frame_exchange(NULL));
    flush_all(env);
  } while (++rounds < FLUSH_ROUNDS && env->frame != NULL);
}

/* What the rounds have left over. No thread has the environment any more, so
 * that what is called here can queue and enter nothing. */
static void give_back(async_env_t *env) {
  asyncscope__frame_drop(env->frame);
  asyncscope__promises_end(env);
  asyncscope__ticks_drop(env);
  asyncscope__rejections_drop(env);
}

/* After the inbox has closed, values dropped elsewhere are released there. */
static void give_up(async_env_t *env) {
  asyncscope__promises_end(env);
  asyncscope__inbox_close(&env->inbox);
  asyncscope__bindings_return(env);
  leave_frames(env);
  asyncscope__hooks_finish(&env->hooks);
  asyncscope__context_loss_finish(&env->loss_detector);
  asyncscope__stack_finish(&env->stack);
  asyncscope__requests_end(env);
  bool nothing_left = asyncscope__frame_memory_finish(env);
  asyncscope__env = NULL;
  asyncscope__env_list_remove(env);
  give_back(env);
  if (nothing_left)
    asyncscope__env_unref(env);
  asyncscope__env_unref(env);
}

/* What calls the program goes on with the environment when that returns. */
static const char *what_needs(const async_env_t *env) {
  if (env->stack.depth > 0)
    return "inside a scope";
  if (env->hooks.running > 0)
    return "inside a hook";
  if (env->failure.handling)
    return "inside the handler of a failure";
  if (env->calling > 0)
    return "inside a release or a cleanup hook";
  return env->worker != NULL && !env->ending ? "a worker's" : NULL;
}

static int check_detach(async_env_t *env) {
  const char *what = what_needs(env);
  if (what == NULL)
    return 0;
  if (env->stack.depth > 0)
    asyncscope__finding_unbalanced(env);
  return asyncscope__fail(UV_EBUSY, "thread %u is %s", (unsigned)env->thread,
                          what);
}

int async_env_detach(void) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  int error = check_detach(env);
  if (error != 0)
    return error;
  asyncscope__cleanups_run(env);
  flush_all(env);
  asyncscope__loop_close(env);
  asyncscope__handles_forget(env);
  asyncscope__immediates_stop(env);
  asyncscope__timeouts_stop(env);
  flush_all(env);
  give_up(env);
  return 0;
}

void async_env_flush(void) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || env->stack.depth > 0 || env->hooks.running > 0)
    return;
  asyncscope__bindings_return(env);
  if (asyncscope__ticks_wanted(env))
    asyncscope__ticks_run(env);
  asyncscope__destroys_deliver(env);
  asyncscope__immediates_run(env);
  asyncscope__slab_shrink(&env->records);
  asyncscope__slab_shrink(&env->names);
  asyncscope__recorder_settle(&env->recorder, &env->readers);
  asyncscope__requests_settle(env);
  asyncscope__loop_rest(env);
}

uint32_t async_env_thread(void) {
  return asyncscope__env == NULL ? ASYNC_THREAD_NONE : asyncscope__env->thread;
}

uint64_t async_env_now_ns(void) {
  return asyncscope__env == NULL ? 0 : asyncscope__env->now_ns;
}

void async_env_batch_begin(void) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return;
  env->batch = env->stack.depth + 1;
  if (env->stack.depth == 0)
    asyncscope__read_clock(env);
}

void async_env_batch_end(void) {
  if (asyncscope__env != NULL)
    asyncscope__env->batch = 0;
}

int async_env_set_times(bool times) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__env->times = times;
  return 0;
}

uint64_t async_env_read_clock_ns(void) {
  return asyncscope__env == NULL ? uv_hrtime()
                                 : asyncscope__read_clock(asyncscope__env);
}

uv_loop_t *async_env_loop(void) {
  return asyncscope__env == NULL ? NULL : asyncscope__env->loop.loop;
}

void async_env_set_name(const char *name) {
  if (asyncscope__env != NULL)
    write_name(asyncscope__env, name);
}

bool async_env_set_internal(bool internal) {
  async_env_t *env = asyncscope__env;
  bool before = env != NULL && env->internal;
  if (env != NULL)
    env->internal = internal;
  return before;
}

int async_env_add_cleanup_hook(async_env_cleanup_t *cleanup,
                               async_env_cleanup_cb cb) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  if (cb == NULL)
    return asyncscope__fail(UV_EINVAL, "cb is NULL");
  if (env->ending)
    return fail_ending(env);
  cleanup->cb = cb;
  cleanup->next = env->cleanups;
  cleanup->link = &env->cleanups;
  if (cleanup->next != NULL)
    cleanup->next->link = &cleanup->next;
  env->cleanups = cleanup;
  return 0;
}

void async_env_remove_cleanup_hook(async_env_cleanup_t *cleanup) {
  if (cleanup->link == NULL)
    return;
  *cleanup->link = cleanup->next;
  if (cleanup->next != NULL)
    cleanup->next->link = cleanup->link;
  cleanup->link = NULL;
}

async_env_cleanup_t *async_env_find_cleanup_hook(async_env_cleanup_cb cb,
                                                 const void *data) {
  const async_env_t *env = asyncscope__env;
  async_env_cleanup_t *cleanup = env == NULL ? NULL : env->cleanups;
  while (cleanup != NULL && (cleanup->cb != cb || cleanup->data != data))
    cleanup = cleanup->next;
  return cleanup;
}

static int fail_elsewhere(uint32_t owner, const async_env_t *env) {
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL,
                            "loop of thread %u used on a thread without an "
                            "environment",
                            (unsigned)owner);
  return asyncscope__fail(UV_EINVAL, "loop of thread %u used on thread %u",
                          (unsigned)owner, (unsigned)env->thread);
}

static int fail_loop(const uv_loop_t *loop, const async_env_t *env) {
  if (loop == NULL)
    return asyncscope__fail(UV_EINVAL, "no loop was given on thread %u",
                            (unsigned)env->thread);
  uint32_t owner = owner_of(loop);
  if (owner == ASYNC_THREAD_NONE)
    return asyncscope__fail(UV_EINVAL,
                            "a loop that is not attached, "
                            "used on thread %u",
                            (unsigned)env->thread);
  return fail_elsewhere(owner, env);
}

int asyncscope__not_this_thread(const uv_loop_t *loop) {
  const async_env_t *env = asyncscope__env;
  return env == NULL
             ? asyncscope__fail(UV_EINVAL, "this thread has no environment")
             : fail_loop(loop, env);
}

int asyncscope__check_not_elsewhere(const uv_loop_t *loop) {
  const async_env_t *env = asyncscope__env;
  if (env != NULL && env->loop.loop == loop)
    return 0;
  uint32_t owner = owner_of(loop);
  return owner == ASYNC_THREAD_NONE ? 0 : fail_elsewhere(owner, env);
}

int asyncscope__check_given(const uv_loop_t *loop) {
  return loop == NULL ? asyncscope__not_this_thread(loop)
                      : asyncscope__check_thread(loop);
}

int asyncscope__check_loop(const uv_loop_t *loop) {
  int error = asyncscope__check_given(loop);
  return error == 0 && asyncscope__env->ending ? fail_ending(asyncscope__env)
                                               : error;
}
