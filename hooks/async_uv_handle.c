/* A handle's resource lies in its tracked part, which is found by the libuv
 * type. Invariants:
 *   - the part is empty (no live resource) or holds exactly one live resource;
 *   - replacing it either succeeds or leaves the old one as it was;
 *   - a closing handle keeps its resource until the close callback, and after
 *     that callback its memory is never touched;
 *   - it is in its environment's list of open handles from libuv's init until
 *     just before that callback, so the list shows only memory that libuv, too,
 *     still uses. */
#include "asyncscope/async_uv_handle.h"

#include "asyncscope/async_uv_async.h"
#include "asyncscope/async_uv_fs_event.h"
#include "asyncscope/async_uv_fs_poll.h"
#include "asyncscope/async_uv_loop_watcher.h"
#include "asyncscope/async_uv_pipe.h"
#include "asyncscope/async_uv_poll.h"
#include "asyncscope/async_uv_process.h"
#include "asyncscope/async_uv_signal.h"
#include "asyncscope/async_uv_tcp.h"
#include "asyncscope/async_uv_timer.h"
#include "asyncscope/async_uv_tty.h"
#include "asyncscope/async_uv_udp.h"
#include "env.h"
#include "error.h"
#include "resource.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_handle_t, uv_handle_t);

/* Where the tracked part lies; 0, where the libuv handle itself is, for a type
 * that has none. */
#define PLACE(type) offsetof(type, tracked)
static const uint16_t PLACES[UV_HANDLE_TYPE_MAX] = {
    [UV_TIMER] = PLACE(async_uv_timer_t),
    [UV_TCP] = PLACE(async_uv_tcp_t),
    [UV_UDP] = PLACE(async_uv_udp_t),
    [UV_SIGNAL] = PLACE(async_uv_signal_t),
    [UV_PROCESS] = PLACE(async_uv_process_t),
    [UV_TTY] = PLACE(async_uv_tty_t),
    [UV_POLL] = PLACE(async_uv_poll_t),
    [UV_NAMED_PIPE] = PLACE(async_uv_pipe_t),
    [UV_IDLE] = PLACE(async_uv_idle_t),
    [UV_PREPARE] = PLACE(async_uv_prepare_t),
    [UV_CHECK] = PLACE(async_uv_check_t),
    [UV_ASYNC] = PLACE(async_uv_async_t),
    [UV_FS_EVENT] = PLACE(async_uv_fs_event_t),
    [UV_FS_POLL] = PLACE(async_uv_fs_poll_t),
};

/* NULL for a type that is not tracked. */
static async_uv_tracked_t *part_of(const async_uv_handle_t *handle) {
  unsigned type = (unsigned)handle->type;
  uint16_t place = type < UV_HANDLE_TYPE_MAX ? PLACES[type] : 0;
  return ASYNCSCOPE__UNLIKELY(place == 0)
             ? NULL
             : (async_uv_tracked_t *)(void *)((char *)handle + place);
}

static int not_tracked(const async_uv_handle_t *handle) {
  /* The tracked part is NULL for a type that has none, never for a handle:
   * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
  const char *name = uv_handle_type_name(handle->type);
  return asyncscope__fail(UV_EINVAL, "a handle of type %s is not tracked",
                          name == NULL ? "unknown" : name);
}

int asyncscope__check_handle(const async_uv_handle_t *handle) {
  if (part_of(handle) == NULL)
    return not_tracked(handle);
  return asyncscope__check_thread(handle->loop);
}

int asyncscope__check_handle_begin(const async_uv_handle_t *handle) {
  if (part_of(handle) == NULL)
    return not_tracked(handle);
  return asyncscope__check_begin(handle->loop);
}

void asyncscope__tracked_open(async_uv_tracked_t *tracked, void *handle) {
  async_uv_tracked_t **list = &asyncscope__env->handles;
  tracked->handle = handle;
  tracked->next = *list;
  tracked->link = list;
  if (tracked->next != NULL)
    tracked->next->link = &tracked->next;
  *list = tracked;
}

static void forget(async_uv_tracked_t *tracked) {
  if (tracked->link == NULL)
    return;
  *tracked->link = tracked->next;
  if (tracked->next != NULL)
    tracked->next->link = tracked->link;
  tracked->link = NULL;
}

void asyncscope__handles_close(async_env_t *env) {
  async_uv_tracked_t *tracked = env->handles;
  for (; tracked != NULL; tracked = tracked->next)
    if (!uv_is_closing(&tracked->handle->uv))
      async_uv_close(tracked->handle, NULL);
}

void asyncscope__handles_forget(async_env_t *env) {
  while (env->handles != NULL)
    forget(env->handles);
}

void asyncscope__tracked_init(async_uv_handle_t *handle) {
  async_uv_tracked_t *tracked = part_of(handle);
  *tracked = (async_uv_tracked_t){.close_cb = NULL};
  asyncscope__tracked_open(tracked, handle);
}

int asyncscope__tracked_begin(async_uv_tracked_t *tracked,
                              const async_site_t *site, uv_loop_t *loop,
                              const char *type) {
  int error = asyncscope__check_loop(loop);
  *tracked = (async_uv_tracked_t){.close_cb = NULL};
  if (error != 0)
    return error;
  return async_resource_init_at(site, &tracked->resource, type, NULL);
}

int asyncscope__tracked_begun(async_uv_tracked_t *tracked, void *handle,
                              int error) {
  if (error != 0)
    async_resource_finish(&tracked->resource);
  else
    asyncscope__tracked_open(tracked, handle);
  return error;
}

bool asyncscope__is_tracked(const async_uv_handle_t *handle) {
  const async_uv_tracked_t *tracked = part_of(handle);
  return async_resource_async_id(&tracked->resource) != ASYNC_ID_UNSET;
}

ASYNCSCOPE__COLD static bool is_due_after_ticks(const async_uv_handle_t *handle,
                                                async_id_t due) {
  const async_uv_tracked_t *tracked = part_of(handle);
  asyncscope__top_level_over(asyncscope__env);
  return async_resource_async_id(&tracked->resource) == due &&
         !uv_is_closing(&handle->uv);
}

/* A handle that its environment has left open is called without one. */
bool asyncscope__still_due(const async_uv_handle_t *handle, async_id_t due) {
  const async_env_t *env = asyncscope__env;
  if (ASYNCSCOPE__UNLIKELY(env != NULL && asyncscope__ticks_wanted(env)) &&
      !is_due_after_ticks(handle, due))
    return false;
  return !asyncscope__is_stopping();
}

static int stopped_in_init(const async_uv_handle_t *handle,
                           async_resource_t *before) {
  async_resource_finish(before);
  return asyncscope__fail(UV_ECANCELED, "an init hook has stopped the %s",
                          uv_handle_type_name(handle->type));
}

int asyncscope__track(async_uv_handle_t *handle, const async_site_t *site,
                      const char *type, const async_resource_options_t *options,
                      async_resource_t *ret_before) {
  async_uv_tracked_t *tracked = part_of(handle);
  *ret_before = tracked->resource;
  tracked->resource = (async_resource_t){.data = NULL};
  int error = async_resource_init_at(site, &tracked->resource, type, options);
  if (error != 0)
    tracked->resource = *ret_before;
  else if (!asyncscope__is_tracked(handle))
    error = stopped_in_init(handle, ret_before);
  else if (!uv_has_ref(&handle->uv))
    asyncscope__resource_set_ref(&tracked->resource, false);
  return error;
}

int asyncscope__track_done(async_uv_handle_t *handle, async_resource_t *before,
                           int error) {
  async_uv_tracked_t *tracked = part_of(handle);
  if (error == 0) {
    async_resource_finish(before);
    return 0;
  }
  async_resource_finish(&tracked->resource);
  tracked->resource = *before;
  return error;
}

async_resource_options_t asyncscope__triggered_by(
    const async_uv_handle_t *handle) {
  const async_uv_tracked_t *tracked = part_of(handle);
  async_id_t trigger = async_resource_async_id(&tracked->resource);
  asyncscope__resource_is_cause(&tracked->resource);
  return (async_resource_options_t){
      .flags = trigger == ASYNC_ID_UNSET
                   ? 0
                   : ASYNC_RESOURCE_TRIGGER | ASYNCSCOPE__RESOURCE_CAUSE_KNOWN,
      .trigger_async_id = trigger};
}

int asyncscope__finish_at_once(const async_site_t *site, async_tick_t *tick,
                               async_tick_cb on_tick) {
  if (on_tick == NULL)
    return 0;
  tick->resource.data = NULL;
  return async_tick_start_at(site, tick, on_tick, NULL);
}

ASYNCSCOPE__COLD static void report_foreign(async_env_t *env,
                                            const async_resource_t *resource,
                                            uint64_t other_request) {
  const asyncscope__record_t *record =
      asyncscope__slab_at(&env->records, resource->record - 1);
  uint64_t site = asyncscope__get(&record->site_and_type);
  async_finding_t finding = {
      .code = ASYNC_FINDING_CONTEXT_FOREIGN,
      .resource = {env->thread, resource->async_id},
      .type = asyncscope__type_name(asyncscope__type_of(site)),
      .site = asyncscope__site_of(site),
      .request = async_context_frame_request(resource->frame),
      .other_request = other_request,
      .internal = (asyncscope__flags(record) & ASYNCSCOPE__INTERNAL) != 0};
  asyncscope__finding_set_scope(env, &finding);
  asyncscope__finding_report(env, &finding);
}

void asyncscope__handle_used(const async_uv_handle_t *handle) {
  async_env_t *env = asyncscope__env;
  if (env->frame == NULL)
    return;
  const async_resource_t *resource = &part_of(handle)->resource;
  if (resource->frame == NULL || resource->record == 0)
    return;
  uint64_t theirs = async_context_frame_request(resource->frame);
  uint64_t ours = async_context_frame_request(env->frame);
  if (theirs != 0 && ours != 0 && theirs != ours)
    report_foreign(env, resource, ours);
}

asyncscope__uv_scope_t asyncscope__uv_scope_open(async_resource_t *resource) {
  bool entered = asyncscope__uv_callback_open(resource) != ASYNC_ID_UNSET;
  return (asyncscope__uv_scope_t){*resource, entered};
}

void asyncscope__uv_scope_close(asyncscope__uv_scope_t *scope) {
  if (scope->entered)
    async_callback_scope_close(&scope->resource);
}

void asyncscope__uv_scope_close_last(asyncscope__uv_scope_t *scope) {
  if (scope->entered) {
    async_callback_scope_close_last(&scope->resource);
    return;
  }
  asyncscope__resource_has_paid(&scope->resource);
  async_resource_finish(&scope->resource);
}

void async_uv_ref(async_uv_handle_t *handle) {
  if (asyncscope__check_not_elsewhere(handle->loop) != 0)
    return;
  uv_ref(&handle->uv);
  if (asyncscope__is_tracked(handle))
    asyncscope__resource_set_ref(async_uv_handle_resource(handle), true);
}

void async_uv_unref(async_uv_handle_t *handle) {
  if (asyncscope__check_not_elsewhere(handle->loop) != 0)
    return;
  uv_unref(&handle->uv);
  if (asyncscope__is_tracked(handle))
    asyncscope__resource_set_ref(async_uv_handle_resource(handle), false);
}

int async_uv_has_ref(const async_uv_handle_t *handle) {
  return uv_has_ref(&handle->uv);
}

int async_uv_is_active(const async_uv_handle_t *handle) {
  return uv_is_active(&handle->uv);
}

int async_uv_is_closing(const async_uv_handle_t *handle) {
  return uv_is_closing(&handle->uv);
}

async_resource_t *async_uv_handle_resource(async_uv_handle_t *handle) {
  async_uv_tracked_t *tracked = part_of(handle);
  return tracked == NULL ? NULL : &tracked->resource;
}

void asyncscope__on_close(uv_handle_t *uv) {
  async_uv_handle_t *handle = (async_uv_handle_t *)uv;
  async_uv_tracked_t *tracked = part_of(handle);
  forget(tracked);
  if (tracked->close_cb == NULL) {
    async_resource_finish(&tracked->resource);
    return;
  }
  asyncscope__uv_scope_t scope = asyncscope__uv_scope_open(&tracked->resource);
  tracked->close_cb(handle);
  asyncscope__uv_scope_close_last(&scope);
}

void async_uv_close(async_uv_handle_t *handle, async_uv_close_cb close_cb) {
  async_uv_tracked_t *tracked = part_of(handle);
  if (tracked == NULL) {
    not_tracked(handle);
    return;
  }
  if (asyncscope__check_not_elsewhere(handle->loop) != 0)
    return;
  uv_close(&handle->uv, asyncscope__on_close);
  asyncscope__resource_is_closing(&tracked->resource);
  tracked->close_cb = close_cb;
}
