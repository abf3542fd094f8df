/* An emit sees the listeners that were there when it began. Every addition,
 * removal and emit takes the next moment of the emitter's clock; an emit calls
 * what was added before it and not removed before it. A removed listener stays
 * in the list while an emit is under way, and so does the list when its emitter
 * ends inside a listener. */
#include "asyncscope/async_event_emitter.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_fail.h"
#include "error.h"
#include <string.h>
#include <uv.h>

#define STILL_THERE UINT64_MAX

typedef struct listener_s {
  struct listener_s *next;
  async_event_listener_cb cb;
  void *data;
  uint64_t added, removed; /* moments */
  bool once, called;
  char event[];
} listener_t;

typedef struct asyncscope__listeners_s {
  listener_t *first, **last;
  uint64_t moment;
  unsigned emitting; /* emits under way */
  bool removed;      /* some listener in the list is */
  bool finished;
} listeners_t;

int async_event_emitter_init(async_event_emitter_t *emitter) {
  emitter->resource = (async_resource_t){.data = NULL};
  emitter->listeners = async_calloc(1, sizeof(*emitter->listeners));
  if (emitter->listeners == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for an event emitter");
  emitter->listeners->last = &emitter->listeners->first;
  return 0;
}

int async_event_emitter_init_async_resource_at(
    const async_site_t *site, async_event_emitter_t *emitter, const char *type,
    const async_resource_options_t *options) {
  int error = async_event_emitter_init(emitter);
  if (error != 0)
    return error;
  error = async_resource_init_at(
      site, &emitter->resource,
      type == NULL ? "EventEmitterAsyncResource" : type, options);
  if (error != 0)
    async_event_emitter_finish(emitter);
  return error;
}

static bool is_there(const listener_t *listener, const char *event) {
  return listener->removed == STILL_THERE &&
         strcmp(listener->event, event) == 0;
}

static listener_t *listener_new(const char *event, async_event_listener_cb cb,
                                void *data) {
  size_t event_bytes = strlen(event) + 1;
  listener_t *listener = async_malloc(sizeof(*listener) + event_bytes);
  if (listener == NULL)
    return NULL;
  *listener = (listener_t){.cb = cb, .data = data, .removed = STILL_THERE};
  memcpy(listener->event, event, event_bytes);
  return listener;
}

static int make(async_event_emitter_t *emitter, const char *event,
                async_event_listener_cb cb, void *data,
                listener_t **ret_listener) {
  if (emitter->listeners == NULL || event == NULL || cb == NULL)
    return asyncscope__fail(UV_EINVAL, "%s",
                            emitter->listeners == NULL
                                ? "the event emitter is finished"
                                : "a listener needs an event and a callback");
  listener_t *listener = listener_new(event, cb, data);
  if (listener == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a listener of %s", event);
  listener->added = ++emitter->listeners->moment;
  *ret_listener = listener;
  return 0;
}

static void append(listeners_t *listeners, listener_t *listener) {
  *listeners->last = listener;
  listeners->last = &listener->next;
}

int async_event_emitter_on(async_event_emitter_t *emitter, const char *event,
                           async_event_listener_cb listener, void *data) {
  listener_t *added = NULL;
  int error = make(emitter, event, listener, data, &added);
  if (error == 0)
    append(emitter->listeners, added);
  return error;
}

int async_event_emitter_once(async_event_emitter_t *emitter, const char *event,
                             async_event_listener_cb listener, void *data) {
  listener_t *added = NULL;
  int error = make(emitter, event, listener, data, &added);
  if (error != 0)
    return error;
  added->once = true;
  append(emitter->listeners, added);
  return 0;
}

int async_event_emitter_prepend(async_event_emitter_t *emitter,
                                const char *event,
                                async_event_listener_cb listener, void *data) {
  listener_t *added = NULL;
  int error = make(emitter, event, listener, data, &added);
  if (error != 0)
    return error;
  listeners_t *listeners = emitter->listeners;
  if (listeners->first == NULL)
    listeners->last = &added->next;
  added->next = listeners->first;
  listeners->first = added;
  return 0;
}

static void sweep(listeners_t *listeners, bool all) {
  listener_t **link = &listeners->first;
  while (*link != NULL) {
    listener_t *listener = *link;
    if (all || listener->removed != STILL_THERE) {
      *link = listener->next;
      async_free(listener);
    } else {
      link = &listener->next;
    }
  }
  listeners->last = link;
  listeners->removed = false;
}

static void remove_listener(listeners_t *listeners, listener_t *listener) {
  listener->removed = ++listeners->moment;
  listeners->removed = true;
}

bool async_event_emitter_off(async_event_emitter_t *emitter, const char *event,
                             async_event_listener_cb listener, void *data) {
  listeners_t *listeners = emitter->listeners;
  listener_t *found = NULL;
  if (listeners == NULL || event == NULL)
    return false;
  for (listener_t *each = listeners->first; each != NULL; each = each->next)
    if (is_there(each, event) && each->cb == listener && each->data == data)
      found = each;
  if (found == NULL)
    return false;
  remove_listener(listeners, found);
  if (listeners->emitting == 0)
    sweep(listeners, false);
  return true;
}

size_t async_event_emitter_listener_count(const async_event_emitter_t *emitter,
                                          const char *event) {
  size_t count = 0;
  if (emitter->listeners == NULL || event == NULL)
    return 0;
  for (const listener_t *each = emitter->listeners->first; each != NULL;
       each = each->next)
    count += is_there(each, event);
  return count;
}

typedef struct emit_s {
  listeners_t *listeners;
  const char *event;
  void *arg;
} emit_t;

static bool was_there(const listener_t *listener, uint64_t moment,
                      const char *event) {
  return listener->added < moment && listener->removed > moment &&
         !(listener->once && listener->called) &&
         strcmp(listener->event, event) == 0;
}

static void call(listeners_t *listeners, listener_t *listener, void *arg) {
  listener->called = true;
  if (listener->once && listener->removed == STILL_THERE)
    remove_listener(listeners, listener);
  listener->cb(arg, listener->data);
}

/* A failure that is on its way already is not a listener's. */
static int call_all(void *arg) {
  const emit_t *emit = arg;
  uint64_t began = ++emit->listeners->moment;
  bool failed_before = async_failure() != NULL;
  for (listener_t *each = emit->listeners->first; each != NULL;
       each = each->next) {
    if (emit->listeners->finished)
      break;
    if (!was_there(each, began, emit->event))
      continue;
    call(emit->listeners, each, emit->arg);
    if (!failed_before && async_failure() != NULL)
      break;
  }
  return 1;
}

static int call_none(void *arg) {
  const emit_t *emit = arg;
  if (strcmp(emit->event, "error") == 0)
    async_fail("unhandled 'error' event");
  return 0;
}

static void end_emit(listeners_t **emitting) {
  listeners_t *listeners = *emitting;
  if (--listeners->emitting > 0)
    return;
  if (listeners->removed || listeners->finished)
    sweep(listeners, listeners->finished);
  if (listeners->finished)
    async_free(listeners);
}

/* Until end_emit(), which is also for an exception of C++, or the end of the
 * thread, that comes out of a listener. */
static listeners_t *begin_emit(listeners_t *listeners) {
  listeners->emitting++;
  return listeners;
}

int async_event_emitter_emit(async_event_emitter_t *emitter, const char *event,
                             void *arg) {
  if (emitter->listeners == NULL || event == NULL)
    return asyncscope__fail(UV_EINVAL, event == NULL
                                           ? "an event needs a name"
                                           : "the event emitter is finished");
  emit_t emit = {emitter->listeners, event, arg};
  size_t listeners = async_event_emitter_listener_count(emitter, event);
  async_scope_cb calls = listeners > 0 ? call_all : call_none;
  bool is_resource =
      async_resource_async_id(&emitter->resource) != ASYNC_ID_UNSET;
  __attribute__((cleanup(end_emit), unused)) listeners_t *emitting =
      begin_emit(emit.listeners);
  return is_resource ? async_resource_run_in_async_scope(&emitter->resource,
                                                         calls, &emit)
                     : calls(&emit);
}

async_resource_t *async_event_emitter_async_resource(
    async_event_emitter_t *emitter) {
  return async_resource_async_id(&emitter->resource) == ASYNC_ID_UNSET
             ? NULL
             : &emitter->resource;
}

void async_event_emitter_finish(async_event_emitter_t *emitter) {
  if (emitter == NULL || emitter->listeners == NULL)
    return;
  listeners_t *listeners = emitter->listeners;
  emitter->listeners = NULL;
  async_resource_finish(&emitter->resource);
  listeners->finished = true;
  listeners_t *ending = begin_emit(listeners);
  end_emit(&ending);
}

void async_bound_listener(void *arg, void *data) {
  (void)async_bound_call(data, arg);
}
