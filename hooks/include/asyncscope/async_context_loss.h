/* Finding the call that loses a context: the documents' "Troubleshooting:
 * context loss", done by asyncscope.
 *
 * A context is lost where a resource is made without a store that its trigger
 * has: a queue that remembers who asked and asks for him later, in a context of
 * its own; a thread that works for others and was not given their frame. Its
 * first callback is reported, what follows from it is not.
 *
 * Only the making of a resource is looked at, and only its own trigger. Not
 * seen is
 *   - a callback in the scope of a resource that was there before, made for
 *     nobody or for somebody else: a pooled connection that answers who has it
 *     now. What libuv does on such a handle is the finding context-foreign
 *     (async_finding.h), where both are requests;
 *   - a call from a scope without the store, with no resource made for it: a
 *     queue that calls functions, an emitter's listener;
 *   - a resource whose trigger is not who asked: nothing names him;
 *   - a store that is there and is another one's.
 * Making a resource for each thing asked for is what makes the first two seen.
 *
 * What comes from outside has no context to lose and is left out:
 *   - connections that a server accepts, the main of a Worker, and what else is
 *     made outside tracked code (ASYNC_RESOURCE_EXECUTION_NONE);
 *   - servers and signal handlers, the process's, whoever starts them;
 *   - what runs inside of exit();
 *   - what is given the empty frame (ASYNC_RESOURCE_FRAME with NULL): its maker
 *     says that it is nobody's, as the tick by which a pool gets a connection
 *     back. Who hands on a frame, and finds none to hand on, leaves the flag
 *     out, and is looked at;
 *   - what asyncscope makes for itself.
 * 32 storages at a time are looked after, those that have taken the lowest free
 * places; how many live beyond them async_context_loss_unwatched() answers, and
 * a report says it. With detection off a resource and a scope cost one compare
 * more; with it on, a resource that lacks a store is compared with its trigger,
 * which may mean a search of all resources.
 *
 * Unless a function says otherwise:
 *   Thread: the environment's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL without an environment.
 *   Memory: a handler's data is the caller's, and stays while it is set.
 *   Node: has none; the documents' "Troubleshooting: context loss" by hand. */
#ifndef ASYNCSCOPE_ASYNC_CONTEXT_LOSS_H
#define ASYNCSCOPE_ASYNC_CONTEXT_LOSS_H

#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Detection is on or off for this thread, and for every thread that opens its
 * environment from now on: call it before threads are started.
 * Thread: any, with an environment or without. */
ASYNC_EXTERN void async_context_loss_detect(bool on);

/* What it was last told for threads to come. Thread: any. */
ASYNC_EXTERN bool async_context_loss_detects(void);

/* How many storages are alive that are not looked after.
 * Thread: any. */
ASYNC_EXTERN size_t async_context_loss_unwatched(void);

/* A callback that runs without the store that its cause has. */
typedef struct async_context_loss_s {
  async_ref_t resource;             /* whose callback begins */
  const char *type;                 /* lives as long as the process */
  const async_site_t *site;         /* where it was made; may be NULL */
  async_ref_t trigger;              /* the resource that had the store */
  const char *trigger_type;         /* the same */
  const async_site_t *trigger_site; /* may be NULL */
  char storage[32];                 /* the name of the (first) storage */
} async_context_loss_t;

/* Called right before the callback, outside of its scope; it must not block.
 * `loss` is borrowed, types and sites live as long as the process. */
typedef void (*async_context_loss_cb)(const async_context_loss_t *loss,
                                      void *data);

/* Without a handler a loss goes to standard error, with both sites and the
 * chain of causes, once for each pair of sites. NULL removes the handler.
 * Errors: UV_EINVAL without an environment. */
ASYNC_EXTERN int async_context_loss_set_handler(async_context_loss_cb handler,
                                                void *data);

#ifdef __cplusplus
}
#endif
#endif
