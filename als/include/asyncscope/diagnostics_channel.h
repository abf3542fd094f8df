/* node:diagnostics_channel: a library says what it does, and whoever wants to
 * know subscribes; a channel can set stores for what runs inside of it.
 *
 * A channel is an object of the library that publishes: it makes it public, as
 * Node does by name. A channel belongs to the thread that made it, which
 * nothing checks; channels and storages must outlive what uses them.
 *
 * A subscriber or transform that fails (async_fail()) disturbs neither the
 * others nor the publisher: the failure is uncaught in the next tick, or at
 * once outside of every scope.
 *
 * Unless a function says otherwise:
 *   Thread: the channel's.
 *   In hooks: yes, and in subscribers.
 *   Errors: UV_ENOMEM, UV_EINVAL (a finished channel, no fn).
 *   Memory: a channel is the caller's; messages and data are the publisher's
 *     and the subscriber's.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_DIAGNOSTICS_CHANNEL_H
#define ASYNCSCOPE_DIAGNOSTICS_CHANNEL_H

#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_promise.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct async_diagnostics_channel_s {
  /* private */
  struct asyncscope__channel_s *channel;
} async_diagnostics_channel_t;

/* `name` is copied.
 * Errors: UV_ENOMEM, UV_EINVAL without a name; then _finish() is harmless.
 * Thread: any, the channel's from now on.
 * Node: channel(name). */
ASYNC_EXTERN int async_diagnostics_channel_init(
    async_diagnostics_channel_t *channel, const char *name);

/* Also from inside a subscriber or fn: then no further subscriber is called.
 * NULL, zeroed and finished ones are left alone. */
ASYNC_EXTERN void async_diagnostics_channel_finish(
    async_diagnostics_channel_t *channel);

/* "" when finished. Lives as long as the channel. Node: channel.name. */
ASYNC_EXTERN const char *async_diagnostics_channel_name(
    const async_diagnostics_channel_t *channel);

/* Whether publishing or running stores does anything: there is a subscriber or
 * a store. What a message costs can be saved without.
 * Node: hasSubscribers. */
ASYNC_EXTERN bool async_diagnostics_channel_has_subscribers(
    const async_diagnostics_channel_t *channel);

/* The message is the publisher's and borrowed during the call. */
typedef void (*async_diagnostics_subscriber_cb)(void *message, const char *name,
                                                void *data);

/* Subscribers are called in their order, those that were there when publishing
 * began. Errors: UV_ENOMEM, UV_EINVAL (no subscriber, a finished channel).
 * Thread: the channel's; inside hooks and subscribers too. Node: subscribe().
 */
ASYNC_EXTERN int async_diagnostics_channel_subscribe(
    async_diagnostics_channel_t *channel,
    async_diagnostics_subscriber_cb subscriber, void *data);

/* True when there was one. Node: unsubscribe(). */
ASYNC_EXTERN bool async_diagnostics_channel_unsubscribe(
    async_diagnostics_channel_t *channel,
    async_diagnostics_subscriber_cb subscriber, void *data);

/* Calls the subscribers in the current context. A failure that is on its way
 * already stays so.
 * Thread: the channel's, where a failing subscriber ends the program.
 * Node: publish(). */
ASYNC_EXTERN void async_diagnostics_channel_publish(
    async_diagnostics_channel_t *channel, void *message);

/* The store for a message. */
typedef void *(*async_diagnostics_transform_cb)(void *message, void *data);

/* While run_stores() calls its function, `storage` has the store that
 * `transform` makes of the message, or the message itself with NULL. Stores are
 * set in the order in which they were bound: a transform sees those before its
 * own, and what it binds meanwhile is set, too. A storage is bound once:
 * binding it again replaces the transform.
 * Errors: UV_ENOMEM, UV_EINVAL (no storage, or one that is zeroed or finished;
 * a finished channel).
 * Node: bindStore(). */
ASYNC_EXTERN int async_diagnostics_channel_bind_store(
    async_diagnostics_channel_t *channel, async_local_storage_t *storage,
    async_diagnostics_transform_cb transform, void *data);

/* True when it was bound. Node: unbindStore(). */
ASYNC_EXTERN bool async_diagnostics_channel_unbind_store(
    async_diagnostics_channel_t *channel, async_local_storage_t *storage);

/* Publishes the message and calls fn(arg), both with the bound stores set, and
 * returns what fn returned. The store that was bound first is set first, and
 * the transforms behind it see it; each is set also where it is the one that is
 * there. Without a subscriber or a store, and on a finished channel, it only
 * calls fn. A store whose transform fails is left as it was.
 * Errors: UV_EINVAL (no fn), those of async_local_storage_run(); then nothing
 * was published and fn was not called. Node: runStores(). */
ASYNC_EXTERN int async_diagnostics_channel_run_stores(
    async_diagnostics_channel_t *channel, void *message,
    async_local_storage_cb fn, void *arg);

/* Five channels around one operation; the members are public, to subscribe and
 * to bind stores. Each message is the operation's async_trace_t.
 * Node: tracingChannel(). */
typedef struct async_tracing_channel_s {
  async_diagnostics_channel_t start;       /* the call begins */
  async_diagnostics_channel_t end;         /* the call has returned */
  async_diagnostics_channel_t async_start; /* the callback begins */
  async_diagnostics_channel_t async_end;   /* the callback has returned */
  async_diagnostics_channel_t error;       /* it failed: trace->error */
} async_tracing_channel_t;

/* One operation, in the caller's memory until it is complete: the call that
 * traces it must have returned, and async_trace_complete() or the callbacks of
 * its promise. */
typedef struct async_trace_s {
  void *data; /* public: what the operation is about */
  /* Public, for subscribers. */
  int error;           /* negative: what it failed with */
  const char *failure; /* with async_fail(): the message, during the events */
  void *result;        /* what it was completed with */
  void *reason;        /* what its promise was rejected with */
  /* private */
  async_tracing_channel_t *tracing;
  void (*callback)(struct async_trace_s *trace, void *arg);
  void *arg;
} async_trace_t;

/* The names are "tracing:NAME:start", ":end", ":asyncStart", ":asyncEnd" and
 * ":error". Errors and thread as _channel_init(). */
ASYNC_EXTERN int async_tracing_channel_init(async_tracing_channel_t *tracing,
                                            const char *name);
ASYNC_EXTERN void async_tracing_channel_finish(
    async_tracing_channel_t *tracing);

/* Whether any of the five has. Node: hasSubscribers. */
ASYNC_EXTERN bool async_tracing_channel_has_subscribers(
    const async_tracing_channel_t *tracing);

/* What is traced: negative, or a call of async_fail(), is an error. */
typedef int (*async_trace_fn)(async_trace_t *trace, void *arg);

/* What hears of the end of a traced operation. */
typedef void (*async_trace_cb)(async_trace_t *trace, void *arg);

/* start (its stores are set in fn), fn, end; between the last two error, when
 * fn returned a negative number or failed. Returns what fn returned. start and
 * end come when one of them has a subscriber or a store as fn is called.
 * Errors as _run_stores(). Thread: the channels'. Node: traceSync(). */
ASYNC_EXTERN int async_tracing_channel_trace_sync(
    async_tracing_channel_t *tracing, async_trace_t *trace, async_trace_fn fn,
    void *arg);

/* The same for an operation that fn only starts and that ends in one call of
 * async_trace_complete(), which calls callback(trace, arg). An operation that
 * fn could not start (it returned a negative number or failed) has no callback.
 * Node: traceCallback(). */
ASYNC_EXTERN int async_tracing_channel_trace_callback(
    async_tracing_channel_t *tracing, async_trace_t *trace, async_trace_fn fn,
    async_trace_cb callback, void *arg);

/* Makes the promise of an operation: 0 and the caller's in `ret_promise`, or a
 * negative number. */
typedef int (*async_trace_promise_fn)(async_trace_t *trace, void *arg,
                                      async_promise_t **ret_promise);

/* The same for an operation that is a promise. `*ret_promise`, the caller's,
 * becomes what fn's promise becomes; before its callbacks run come error, where
 * it was rejected (trace->error is the status that was its reason, or 0), then
 * asyncStart and asyncEnd, those two with asyncStart's stores set. Callbacks
 * are not in those stores, but where then() was called. Without a subscriber or
 * a store fn's promise itself is answered; where fn answers none, there are no
 * more events and `*ret_promise` is NULL.
 * Errors as of _run_stores(); UV_ENOMEM also when fn's promise cannot be
 * followed: it is published as error, and the promise given up. `ret_promise`
 * is not set then.
 * Node: tracePromise(), as of Node 26. */
#define async_tracing_channel_trace_promise(...) \
  async_tracing_channel_trace_promise_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_tracing_channel_trace_promise_at(
    const async_site_t *site, async_tracing_channel_t *tracing,
    async_trace_t *trace, async_trace_promise_fn fn, void *arg,
    async_promise_t **ret_promise);

/* error, when it is negative; asyncStart (its stores are set in the callback),
 * the callback, asyncEnd. Errors as _run_stores(): the callback was not called.
 * Thread: the channels'. Node: the callback that traceCallback() wraps. */
ASYNC_EXTERN int async_trace_complete(async_trace_t *trace, int error,
                                      void *result);

#ifdef __cplusplus
}
#endif
#endif
