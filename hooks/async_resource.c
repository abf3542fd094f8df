/* init, finish and what lies between; the scopes are in async_scope.c.
 *
 * A record is given back at the later of two events: its destroy was
 * delivered (or nobody wants it), and its embedder finished. Until then the
 * struct's index is good, so everything after init works without memory. */
#include "asyncscope/async_resource.h"

#include "account.h"
#include "env.h"
#include "error.h"
#include "frame.h"
#include "resource.h"
#include <string.h>

#define ID_LIMIT (INT64_C(1) << 53)

static asyncscope__record_t *record_at(const async_env_t *env,
                                       uint32_t record) {
  return asyncscope__slab_at(&env->records, record - 1);
}

static async_id_t execution_id(const async_resource_options_t *options) {
  if ((options->flags & ASYNC_RESOURCE_EXECUTION_NONE) != 0)
    return ASYNC_ID_NONE;
  return async_hooks_execution_async_id();
}

/* A cause that does not run is known by its number only. */
static async_id_t given_trigger(async_env_t *env,
                                const async_resource_options_t *options) {
  async_id_t given = options->trigger_async_id;
  if ((options->flags & ASYNCSCOPE__RESOURCE_CAUSE_KNOWN) == 0 &&
      given > ASYNC_ID_ROOT && given != async_hooks_execution_async_id())
    asyncscope__ancestors_name(&env->ancestors, given);
  return given;
}

static async_id_t trigger_id(async_env_t *env,
                             const async_resource_options_t *options) {
  if (options->origin != NULL)
    return ASYNC_ID_NONE;
  if ((options->flags & ASYNC_RESOURCE_TRIGGER) != 0)
    return given_trigger(env, options);
  if (env->default_trigger != ASYNC_ID_UNSET)
    return env->default_trigger;
  return async_hooks_execution_async_id();
}

static int check(const async_env_t *env, const char *type,
                 const async_resource_options_t *options) {
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  if (type == NULL || *type == '\0')
    return asyncscope__fail(UV_EINVAL, "a resource needs a type");
  if ((options->flags & ASYNC_RESOURCE_TRIGGER) != 0 &&
      (options->trigger_async_id < ASYNC_ID_UNSET ||
       options->trigger_async_id >= ID_LIMIT))
    return asyncscope__fail(UV_EINVAL, "invalid triggerAsyncId value: %lld",
                            (long long)options->trigger_async_id);
  return 0;
}

static uint32_t flags_for(const async_env_t *env,
                          const async_resource_options_t *options) {
  uint32_t flags = 0;
  if ((options->flags & ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY) != 0)
    flags |= ASYNCSCOPE__MANUAL;
  if ((options->flags & ASYNC_RESOURCE_INTERNAL) != 0 || env->internal)
    flags |= ASYNCSCOPE__INTERNAL;
  if ((options->flags & ASYNCSCOPE__RESOURCE_PROMISE) != 0)
    flags |= ASYNCSCOPE__PROMISE;
  if ((options->flags & ASYNC_RESOURCE_OWES_CALLBACK) != 0)
    flags |= ASYNCSCOPE__OWES;
  if ((options->flags & ASYNCSCOPE__RESOURCE_UNREF) != 0)
    flags |= ASYNCSCOPE__UNREF;
  return flags;
}

typedef struct fresh_s {
  async_id_t async_id, trigger_async_id, execution_async_id;
  uint32_t trigger_thread;
  uint32_t type, flags;
  const async_site_t *site;
  const async_context_frame_t *frame;
  uint64_t created_ns;
} fresh_t;

static void publish(asyncscope__record_t *record, const fresh_t *fresh) {
  const async_context_frame_t *frame = fresh->frame;
  asyncscope__slot_begin(&record->slot);
  asyncscope__put(&record->async_id, (uint64_t)fresh->async_id);
  asyncscope__put(&record->trigger_async_id, (uint64_t)fresh->trigger_async_id);
  asyncscope__put(&record->execution_async_id,
                  (uint64_t)fresh->execution_async_id);
  asyncscope__put(&record->trigger_thread_and_frame,
                  asyncscope__pair(fresh->trigger_thread,
                                   frame == NULL ? 0 : frame->number));
  asyncscope__put(&record->created_ns, fresh->created_ns);
  asyncscope__put(&record->site_and_type,
                  asyncscope__site_and_type(fresh->site, fresh->type));
  asyncscope__put(&record->request, async_context_frame_request(frame));
  asyncscope__put(&record->name_calls_flags, fresh->flags);
  asyncscope__put(&record->run_and_calls, 0);
  asyncscope__put(
      &record->exited_and_storages,
      frame == NULL ? 0 : asyncscope__pair(frame->exited, frame->storages));
  asyncscope__slot_end(&record->slot);
}

/* Others name the running resource: as the one that executed, and mostly as
 * their trigger. It is remembered when it ends before them. */
static void mark_running(async_env_t *env) {
  const asyncscope__entry_t *top = asyncscope__stack_top(&env->stack);
  if (top == NULL || top->record == 0)
    return;
  asyncscope__record_t *running =
      asyncscope__slab_peek(&env->records, top->record - 1);
  if (running == NULL ||
      asyncscope__get(&running->async_id) != (uint64_t)top->async_id)
    return;
  asyncscope__flags_add(running, ASYNCSCOPE__CAUSED);
}

/* A cause on another thread stands in the record with that thread's number. */
static void set_cause(async_env_t *env, fresh_t *fresh,
                      async_id_t trigger_async_id, const async_ref_t *origin) {
  fresh->trigger_async_id = trigger_async_id;
  fresh->trigger_thread = env->thread;
  if (origin != NULL) {
    fresh->trigger_async_id = origin->async_id;
    fresh->trigger_thread = origin->thread;
  }
}

static void take_frame(const async_env_t *env, async_resource_t *resource,
                       const async_resource_options_t *options) {
  bool framed = (options->flags & ASYNC_RESOURCE_FRAME) != 0;
  resource->frame = framed ? options->frame : env->frame;
  resource->frame_lent =
      framed && (options->flags & ASYNC_RESOURCE_FRAME_LENT) != 0;
  if (!resource->frame_lent)
    async_context_frame_retain(resource->frame);
}

static void fill(async_env_t *env, async_resource_t *resource, uint32_t index,
                 fresh_t *fresh, const async_resource_options_t *options) {
  resource->async_id =
      options->async_id != NULL ? *options->async_id : ++env->next_id;
  take_frame(env, resource, options);
  resource->thread = env->thread;
  resource->record = index + 1;
  fresh->async_id = resource->async_id;
  fresh->execution_async_id = execution_id(options);
  fresh->flags = flags_for(env, options);
  fresh->frame = resource->frame;
  fresh->created_ns = asyncscope__near_ns(env);
  publish(asyncscope__slab_at(&env->records, index), fresh);
}

/* Also room to count its type, and to remember the running resource by. */
static uint32_t take_record(async_env_t *env, uint32_t type) {
  if (type == ASYNCSCOPE__TYPE_NONE ||
      !asyncscope__type_counts_reserve(&env->type_counts, type) ||
      (env->stack.depth > 0 && !asyncscope__ancestors_reserve(&env->ancestors)))
    return ASYNCSCOPE__SLAB_NONE;
  return asyncscope__slab_take(&env->records);
}

/* What is made outside of tracked code is reported as from there: with no id
 * current; or, without memory for a scope more than 64 deep, as from here. */
static void emit_init(async_env_t *env, async_resource_t *resource,
                      const char *type, async_id_t trigger_async_id,
                      const async_resource_options_t *options) {
  bool outside = (options->flags & ASYNC_RESOURCE_EXECUTION_NONE) != 0 &&
                 env->hooks.wanted.init > 0;
  asyncscope__entry_t nobody = {.async_id = ASYNC_ID_NONE,
                                .entered_ns = env->now_ns};
  outside = outside && asyncscope__stack_push(&env->stack, &nobody) == 0;
  asyncscope__emit_init(&env->hooks, resource->async_id, type, trigger_async_id,
                        resource,
                        (options->flags & ASYNCSCOPE__RESOURCE_PROMISE) != 0);
  if (outside)
    asyncscope__stack_pop(&env->stack);
}

int async_resource_init_at(const async_site_t *site, async_resource_t *resource,
                           const char *type,
                           const async_resource_options_t *options) {
  static const async_resource_options_t none = {0};
  async_env_t *env = asyncscope__env;
  const char *type_name = NULL;
  if (options == NULL)
    options = &none;
  resource->async_id = ASYNC_ID_UNSET;
  resource->record = 0;
  resource->frame = NULL;
  int error = check(env, type, options);
  if (error != 0)
    return error;
  fresh_t fresh = {.site = site};
  fresh.type = asyncscope__type_intern(&env->types, type, &type_name);
  uint32_t index = take_record(env, fresh.type);
  if (index == ASYNCSCOPE__SLAB_NONE)
    return asyncscope__fail(UV_ENOMEM, "no memory for a record of %s", type);
  async_id_t trigger_async_id = trigger_id(env, options);
  set_cause(env, &fresh, trigger_async_id, options->origin);
  fill(env, resource, index, &fresh, options);
  if ((options->flags & ASYNC_RESOURCE_EXECUTION_NONE) == 0)
    mark_running(env);
  if (env->loss_detector.on)
    asyncscope__context_loss_made(env, index, options);
  asyncscope__account_made(env, record_at(env, resource->record),
                           resource->frame);
  emit_init(env, resource, type_name, trigger_async_id, options);
  return 0;
}

async_id_t async_resource_reserve_id(void) {
  async_env_t *env = asyncscope__env;
  return env == NULL ? ASYNC_ID_UNSET : ++env->next_id;
}

static void give_name_back(async_env_t *env, asyncscope__record_t *record) {
  uint32_t name = asyncscope__record_name(
      atomic_load_explicit(&record->name_calls_flags, memory_order_relaxed));
  if (name != 0)
    asyncscope__slab_give(&env->names, name - 1);
}

static void record_end(async_env_t *env, uint32_t index) {
  asyncscope__record_t *record = asyncscope__slab_at(&env->records, index);
  async_id_t ended = (async_id_t)asyncscope__get(&record->async_id);
  if (env->loss_detector.on)
    asyncscope__context_loss_ended(env, record);
  if ((asyncscope__flags(record) & ASYNCSCOPE__CAUSED) != 0 ||
      asyncscope__ancestors_named(&env->ancestors, ended))
    asyncscope__ancestors_add(&env->ancestors, record);
  asyncscope__slot_begin(&record->slot);
  asyncscope__put(&record->async_id, 0);
  asyncscope__slot_end(&record->slot);
  give_name_back(env, record);
  asyncscope__slab_give(&env->records, index);
}

/* With no destroy hook enabled nobody can hear of it, so nothing is queued. */
static void emit_destroy(async_env_t *env, uint32_t index) {
  asyncscope__record_t *record = asyncscope__slab_at(&env->records, index);
  asyncscope__flags_add(record, ASYNCSCOPE__EMITTED);
  asyncscope__account_ended(env, record);
  if (env->hooks.wanted.destroy > 0) {
    asyncscope__destroys_add(env, index);
    return;
  }
  asyncscope__flags_add(record, ASYNCSCOPE__DELIVERED);
  asyncscope__counter_add(&env->counters.resources_destroyed, 1);
}

void asyncscope__record_settle(async_env_t *env, uint32_t index,
                               uint32_t flag) {
  asyncscope__record_t *record = asyncscope__slab_at(&env->records, index);
  uint32_t both = ASYNCSCOPE__DELIVERED | ASYNCSCOPE__FINISHED;
  asyncscope__flags_add(record, flag);
  if ((asyncscope__flags(record) & both) == both)
    record_end(env, index);
}

int async_resource_emit_destroy(async_resource_t *resource) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  if (record == NULL)
    return asyncscope__fail(UV_EINVAL,
                            "not a live resource of this thread (id %lld)",
                            (long long)resource->async_id);
  if ((asyncscope__flags(record) & ASYNCSCOPE__EMITTED) != 0)
    return asyncscope__fail(UV_EALREADY,
                            "destroy of resource %lld was emitted before",
                            (long long)resource->async_id);
  emit_destroy(asyncscope__env, resource->record - 1);
  return 0;
}

static void finish_record(async_env_t *env, async_resource_t *resource,
                          uint32_t flags) {
  uint32_t index = resource->record - 1;
  uint32_t settled = ASYNCSCOPE__FINISHED;
  if ((flags & ASYNCSCOPE__EMITTED) == 0) {
    if ((flags & ASYNCSCOPE__MANUAL) == 0) {
      emit_destroy(env, index);
    } else {
      settled |= ASYNCSCOPE__DELIVERED;
      asyncscope__account_ended(env, record_at(env, resource->record));
      asyncscope__counter_add(&env->counters.resources_destroyed, 1);
    }
  }
  asyncscope__record_settle(env, index, settled);
}

/* After the end of its environment, or on another thread, only the frame can
 * be let go: the record goes with the environment. */
void async_resource_finish(async_resource_t *resource) {
  if (resource == NULL || resource->record == 0)
    return;
  asyncscope__record_t *record = asyncscope__record_of(resource);
  async_context_frame_t *frame = resource->frame_lent ? NULL : resource->frame;
  resource->frame = NULL;
  if (record != NULL)
    finish_record(asyncscope__env, resource, asyncscope__flags(record));
  resource->record = 0;
  async_context_frame_release(frame);
}

async_id_t async_resource_async_id(const async_resource_t *resource) {
  return resource->record == 0 ? ASYNC_ID_UNSET : resource->async_id;
}

async_ref_t async_resource_ref(const async_resource_t *resource) {
  return resource->record == 0
             ? (async_ref_t){ASYNC_THREAD_NONE, ASYNC_ID_UNSET}
             : (async_ref_t){resource->thread, resource->async_id};
}

static async_ref_t cause_of(const asyncscope__record_t *record) {
  return (async_ref_t){
      asyncscope__high(asyncscope__get(&record->trigger_thread_and_frame)),
      (async_id_t)asyncscope__get(&record->trigger_async_id)};
}

async_ref_t async_resource_origin(const async_resource_t *resource) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  return record == NULL ? (async_ref_t){ASYNC_THREAD_NONE, ASYNC_ID_UNSET}
                        : cause_of(record);
}

async_id_t async_resource_trigger_async_id(const async_resource_t *resource) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  return record == NULL ? ASYNC_ID_UNSET
                        : asyncscope__record_trigger(record, resource->thread);
}

const char *async_resource_type(const async_resource_t *resource) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  return record == NULL ? ""
                        : asyncscope__type_name(asyncscope__type_of(
                              asyncscope__get(&record->site_and_type)));
}

async_id_t async_default_trigger_scope_open(async_id_t trigger_async_id) {
  async_env_t *env = asyncscope__env;
  if (env == NULL)
    return ASYNC_ID_UNSET;
  async_id_t previous = env->default_trigger;
  if (trigger_async_id > ASYNC_ID_ROOT)
    asyncscope__ancestors_name(&env->ancestors, trigger_async_id);
  env->default_trigger = trigger_async_id;
  return previous;
}

void async_default_trigger_scope_close(async_id_t previous) {
  if (asyncscope__env != NULL)
    asyncscope__env->default_trigger = previous;
}
