/* The owner's side of a channel's end: a handle that is woken, and callbacks.
 *
 * What must stay true:
 *   - the handle is sent to only through the end, which forgets it before it is
 *     closed;
 *   - a callback may close the port, stop it or run the loop: after each one
 *     the port is looked at again, and its memory stays while it is in use;
 *   - the other end hears of a close when the handle is closed, so that the
 *     port that was closed first calls back first;
 *   - a message that fails does not keep the ticks of the next ones: its
 *     failure is a tick, as in Node;
 *   - as many messages are delivered at a time as waited when the loop called,
 *     so that two ports that keep each other busy leave the loop its turn. */
#include "asyncscope/async_message_port.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_fail.h"
#include "env.h"
#include "error.h"
#include "message_port.h"
#include "resource.h"
#include "uv_async.h"
#include "uv_tracked.h"

/* The generic functions find the tracked part where an async handle has it. */
static async_uv_handle_t *as_handle(const async_message_port_t *port) {
  return (async_uv_handle_t *)&port->handle;
}

static async_resource_t *resource_of(async_message_port_t *port) {
  return &port->handle.tracked.resource;
}

/* A worker that is to end gets nothing more. */
static bool wants_message(const async_message_port_t *port) {
  return port->on_message != NULL && port->end != NULL &&
         !asyncscope__is_stopping();
}

/* Opening the scope runs the ticks that were queued at top level, and they may
 * stop the port or take the message. */
static bool deliver_one(async_message_port_t *port) {
  if (!wants_message(port) || asyncscope__end_count(port->end) == 0)
    return false;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(resource_of(port));
  async_message_t *message =
      wants_message(port) ? asyncscope__end_take(port->end) : NULL;
  if (message != NULL) {
    port->on_message(port, message);
    async_failure_defer();
  }
  asyncscope__uv_scope_close(&scope);
  return true;
}

static void tell_drained(async_message_port_t *port) {
  if (port->end == NULL || !asyncscope__end_drained(port->end) ||
      port->on_drain == NULL)
    return;
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(resource_of(port));
  if (port->end != NULL && port->on_drain != NULL)
    port->on_drain(port);
  asyncscope__uv_scope_close(&scope);
}

static void free_if_unused(async_message_port_t *port) {
  if (!port->closed || port->delivering > 0)
    return;
  void (*on_gone)(void *owner) = port->on_gone;
  void *owner = port->owner;
  async_free(port);
  if (on_gone != NULL)
    on_gone(owner);
}

/* What is left, and what has come meanwhile. */
static void look_again(async_message_port_t *port) {
  if (port->end == NULL)
    return;
  if (port->on_gone == NULL && asyncscope__end_is_over(port->end))
    async_message_port_close(port);
  else if (wants_message(port) && asyncscope__end_count(port->end) > 0)
    uv_async_send(&port->handle.uv);
}

void asyncscope__port_deliver(async_message_port_t *port) {
  size_t waiting = port->end == NULL ? 0 : asyncscope__end_count(port->end);
  port->delivering++;
  tell_drained(port);
  async_env_batch_begin();
  while (waiting-- > 0 && deliver_one(port))
    continue;
  async_env_batch_end();
  look_again(port);
  port->delivering--;
  free_if_unused(port);
}

static void on_wake(uv_async_t *uv) {
  asyncscope__port_deliver((async_message_port_t *)uv);
}

static void on_closed(uv_handle_t *uv) {
  async_message_port_t *port = (async_message_port_t *)uv;
  asyncscope__uv_scope_t scope = {.resource = *resource_of(port)};
  async_message_end_destroy(port->closed_end);
  if (port->on_close != NULL) {
    scope = asyncscope__uv_scope_open(resource_of(port));
    port->on_close(port);
  }
  asyncscope__uv_scope_close_last(&scope);
  port->closed = true;
  free_if_unused(port);
}

/* The end is not the port's any more. */
static async_message_end_t *close_handle(async_message_port_t *port) {
  async_message_end_t *end = port->end;
  asyncscope__end_detach(end);
  port->end = NULL;
  async_env_remove_cleanup_hook(&port->cleanup);
  uv_close(&as_handle(port)->uv, on_closed);
  asyncscope__resource_is_closing(resource_of(port));
  return end;
}

static bool is_elsewhere(const async_message_port_t *port) {
  return asyncscope__check_not_elsewhere(port->handle.loop) != 0;
}

void async_message_port_close(async_message_port_t *port) {
  if (is_elsewhere(port) || port->end == NULL)
    return;
  port->closed_end = close_handle(port);
  asyncscope__end_close(port->closed_end);
}

int async_message_port_transfer(async_message_port_t *port,
                                async_message_end_t **ret_end) {
  int error = asyncscope__check_thread(port->handle.loop);
  if (error != 0)
    return error;
  if (port->end == NULL)
    return asyncscope__fail(UV_EINVAL, "the message port is closing");
  *ret_end = close_handle(port);
  return 0;
}

static void on_env_end(async_env_cleanup_t *cleanup) {
  async_message_port_close(cleanup->data);
}

/* Unreferenced from the first, as its init may be asked. */
static int open_handle(const async_site_t *site,
                       const async_resource_options_t *options,
                       async_message_port_t *port) {
  async_resource_options_t unreferenced = {.flags = 0};
  if (options != NULL)
    unreferenced = *options;
  unreferenced.flags |= ASYNCSCOPE__RESOURCE_UNREF;
  int error = asyncscope__async_open(&port->handle, site, "MESSAGEPORT",
                                     &unreferenced, on_wake);
  if (error == 0)
    uv_unref(&as_handle(port)->uv);
  return error;
}

static int check_loop(void) {
  uv_loop_t *loop = async_env_loop();
  if (loop == NULL)
    return asyncscope__fail(UV_EINVAL, "a message port needs a loop");
  return asyncscope__check_loop(loop);
}

int asyncscope__port_create(const async_site_t *site, async_message_end_t *end,
                            const async_resource_options_t *options,
                            async_message_port_t **ret_port) {
  int error = check_loop();
  if (error != 0)
    return error;
  async_message_port_t *port = async_calloc(1, sizeof(*port));
  if (port == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a message port");
  error = open_handle(site, options, port);
  if (error != 0) {
    async_free(port);
    return error;
  }
  port->cleanup.data = port;
  async_env_add_cleanup_hook(&port->cleanup, on_env_end);
  port->end = end;
  asyncscope__end_attach(end, &port->handle.uv);
  *ret_port = port;
  return 0;
}

int async_message_port_create_at(const async_site_t *site,
                                 async_message_end_t *end,
                                 async_message_port_t **ret_port) {
  return asyncscope__port_create(site, end, NULL, ret_port);
}

void asyncscope__port_own(async_message_port_t *port,
                          void (*on_gone)(void *owner), void *owner) {
  port->on_gone = on_gone;
  port->owner = owner;
}

void async_message_port_on_message(async_message_port_t *port,
                                   async_message_cb cb) {
  if (is_elsewhere(port) || port->end == NULL)
    return;
  port->on_message = cb;
  if (cb == NULL)
    async_uv_unref(as_handle(port));
  else
    async_uv_ref(as_handle(port));
  look_again(port);
}

void async_message_port_on_drain(async_message_port_t *port,
                                 async_message_port_cb cb) {
  if (!is_elsewhere(port))
    port->on_drain = cb;
}

void async_message_port_on_close(async_message_port_t *port,
                                 async_message_port_cb cb) {
  if (!is_elsewhere(port))
    port->on_close = cb;
}

int async_message_port_post_message(async_message_port_t *port,
                                    async_message_t *message) {
  int error = asyncscope__check_thread(port->handle.loop);
  if (error != 0)
    return error;
  if (port->end == NULL)
    return asyncscope__fail(UV_EPIPE, "the message port is closed");
  return asyncscope__end_post(port->end, message, false);
}

async_message_t *async_message_port_receive_message(
    async_message_port_t *port) {
  if (is_elsewhere(port))
    return NULL;
  async_message_t *message =
      port->end == NULL ? NULL : asyncscope__end_take(port->end);
  look_again(port);
  return message;
}

void async_message_port_ref(async_message_port_t *port) {
  async_uv_ref(as_handle(port));
}

void async_message_port_unref(async_message_port_t *port) {
  async_uv_unref(as_handle(port));
}

bool async_message_port_has_ref(const async_message_port_t *port) {
  return async_uv_has_ref(as_handle(port)) != 0;
}

void async_message_port_set_data(async_message_port_t *port, void *data) {
  port->data = data;
}

void *async_message_port_get_data(const async_message_port_t *port) {
  return port->data;
}

async_resource_t *async_message_port_resource(async_message_port_t *port) {
  return resource_of(port);
}
