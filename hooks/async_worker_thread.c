/* The life of a worker on its own thread: environment, main, loop, and the end
 * of all three.
 *
 * What must stay true:
 *   - `wake` is sent to only while `awake`, under the lock. It goes on sending
 *     to itself, so that a loop that runs inside a callback does not swallow
 *     the stop of the one around it.
 *   - After the stop only that calls back which has memory to give back: see
 *     asyncscope__is_stopping().
 *   - `over` is the last thing: the environment is gone, the loop closed. */
#include "asyncscope/async_worker.h"

#include "async_worker_inside.h"
#include "env.h"
#include "error.h"
#include "message_port.h"
#include "uv_tracked.h"
#include <stdio.h>

/* Of the stack, where that is four times as large, for the end of a thread that
 * is ended in a callback; and how long that waits for requests. */
#define END_STACK_BYTES ((size_t)64 * 1024)
#define END_NS          (UINT64_C(1000) * 1000000)

#define ENDED           "the thread of the worker was ended"

void asyncscope__worker_stop(async_worker_t *worker, int exit_code) {
  asyncscope__worker_state_t *state = &worker->state;
  pthread_mutex_lock(&state->lock);
  if (!state->stopping) {
    state->stopping = true;
    state->exit_code = exit_code;
    if (state->awake)
      uv_async_send(&worker->wake);
  }
  pthread_mutex_unlock(&state->lock);
}

/* No end came before: what fails from here on decides the code. */
static void stop_by_itself(asyncscope__worker_state_t *state) {
  pthread_mutex_lock(&state->lock);
  state->ended_itself = !state->stopping;
  state->stopping = true;
  state->awake = false;
  pthread_mutex_unlock(&state->lock);
}

static bool is_stopping(const async_worker_t *worker) {
  return atomic_load(&worker->state.stopping);
}

/* The thread's own: also the loop that runs now. */
static void stop_here(async_worker_t *worker, int exit_code) {
  asyncscope__worker_stop(worker, exit_code);
  if (asyncscope__env != NULL)
    uv_stop(&worker->loop);
}

static void keep_failure(asyncscope__worker_state_t *state,
                         const char *message) {
  pthread_mutex_lock(&state->lock);
  if (!state->failed)
    snprintf(state->message, sizeof(state->message), "%s", message);
  if (state->ended_itself)
    state->exit_code = 1;
  state->failed = true;
  pthread_mutex_unlock(&state->lock);
}

void asyncscope__worker_failed(async_worker_t *worker, const char *message) {
  stop_here(worker, 1);
  keep_failure(&worker->state, message);
  uv_async_send(&worker->handle.uv);
}

void asyncscope__worker_check(async_worker_t *worker) {
  if (is_stopping(worker) && worker->state.awake)
    uv_stop(&worker->loop);
}

static void on_wake(uv_async_t *wake) {
  asyncscope__worker_check(asyncscope__env->worker);
  uv_async_send(wake);
}

/* Where it fails the error's message is kept: undoing it may set another. */
static int open_env(async_worker_t *worker) {
  int error = uv_loop_init(&worker->loop);
  if (error != 0)
    return asyncscope__fail(error, "uv_loop_init: %s", uv_strerror(error));
  error = async_env_open(ASYNC_ENV_LOOP, worker->name);
  if (error == 0)
    error = async_env_attach(&worker->loop);
  if (error == 0)
    return 0;
  keep_failure(&worker->state, async_error_message());
  async_env_detach();
  uv_loop_close(&worker->loop);
  return error;
}

static void on_port_gone(void *arg) {
  async_worker_t *worker = arg;
  worker->parent_port = NULL;
}

/* The port is caused by the WORKER, and so is what main makes in its scope. No
 * code of the program's makes it, so it has lost no context. */
static int open_port(async_worker_t *worker) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_EXECUTION_NONE,
                                      .origin = &worker->ref};
  int error = asyncscope__port_create(worker->site, worker->end, &options,
                                      &worker->parent_port);
  if (error != 0)
    return error;
  worker->end = NULL;
  asyncscope__port_own(worker->parent_port, on_port_gone, worker);
  return 0;
}

static int open_wake(async_worker_t *worker) {
  int error = uv_async_init(&worker->loop, &worker->wake, on_wake);
  if (error != 0)
    return asyncscope__fail(error, "uv_async_init: %s", uv_strerror(error));
  uv_unref((uv_handle_t *)&worker->wake);
  pthread_mutex_lock(&worker->state.lock);
  worker->state.awake = true;
  pthread_mutex_unlock(&worker->state.lock);
  return 0;
}

static void run_main(async_worker_t *worker) {
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(
      async_message_port_resource(worker->parent_port));
  worker->main(worker->options.worker_data);
  asyncscope__uv_scope_close(&scope);
}

static void live(async_worker_t *worker) {
  async_env_t *env = asyncscope__env;
  env->worker = worker;
  atomic_store(&worker->thread_id, env->thread);
  int error = open_wake(worker);
  if (error == 0)
    error = open_port(worker);
  if (error != 0)
    asyncscope__worker_failed(worker, async_error_message());
  if (is_stopping(worker))
    return;
  asyncscope__end_post(worker->parent_port->end, &worker->online, true);
  run_main(worker);
  if (!is_stopping(worker))
    uv_run(&worker->loop, UV_RUN_DEFAULT);
}

static void end_loop(async_worker_t *worker, uint64_t deadline_ns) {
  stop_by_itself(&worker->state);
  worker->lost = !asyncscope__loop_end(asyncscope__env, deadline_ns);
}

static void leave(async_worker_t *worker) {
  async_message_end_destroy(worker->end);
  pthread_mutex_lock(&worker->state.lock);
  worker->state.over = true;
  uv_async_send(&worker->handle.uv);
  pthread_mutex_unlock(&worker->state.lock);
}

/* By a hook or a release. What is left of the environment knows the loop. */
static void on_death_behind_the_loop(void *arg) {
  async_worker_t *worker = arg;
  worker->lost = true;
  asyncscope__worker_failed(worker, ENDED);
  leave(worker);
}

static void close_env(async_worker_t *worker) {
  pthread_cleanup_push(on_death_behind_the_loop, worker);
  if (async_env_detach() != 0 ||
      (!worker->lost && uv_loop_close(&worker->loop) != 0))
    worker->lost = true;
  pthread_cleanup_pop(0);
}

/* Called as the stack is unwound, by what ended the thread in a callback. libuv
 * takes the requests that are done into a list on its stack: those behind the
 * one whose callback that was are gone with it, and never call back. Others do,
 * and may end the thread again, as releases may. Hooks are not called any more:
 * one that always ends the thread would be called for ever. */
static void on_death(void *arg) {
  async_worker_t *worker = arg;
  pthread_cleanup_push(on_death, worker);
  asyncscope__hooks_silence(&asyncscope__env->hooks);
  asyncscope__scopes_leave(asyncscope__env, 0);
  asyncscope__worker_failed(worker, ENDED);
  if (worker->deadline_ns == 0)
    worker->deadline_ns = uv_hrtime() + END_NS;
  end_loop(worker, worker->deadline_ns);
  pthread_cleanup_pop(0);
  close_env(worker);
  leave(worker);
}

/* libuv takes the handles of a turn into a list on its stack, too. Those whose
 * turn had not come when the thread was ended are linked to it still, and to
 * close one writes there: so no frame of what closes them, of the program's
 * cleanup hooks too, may lie where libuv's were. */
__attribute__((noinline, no_sanitize_address)) static void live_below(
    async_worker_t *worker) {
  volatile char room[END_STACK_BYTES];
  room[0] = 0;
  live(worker);
  (void)room[0];
}

static bool has_room(void) {
  pthread_attr_t attributes;
  size_t stack_bytes = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    (void)pthread_attr_getstacksize(&attributes, &stack_bytes);
    (void)pthread_attr_destroy(&attributes);
  }
  return stack_bytes >= 4 * END_STACK_BYTES;
}

static void live_and_die(async_worker_t *worker) {
  pthread_cleanup_push(on_death, worker);
  if (has_room())
    live_below(worker);
  else
    live(worker);
  end_loop(worker, 0);
  pthread_cleanup_pop(0);
  close_env(worker);
}

void asyncscope__worker_run(void *arg) {
  async_worker_t *worker = arg;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_setname_np(pthread_self(), worker->name);
  int error = open_env(worker);
  if (error != 0)
    asyncscope__worker_failed(worker, async_error_message());
  else
    live_and_die(worker);
  leave(worker);
}

static async_worker_t *own_worker(void) {
  return asyncscope__env == NULL ? NULL : asyncscope__env->worker;
}

bool async_worker_is_main_thread(void) {
  return own_worker() == NULL;
}

async_message_port_t *async_worker_parent_port(void) {
  async_worker_t *worker = own_worker();
  return worker == NULL ? NULL : worker->parent_port;
}

void *async_worker_data(void) {
  async_worker_t *worker = own_worker();
  return worker == NULL ? NULL : worker->options.worker_data;
}

int async_worker_exit(int exit_code) {
  async_worker_t *worker = own_worker();
  if (worker == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread is not a worker's");
  stop_here(worker, exit_code);
  return 0;
}

bool asyncscope__is_stopping(void) {
  const async_worker_t *worker = own_worker();
  return worker != NULL && is_stopping(worker);
}

bool async_worker_is_stopping(void) {
  return asyncscope__is_stopping();
}
