/* node:diagnostics_channel withStoreScope() and boundedChannel(): the stores of
 * a channel for a block instead of for a function, and two channels around a
 * piece of work.
 *
 *   int handle(request_t *request) {
 *     ASYNC_BOUNDED_CHANNEL_SCOPE(scope);
 *     int error = async_bounded_channel_with_scope(&handling, request, &scope);
 *     ...
 *   }                      // the end is published, the stores are as before
 *
 * What ends inside of what is as of the scopes of a storage
 * (async_local_storage_scope.h): in the reverse order of its beginning.
 *
 * Unless a function says otherwise:
 *   Thread: the channel's.
 *   In hooks: yes, and in subscribers.
 *   Errors: UV_ENOMEM, UV_EINVAL; then nothing was published and no store set.
 *   Memory: channels and scopes are the caller's; a channel must outlive its
 *     scopes, finished or not, a message the scope it was given to.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_DIAGNOSTICS_CHANNEL_SCOPE_H
#define ASYNCSCOPE_DIAGNOSTICS_CHANNEL_SCOPE_H

#include "asyncscope/diagnostics_channel.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The memory is the caller's. Zero it, or let the macro below do it. */
typedef struct async_diagnostics_channel_scope_s {
  /* private */
  struct asyncscope__store_scope_s *innermost; /* NULL: no store is set */
} async_diagnostics_channel_scope_t;

/* Sets the bound stores until the scope is disposed, and publishes the message
 * with them set. Of a channel without a subscriber or a store nothing is set
 * and nothing happens. A store whose transform fails is left as it was.
 * Errors: UV_ENOMEM, UV_EINVAL (a storage that was finished), UV_EBUSY (the
 * scope has set stores and was not disposed).
 * Node: channel.withStoreScope(data). */
#define async_diagnostics_channel_with_store_scope(...) \
  async_diagnostics_channel_with_store_scope_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_diagnostics_channel_with_store_scope_at(
    const async_site_t *site, async_diagnostics_channel_t *channel,
    void *message, async_diagnostics_channel_scope_t *scope);

/* Puts the stores back. Of a scope that is disposed, or that has set none: 0,
 * and nothing happens. The scope is closed in any case.
 * Errors: the first of async_local_storage_scope_dispose().
 * Thread: the one that opened it.
 * Node: the scope's [Symbol.dispose](). */
ASYNC_EXTERN int async_diagnostics_channel_scope_dispose(
    async_diagnostics_channel_scope_t *scope);

/* As dispose, for the cleanup attribute: what is wrong is only said by
 * async_error_message(). */
ASYNC_EXTERN void async_diagnostics_channel_scope_cleanup(
    async_diagnostics_channel_scope_t *scope);

/* Declares a scope that is disposed where the block ends, however it ends.
 * Node: using scope = channel.withStoreScope(data). */
#define ASYNC_DIAGNOSTICS_CHANNEL_SCOPE(scope)                      \
  __attribute__((cleanup(async_diagnostics_channel_scope_cleanup))) \
  async_diagnostics_channel_scope_t scope = {NULL}

/* Two channels around a piece of work; they are public, to subscribe and to
 * bind stores. Node: BoundedChannel. */
typedef struct async_bounded_channel_s {
  async_diagnostics_channel_t start; /* it begins; its stores are set in it */
  async_diagnostics_channel_t end;   /* it is over; still in those stores */
} async_bounded_channel_t;

/* The names are "tracing:NAME:start" and "tracing:NAME:end".
 * Errors: UV_ENOMEM, UV_EINVAL without a name; then _finish() is harmless.
 * Thread: any, the channels' from now on.
 * Node: boundedChannel(name). */
ASYNC_EXTERN int async_bounded_channel_init(async_bounded_channel_t *bounded,
                                            const char *name);

/* NULL, zeroed and finished ones are left alone. */
ASYNC_EXTERN void async_bounded_channel_finish(
    async_bounded_channel_t *bounded);

/* Whether one of the two has. Node: hasSubscribers. */
ASYNC_EXTERN bool async_bounded_channel_has_subscribers(
    const async_bounded_channel_t *bounded);

/* Publishes start, calls fn(arg) and publishes end, all three with the stores
 * of start set, and returns what fn returned. Where neither channel has a
 * subscriber or a store as it begins it only calls fn.
 * Errors: UV_EINVAL (no fn), those of async_local_storage_run(); fn was not
 * called then.
 * Node: run(context, fn). */
ASYNC_EXTERN int async_bounded_channel_run(async_bounded_channel_t *bounded,
                                           void *message,
                                           async_local_storage_cb fn,
                                           void *arg);

/* The memory is the caller's. Zero it, or let the macro below do it. */
typedef struct async_bounded_channel_scope_s {
  /* private */
  async_bounded_channel_t *bounded; /* NULL: not open */
  void *message;
  async_diagnostics_channel_scope_t stores;
} async_bounded_channel_scope_t;

/* The same for a block: start now, end when the scope is disposed. Where
 * neither channel has a subscriber or a store now, there is no end either.
 * Errors: UV_ENOMEM, UV_EINVAL (a storage that was finished), UV_EBUSY (the
 * scope is open).
 * Node: withScope(context). */
#define async_bounded_channel_with_scope(...) \
  async_bounded_channel_with_scope_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_bounded_channel_with_scope_at(
    const async_site_t *site, async_bounded_channel_t *bounded, void *message,
    async_bounded_channel_scope_t *scope);

/* Publishes end, then puts the stores back; once.
 * Errors: the first of async_local_storage_scope_dispose(): end was published.
 * Thread: the one that opened it.
 * Node: the scope's [Symbol.dispose](). */
ASYNC_EXTERN int async_bounded_channel_scope_dispose(
    async_bounded_channel_scope_t *scope);

/* As dispose, for the cleanup attribute: what is wrong is only said by
 * async_error_message(). */
ASYNC_EXTERN void async_bounded_channel_scope_cleanup(
    async_bounded_channel_scope_t *scope);

/* Declares a scope that is disposed where the block ends, however it ends.
 * Node: using scope = bounded.withScope(context). */
#define ASYNC_BOUNDED_CHANNEL_SCOPE(scope)                      \
  __attribute__((cleanup(async_bounded_channel_scope_cleanup))) \
  async_bounded_channel_scope_t scope = {NULL, NULL, {NULL}}

#ifdef __cplusplus
}
#endif
#endif
