/* Promises: one value or one reason, later, and callbacks in the context of
 * whoever asked for it.
 *
 * A promise belongs to its thread. It is made by us and counted: whoever
 * creates, retains or gets one as `ret_promise` gives it up with
 * async_promise_release(). Values and reasons are the caller's pointers; they
 * must live until the callbacks that get them have run.
 *
 * Promises are resources of type PROMISE only while a hook is enabled that
 * tracks them; without one they take no id and callbacks see ids 0 and 0, as
 * in Node. The context frame follows in any case: a callback runs in the
 * frame of its then().
 *
 * Promise.all() and its like have no counterpart. Let then() of each promise
 * have the callbacks of one that counts, and decides a promise of its own:
 *
 *   static void *on_value(async_promise_t *derived, void *value, void *arg) {
 *     join_t *join = arg;
 *     if (--join->left == 0)
 *       async_promise_resolve(join->all, join);
 *     return NULL;
 *   }
 *
 * With async_promise_reject(join->all, reason) in on_rejected that is all():
 * who is first decides, and later ones do nothing, as in race(). Keep the
 * promises until the callbacks of `all` have run, as what is ours of their
 * values and reasons lives while they do.
 *
 * Unless a function says otherwise:
 *   Thread: the promise's.
 *   In hooks: yes.
 *   Errors: UV_ENOMEM, UV_EINVAL without an environment or on another thread
 *     than the promise's; then nothing has happened.
 *   Memory: promises are counted, values and reasons are the caller's; both as
 *     said above.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_PROMISE_H
#define ASYNCSCOPE_ASYNC_PROMISE_H

#include "asyncscope/async_types.h"
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A promise: ours, counted, of the thread that made it. */
typedef struct async_promise_s async_promise_t;

/* It changes once. */
typedef enum async_promise_state_e {
  ASYNC_PROMISE_PENDING,   /* not settled */
  ASYNC_PROMISE_FULFILLED, /* with a value */
  ASYNC_PROMISE_REJECTED   /* with a reason */
} async_promise_state_t;

/* A pending promise.
 * Errors: UV_ENOMEM, UV_EINVAL without an environment.
 * Thread: the environment's.
 * Node: new Promise(). */
#define async_promise_create(...) \
  async_promise_create_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_promise_create_at(const async_site_t *site,
                                         async_promise_t **ret_promise);

/* Count the holders; NULL is left alone. The last release is the promise's
 * destroy, where Node leaves it to the garbage collector. */
ASYNC_EXTERN async_promise_t *async_promise_retain(async_promise_t *promise);
ASYNC_EXTERN void async_promise_release(async_promise_t *promise);

/* The first of these three decides; later ones do nothing. On their own thread
 * these two cannot fail. Callbacks run as microtasks; after the end of the
 * environment they do not run any more.
 * Errors: UV_EINVAL on another thread than the promise's: nothing was decided.
 * Node: resolve(value), reject(reason). */
ASYNC_EXTERN int async_promise_resolve(async_promise_t *promise, void *value);
ASYNC_EXTERN int async_promise_reject(async_promise_t *promise, void *reason);

/* Takes over what `other` becomes, when it does. A promise that is to wait for
 * itself is rejected at once: the reason is text, as of a failed callback,
 * "Chaining cycle detected for promise #<Promise>". Promises that wait for each
 * other in a circle are never settled; they end when the last of them is
 * released, or, in a circle of more than 256, with the environment.
 * Errors: UV_ENOMEM, UV_EINVAL without an environment: nothing was decided.
 * Node: resolve(other). */
ASYNC_EXTERN int async_promise_resolve_with(async_promise_t *promise,
                                            async_promise_t *other);

/* What it returns fulfils `derived`, unless the callback settled that itself
 * (resolve_with() to chain another promise, reject() to throw). A callback
 * that fails (async_fail()) rejects it, with the message as the reason.
 *
 * A value or reason that is ours (such a message; what an async_uv_*_promise()
 * gives) lives while a promise that was settled with it does. A callback may
 * answer the very value it was given, or reject `derived` with it: then
 * `derived` holds it too. */
typedef void *(*async_promise_cb)(async_promise_t *derived, void *value,
                                  void *arg);

/* Asks for the value or the reason; either callback may be NULL: then value or
 * reason pass through. `ret_derived` may be NULL when nobody wants the result.
 * A derived promise that somebody has settled stays so: the callback is called,
 * and what it answers is dropped.
 * Errors: UV_ENOMEM, UV_EINVAL without an environment: nothing was registered.
 * Node: then(). */
#define async_promise_then(...) async_promise_then_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_promise_then_at(const async_site_t *site,
                                       async_promise_t *promise,
                                       async_promise_cb on_fulfilled,
                                       async_promise_cb on_rejected, void *arg,
                                       async_promise_t **ret_derived);

/* Node: catch(). */
#define async_promise_catch(promise, ...) \
  async_promise_then_at(ASYNC_SITE(), promise, NULL, __VA_ARGS__)

/* Called either way, without the value; what was settled passes through, some
 * microtasks later, unless the callback fails or rejects `derived`. With
 * resolve_with() or async_promise_follow() it waits for another promise first:
 * that one's value is dropped, its reason rejects `derived`. Where `derived`
 * was settled by somebody else before, the callback is called, and what it
 * answers is waited for, but `derived` stays as it is. Node: finally(). */
typedef void (*async_promise_finally_cb)(async_promise_t *derived, void *arg);
#define async_promise_finally(...) \
  async_promise_finally_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_promise_finally_at(const async_site_t *site,
                                          async_promise_t *promise,
                                          async_promise_finally_cb on_finally,
                                          void *arg,
                                          async_promise_t **ret_derived);

/* For the end of a callback whose answer is what another promise becomes:
 *
 *   async_promise_t *next = NULL;
 *   int error = async_uv_timer_promise(loop, 10, value, &next);
 *   return async_promise_follow(derived, error, next);
 *
 * `derived` takes over what `next` becomes, and the caller's reference to
 * `next` is given up; or, with an error, `next` is left alone and `derived`
 * rejected with it. Answers NULL.
 * Node: return next; in a callback of then(). */
ASYNC_EXTERN void *async_promise_follow(async_promise_t *derived, int error,
                                        async_promise_t *next);

/* A chain that reads from top to bottom: then(), and the derived promise takes
 * the place of `*promise`, whose reference is given up.
 *
 *   async_promise_t *chain = NULL;
 *   int error = async_uv_fs_open_promise(loop, path, O_RDONLY, 0, &chain);
 *   if (error == 0)
 *     error = async_promise_chain(&chain, read_head, NULL, job);
 *   if (error == 0)
 *     error = async_promise_chain(&chain, answer, refuse, job);
 *   async_promise_release(chain);
 *
 * Errors: as of then(); `*promise` is as before.
 * Node: promise.then().then(). */
#define async_promise_chain(...) \
  async_promise_chain_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_promise_chain_at(const async_site_t *site,
                                        async_promise_t **promise,
                                        async_promise_cb on_fulfilled,
                                        async_promise_cb on_rejected,
                                        void *arg);

/* Ends the operation that an async_uv_*_promise() began: the promise is
 * rejected with UV_ECANCELED, at once or when the operation has been stopped.
 * Errors: UV_EBUSY when the operation runs and cannot be stopped, UV_EALREADY
 * when the promise is decided, UV_EINVAL for a promise that no such function
 * made.
 * Node: the option signal. */
ASYNC_EXTERN int async_promise_cancel(async_promise_t *promise);

/* A reason that is a status, (void *)(intptr_t)UV_E*, as those of asyncscope's
 * own operations are: the status; 0 for any other. Thread: any. */
ASYNC_EXTERN int async_promise_reason_status(const void *reason);

/* What became of it so far. */
ASYNC_EXTERN async_promise_state_t
async_promise_state(const async_promise_t *promise);
/* The value or reason; NULL while pending. */
ASYNC_EXTERN void *async_promise_result(const async_promise_t *promise);
/* -1 while it has none. */
ASYNC_EXTERN async_id_t async_promise_async_id(const async_promise_t *promise);

/* Gets each promise that was rejected and has no callback when the microtasks
 * are done, in the scope of that promise and the frame of its rejection.
 * Without a handler such a rejection is a failure in that scope: the uncaught
 * exception handler's, and without that one the program's end. NULL removes it.
 * Errors: UV_EINVAL without an environment. Node:
 * process.on('unhandledRejection'). */
typedef void (*async_unhandled_rejection_cb)(async_promise_t *promise,
                                             void *reason, void *data);
ASYNC_EXTERN int async_set_unhandled_rejection_handler(
    async_unhandled_rejection_cb handler, void *data);

#ifdef __cplusplus
}
#endif
#endif
