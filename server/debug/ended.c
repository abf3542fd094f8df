#include "ended.h"

#include "survey.h"

#include "asyncscope/async_allocator.h"

typedef struct known_s {
  uint32_t thread;
  async_env_t *env; /* a reference */
  bool gone;
} known_t;

struct debug_ended_s {
  uv_mutex_t lock;
  known_t *known; /* by number */
  size_t known_count;
  debug_ended_sum_t *sum; /* NULL: none has ended */
};

debug_ended_t *asyncscope__debug_ended_create(void) {
  debug_ended_t *ended = async_calloc(1, sizeof(*ended));
  if (ended != NULL && uv_mutex_init(&ended->lock) != 0) {
    async_free(ended);
    return NULL;
  }
  return ended;
}

static void drop(debug_ended_sum_t *sum) {
  if (sum == NULL || --sum->references > 0)
    return;
  asyncscope__debug_type_runs_finish(&sum->types);
  asyncscope__debug_routes_finish(&sum->routes);
  async_free(sum);
}

static void forget(debug_ended_t *ended) {
  for (size_t i = 0; i < ended->known_count; i++)
    async_inspect_release(ended->known[i].env);
  async_free(ended->known);
  ended->known = NULL;
  ended->known_count = 0;
}

void asyncscope__debug_ended_destroy(debug_ended_t *ended) {
  if (ended == NULL)
    return;
  forget(ended);
  drop(ended->sum);
  uv_mutex_destroy(&ended->lock);
  async_free(ended);
}

static void add_counts(async_env_info_t *sum, const async_env_info_t *info) {
  sum->resources_created += info->resources_created;
  sum->resources_destroyed += info->resources_destroyed;
  sum->internal_created += info->internal_created;
  sum->internal_destroyed += info->internal_destroyed;
  sum->scopes_entered += info->scopes_entered;
}

static int add_thread(debug_ended_sum_t *sum, async_env_t *env) {
  async_env_info_t info;
  async_recorder_info_t recorder;
  async_inspect_env(env, &info);
  async_inspect_recorder(env, &recorder);
  add_counts(&sum->counts, &info);
  sum->recorder.written += recorder.written;
  sum->recorder.lost += recorder.lost;
  int error = asyncscope__debug_type_runs_add(&sum->types, env);
  return error == 0 ? asyncscope__debug_routes_add(&sum->routes, env) : error;
}

static int add_sum(debug_ended_sum_t *sum, const debug_ended_sum_t *before) {
  if (before == NULL)
    return 0;
  sum->counts = before->counts;
  sum->recorder = before->recorder;
  int error = asyncscope__debug_type_runs_join(&sum->types, &before->types);
  return error == 0
             ? asyncscope__debug_routes_join(&sum->routes, &before->routes)
             : error;
}

/* Without a capture those that say so. */
static bool is_gone(const known_t *known, const debug_capture_t *capture) {
  async_env_info_t info;
  if (capture != NULL)
    return asyncscope__debug_find_thread(capture, known->thread) == NULL;
  async_inspect_env(known->env, &info);
  return info.ended;
}

/* One that ends after this is gone the next time. */
static bool mark_gone(debug_ended_t *ended, const debug_capture_t *capture) {
  bool any = false;
  for (size_t i = 0; i < ended->known_count; i++) {
    known_t *known = &ended->known[i];
    known->gone = is_gone(known, capture);
    any = any || known->gone;
  }
  return any;
}

static int fill_sum(const debug_ended_t *ended, debug_ended_sum_t *sum) {
  int error = add_sum(sum, ended->sum);
  for (size_t i = 0; i < ended->known_count && error == 0; i++)
    if (ended->known[i].gone)
      error = add_thread(sum, ended->known[i].env);
  return error;
}

static void forget_gone(debug_ended_t *ended) {
  size_t kept = 0;
  for (size_t i = 0; i < ended->known_count; i++)
    if (ended->known[i].gone)
      async_inspect_release(ended->known[i].env);
    else
      ended->known[kept++] = ended->known[i];
  ended->known_count = kept;
}

/* The sum that captures have is theirs: there is another. */
static int settle(debug_ended_t *ended, const debug_capture_t *capture) {
  if (!mark_gone(ended, capture))
    return 0;
  debug_ended_sum_t *sum = async_calloc(1, sizeof(*sum));
  if (sum == NULL)
    return UV_ENOMEM;
  sum->references = 1;
  int error = fill_sum(ended, sum);
  if (error != 0) {
    drop(sum);
    return error;
  }
  drop(ended->sum);
  ended->sum = sum;
  forget_gone(ended);
  return 0;
}

static int know(debug_ended_t *ended, const debug_capture_t *capture) {
  size_t count = capture->thread_count;
  known_t *known = async_calloc(count + 1, sizeof(*known));
  if (known == NULL)
    return UV_ENOMEM;
  for (size_t i = 0; i < count; i++)
    known[i] = (known_t){.thread = capture->threads[i].info.thread,
                         .env = async_inspect_retain(capture->threads[i].env)};
  forget(ended);
  ended->known = known;
  ended->known_count = count;
  return 0;
}

int asyncscope__debug_ended_capture(debug_ended_t *ended,
                                    debug_capture_t *capture,
                                    int (*walk)(debug_capture_t *capture)) {
  uv_mutex_lock(&ended->lock);
  int error = walk(capture);
  if (error == 0)
    error = settle(ended, capture);
  if (error == 0)
    error = know(ended, capture);
  if (error == 0 && ended->sum != NULL) {
    ended->sum->references++;
    capture->ended = ended->sum;
  }
  uv_mutex_unlock(&ended->lock);
  return error;
}

void asyncscope__debug_ended_release(debug_ended_t *ended,
                                     debug_ended_sum_t *sum) {
  if (sum == NULL)
    return;
  uv_mutex_lock(&ended->lock);
  drop(sum);
  uv_mutex_unlock(&ended->lock);
}

/* What fails now is done by the next. */
void asyncscope__debug_ended_settle(debug_ended_t *ended) {
  uv_mutex_lock(&ended->lock);
  settle(ended, NULL);
  uv_mutex_unlock(&ended->lock);
}

async_env_info_t asyncscope__debug_total(const debug_capture_t *capture) {
  async_env_info_t total = asyncscope__debug_sum(capture);
  if (capture->ended != NULL)
    add_counts(&total, &capture->ended->counts);
  return total;
}
