/* A resource is made, and asked; its end is in async_resource_end.c, the scopes
 * are in async_scope.c. */
#include "asyncscope/async_resource.h"

#include "account.h"
#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "hot.h"
#include "probes.h"
#include "resource.h"
#include <assert.h>
#include <string.h>

#define ID_LIMIT (INT64_C(1) << 53)

/* A cause that does not run is known by its number only. */
ASYNCSCOPE__COLD static void name_cause(async_env_t *env,
                                        async_id_t trigger_async_id) {
  if (trigger_async_id > ASYNC_ID_ROOT)
    asyncscope__ancestors_name(&env->ancestors, trigger_async_id);
}

ASYNCSCOPE__HOT async_id_t trigger_id(async_env_t *env,
                                      async_resource_options_t options,
                                      async_id_t execution_async_id) {
  if (options.origin != NULL)
    return ASYNC_ID_NONE;
  if ((options.flags & ASYNC_RESOURCE_TRIGGER) == 0)
    return asyncscope__default_trigger(env, execution_async_id);
  if (ASYNCSCOPE__UNLIKELY(options.trigger_async_id != execution_async_id &&
                           (options.flags & ASYNCSCOPE__RESOURCE_CAUSE_KNOWN) ==
                               0))
    name_cause(env, options.trigger_async_id);
  return options.trigger_async_id;
}

/* As one that was never made: finishing it is harmless. */
static void empty(async_resource_t *resource) {
  resource->async_id = ASYNC_ID_UNSET;
  resource->thread = ASYNC_THREAD_NONE;
  resource->record = 0;
  resource->frame = NULL;
}

static bool is_reserved(async_id_t async_id) {
  return async_id > ASYNC_ID_ROOT && async_id < ID_LIMIT;
}

ASYNCSCOPE__COLD static int refuse(const async_env_t *env,
                                   async_resource_t *resource, const char *type,
                                   async_resource_options_t options) {
  empty(resource);
  if (env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  if (type == NULL || *type == '\0')
    return asyncscope__fail(UV_EINVAL, "a resource needs a type");
  if (options.async_id != NULL && !is_reserved(*options.async_id))
    return asyncscope__fail(UV_EINVAL, "invalid asyncId value: %lld",
                            (long long)*options.async_id);
  return asyncscope__fail(UV_EINVAL, "invalid triggerAsyncId value: %lld",
                          (long long)options.trigger_async_id);
}

ASYNCSCOPE__HOT bool is_valid(const async_env_t *env, const char *type,
                              async_resource_options_t options) {
  return env != NULL && type != NULL &&
         ((options.flags & ASYNC_RESOURCE_TRIGGER) == 0 ||
          (options.trigger_async_id >= ASYNC_ID_UNSET &&
           options.trigger_async_id < ID_LIMIT)) &&
         (options.async_id == NULL || is_reserved(*options.async_id));
}

/* Of its options what its record says: some as they are, some elsewhere. */
#define SAME   (ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY | ASYNC_RESOURCE_INTERNAL)
#define HIGHER (ASYNC_RESOURCE_OWES_CALLBACK | ASYNC_RESOURCE_TASK)
#define LOWER  (ASYNCSCOPE__RESOURCE_PROMISE | ASYNCSCOPE__RESOURCE_UNREF)

static_assert((uint32_t)ASYNC_RESOURCE_REQUIRE_MANUAL_DESTROY ==
                      ASYNCSCOPE__MANUAL &&
                  (uint32_t)ASYNC_RESOURCE_INTERNAL == ASYNCSCOPE__INTERNAL &&
                  ASYNC_RESOURCE_OWES_CALLBACK << 3 == ASYNCSCOPE__OWES &&
                  ASYNC_RESOURCE_TASK << 3 == ASYNCSCOPE__TASK &&
                  ASYNCSCOPE__RESOURCE_PROMISE >> 23 == ASYNCSCOPE__PROMISE &&
                  ASYNCSCOPE__RESOURCE_UNREF >> 23 == ASYNCSCOPE__UNREF,
              "a flag of the options lies elsewhere in a record");

ASYNCSCOPE__HOT uint32_t flags_for(const async_env_t *env,
                                   async_resource_options_t options) {
  uint32_t given = options.flags;
  uint32_t flags = env->internal ? ASYNCSCOPE__INTERNAL : 0;
  if ((given & (SAME | HIGHER | LOWER)) == 0)
    return flags;
  return flags | (given & SAME) | (given & HIGHER) << 3 | (given & LOWER) >> 23;
}

ASYNCSCOPE__HOT void publish(asyncscope__record_t *record,
                             const asyncscope__fresh_t *fresh) {
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
  asyncscope__put(&record->site_and_type, fresh->site_and_type);
  asyncscope__put(&record->request, fresh->request);
  asyncscope__put(&record->name_calls_flags,
                  asyncscope__pair(fresh->name, fresh->flags));
  asyncscope__put(&record->run_and_calls, 0);
  asyncscope__put(&record->exited_and_storages,
                  frame == NULL ? 0 : frame->exited_and_storages);
  asyncscope__slot_end(&record->slot);
}

ASYNCSCOPE__COLD static void mark_running(async_env_t *env,
                                          asyncscope__entry_t *running) {
  asyncscope__record_t *record =
      asyncscope__record_find(env, running->record, running->async_id);
  if (record != NULL)
    asyncscope__flags_add(record, ASYNCSCOPE__CAUSED);
  running->marks |= ASYNCSCOPE__CAUSED;
}

/* A cause on another thread stands in the record with that thread's number. */
ASYNCSCOPE__HOT void set_cause(const async_env_t *env,
                               asyncscope__fresh_t *fresh,
                               async_id_t trigger_async_id,
                               const async_ref_t *origin) {
  fresh->trigger_async_id =
      origin == NULL ? trigger_async_id : origin->async_id;
  fresh->trigger_thread = origin == NULL ? env->thread : origin->thread;
}

/* Whether it is lent to the resource. */
ASYNCSCOPE__HOT bool take_frame(const async_env_t *env,
                                async_resource_options_t options,
                                async_context_frame_t **ret_frame) {
  bool framed = (options.flags & ASYNC_RESOURCE_FRAME) != 0;
  bool lent = framed && (options.flags & ASYNC_RESOURCE_FRAME_LENT) != 0;
  *ret_frame = framed ? options.frame : env->frame;
  if (!lent)
    asyncscope__frame_hold(*ret_frame);
  return lent;
}

/* NULL without memory. */
ASYNCSCOPE__APART static asyncscope__type_count_t *find_row(
    async_env_t *env, asyncscope__type_entry_t *interned) {
  uint32_t type = interned->type;
  interned->row = asyncscope__type_count(&env->type_counts, type);
  if (interned->row == NULL)
    interned->row = asyncscope__type_counts_add(&env->type_counts, type);
  return interned->row;
}

/* The type's row, where what is counted of it goes; NULL without memory. */
ASYNCSCOPE__HOT asyncscope__type_count_t *row_of(
    async_env_t *env, asyncscope__type_entry_t *interned) {
  asyncscope__type_count_t *row = interned->row;
  return ASYNCSCOPE__LIKELY(row != NULL) ? row : find_row(env, interned);
}

/* Also room to remember the running resource by. NULL without memory. */
ASYNCSCOPE__HOT asyncscope__record_t *take_record(async_env_t *env,
                                                  uint32_t *ret_index) {
  if (ASYNCSCOPE__UNLIKELY(!asyncscope__ancestors_there(&env->ancestors)) &&
      env->stack.depth > 0 && !asyncscope__ancestors_reserve(&env->ancestors))
    return NULL;
  return asyncscope__slab_take_at(&env->records, ret_index);
}

/* NULL without memory; of an empty one, which is none, always. */
ASYNCSCOPE__HOT asyncscope__type_entry_t *intern(async_env_t *env,
                                                 const char *type) {
  asyncscope__type_entry_t *entry = asyncscope__type_cached(&env->types, type);
  if (ASYNCSCOPE__LIKELY(entry != NULL))
    return entry;
  return *type == '\0' ? NULL : asyncscope__type_intern(&env->types, type);
}

/* What is made outside of tracked code is reported as from there: with no id
 * current; or, without memory for a scope more than 64 deep, as from here. */
ASYNCSCOPE__COLD static void emit_init_outside(async_env_t *env,
                                               async_resource_t *resource,
                                               const char *type,
                                               async_id_t trigger_async_id,
                                               bool promise) {
  asyncscope__entry_t nobody = {.async_id = ASYNC_ID_NONE,
                                .entered_ns = env->now_ns};
  bool outside = asyncscope__stack_push(&env->stack, &nobody) == 0;
  asyncscope__emit_init(&env->hooks, resource->async_id, type, trigger_async_id,
                        resource, promise);
  if (!outside)
    return;
  asyncscope__scope_require(env, ASYNC_ID_NONE);
  asyncscope__stack_pop(&env->stack);
}

ASYNCSCOPE__HOT void emit_init(async_env_t *env, async_resource_t *resource,
                               const char *type, async_id_t trigger_async_id,
                               unsigned flags) {
  bool promise = (flags & ASYNCSCOPE__RESOURCE_PROMISE) != 0;
  if (env->hooks.wanted.init == 0)
    return;
  if ((flags & ASYNC_RESOURCE_EXECUTION_NONE) != 0)
    emit_init_outside(env, resource, type, trigger_async_id, promise);
  else
    asyncscope__emit_init(&env->hooks, resource->async_id, type,
                          trigger_async_id, resource, promise);
}

/* Ids and causes. Others name the running resource: as the one that executed,
 * and mostly as their trigger; it is remembered when it ends before them. */
ASYNCSCOPE__HOT void name(async_env_t *env, asyncscope__fresh_t *fresh,
                          async_resource_options_t options) {
  asyncscope__entry_t *running = env->stack.top;
  async_id_t current = running->async_id;
  bool outside = (options.flags & ASYNC_RESOURCE_EXECUTION_NONE) != 0;
  fresh->trigger = trigger_id(env, options, current);
  set_cause(env, fresh, fresh->trigger, options.origin);
  fresh->execution_async_id = outside ? ASYNC_ID_NONE : current;
  fresh->async_id =
      options.async_id != NULL ? *options.async_id : ++env->next_id;
  if (!outside && (running->marks & ASYNCSCOPE__CAUSED) == 0)
    mark_running(env, running);
}

ASYNCSCOPE__HOT uint32_t place_of_name(const async_env_t *env,
                                       const async_context_frame_t *frame,
                                       async_resource_options_t options) {
  if ((options.flags & ASYNC_RESOURCE_REQUEST_NAME) == 0 || frame == NULL ||
      frame->account == NULL || frame->account->env != env)
    return 0;
  return ASYNCSCOPE__NAME_OF_REQUEST | (frame->account->index + 1);
}

/* Nothing can fail any more. */
ASYNCSCOPE__HOT void begin(async_env_t *env, async_resource_t *resource,
                           asyncscope__record_t *record, uint32_t index,
                           asyncscope__fresh_t *fresh,
                           async_resource_options_t options) {
  async_context_frame_t *frame;
  name(env, fresh, options);
  bool lent = take_frame(env, options, &frame);
  *resource = (async_resource_t){.data = resource->data,
                                 .async_id = fresh->async_id,
                                 .frame = frame,
                                 .thread = env->thread,
                                 .record = index + 1,
                                 .frame_lent = lent};
  fresh->flags = flags_for(env, options);
  fresh->frame = frame;
  fresh->name = place_of_name(env, fresh->frame, options);
  fresh->request = fresh->frame == NULL ? 0 : fresh->frame->request;
  fresh->created_ns = asyncscope__near_ns(env);
  publish(record, fresh);
  env->latest = record;
  env->latest_id = fresh->async_id;
  env->latest_place = index + 1;
  if (ASYNCSCOPE__UNLIKELY(env->loss_detector.on))
    asyncscope__context_loss_made(env, index, options.flags, frame);
}

ASYNCSCOPE__COLD static int no_memory(async_resource_t *resource,
                                      const char *type) {
  empty(resource);
  return asyncscope__fail(UV_ENOMEM, "no memory for a record of %s", type);
}

ASYNCSCOPE__COLD static int no_type(const async_env_t *env,
                                    async_resource_t *resource,
                                    const char *type) {
  static const async_resource_options_t none;
  return *type == '\0' ? refuse(env, resource, type, none)
                       : no_memory(resource, type);
}

/* Inlined for each kind of options that is told apart below: by value, so that
 * what is known of one is known to the compiler. */
ASYNCSCOPE__HOT int init(const async_site_t *site, async_resource_t *resource,
                         const char *type, async_resource_options_t options) {
  async_env_t *env = asyncscope__env;
  if (ASYNCSCOPE__UNLIKELY(!is_valid(env, type, options)))
    return refuse(env, resource, type, options);
  asyncscope__fresh_t fresh;
  asyncscope__type_entry_t *interned = intern(env, type);
  if (ASYNCSCOPE__UNLIKELY(interned == NULL))
    return no_type(env, resource, type);
  const char *type_name = interned->name;
  fresh.type = interned->type;
  fresh.site_and_type = asyncscope__site_and_type(site, fresh.type);
  asyncscope__type_count_t *row = row_of(env, interned);
  uint32_t index;
  asyncscope__record_t *record = row == NULL ? NULL : take_record(env, &index);
  if (ASYNCSCOPE__UNLIKELY(record == NULL))
    return no_memory(resource, type);
  begin(env, resource, record, index, &fresh, options);
  asyncscope__account_made(env, &fresh, row);
  ASYNCSCOPE__PROBE3(init, fresh.async_id, type_name, fresh.trigger);
  emit_init(env, resource, type_name, fresh.trigger, options.flags);
  return 0;
}

/* How a server makes the resource of each of its requests. */
#define OF_REQUEST                                                             \
  (ASYNC_RESOURCE_TRIGGER | ASYNC_RESOURCE_FRAME | ASYNC_RESOURCE_FRAME_LENT | \
   ASYNC_RESOURCE_REQUEST_NAME)

int async_resource_init_at(const async_site_t *site, async_resource_t *resource,
                           const char *type,
                           const async_resource_options_t *options) {
  if (options == NULL)
    return init(site, resource, type, (async_resource_options_t){.flags = 0});
  if (options->flags != OF_REQUEST || options->origin != NULL ||
      options->async_id != NULL)
    return init(site, resource, type, *options);
  return init(
      site, resource, type,
      (async_resource_options_t){.flags = OF_REQUEST,
                                 .trigger_async_id = options->trigger_async_id,
                                 .frame = options->frame});
}

int asyncscope__not_live_here(const async_resource_t *resource) {
  return asyncscope__fail(UV_EINVAL,
                          "not a live resource of this thread (id %lld)",
                          (long long)resource->async_id);
}

async_id_t async_resource_reserve_id(void) {
  async_env_t *env = asyncscope__env;
  return env == NULL ? ASYNC_ID_UNSET : ++env->next_id;
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

const async_site_t *async_resource_site(const async_resource_t *resource) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  return record == NULL
             ? NULL
             : asyncscope__site_of(asyncscope__get(&record->site_and_type));
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
