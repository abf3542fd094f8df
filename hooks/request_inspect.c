/* Reading the accounts and routes of a thread, from any. */
#include "asyncscope/async_inspect.h"
#include "env.h"
#include "request.h"
#include "request_count.h"
#include <string.h>

static void copy_text(async_request_info_t *info,
                      const asyncscope__requests_t *requests,
                      const async_request_t *request) {
  uint64_t words[ASYNCSCOPE__REQUEST_NAME_WORDS];
  const asyncscope__route_t *route = asyncscope__route_at(
      &requests->routes, asyncscope__request_route(request));
  for (size_t i = 0; i < ASYNCSCOPE__REQUEST_NAME_WORDS; i++)
    words[i] = asyncscope__get(&request->name[i]);
  memcpy(info->name, words, sizeof(words));
  info->name[sizeof(words) - 1] = '\0';
  if (route != NULL)
    memcpy(info->route, route->name, sizeof(info->route));
}

static void copy_trace(async_request_trace_t *trace,
                       const async_request_t *request) {
  *trace = (async_request_trace_t){
      .trace_id = {asyncscope__get(&request->trace_id[0]),
                   asyncscope__get(&request->trace_id[1])},
      .span_id = asyncscope__get(&request->span_id),
      .parent_span_id = asyncscope__get(&request->parent_span_id),
      .flags = (uint8_t)asyncscope__get(&request->trace_flags)};
}

static void add_type(async_request_info_t *info, uint64_t word) {
  const char *type = asyncscope__type_name((uint32_t)(word >> 48));
  uint64_t count = word << 16 >> 16;
  size_t place = 0;
  info->resources += count;
  while (place < info->type_count && info->types[place].type != type)
    place++;
  if (place == ASYNC_REQUEST_TYPES) {
    info->other_types += count;
    return;
  }
  if (place == info->type_count)
    info->types[info->type_count++] = (async_request_type_t){type, 0};
  info->types[place].count += count;
}

static void add_costs(async_request_info_t *info,
                      const asyncscope__costs_t *costs) {
  uint64_t counts[ASYNCSCOPE__COSTS];
  for (size_t i = 0; i < ASYNCSCOPE__COSTS; i++)
    counts[i] = asyncscope__get(&costs->counts[i]);
  info->loop_ns += counts[ASYNCSCOPE__COST_LOOP];
  info->worker_ns += counts[ASYNCSCOPE__COST_WORKER];
  info->queued_ns += counts[ASYNCSCOPE__COST_QUEUED];
  info->in_bytes += counts[ASYNCSCOPE__COST_IN];
  info->out_bytes += counts[ASYNCSCOPE__COST_OUT];
  info->other_types += counts[ASYNCSCOPE__COST_OTHER_TYPES];
  info->resources += counts[ASYNCSCOPE__COST_OTHER_TYPES];
  for (size_t i = 0; i < ASYNC_REQUEST_TYPES; i++) {
    uint64_t word = asyncscope__counter_read(&costs->made[i]);
    if (word != 0)
      add_type(info, word);
  }
}

static unsigned which_of(uint32_t flags, uint32_t holders) {
  unsigned which = 0;
  if ((flags & ASYNCSCOPE__REQUEST_ACTIVE) != 0)
    which |= ASYNC_REQUESTS_ACTIVE;
  else if (holders > 0)
    which |= ASYNC_REQUESTS_RETAINED;
  if ((flags & ASYNCSCOPE__REQUEST_KEPT) != 0)
    which |= ASYNC_REQUESTS_FINISHED;
  if ((flags & ASYNCSCOPE__REQUEST_SLOW) != 0)
    which |= ASYNC_REQUESTS_SLOW;
  return which;
}

/* One that nobody holds is on its way home. */
static void copy_state(async_request_info_t *info,
                       const async_request_t *request) {
  uint32_t flags = asyncscope__request_flags(request);
  uint32_t references = asyncscope__request_holders(request);
  bool held = (flags & ASYNCSCOPE__REQUEST_HOLDS) != 0;
  info->number = references == 0 ? 0 : async_request_number(request);
  info->holders = held && references > 0 ? references - 1 : references;
  info->which = which_of(flags, info->holders);
  info->name_cut = (flags & ASYNCSCOPE__REQUEST_CUT) != 0;
  info->failed = (flags & ASYNCSCOPE__REQUEST_FAILED) != 0;
  info->started_ns = asyncscope__get(&request->started_ns);
  info->ended_ns = asyncscope__get(&request->ended_ns);
  if (info->ended_ns != 0)
    info->status = (int)asyncscope__get(&request->status);
}

static void copy(async_env_t *env, const asyncscope__requests_t *requests,
                 const async_request_t *request, uint64_t now_ns,
                 async_request_info_t *info) {
  *info = (async_request_info_t){.thread = env->thread};
  copy_state(info, request);
  if (info->number == 0)
    return;
  info->root =
      (async_ref_t){env->thread, (async_id_t)asyncscope__get(&request->root)};
  copy_text(info, requests, request);
  copy_trace(&info->trace, request);
  add_costs(info, &request->own);
  add_costs(info, &request->elsewhere);
  info->queued_ns += asyncscope__request_waiting_ns(request, now_ns);
}

static bool read_one(async_env_t *env, const asyncscope__requests_t *requests,
                     const async_request_t *request, unsigned which,
                     uint64_t now_ns, async_request_info_t *info) {
  asyncscope__reading_t reading = {0};
  while (asyncscope__reading(&reading, &request->slot))
    copy(env, requests, request, now_ns, info);
  return info->number != 0 && (info->which & which) != 0;
}

static size_t read_batch(async_env_t *env,
                         const asyncscope__requests_t *requests, unsigned which,
                         uint32_t *cursor, uint64_t now_ns,
                         async_request_info_t *ret_infos, size_t max) {
  size_t count = 0;
  atomic_fetch_add(&env->readers, 1);
  while (count < max && *cursor != ASYNCSCOPE__SLAB_NONE) {
    const async_request_t *request =
        asyncscope__slab_peek(&requests->accounts, *cursor);
    if (request == NULL) {
      *cursor = asyncscope__slab_skip(*cursor);
    } else {
      bool wanted =
          read_one(env, requests, request, which, now_ns, &ret_infos[count]);
      ret_infos[count].place = *cursor;
      ++*cursor;
      count += wanted;
    }
  }
  atomic_fetch_sub(&env->readers, 1);
  return count;
}

static void tell(async_env_t *env, const asyncscope__requests_t *requests,
                 async_request_info_t *infos, size_t count) {
  atomic_fetch_add(&env->readers, 1);
  for (size_t i = 0; i < count; i++) {
    async_request_t *request =
        asyncscope__slab_peek(&requests->accounts, infos[i].place);
    if (request != NULL)
      asyncscope__request_tell(request, &infos[i]);
  }
  atomic_fetch_sub(&env->readers, 1);
}

size_t async_inspect_requests(async_env_t *env, unsigned which,
                              uint32_t *cursor, async_request_info_t *ret_infos,
                              size_t max) {
  uint64_t now_ns = async_inspect_now_ns() - ASYNCSCOPE__CLOCK_ERROR_NS;
  const asyncscope__requests_t *requests = asyncscope__requests_of(env);
  if (requests == NULL)
    return 0;
  size_t count =
      read_batch(env, requests, which, cursor, now_ns, ret_infos, max);
  asyncscope__requests_add_open(ret_infos, count, now_ns);
  tell(env, requests, ret_infos, count);
  return count;
}

void async_request_trace(const async_request_t *request,
                         async_request_trace_t *ret_trace) {
  asyncscope__reading_t reading = {0};
  while (asyncscope__reading(&reading, &request->slot))
    copy_trace(ret_trace, request);
}

int async_inspect_route(async_env_t *env, size_t index,
                        async_route_info_t *ret_info, async_histogram_t *sum) {
  const asyncscope__requests_t *requests = asyncscope__requests_of(env);
  const asyncscope__route_t *route =
      requests == NULL ? NULL : asyncscope__route_at(&requests->routes, index);
  if (route == NULL)
    return UV_ENOENT;
  memcpy(ret_info->route, route->name, sizeof(ret_info->route));
  ret_info->failed = asyncscope__counter_read(&route->failed);
  ret_info->finished = async_histogram_count(&route->latency);
  if (sum != NULL)
    async_histogram_add(sum, &route->latency);
  return 0;
}
