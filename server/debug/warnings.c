#include "warnings.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

void asyncscope__debug_warnings_begin(debug_warnings_t *warnings,
                                      const debug_capture_t *capture) {
  *warnings = (debug_warnings_t){.capture = capture,
                                 .walk = asyncscope__debug_walk_all(capture)};
}

static int look(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_warnings_t *warnings = arg;
  const debug_warning_kind_t *kind = asyncscope__debug_warning_kinds;
  debug_resource_t resource;
  if (info->internal)
    return 0;
  asyncscope__debug_describe(warnings->capture, thread, info, &resource);
  for (; kind->code != NULL; kind++)
    if (kind->look != NULL)
      kind->look(warnings, kind, &resource);
  return 0;
}

int asyncscope__debug_warnings_find(debug_warnings_t *warnings) {
  return asyncscope__debug_walk_slice(&warnings->walk, look, warnings);
}

uint64_t asyncscope__debug_threshold_us(const debug_capture_t *capture,
                                        const debug_warning_kind_t *kind) {
  const asyncscope_debug_thresholds_t *thresholds =
      &capture->debug->options.thresholds;
  uint64_t configured_us;
  memcpy(&configured_us, (const char *)thresholds + kind->threshold,
         sizeof(configured_us));
  return kind->threshold_us == 0 || configured_us == 0 ? kind->threshold_us
                                                       : configured_us;
}

static debug_warning_t *find(debug_warnings_t *warnings,
                             const debug_warning_kind_t *kind,
                             const async_site_t *site) {
  for (size_t i = 0; i < warnings->count; i++)
    if (warnings->items[i].kind == kind && warnings->items[i].site == site)
      return &warnings->items[i];
  if (warnings->count == DEBUG_WARNINGS_MAX)
    return NULL;
  debug_warning_t *items = asyncscope__debug_grow(
      warnings->items, warnings->count, &warnings->capacity, sizeof(*items));
  if (items == NULL)
    return NULL;
  warnings->items = items;
  items[warnings->count] = (debug_warning_t){.kind = kind, .site = site};
  return &items[warnings->count++];
}

void asyncscope__debug_warn(debug_warnings_t *warnings,
                            const debug_warning_kind_t *kind,
                            const debug_resource_t *resource,
                            uint64_t value_us) {
  const async_resource_info_t *info = &resource->info;
  debug_warning_t *warning = find(warnings, kind, info->site);
  if (warning == NULL) {
    warnings->dropped++;
    return;
  }
  if (warning->count < DEBUG_WARNING_KEYS)
    warning->keys[warning->count] = asyncscope__debug_ref(info);
  if (warning->count == 0 || warning->request != info->request)
    warning->request = warning->count == 0 ? info->request : 0;
  if (value_us > warning->worst_us)
    warning->worst_us = value_us;
  warning->count++;
}

void asyncscope__debug_warnings_finish(debug_warnings_t *warnings) {
  async_free(warnings->items);
  warnings->items = NULL;
}
