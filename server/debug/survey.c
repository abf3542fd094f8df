#include "survey.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>
#include <string.h>

void asyncscope__debug_survey_begin(debug_survey_t *survey,
                                    const debug_capture_t *capture,
                                    bool internal) {
  *survey = (debug_survey_t){.capture = capture,
                             .internal = internal,
                             .walk = asyncscope__debug_walk_all(capture)};
}

/* Types are interned: while they are counted they are told apart by address,
 * and the one that was met last mostly comes next. */
static int count_type(debug_survey_t *survey, const char *type) {
  for (size_t i = survey->type_count; i > 0; i--)
    if (survey->types[i - 1].type == type) {
      survey->types[i - 1].count++;
      return 0;
    }
  debug_type_count_t *types =
      asyncscope__debug_grow(survey->types, survey->type_count,
                             &survey->type_capacity, sizeof(*types));
  if (types == NULL)
    return UV_ENOMEM;
  survey->types = types;
  types[survey->type_count++] = (debug_type_count_t){type, 1};
  return 0;
}

static int count(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_survey_t *survey = arg;
  debug_resource_t resource;
  if (info->internal && !survey->internal) {
    survey->hidden++;
    return 0;
  }
  asyncscope__debug_describe(survey->capture, thread, info, &resource);
  survey->live++;
  survey->states[resource.state]++;
  survey->requests += asyncscope__debug_is_request(&resource);
  return count_type(survey, info->type);
}

static int compare(const void *a, const void *b) {
  return strcmp(((const debug_type_count_t *)a)->type,
                ((const debug_type_count_t *)b)->type);
}

int asyncscope__debug_survey_take(debug_survey_t *survey) {
  int error = asyncscope__debug_walk_slice(&survey->walk, count, survey);
  if (error == 0 && survey->type_count > 1)
    qsort(survey->types, survey->type_count, sizeof(*survey->types), compare);
  return error;
}

async_env_info_t asyncscope__debug_sum(const debug_capture_t *capture) {
  async_env_info_t sum = {.thread = 0};
  for (size_t i = 0; i < capture->thread_count; i++) {
    const async_env_info_t *info = &capture->threads[i].info;
    sum.resources_created += info->resources_created;
    sum.resources_destroyed += info->resources_destroyed;
    sum.destroys_pending += info->destroys_pending;
    sum.internal_created += info->internal_created;
    sum.internal_destroyed += info->internal_destroyed;
    sum.internal_pending += info->internal_pending;
    sum.scopes_entered += info->scopes_entered;
    sum.frames_created += info->frames_created;
    sum.frames_released += info->frames_released;
    sum.stores_created += info->stores_created;
    sum.stores_released += info->stores_released;
    sum.record_bytes += info->record_bytes;
    sum.name_bytes += info->name_bytes;
    sum.request_bytes += info->request_bytes;
    sum.recorder_bytes += info->recorder_bytes;
  }
  return sum;
}

void asyncscope__debug_survey_finish(debug_survey_t *survey) {
  async_free(survey->types);
  survey->types = NULL;
}
