/* The reader's side.
 *
 * A reader is announced in `readers` while it holds pointers into the owner's
 * slabs: a batch is copied, the announcement ends, and only then does the
 * caller format or write. No torn record: the copy counts only when the
 * record's sequence was even and the same before and after. */
#include "asyncscope/async_inspect.h"

#include "env.h"
#include <string.h>

uint64_t async_inspect_now_ns(void) {
  return uv_hrtime();
}

static void announce(async_env_t *env) {
  atomic_fetch_add(&env->readers, 1);
}

static void withdraw(async_env_t *env) {
  atomic_fetch_sub(&env->readers, 1);
}

_Static_assert(ASYNC_RESOURCE_NAME_BYTES == ASYNC_REQUEST_NAME_BYTES,
               "the name of a request is one of a resource");

/* An account that is another request's by now has no name for this one. */
static void copy_request_name(const async_env_t *env, uint32_t place,
                              uint64_t number, uint64_t *words) {
  const asyncscope__requests_t *requests = asyncscope__requests_of(env);
  const async_request_t *request =
      requests == NULL ? NULL
                       : asyncscope__slab_peek(&requests->accounts, place);
  asyncscope__reading_t reading = {0};
  while (request != NULL && asyncscope__reading(&reading, &request->slot)) {
    bool same = async_request_number(request) == number;
    for (size_t i = 0; i < ASYNCSCOPE__NAME_WORDS; i++)
      words[i] = same ? asyncscope__get(&request->name[i]) : 0;
  }
}

static void copy_own_name(const async_env_t *env, uint32_t place,
                          uint64_t *words) {
  const asyncscope__name_t *text = asyncscope__slab_peek(&env->names, place);
  for (size_t i = 0; text != NULL && i < ASYNCSCOPE__NAME_WORDS; i++)
    words[i] = asyncscope__get(&text->words[i]);
}

static void copy_name(const async_env_t *env, uint32_t name, uint64_t number,
                      char *ret_name) {
  uint64_t words[ASYNCSCOPE__NAME_WORDS] = {0};
  if ((name & ASYNCSCOPE__NAME_OF_REQUEST) != 0)
    copy_request_name(env, (name & ~ASYNCSCOPE__NAME_OF_REQUEST) - 1, number,
                      words);
  else if (name != 0)
    copy_own_name(env, name - 1, words);
  memcpy(ret_name, words, sizeof(words));
  ret_name[sizeof(words) - 1] = '\0';
}

static void copy_cause(const async_env_t *env,
                       const asyncscope__record_t *record,
                       async_resource_info_t *info) {
  uint64_t cause = asyncscope__get(&record->trigger_thread_and_frame);
  info->trigger.thread = asyncscope__high(cause);
  info->trigger.async_id =
      (async_id_t)asyncscope__get(&record->trigger_async_id);
  info->trigger_async_id =
      info->trigger.thread == env->thread ? info->trigger.async_id : 0;
  info->execution_async_id =
      (async_id_t)asyncscope__get(&record->execution_async_id);
  info->frame = asyncscope__low(cause);
}

static void copy_kind(async_env_t *env, const asyncscope__record_t *record,
                      async_resource_info_t *info) {
  uint64_t site = asyncscope__get(&record->site_and_type);
  uint64_t word = asyncscope__get(&record->name_calls_flags);
  uint32_t flags = asyncscope__record_flags(word);
  info->site = asyncscope__site_of(site);
  info->type = asyncscope__type_name(asyncscope__type_of(site));
  info->internal = (flags & ASYNCSCOPE__INTERNAL) != 0;
  info->ref = (flags & ASYNCSCOPE__UNREF) == 0;
  info->owes = (flags & ASYNCSCOPE__OWES) != 0;
  info->task = (flags & ASYNCSCOPE__TASK) != 0;
  info->closing = (flags & ASYNCSCOPE__CLOSING) != 0;
  info->destroyed = (flags & ASYNCSCOPE__EMITTED) != 0;
  copy_name(env, asyncscope__record_name(word),
            asyncscope__get(&record->request), info->name);
}

static void copy_record(async_env_t *env, const asyncscope__record_t *record,
                        async_resource_info_t *info) {
  info->thread = env->thread;
  info->async_id = (async_id_t)asyncscope__get(&record->async_id);
  info->created_ns = asyncscope__get(&record->created_ns);
  asyncscope__record_run(record, &info->run_ns, &info->callbacks);
  info->storages =
      asyncscope__low(asyncscope__get(&record->exited_and_storages));
  info->request = asyncscope__get(&record->request);
  copy_cause(env, record, info);
  copy_kind(env, record, info);
}

/* A free record is passed over without copying. */
static bool read_record(async_env_t *env, const asyncscope__record_t *record,
                        async_resource_info_t *info) {
  asyncscope__reading_t reading = {0};
  while (asyncscope__reading(&reading, &record->slot)) {
    info->async_id = 0;
    if (asyncscope__get(&record->async_id) != 0)
      copy_record(env, record, info);
  }
  return info->async_id != 0;
}

size_t async_inspect_resources(async_env_t *env, uint32_t *cursor,
                               async_resource_info_t *ret_infos, size_t max) {
  size_t count = 0;
  announce(env);
  while (count < max && *cursor != ASYNCSCOPE__SLAB_NONE) {
    const asyncscope__record_t *record =
        asyncscope__slab_peek(&env->records, *cursor);
    if (record == NULL) {
      *cursor = asyncscope__slab_skip(*cursor);
    } else {
      ret_infos[count].place = *cursor;
      ++*cursor;
      count += read_record(env, record, &ret_infos[count]);
    }
  }
  withdraw(env);
  return count;
}

bool async_inspect_resource(async_env_t *env, uint32_t place,
                            async_id_t async_id,
                            async_resource_info_t *ret_info) {
  announce(env);
  const asyncscope__record_t *record =
      asyncscope__slab_peek(&env->records, place);
  bool same = record != NULL &&
              asyncscope__get(&record->async_id) == (uint64_t)async_id &&
              read_record(env, record, ret_info) &&
              ret_info->async_id == async_id;
  withdraw(env);
  ret_info->place = place;
  return same;
}

size_t async_inspect_ancestors(async_env_t *env, uint32_t *cursor,
                               async_ancestor_info_t *ret_infos, size_t max) {
  size_t count = 0;
  for (; count < max && *cursor < ASYNC_ANCESTORS_KEPT; ++*cursor)
    count +=
        asyncscope__ancestors_read(&env->ancestors, *cursor, &ret_infos[count]);
  return count;
}

static void read_name(const async_env_t *env, char *ret_name) {
  uint64_t words[ASYNC_ENV_NAME_BYTES / 8] = {0};
  asyncscope__reading_t reading = {0};
  while (asyncscope__reading(&reading, &env->name_slot))
    for (size_t i = 0; i < ASYNC_ENV_NAME_BYTES / 8; i++)
      words[i] = asyncscope__get(&env->name[i]);
  memcpy(ret_name, words, sizeof(words));
}

/* The ends before the beginnings, which take longer: what ended meanwhile must
 * not look as if it had never begun. */
static void read_counters(async_env_t *env, async_env_info_t *info) {
  const asyncscope__counters_t *counters = &env->counters;
  uint64_t created[2];
  info->resources_destroyed =
      asyncscope__counter_read(&counters->resources_destroyed[0]);
  info->destroys_pending =
      asyncscope__counter_read(&counters->destroys_pending[0]);
  info->internal_destroyed =
      asyncscope__counter_read(&counters->resources_destroyed[1]);
  info->internal_pending =
      asyncscope__counter_read(&counters->destroys_pending[1]);
  asyncscope__type_counts_created(&env->type_counts, created);
  info->resources_created = created[0];
  info->internal_created = created[1];
  info->scopes_entered = asyncscope__counter_read(&counters->scopes_entered);
  info->loop_iterations = asyncscope__counter_read(&counters->loop_iterations);
}

static void read_frames(async_env_t *env, async_env_info_t *info) {
  const asyncscope__counters_t *counters = &env->counters;
  uint64_t created =
      asyncscope__counter_read(&counters->frames_with_store_created);
  uint64_t released =
      asyncscope__counter_read(&counters->frames_with_store_released);
  info->frames_created =
      created + asyncscope__counter_read(&counters->frames_created);
  info->frames_released = released +
                          asyncscope__counter_read(&counters->frames_released) +
                          atomic_load(&env->frames_released_elsewhere);
  info->stores_created = created;
  info->stores_released = released +
                          asyncscope__counter_read(&counters->stores_released) +
                          atomic_load(&env->stores_released_elsewhere);
}

static void read_memory(async_env_t *env, async_env_info_t *info) {
  const asyncscope__requests_t *requests = asyncscope__requests_of(env);
  async_recorder_info_t recorder;
  async_inspect_recorder(env, &recorder);
  info->record_bytes = asyncscope__slab_bytes(&env->records);
  info->name_bytes = asyncscope__slab_bytes(&env->names);
  info->recorder_bytes = recorder.capacity_bytes;
  if (requests != NULL)
    info->request_bytes = asyncscope__slab_bytes(&requests->accounts) +
                          asyncscope__slab_bytes(&requests->trace_states);
}

void async_inspect_env(async_env_t *env, async_env_info_t *ret_info) {
  *ret_info = (async_env_info_t){.thread = env->thread,
                                 .kind = env->kind,
                                 .os_tid = env->os_tid,
                                 .ended = atomic_load(&env->ended),
                                 .opened_ns = env->opened_ns};
  read_name(env, ret_info->name);
  ret_info->stack_depth =
      asyncscope__stack_read(&env->stack.published, ret_info->stack);
  read_counters(env, ret_info);
  read_frames(env, ret_info);
  read_memory(env, ret_info);
}

size_t async_inspect_bytes_per_resource(void) {
  return sizeof(asyncscope__record_t);
}

size_t async_inspect_bytes_per_name(void) {
  return sizeof(asyncscope__name_t);
}
