/* node:events EventEmitter and EventEmitterAsyncResource.
 *
 * Listeners run in the context of whoever emits: that is where the event comes
 * from, not where somebody asked for it. Two ways to have it otherwise:
 *   - an emitter that is a resource itself (_init_async_resource()): all its
 *     listeners run in that resource's scope;
 *   - a listener bound where it is added, with async_bind():
 *
 *       async_bind(on_data, NULL, &bound);
 *       async_event_emitter_on(&emitter, "data", async_bound_listener, &bound);
 *
 * An emitter belongs to the thread that made it.
 *
 * Unless a function says otherwise:
 *   Thread: the emitter's.
 *   In hooks: yes, and in listeners.
 *   Errors: UV_ENOMEM, UV_EINVAL (a finished emitter).
 *   Memory: an emitter is the caller's and must not move; events' names are
 *     copied, data and what is emitted are the caller's.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_EVENT_EMITTER_H
#define ASYNCSCOPE_ASYNC_EVENT_EMITTER_H

#include "asyncscope/async_resource.h"
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An emitter, in the caller's memory, from _init() to _finish(). */
typedef struct async_event_emitter_s {
  void *data; /* public: the embedder's, never touched */
  /* private */
  struct asyncscope__listeners_s *listeners;
  async_resource_t resource;
} async_event_emitter_t;

/* `arg` is what was emitted, `data` what the listener was added with. */
typedef void (*async_event_listener_cb)(void *arg, void *data);

/* An emitter in the caller's memory; `data` is left as it is.
 * Errors: UV_ENOMEM; then _finish() is harmless.
 * Thread: any, the emitter's from now on.
 * Node: new EventEmitter(). */
ASYNC_EXTERN int async_event_emitter_init(async_event_emitter_t *emitter);

/* The same with a resource of `type` (NULL: EventEmitterAsyncResource) made
 * here, in whose scope its listeners run. `options` may be NULL.
 * Errors: UV_ENOMEM and those of async_resource_init().
 * Node: new EventEmitterAsyncResource(options). */
#define async_event_emitter_init_async_resource(...) \
  async_event_emitter_init_async_resource_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_event_emitter_init_async_resource_at(
    const async_site_t *site, async_event_emitter_t *emitter, const char *type,
    const async_resource_options_t *options);

/* Listeners of an event are called in the order they were added; the same one
 * may be added more than once. `event` is copied.
 * Errors: UV_ENOMEM, UV_EINVAL (no event or listener, a finished emitter).
 * Thread: the emitter's; inside hooks and listeners too.
 * Node: on(), prependListener(). */
ASYNC_EXTERN int async_event_emitter_on(async_event_emitter_t *emitter,
                                        const char *event,
                                        async_event_listener_cb listener,
                                        void *data);
ASYNC_EXTERN int async_event_emitter_prepend(async_event_emitter_t *emitter,
                                             const char *event,
                                             async_event_listener_cb listener,
                                             void *data);

/* As _on(); the listener is removed before it is called. Node: once(). */
ASYNC_EXTERN int async_event_emitter_once(async_event_emitter_t *emitter,
                                          const char *event,
                                          async_event_listener_cb listener,
                                          void *data);

/* Removes the one of this listener and data that was added last; true when
 * there was one. The emits under way still call it. Node: off(). */
ASYNC_EXTERN bool async_event_emitter_off(async_event_emitter_t *emitter,
                                          const char *event,
                                          async_event_listener_cb listener,
                                          void *data);

/* Calls the event's listeners, those that were there when it began, and
 * returns 1; 0 when there are none. A listener that fails (async_fail()) is the
 * last one called, and the failure is the emitting code's. The event "error"
 * without a listener is a failure. An emitter that is a resource enters its
 * scope in any case.
 * Errors: UV_EINVAL (a finished emitter), and those of async_resource_enter()
 * for an emitter that is a resource; no listener was called.
 * Thread: the emitter's; inside hooks and listeners too. Node: emit(). */
ASYNC_EXTERN int async_event_emitter_emit(async_event_emitter_t *emitter,
                                          const char *event, void *arg);

/* Node: listenerCount(). */
ASYNC_EXTERN size_t async_event_emitter_listener_count(
    const async_event_emitter_t *emitter, const char *event);

/* The emitter's own resource, NULL when it has none. Borrowed.
 * Node: asyncResource, and through it asyncId and triggerAsyncId. */
ASYNC_EXTERN async_resource_t *async_event_emitter_async_resource(
    async_event_emitter_t *emitter);

/* Ends the emitter, its listeners and its resource; also from inside one of its
 * listeners: then no further one is called. NULL, zeroed and finished ones are
 * left alone. Node: emitDestroy(). */
ASYNC_EXTERN void async_event_emitter_finish(async_event_emitter_t *emitter);

/* A listener whose data is an async_bound_t, called with what was emitted. The
 * binding must outlive the listener. */
ASYNC_EXTERN void async_bound_listener(void *arg, void *data);

#ifdef __cplusplus
}
#endif
#endif
