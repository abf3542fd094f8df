#include "warnings.h"

#include "asyncscope/async_allocator.h"
#include "refs.h"
#include <string.h>

static const debug_detector_t *const detectors[DEBUG_DETECTORS] = {
    &asyncscope__debug_detect_blocked, &asyncscope__debug_detect_waiting,
    &asyncscope__debug_detect_retained, &asyncscope__debug_detect_growth,
    &asyncscope__debug_detect_findings};

void asyncscope__debug_warnings_begin(debug_warnings_t *warnings,
                                      const debug_capture_t *capture) {
  *warnings = (debug_warnings_t){.capture = capture,
                                 .walk = asyncscope__debug_walk_all(capture)};
}

debug_party_t asyncscope__debug_party(const async_resource_info_t *info) {
  return (debug_party_t){.key = asyncscope__debug_ref(info),
                         .type = info->type,
                         .site = info->site,
                         .request = info->request};
}

static int begin(debug_warnings_t *warnings) {
  int error = 0;
  for (size_t i = 0; i < DEBUG_DETECTORS && error == 0; i++)
    error = detectors[i]->begin(warnings, &warnings->states[i]);
  warnings->begun = error == 0;
  return error;
}

static int look(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_warnings_t *warnings = arg;
  if (info->internal && !warnings->capture->debug->options.internal)
    return 0;
  for (size_t i = 0; i < DEBUG_DETECTORS; i++)
    if (warnings->states[i] != NULL && detectors[i]->look != NULL)
      detectors[i]->look(warnings, warnings->states[i], thread, info);
  return 0;
}

/* Of what only counts it is known now how often it was. */
static void drop_rare(debug_warnings_t *warnings) {
  size_t kept = 0;
  for (size_t i = 0; i < warnings->count; i++) {
    const debug_warning_t *item = &warnings->items[i];
    if (!asyncscope__debug_warning_kinds[item->id].counts ||
        item->count >= asyncscope__debug_threshold(warnings->capture, item->id))
      warnings->items[kept++] = *item;
  }
  warnings->count = kept;
}

static void end(debug_warnings_t *warnings) {
  for (size_t i = 0; i < DEBUG_DETECTORS; i++) {
    if (warnings->states[i] != NULL && detectors[i]->end != NULL)
      detectors[i]->end(warnings, warnings->states[i]);
    async_free(warnings->states[i]);
    warnings->states[i] = NULL;
  }
  drop_rare(warnings);
  warnings->ended = true;
}

int asyncscope__debug_warnings_find(debug_warnings_t *warnings) {
  int error = warnings->begun ? 0 : begin(warnings);
  if (error == 0 && !warnings->ended)
    error = asyncscope__debug_walk_slice(&warnings->walk, look, warnings);
  if (error == 0 && !warnings->ended)
    end(warnings);
  return error;
}

static debug_warning_t *find(debug_warnings_t *warnings, debug_warning_id_t id,
                             const async_site_t *site) {
  for (size_t i = warnings->count; i > 0; i--)
    if (warnings->items[i - 1].id == id && warnings->items[i - 1].site == site)
      return &warnings->items[i - 1];
  if (warnings->count == DEBUG_WARNINGS_MAX)
    return NULL;
  debug_warning_t *items = asyncscope__debug_grow(
      warnings->items, warnings->count, &warnings->capacity, sizeof(*items));
  if (items == NULL)
    return NULL;
  warnings->items = items;
  items[warnings->count] =
      (debug_warning_t){.id = id, .site = site, .since_ns = UINT64_MAX};
  return &items[warnings->count++];
}

static void add_request(debug_warning_t *warning, uint64_t request) {
  for (size_t i = 0; i < warning->request_count; i++)
    if (warning->requests[i] == request)
      return;
  if (request != 0 && warning->request_count < DEBUG_WARNING_KEYS)
    warning->requests[warning->request_count++] = request;
}

static void add_party(debug_warning_t *warning, const debug_party_t *party) {
  if (party->key.async_id != ASYNC_ID_NONE &&
      warning->key_count < DEBUG_WARNING_KEYS)
    warning->keys[warning->key_count++] = party->key;
  if (party->type != NULL)
    warning->type = party->type;
  add_request(warning, party->request);
}

/* What is so now is not of the past, whatever was before. */
static void add_times(debug_warning_t *warning,
                      const debug_sighting_t *sighting) {
  if (sighting->since_ns < warning->since_ns)
    warning->since_ns = sighting->since_ns;
  if (warning->count == 0 || sighting->last_ns == 0 ||
      (warning->last_ns != 0 && sighting->last_ns > warning->last_ns))
    warning->last_ns = sighting->last_ns;
}

static bool has_focus(const debug_warnings_t *warnings,
                      const debug_sighting_t *sighting) {
  async_ref_t focus = warnings->focus;
  return focus.async_id != ASYNC_ID_NONE &&
         (asyncscope__debug_same_ref(focus, sighting->of.key) ||
          asyncscope__debug_same_ref(focus, sighting->other.key));
}

void asyncscope__debug_warn(debug_warnings_t *warnings, debug_warning_id_t id,
                            const debug_sighting_t *sighting) {
  debug_warning_t *warning = find(warnings, id, sighting->of.site);
  if (warning == NULL) {
    warnings->dropped++;
    return;
  }
  add_party(warning, &sighting->of);
  add_times(warning, sighting);
  if (sighting->other.key.async_id != ASYNC_ID_NONE)
    warning->other = sighting->other;
  if (sighting->worst > warning->worst)
    warning->worst = sighting->worst;
  warning->count += sighting->count == 0 ? 1 : sighting->count;
  warning->focused = warning->focused || has_focus(warnings, sighting);
}

void asyncscope__debug_warnings_finish(debug_warnings_t *warnings) {
  for (size_t i = 0; i < DEBUG_DETECTORS; i++) {
    async_free(warnings->states[i]);
    warnings->states[i] = NULL;
  }
  async_free(warnings->items);
  warnings->items = NULL;
}
