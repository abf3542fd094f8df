/* In each look the finished requests are read first, then the recorders, then
 * spans are made: so that all that led to a request's end is known by then.
 *
 * A thread keeps its last requests. One that is kept in two looks is new in the
 * first alone; how many have finished tells how many were never found. */
#include "otlp_collect.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "otlp_limits.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REQUESTS_A_BATCH 16

static otlp_thread_t *find_thread(const otlp_collect_t *collect,
                                  uint32_t thread) {
  for (size_t i = 0; i < collect->thread_count; i++)
    if (collect->threads[i].thread == thread)
      return &collect->threads[i];
  return NULL;
}

/* Room for one more of `size` bytes in `*array`. */
static bool reserve(void **array, size_t count, size_t *capacity, size_t max,
                    size_t size) {
  size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
  void *grown;
  if (count < *capacity)
    return true;
  if (wanted > max)
    wanted = max;
  grown = count >= max ? NULL : async_realloc(*array, wanted * size);
  if (grown == NULL)
    return false;
  *array = grown;
  *capacity = wanted;
  return true;
}

void otlp_collect_know(otlp_collect_t *collect, async_env_t *env) {
  async_env_info_t info;
  async_inspect_env(env, &info);
  if (info.thread == async_env_thread() ||
      find_thread(collect, info.thread) != NULL)
    return;
  if (reserve((void **)&collect->threads, collect->thread_count,
              &collect->thread_capacity, OTLP_THREADS_MAX,
              sizeof(otlp_thread_t)))
    collect->threads[collect->thread_count++] = (otlp_thread_t){
        .thread = info.thread, .env = async_inspect_retain(env)};
}

/* One that has ended may have been known before. */
static void know_threads(otlp_collect_t *collect) {
  async_env_t *env = NULL;
  async_env_info_t info;
  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    if (!info.ended)
      otlp_collect_know(collect, env);
  }
}

static void forget_thread(otlp_collect_t *collect, otlp_thread_t *thread) {
  async_inspect_release(thread->env);
  async_free(thread->numbers);
  *thread = collect->threads[--collect->thread_count];
}

static void forget_ended(otlp_collect_t *collect) {
  for (size_t i = collect->thread_count; i > 0; i--)
    if (collect->threads[i - 1].ended)
      forget_thread(collect, &collect->threads[i - 1]);
}

static uint64_t finished_of(async_env_t *env) {
  async_route_info_t route;
  uint64_t sum = 0;
  for (size_t i = 0; async_inspect_route(env, i, &route, NULL) == 0; i++)
    sum += route.finished;
  return sum;
}

static int compare(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
  return left < right ? -1 : left > right;
}

static bool was_kept(const otlp_thread_t *thread, uint64_t number) {
  return thread->number_count > 0 &&
         bsearch(&number, thread->numbers, thread->number_count, sizeof(number),
                 compare) != NULL;
}

/* The requests that a thread keeps now. */
typedef struct kept_s {
  uint64_t *numbers;
  size_t count, capacity;
} kept_t;

static otlp_state_t *state_of(async_env_t *env,
                              const async_request_info_t *info) {
  char text[ASYNC_TRACE_STATE_BYTES];
  return otlp_state_create(
      text, async_inspect_trace_state(env, info->place, info->number, text));
}

static void take(otlp_collect_t *collect, otlp_thread_t *thread,
                 const async_request_info_t *info) {
  async_env_info_t of_env;
  if (was_kept(thread, info->number))
    return;
  thread->seen++;
  if (!reserve((void **)&collect->finished, collect->finished_count,
               &collect->finished_capacity, OTLP_FINISHED_MAX,
               sizeof(otlp_finished_t))) {
    collect->missed++;
    return;
  }
  otlp_finished_t *finished = &collect->finished[collect->finished_count++];
  async_inspect_env(thread->env, &of_env);
  finished->info = *info;
  finished->state = state_of(thread->env, info);
  memcpy(finished->thread_name, of_env.name, sizeof(of_env.name));
}

static void note(kept_t *kept, uint64_t number) {
  if (reserve((void **)&kept->numbers, kept->count, &kept->capacity,
              OTLP_FINISHED_MAX, sizeof(number)))
    kept->numbers[kept->count++] = number;
}

/* One that is slow or failed may be kept among those alone: where newer ones
 * came, and when its thread has ended. */
static void read_kept(otlp_collect_t *collect, otlp_thread_t *thread,
                      kept_t *kept) {
  async_request_info_t infos[REQUESTS_A_BATCH];
  uint32_t cursor = 0;
  size_t count;
  do {
    count = async_inspect_requests(
        thread->env, ASYNC_REQUESTS_FINISHED | ASYNC_REQUESTS_SLOW, &cursor,
        infos, REQUESTS_A_BATCH);
    for (size_t i = 0; i < count; i++) {
      take(collect, thread, &infos[i]);
      note(kept, infos[i].number);
    }
  } while (count > 0);
}

/* One that is found may have finished after it was counted. */
static void count_missed(otlp_collect_t *collect, otlp_thread_t *thread) {
  if (thread->seen < thread->finished) {
    collect->missed += thread->finished - thread->seen;
    thread->seen = thread->finished;
  }
}

static bool read_finished(otlp_collect_t *collect, otlp_thread_t *thread) {
  kept_t kept = {.numbers = NULL};
  uint64_t finished = finished_of(thread->env);
  if (finished == thread->finished)
    return false;
  thread->finished = finished;
  read_kept(collect, thread, &kept);
  count_missed(collect, thread);
  if (kept.count > 0)
    qsort(kept.numbers, kept.count, sizeof(*kept.numbers), compare);
  async_free(thread->numbers);
  thread->numbers = kept.numbers;
  thread->number_count = kept.count;
  return true;
}

static bool read_events(otlp_collect_t *collect, otlp_thread_t *thread) {
  async_event_t events[OTLP_EVENTS_A_BATCH];
  async_env_info_t info;
  size_t count = 1, batches = 0;
  uint64_t lost;
  bool any = false;
  async_inspect_env(thread->env, &info);
  while (count > 0 && batches++ < OTLP_BATCHES_A_LOOK) {
    count = async_inspect_events(thread->env, &thread->next_event, events,
                                 OTLP_EVENTS_A_BATCH, &lost);
    collect->missed_events += lost;
    any = any || count > 0;
    for (size_t i = 0; i < count; i++)
      otlp_follow_event(&collect->follow, thread->thread, info.kind,
                        &events[i]);
  }
  return any;
}

static bool note_ended(otlp_collect_t *collect, otlp_thread_t *thread) {
  async_env_info_t info;
  (void)collect;
  async_inspect_env(thread->env, &info);
  thread->ended = info.ended;
  return false;
}

static bool pass_over(otlp_collect_t *collect, otlp_thread_t *thread) {
  async_recorder_info_t recorder;
  async_inspect_recorder(thread->env, &recorder);
  thread->next_event = recorder.written;
  return read_finished(collect, thread);
}

static bool visit(otlp_collect_t *collect,
                  bool (*visitor)(otlp_collect_t *collect,
                                  otlp_thread_t *thread)) {
  bool any = false;
  for (size_t i = 0; i < collect->thread_count; i++)
    if (visitor(collect, &collect->threads[i]))
      any = true;
  return any;
}

static void read_clocks(otlp_collect_t *collect) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  collect->epoch_ns = (uint64_t)now.tv_sec * 1000000000 +
                      (uint64_t)now.tv_nsec - async_inspect_now_ns();
}

void otlp_collect_init(otlp_collect_t *collect, otlp_queue_t *queue) {
  *collect = (otlp_collect_t){.queue = queue};
  know_threads(collect);
  visit(collect, pass_over);
  collect->missed = 0;
}

static void forget_finished(otlp_collect_t *collect) {
  while (collect->finished_count > 0)
    otlp_state_release(collect->finished[--collect->finished_count].state);
}

void otlp_collect_finish(otlp_collect_t *collect) {
  otlp_follow_finish(&collect->follow);
  forget_finished(collect);
  while (collect->thread_count > 0)
    forget_thread(collect, &collect->threads[0]);
  async_free(collect->threads);
  async_free(collect->finished);
}

static void emit_late(otlp_collect_t *collect) {
  otlp_followed_t *at = collect->follow.oldest;
  while (at != NULL) {
    otlp_followed_t *newer = at->newer;
    if (at->finished)
      otlp_emit_children(collect, at);
    at = newer;
  }
}

bool otlp_collect_look(otlp_collect_t *collect) {
  bool any;
  forget_finished(collect);
  know_threads(collect);
  visit(collect, note_ended);
  any = visit(collect, read_finished);
  any = visit(collect, read_events) || any;
  forget_ended(collect);
  read_clocks(collect);
  for (size_t i = 0; i < collect->finished_count; i++)
    otlp_emit_request(collect, &collect->finished[i]);
  if (any)
    emit_late(collect);
  collect->missed_events += collect->follow.given_up;
  collect->follow.given_up = 0;
  return any;
}
