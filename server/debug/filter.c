#include "filter.h"

#include "known_threads.h"
#include "subtree.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SITE_BYTES 1024 /* longer ones are cut */

debug_filter_t asyncscope__debug_filter(const debug_capture_t *capture,
                                        const debug_query_t *query) {
  return (debug_filter_t){
      .capture = capture,
      .query = query,
      .internal = query->internal || capture->debug->options.internal,
      .thread = SIZE_MAX,
  };
}

bool asyncscope__debug_events_tell(const debug_query_t *query) {
  const debug_parameters_t untold =
      DEBUG_TAKES(DEBUG_PARAM_STATE) | DEBUG_TAKES(DEBUG_PARAM_TRIGGER) |
      DEBUG_TAKES(DEBUG_PARAM_ROOT) | DEBUG_TAKES(DEBUG_PARAM_OLDER_THAN) |
      DEBUG_TAKES(DEBUG_PARAM_REF) | DEBUG_TAKES(DEBUG_PARAM_SINCE);
  return (query->given & untold) == 0;
}

static bool given(const debug_filter_t *filter,
                  debug_parameter_id_t parameter) {
  return asyncscope__debug_given(filter->query, parameter);
}

bool asyncscope__debug_thread_matches(debug_filter_t *filter, size_t thread) {
  const debug_query_t *query = filter->query;
  const debug_thread_t *owner = &filter->capture->threads[thread];
  const async_env_info_t *info = &owner->info;
  if (filter->thread != thread) {
    filter->thread = thread;
    filter->thread_matches =
        (!given(filter, DEBUG_PARAM_THREAD) ||
         asyncscope__debug_names_thread(&query->threads, info)) &&
        (!given(filter, DEBUG_PARAM_LOOP) ||
         (asyncscope__debug_turns_loop(owner->env, info, filter->internal) &&
          asyncscope__debug_names_thread(&query->loops, info)));
  }
  return filter->thread_matches;
}

static bool type_matches(debug_filter_t *filter, const char *type) {
  if (!given(filter, DEBUG_PARAM_TYPE))
    return true;
  if (filter->type != type) {
    filter->type = type;
    filter->type_matches =
        asyncscope__debug_globs_match(&filter->query->types, type);
  }
  return filter->type_matches;
}

/* With and without its directories, with and without its line. */
static bool names_site(const debug_globs_t *globs, const async_site_t *site) {
  const char *file = site->file == NULL ? "" : site->file;
  const char *slash = strrchr(file, '/');
  char text[SITE_BYTES];
  if (asyncscope__debug_globs_match(globs, file) ||
      (slash != NULL && asyncscope__debug_globs_match(globs, slash + 1)))
    return true;
  snprintf(text, sizeof(text), "%s:%" PRIu32, file, site->line);
  slash = strrchr(text, '/');
  return asyncscope__debug_globs_match(globs, text) ||
         (slash != NULL && asyncscope__debug_globs_match(globs, slash + 1));
}

static bool site_matches(debug_filter_t *filter, const async_site_t *site) {
  if (!given(filter, DEBUG_PARAM_SITE))
    return true;
  if (site == NULL)
    return false;
  if (filter->site != site) {
    filter->site = site;
    filter->site_matches = names_site(&filter->query->sites, site);
  }
  return filter->site_matches;
}

static bool request_matches(const debug_filter_t *filter, uint64_t request) {
  const debug_numbers_t *requests = &filter->query->requests;
  if (!given(filter, DEBUG_PARAM_REQUEST))
    return true;
  for (size_t i = 0; i < requests->count; i++)
    if (requests->items[i] == request)
      return true;
  return false;
}

static bool is_old_enough(const debug_filter_t *filter,
                          const debug_resource_t *resource) {
  uint64_t captured_ns = filter->capture->threads[resource->thread].captured_ns;
  uint64_t created_ns = resource->info.created_ns;
  return !given(filter, DEBUG_PARAM_OLDER_THAN) ||
         (created_ns <= captured_ns &&
          captured_ns - created_ns >= filter->query->older_than_ns);
}

static bool is_new_enough(const debug_filter_t *filter,
                          const debug_resource_t *resource) {
  return !given(filter, DEBUG_PARAM_SINCE) ||
         resource->info.created_ns / 1000 >= filter->query->since_us;
}

static bool causes_match(const debug_filter_t *filter,
                         const debug_resource_t *resource) {
  if (given(filter, DEBUG_PARAM_TRIGGER) &&
      !asyncscope__debug_same_ref(filter->query->trigger,
                                  resource->info.trigger))
    return false;
  return filter->subtree == NULL ||
         asyncscope__debug_subtree_has(filter->subtree,
                                       asyncscope__debug_ref(&resource->info));
}

bool asyncscope__debug_matches(debug_filter_t *filter,
                               const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  if ((info->internal && !filter->internal) ||
      (given(filter, DEBUG_PARAM_STATE) &&
       (filter->query->states & 1u << resource->state) == 0) ||
      (given(filter, DEBUG_PARAM_REF) && info->ref != filter->query->ref))
    return false;
  return request_matches(filter, info->request) &&
         is_old_enough(filter, resource) && is_new_enough(filter, resource) &&
         asyncscope__debug_thread_matches(filter, resource->thread) &&
         type_matches(filter, info->type) && site_matches(filter, info->site) &&
         causes_match(filter, resource);
}

bool asyncscope__debug_matches_event(debug_filter_t *filter, size_t thread,
                                     const async_event_t *event) {
  return (!event->internal || filter->internal) &&
         request_matches(filter, event->request) &&
         asyncscope__debug_thread_matches(filter, thread) &&
         type_matches(filter, event->type) && site_matches(filter, event->site);
}
