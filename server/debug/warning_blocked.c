/* A loop that is in a callback. What stands on its stack from before its last
 * check phase, or from before the poll phase that it is in, is around the loop:
 * the loop was run in there. Of the scopes that are not, the outermost says how
 * long the loop has not turned; named is the innermost that has itself been
 * open for so long. */
#include "refs.h"
#include "warnings.h"

#include "asyncscope/async_allocator.h"

typedef struct blocked_s {
  async_ref_t key; /* id 0: the loop is not blocked */
  uint64_t since_ns, us;
  bool named; /* its record was met */
} blocked_t;

static uint64_t open_us(const debug_thread_t *thread, size_t entry) {
  return asyncscope__debug_elapsed_us(thread->info.stack[entry].since_ns,
                                      thread->captured_ns);
}

/* The first entry that is not around the loop. */
static size_t first_inside(const debug_thread_t *thread, size_t depth) {
  async_loop_info_t loop;
  async_inspect_loop(thread->env, &loop, NULL);
  size_t at = loop.scopes_around;
  while (at < depth && thread->info.stack[at].since_ns <= loop.checked_ns)
    at++;
  return at;
}

static blocked_t examine(const debug_thread_t *thread, uint64_t threshold_us) {
  const async_env_info_t *info = &thread->info;
  size_t depth = info->stack_depth < ASYNC_STACK_PUBLISHED
                     ? info->stack_depth
                     : ASYNC_STACK_PUBLISHED;
  size_t first = first_inside(thread, depth);
  size_t named = first;
  if (first >= depth || open_us(thread, first) < threshold_us)
    return (blocked_t){.us = 0};
  while (named + 1 < depth && open_us(thread, named + 1) >= threshold_us)
    named++;
  return (blocked_t){.key = {info->thread, info->stack[named].async_id},
                     .since_ns = info->stack[first].since_ns,
                     .us = open_us(thread, first)};
}

static int begin(debug_warnings_t *warnings, void **ret_state) {
  const debug_capture_t *capture = warnings->capture;
  uint64_t threshold_us =
      asyncscope__debug_threshold(capture, DEBUG_LOOP_BLOCKED);
  blocked_t *blocked = NULL;
  for (size_t i = 0; i < capture->thread_count; i++) {
    const debug_thread_t *thread = &capture->threads[i];
    blocked_t found = {.us = 0};
    if (thread->info.kind == ASYNC_ENV_LOOP)
      found = examine(thread, threshold_us);
    if (found.key.async_id == ASYNC_ID_NONE)
      continue;
    if (blocked == NULL)
      blocked = async_calloc(capture->thread_count, sizeof(*blocked));
    if (blocked == NULL)
      return UV_ENOMEM;
    blocked[i] = found;
  }
  *ret_state = blocked;
  return 0;
}

static void warn(debug_warnings_t *warnings, const blocked_t *blocked,
                 debug_party_t of) {
  const debug_sighting_t sighting = {
      .of = of, .worst = blocked->us, .since_ns = blocked->since_ns};
  asyncscope__debug_warn(warnings, DEBUG_LOOP_BLOCKED, &sighting);
}

static void look(debug_warnings_t *warnings, void *state, size_t thread,
                 const async_resource_info_t *info) {
  blocked_t *blocked = &((blocked_t *)state)[thread];
  if (blocked->key.async_id != info->async_id || blocked->named)
    return;
  blocked->named = true;
  warn(warnings, blocked, asyncscope__debug_party(info));
}

/* It may have ended inside of its own scope. */
static void end(debug_warnings_t *warnings, void *state) {
  const blocked_t *blocked = state;
  for (size_t i = 0; i < warnings->capture->thread_count; i++)
    if (blocked[i].key.async_id != ASYNC_ID_NONE && !blocked[i].named)
      warn(warnings, &blocked[i], (debug_party_t){.key = blocked[i].key});
}

const debug_detector_t asyncscope__debug_detect_blocked = {begin, look, end};
