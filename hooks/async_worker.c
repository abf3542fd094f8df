/* The creator's side of a worker.
 *
 * What must stay true:
 *   - the WORKER's handle is closed only when the thread was joined, so whoever
 *     sends to it there finds it open;
 *   - messages that were posted are delivered before error and exit;
 *   - exit comes last: both handles are closed, the thread is gone. A callback
 *     may run the loop, so the memory stays until none of ours is on the stack.
 */
#include "asyncscope/async_worker.h"

#include "async_worker_inside.h"
#include "asyncscope/async_allocator.h"
#include "env.h"
#include "error.h"
#include "message_port.h"
#include "uv_async.h"
#include "uv_tracked.h"
#include <string.h>

static async_uv_handle_t *as_handle(const async_worker_t *worker) {
  return (async_uv_handle_t *)&worker->handle;
}

/* Workers a thread of libuv's may still write to, for ever. Nothing reads it:
 * it tells whoever looks for leaks that they are kept on purpose. */
static _Atomic(async_worker_t *) kept;

static void keep(async_worker_t *worker) {
  worker->kept = atomic_load(&kept);
  while (!atomic_compare_exchange_weak(&kept, &worker->kept, worker))
    continue;
}

static void free_worker(async_worker_t *worker) {
  pthread_mutex_destroy(&worker->state.lock);
  if (worker->lost)
    keep(worker);
  else
    async_free(worker);
}

static void free_if_unused(async_worker_t *worker) {
  if (worker->exited && worker->busy == 0)
    free_worker(worker);
}

static void call_exit(async_worker_t *worker) {
  asyncscope__uv_scope_t scope =
      asyncscope__uv_scope_open(&worker->handle.tracked.resource);
  if (worker->options.on.exit != NULL)
    worker->options.on.exit(worker, worker->state.exit_code);
  asyncscope__uv_scope_close_last(&scope);
}

/* A worker whose thread could not be made has nobody to hear of its end. */
static void one_is_closed(async_worker_t *worker) {
  if (--worker->open > 0)
    return;
  if (worker->started)
    call_exit(worker);
  else
    async_resource_finish(&worker->handle.tracked.resource);
  worker->exited = true;
  free_if_unused(worker);
}

static void on_closed(uv_handle_t *handle) {
  one_is_closed((async_worker_t *)handle);
}

static void on_port_gone(void *arg) {
  async_worker_t *worker = arg;
  worker->port = NULL;
  one_is_closed(worker);
}

static void close_handles(async_worker_t *worker) {
  worker->had_ref = async_uv_has_ref(as_handle(worker)) != 0;
  async_env_remove_cleanup_hook(&worker->cleanup);
  uv_close(&as_handle(worker)->uv, on_closed);
  if (worker->port != NULL)
    async_message_port_close(worker->port);
}

static void join(async_worker_t *worker) {
  uv_thread_join(&worker->thread);
  worker->joined = true;
  atomic_store(&worker->thread_id, ASYNC_THREAD_NONE);
}

static void call_error(async_worker_t *worker) {
  worker->reported = true;
  asyncscope__uv_scope_t scope =
      asyncscope__uv_scope_open(async_message_port_resource(worker->port));
  if (worker->options.on.error != NULL)
    worker->options.on.error(worker, worker->state.message);
  else
    async_fail("%s", worker->state.message);
  asyncscope__uv_scope_close(&scope);
}

/* A message's callback that runs the loop may hear of the error there, and of
 * the end behind it. */
static void report(async_worker_t *worker) {
  asyncscope__port_deliver(worker->port);
  if (!worker->reported)
    call_error(worker);
}

static bool is_closing(const async_worker_t *worker) {
  return uv_is_closing((const uv_handle_t *)&worker->handle.uv);
}

/* The same holds for its end. */
static void end(async_worker_t *worker) {
  if (!worker->joined)
    join(worker);
  asyncscope__port_deliver(worker->port);
  if (!is_closing(worker))
    close_handles(worker);
}

/* The last news goes on to a loop that runs inside a callback of this one. */
static void on_news(uv_async_t *uv) {
  async_worker_t *worker = (async_worker_t *)uv;
  pthread_mutex_lock(&worker->state.lock);
  bool failed = worker->state.failed, over = worker->state.over;
  pthread_mutex_unlock(&worker->state.lock);
  worker->busy++;
  if (over && !is_closing(worker))
    uv_async_send(uv);
  if (failed && !worker->reported)
    report(worker);
  if (over && !is_closing(worker))
    end(worker);
  worker->busy--;
  free_if_unused(worker);
}

static void on_env_end(async_env_cleanup_t *cleanup) {
  async_worker_t *worker = cleanup->data;
  asyncscope__worker_stop(worker, 1);
  join(worker);
  close_handles(worker);
}

static void on_port_message(async_message_port_t *port,
                            async_message_t *message) {
  async_worker_t *worker = async_message_port_get_data(port);
  const async_worker_callbacks_t *on = &worker->options.on;
  if (message != &worker->online && on->message != NULL)
    on->message(worker, message);
  else if (message != &worker->online)
    async_message_release(message);
  else if (on->online != NULL)
    on->online(worker);
}

static void on_port_drain(async_message_port_t *port) {
  async_worker_t *worker = async_message_port_get_data(port);
  if (worker->options.on.drain != NULL)
    worker->options.on.drain(worker);
}

/* It keeps the loop alive where Node's does: with a callback for messages. */
static void set_up_port(async_worker_t *worker) {
  worker->open++;
  asyncscope__port_own(worker->port, on_port_gone, worker);
  async_message_port_set_data(worker->port, worker);
  async_message_port_on_drain(worker->port, on_port_drain);
  async_message_port_on_message(worker->port, on_port_message);
  if (worker->options.on.message == NULL)
    async_message_port_unref(worker->port);
}

static int start_thread(async_worker_t *worker) {
  size_t stack_size = worker->options.stack_size_bytes;
  uv_thread_options_t options = {
      .flags = stack_size == 0 ? UV_THREAD_NO_FLAGS : UV_THREAD_HAS_STACK_SIZE,
      .stack_size = stack_size};
  int error = uv_thread_create_ex(&worker->thread, &options,
                                  asyncscope__worker_run, worker);
  worker->started = error == 0;
  return error == 0 ? 0
                    : asyncscope__fail(error, "no thread for a worker: %s",
                                       uv_strerror(error));
}

/* For diagnostics only: without memory it has none. */
static void name_resource(async_worker_t *worker) {
  (void)async_resource_set_name(&worker->handle.tracked.resource, worker->name,
                                strlen(worker->name));
}

static int open_handle(async_worker_t *worker) {
  int error = asyncscope__async_open(&worker->handle, worker->site, "WORKER",
                                     NULL, on_news);
  if (error != 0)
    return error;
  worker->open++;
  name_resource(worker);
  worker->ref =
      (async_ref_t){async_env_thread(),
                    async_resource_async_id(&worker->handle.tracked.resource)};
  return 0;
}

/* On an error what was opened is closed by the loop, and the ends are the
 * caller's but for the one that is a port. */
static int open_all(async_worker_t *worker, async_message_end_t *ends[2]) {
  int error = open_handle(worker);
  if (error == 0)
    error = asyncscope__port_create(worker->site, ends[0], NULL, &worker->port);
  if (error != 0)
    return error;
  ends[0] = NULL;
  set_up_port(worker);
  worker->end = ends[1];
  async_env_add_cleanup_hook(&worker->cleanup, on_env_end);
  error = start_thread(worker);
  if (error == 0)
    ends[1] = NULL;
  return error;
}

static void give_up(async_worker_t *worker, async_message_end_t *ends[2]) {
  async_message_end_destroy(ends[0]);
  async_message_end_destroy(ends[1]);
  if (worker != NULL && worker->open == 0)
    free_worker(worker);
  else if (worker != NULL)
    close_handles(worker);
}

static async_worker_t *make_worker(const async_site_t *site,
                                   async_worker_main_cb main,
                                   const async_worker_options_t *options) {
  async_worker_t *worker = async_calloc(1, sizeof(*worker));
  if (worker == NULL)
    return NULL;
  if (options != NULL)
    worker->options = *options;
  const char *name =
      worker->options.name == NULL ? "worker" : worker->options.name;
  memcpy(worker->name, name, strnlen(name, ASYNC_ENV_NAME_BYTES - 1));
  worker->main = main;
  worker->site = site;
  worker->cleanup.data = worker;
  atomic_store(&worker->thread_id, ASYNC_THREAD_NONE);
  pthread_mutex_init(&worker->state.lock, NULL);
  return worker;
}

static int check(async_worker_main_cb main) {
  uv_loop_t *loop = async_env_loop();
  if (main == NULL || loop == NULL)
    return asyncscope__fail(UV_EINVAL, "a worker needs a %s",
                            main == NULL ? "main" : "loop to report to");
  return asyncscope__check_loop(loop);
}

int async_worker_create_at(const async_site_t *site, async_worker_main_cb main,
                           const async_worker_options_t *options,
                           async_worker_t **ret_worker) {
  async_message_end_t *ends[2];
  int error = check(main);
  if (error == 0)
    error = async_message_channel_create(
        options == NULL ? 0 : options->queue_max, ends);
  if (error != 0)
    return error;
  async_worker_t *worker = make_worker(site, main, options);
  error = worker == NULL ? asyncscope__fail(UV_ENOMEM, "no memory for a worker")
                         : open_all(worker, ends);
  if (error == 0)
    *ret_worker = worker;
  else
    give_up(worker, ends);
  return error;
}

int async_worker_post_message(async_worker_t *worker,
                              async_message_t *message) {
  int error = asyncscope__check_thread(worker->handle.loop);
  if (error != 0)
    return error;
  if (worker->port == NULL)
    return asyncscope__fail(UV_EPIPE, "the worker has ended");
  return async_message_port_post_message(worker->port, message);
}

void async_worker_terminate(async_worker_t *worker) {
  asyncscope__worker_stop(worker, 1);
}

void async_worker_ref(async_worker_t *worker) {
  async_uv_ref(as_handle(worker));
  if (worker->port != NULL)
    async_message_port_ref(worker->port);
}

void async_worker_unref(async_worker_t *worker) {
  async_uv_unref(as_handle(worker));
  if (worker->port != NULL)
    async_message_port_unref(worker->port);
}

bool async_worker_has_ref(const async_worker_t *worker) {
  return worker->open == 0 ? worker->had_ref
                           : async_uv_has_ref(as_handle(worker)) != 0;
}

uint32_t async_worker_thread_id(const async_worker_t *worker) {
  return atomic_load(&worker->thread_id);
}

void *async_worker_get_data(const async_worker_t *worker) {
  return worker->options.data;
}

async_resource_t *async_worker_resource(async_worker_t *worker) {
  return &worker->handle.tracked.resource;
}
