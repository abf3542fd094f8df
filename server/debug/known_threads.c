#include "known_threads.h"

#include "capture.h"
#include "parameter.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool asyncscope__debug_names_thread(const debug_globs_t *globs,
                                    const async_env_info_t *info) {
  char number[16];
  snprintf(number, sizeof(number), "%" PRIu32, info->thread);
  return asyncscope__debug_globs_match(globs, number) ||
         asyncscope__debug_globs_match(globs, info->name);
}

static bool is_meant(debug_parameter_id_t parameter, async_env_t *env,
                     const async_env_info_t *info, bool internal) {
  return !info->ended && (parameter == DEBUG_PARAM_THREAD ||
                          asyncscope__debug_turns_loop(env, info, internal));
}

static bool is_known(debug_parameter_id_t parameter, const char *pattern,
                     bool internal) {
  const debug_globs_t one = {.count = 1, .items = {pattern}};
  async_env_info_t info;
  async_env_t *env = NULL;
  bool known = strcmp(pattern, "*") == 0;
  while (!known && (env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    known = is_meant(parameter, env, &info, internal) &&
            asyncscope__debug_names_thread(&one, &info);
  }
  async_inspect_release(env);
  return known;
}

/* The first of them, by name. */
static void list(debug_parameter_id_t parameter, debug_query_t *query) {
  async_env_info_t info;
  async_env_t *env = NULL;
  size_t count = 0;
  while (count < DEBUG_WORDS_MAX && (env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    if (!is_meant(parameter, env, &info, query->internal))
      continue;
    snprintf(query->names[count], sizeof(query->names[count]), "%s", info.name);
    query->valid[count] = query->names[count];
    count++;
  }
  async_inspect_release(env);
  query->valid[count] = NULL;
}

static bool are_known(debug_parameter_id_t parameter,
                      const debug_globs_t *globs, debug_query_t *query,
                      debug_fault_t *ret_fault) {
  bool known = true;
  for (size_t i = 0; i < globs->count && known; i++)
    known = is_known(parameter, globs->items[i], query->internal);
  if (known)
    return true;
  list(parameter, query);
  *ret_fault =
      (debug_fault_t){.problem = "names none that is there",
                      .parameter = asyncscope__debug_parameters[parameter].name,
                      .valid = query->valid};
  return false;
}

bool asyncscope__debug_threads_are_known(debug_query_t *query,
                                         debug_fault_t *ret_fault) {
  return are_known(DEBUG_PARAM_THREAD, &query->threads, query, ret_fault) &&
         are_known(DEBUG_PARAM_LOOP, &query->loops, query, ret_fault);
}
