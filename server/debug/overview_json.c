/* /debug as JSON: counts, threads, pools, and the resources and requests of the
 * query. What is asyncscope's own is left out where it was not asked for; so
 * that no reference leads nowhere, the causes of what is shown that have ended
 * are listed. */
#include "ancestry.h"
#include "document.h"
#include "ended.h"
#include "formats.h"
#include "json_exporter.h"
#include "json_fields.h"
#include "json_included.h"
#include "json_list.h"
#include "json_pool.h"
#include "json_resource.h"
#include "json_threads.h"
#include "json_turnover.h"
#include "json_warnings.h"
#include "opening.h"
#include "recorded.h"
#include "requests.h"
#include "seen.h"
#include "source.h"
#include "survey.h"
#include "text.h"

#include "asyncscope/async_allocator.h"

typedef struct overview_json_s {
  debug_document_t document;
  debug_source_t source;
  debug_seen_t *told; /* by the resources that are listed; may be NULL */
  debug_survey_t survey;
  bool surveyed, counted;
  debug_requests_t requests;
  debug_included_t included;
  debug_threads_t threads;
  debug_ancestry_t ancestry;
  debug_warnings_t warnings;
  size_t type, pool, exporter, warning;
} overview_json_t;

/* One after the other, each until it is done. */
static int prepare(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  int error = 0;
  (void)writer;
  if (!json->surveyed)
    error = asyncscope__debug_survey_take(&json->survey);
  json->surveyed = json->surveyed || error == 0;
  if (error == 0 && !json->counted)
    error = asyncscope__debug_requests_build(&json->requests);
  json->counted = json->counted || (json->surveyed && error == 0);
  return error == 0 ? asyncscope__debug_source_prepare(&json->source) : error;
}

static json_t *pair(const char *first_key, uint64_t first,
                    const char *second_key, uint64_t second) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, first_key, first);
  asyncscope__json_put_unsigned(&fields, second_key, second);
  return asyncscope__json_end(&fields);
}

static json_t *counts(const debug_survey_t *survey) {
  async_env_info_t sum = asyncscope__debug_total(survey->capture);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "live", survey->live);
  asyncscope__json_put_unsigned(&fields, "hidden", survey->hidden);
  asyncscope__json_put_unsigned(&fields, "requests", survey->requests);
  asyncscope__json_put_unsigned(&fields, "created", sum.resources_created);
  asyncscope__json_put_unsigned(&fields, "destroyed", sum.resources_destroyed);
  asyncscope__json_put_unsigned(&fields, "destroysPending",
                                sum.destroys_pending);
  asyncscope__json_put_internal(&fields, &sum);
  asyncscope__json_put_unsigned(
      &fields, "droppedEvents",
      asyncscope__debug_recorded_by_all(survey->capture).dropped);
  asyncscope__json_put(
      &fields, "frames",
      pair("created", sum.frames_created, "released", sum.frames_released));
  asyncscope__json_put(
      &fields, "stores",
      pair("created", sum.stores_created, "released", sum.stores_released));
  asyncscope__json_put_turnover(&fields, survey->capture);
  return asyncscope__json_end(&fields);
}

static json_t *states(const debug_survey_t *survey) {
  json_fields_t fields = asyncscope__json_begin();
  for (unsigned i = 0; i < DEBUG_STATES; i++)
    asyncscope__json_put_unsigned(
        &fields, asyncscope__debug_state_name((debug_state_t)i),
        survey->states[i]);
  return asyncscope__json_end(&fields);
}

/* Made, one callback, ended: as it was measured when the diagnostics began. */
static json_t *calibration(const debug_cost_t *cost) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "init", atomic_load(&cost->init_ns));
  asyncscope__json_put_unsigned(&fields, "scope", atomic_load(&cost->scope_ns));
  asyncscope__json_put_unsigned(&fields, "destroy",
                                atomic_load(&cost->destroy_ns));
  return asyncscope__json_end(&fields);
}

/* What it costs to know all this: one record, memory in all, and time as it was
 * measured when the diagnostics began. */
static json_t *tracking(const debug_survey_t *survey) {
  async_env_info_t sum = asyncscope__debug_sum(survey->capture);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "bytesPerResource",
                                async_inspect_bytes_per_resource());
  asyncscope__json_put_unsigned(&fields, "bytesPerName",
                                async_inspect_bytes_per_name());
  asyncscope__json_put_memory(&fields, &sum);
  const debug_cost_t *cost = &survey->capture->debug->cost;
  if (atomic_load(&cost->destroy_ns) != 0)
    asyncscope__json_put(&fields, "calibrationNs", calibration(cost));
  return asyncscope__json_end(&fields);
}

static int begin_counts(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  int error =
      asyncscope__json_write(writer, "tracking", tracking(&json->survey));
  if (error == 0)
    error = asyncscope__json_open_object(writer, "counts");
  if (error == 0)
    error = asyncscope__json_write_members(writer, counts(&json->survey));
  if (error == 0)
    error = asyncscope__json_write(writer, "byState", states(&json->survey));
  return error == 0 ? asyncscope__json_open_object(writer, "byType") : error;
}

static int write_type(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  char name[DEBUG_UTF8_BYTES];
  if (json->type == json->survey.type_count)
    return 0;
  const debug_type_count_t *type = &json->survey.types[json->type];
  asyncscope__debug_utf8(type->type, name);
  int error = asyncscope__json_write(writer, name,
                                     json_integer((json_int_t)type->count));
  json->type += error == 0;
  return error == 0 ? 1 : error;
}

static int begin_threads(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  if (error == 0)
    error = asyncscope__json_close(writer);
  return error == 0 ? asyncscope__json_open_array(writer, "threads") : error;
}

static int write_thread(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  return asyncscope__debug_write_threads(&json->threads, writer);
}

static bool histograms(const overview_json_t *json) {
  return (json->source.query->include & DEBUG_INCLUDE_HISTOGRAMS) != 0;
}

/* The first one also by itself: mostly there is one. */
static int begin_pools(void *state, json_writer_t *writer) {
  const overview_json_t *json = state;
  const asyncscope_debug_options_t *options =
      &json->source.capture.debug->options;
  int error = asyncscope__json_close(writer);
  if (error == 0 && options->pool_count > 0)
    error = asyncscope__json_write(
        writer, "pool",
        asyncscope__json_pool(options->pools, histograms(json)));
  return error == 0 ? asyncscope__json_open_array(writer, "pools") : error;
}

static int write_pool(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  return asyncscope__debug_write_pool(&json->source.capture, &json->pool,
                                      histograms(json), writer);
}

static int begin_exporters(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_open_array(writer, "exporters") : error;
}

static int write_exporter(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  return asyncscope__debug_write_exporter(&json->source.capture,
                                          &json->exporter, writer);
}

static int begin_resources(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  uint64_t matched = json->source.selection.matched;
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_write(writer, "matched",
                                   json_integer((json_int_t)matched));
  return error == 0 ? asyncscope__json_open_array(writer, "resources") : error;
}

static int write_resource(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  debug_resource_t shown;
  int status = asyncscope__debug_write_resource(&json->source, writer, &shown);
  if (status <= 0)
    return status;
  status = asyncscope__debug_ancestry_add(&json->ancestry, &shown.info);
  if (status == 0 && json->told != NULL)
    status =
        asyncscope__debug_seen_add(json->told, &json->source.capture, &shown);
  return status == 0 ? 1 : status;
}

static int begin_ancestors(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  int error = asyncscope__debug_ancestry_build(&json->ancestry);
  if (error == 0)
    error = asyncscope__debug_end_selection(&json->source.selection, writer);
  return error == 0 ? asyncscope__json_open_array(writer, "ancestors") : error;
}

static int write_ancestor(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  const debug_gone_t *gone = asyncscope__debug_ancestry_peek(&json->ancestry);
  if (gone == NULL)
    return 0;
  int error = asyncscope__json_write(writer, NULL, asyncscope__json_gone(gone));
  if (error != 0)
    return error;
  asyncscope__debug_ancestry_take(&json->ancestry);
  return 1;
}

static int begin_requests(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_open_array(writer, "requests") : error;
}

static int write_request(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  return asyncscope__debug_write_requests(&json->requests, NULL, writer);
}

static int end_requests(void *state, json_writer_t *writer) {
  (void)state;
  return asyncscope__json_close(writer);
}

static int write_finished(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  return asyncscope__debug_write_finished(&json->included, writer);
}

static int write_callbacks(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  return asyncscope__debug_write_callbacks(&json->included, writer);
}

static int begin_warnings(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  int error = asyncscope__debug_warnings_find(&json->warnings);
  return error == 0 ? asyncscope__json_open_array(writer, "warnings") : error;
}

static int write_warning(void *state, json_writer_t *writer) {
  overview_json_t *json = state;
  return asyncscope__debug_write_warnings(&json->warnings, json->source.query,
                                          &json->warning, writer);
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,
                                      asyncscope__debug_write_head,
                                      begin_counts,
                                      write_type,
                                      begin_threads,
                                      write_thread,
                                      begin_pools,
                                      write_pool,
                                      begin_exporters,
                                      write_exporter,
                                      begin_resources,
                                      write_resource,
                                      begin_ancestors,
                                      write_ancestor,
                                      begin_requests,
                                      write_request,
                                      end_requests,
                                      write_finished,
                                      write_callbacks,
                                      begin_warnings,
                                      write_warning,
                                      end,
                                      NULL};

static int begin(void *state, debug_call_t *call) {
  overview_json_t *json = state;
  debug_capture_t *capture = &json->source.capture;
  int error = asyncscope__debug_source_init(&json->source, call);
  if (error == 0)
    error =
        asyncscope__debug_requests_init(&json->requests, capture, call->query);
  if (error == 0)
    error = asyncscope__debug_included_init(&json->included, capture,
                                            call->query, false);
  if (error != 0)
    return error;
  json->told = call->told;
  json->document =
      asyncscope__debug_document(parts, "overview", capture, call->query);
  asyncscope__debug_survey_begin(&json->survey, capture,
                                 json->source.selection.filter.internal);
  asyncscope__debug_threads_begin(&json->threads, capture, call->query);
  asyncscope__debug_ancestry_begin(&json->ancestry, capture);
  asyncscope__debug_warnings_begin(&json->warnings, capture);
  return 0;
}

static void json_close(void *state) {
  overview_json_t *json = state;
  asyncscope__debug_warnings_finish(&json->warnings);
  asyncscope__debug_ancestry_finish(&json->ancestry);
  asyncscope__debug_included_finish(&json->included);
  asyncscope__debug_requests_finish(&json->requests);
  asyncscope__debug_survey_finish(&json->survey);
  asyncscope__debug_source_finish(&json->source);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(overview_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_overview_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
