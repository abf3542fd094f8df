/* What threads have noted themselves (async_finding.h), and what could not be
 * told. */
#include "debug.h"
#include "warnings.h"

#include "asyncscope/async_finding.h"

#define BATCH 8

static const debug_warning_id_t ids[] = {
    [ASYNC_FINDING_SLOW_CALLBACK] = DEBUG_SLOW_CALLBACK,
    [ASYNC_FINDING_CONTEXT_FOREIGN] = DEBUG_CONTEXT_FOREIGN,
    [ASYNC_FINDING_CONTEXT_LOST] = DEBUG_CONTEXT_LOST,
    [ASYNC_FINDING_SCOPE_UNBALANCED] = DEBUG_SCOPE_UNBALANCED,
    [ASYNC_FINDING_DESTROYED_UNRUN] = DEBUG_DESTROYED_UNRUN,
};

static bool is_recent(const debug_capture_t *capture, uint64_t last_ns) {
  return asyncscope__debug_elapsed_us(last_ns, capture->begun_ns) <=
         asyncscope__debug_past_us(capture);
}

/* Without a threshold of its own here, the one the thread had is right. */
static bool is_wanted(const debug_capture_t *capture,
                      const async_finding_t *finding) {
  uint64_t slow_us = capture->debug->options.thresholds.slow_callback_us;
  if (finding->internal && !capture->debug->options.internal)
    return false;
  return is_recent(capture, finding->last_ns) &&
         (finding->code != ASYNC_FINDING_SLOW_CALLBACK ||
          finding->value / 1000 >= slow_us);
}

static debug_party_t other_of(const async_finding_t *finding) {
  if (finding->other.async_id == ASYNC_ID_NONE)
    return (debug_party_t){.type = NULL};
  return (debug_party_t){finding->other, finding->other_type,
                         finding->other_site, finding->other_request};
}

static void warn(debug_warnings_t *warnings, const async_finding_t *finding) {
  const debug_sighting_t sighting = {
      .of = {finding->resource, finding->type, finding->site, finding->request},
      .other = other_of(finding),
      .count = finding->count,
      .worst = finding->value / 1000,
      .since_ns = finding->first_ns,
      .last_ns = finding->last_ns};
  asyncscope__debug_warn(warnings, ids[finding->code], &sighting);
}

static void add_thread(debug_warnings_t *warnings, async_env_t *env) {
  async_finding_t batch[BATCH];
  uint32_t cursor = 0;
  size_t count;
  while ((count = async_inspect_findings(env, &cursor, batch, BATCH)) > 0)
    for (size_t i = 0; i < count; i++)
      if (is_wanted(warnings->capture, &batch[i]))
        warn(warnings, &batch[i]);
}

/* The table of a thread is full and stays so. */
static void add_full(debug_warnings_t *warnings, const debug_thread_t *thread) {
  const debug_sighting_t sighting = {
      .count = async_inspect_findings_dropped(thread->env),
      .since_ns = thread->info.opened_ns};
  if (sighting.count > 0)
    asyncscope__debug_warn(warnings, DEBUG_DROPPED_EVENTS, &sighting);
}

static void add_dropped(debug_warnings_t *warnings) {
  const debug_drops_t *drops = &warnings->capture->debug->drops;
  const debug_sighting_t sighting = {.count = atomic_load(&drops->count),
                                     .since_ns = atomic_load(&drops->first_ns),
                                     .last_ns = atomic_load(&drops->last_ns)};
  if (sighting.count > 0 && is_recent(warnings->capture, sighting.last_ns))
    asyncscope__debug_warn(warnings, DEBUG_DROPPED_EVENTS, &sighting);
}

/* What an exporter could not tell its other side. */
static void add_exporter(debug_warnings_t *warnings,
                         const asyncscope_debug_exporter_t *exporter) {
  asyncscope_debug_export_t export = {.queued = 0};
  exporter->read(exporter->data, &export);
  const debug_sighting_t sighting = {.of = {.type = exporter->name},
                                     .count = export.rejected + export.failed +
                                              export.dropped + export.missed +
                                              export.missed_events,
                                     .since_ns = export.first_lost_ns,
                                     .last_ns = export.last_lost_ns};
  if (sighting.count > 0 && is_recent(warnings->capture, sighting.last_ns))
    asyncscope__debug_warn(warnings, DEBUG_DROPPED_EVENTS, &sighting);
}

static void add_exporters(debug_warnings_t *warnings) {
  const asyncscope_debug_options_t *options =
      &warnings->capture->debug->options;
  for (size_t i = 0; i < options->exporter_count; i++)
    add_exporter(warnings, &options->exporters[i]);
}

static int begin(debug_warnings_t *warnings, void **ret_state) {
  const debug_capture_t *capture = warnings->capture;
  (void)ret_state;
  for (size_t i = 0; i < capture->thread_count; i++) {
    add_thread(warnings, capture->threads[i].env);
    add_full(warnings, &capture->threads[i]);
  }
  add_dropped(warnings);
  add_exporters(warnings);
  return 0;
}

const debug_detector_t asyncscope__debug_detect_findings = {begin, NULL, NULL};
