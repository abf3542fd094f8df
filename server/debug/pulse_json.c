#include "pulse_json.h"

#include "ended.h"
#include "json_account.h"
#include "json_fields.h"
#include "json_turnover.h"
#include "recorded.h"
#include "resource.h"
#include "text.h"

/* What lives is counted with asyncscope's own where that is asked for. */
static uint64_t created_and_alive(const debug_capture_t *capture, bool internal,
                                  uint64_t *ret_created) {
  async_env_info_t sum = asyncscope__debug_sum(capture);
  uint64_t made = sum.resources_created;
  uint64_t ended = sum.resources_destroyed + sum.destroys_pending;
  *ret_created = asyncscope__debug_total(capture).resources_created;
  if (internal) {
    made += sum.internal_created;
    ended += sum.internal_destroyed + sum.internal_pending;
  }
  return made > ended ? made - ended : 0;
}

static int prepare(void *state, json_writer_t *writer) {
  pulse_json_t *pulse = state;
  (void)writer;
  return pulse->exact ? asyncscope__debug_survey_take(&pulse->survey) : 0;
}

/* Adds what the threads have counted to the types of the survey, which did not
 * count itself. */
static json_t *counted_types(const debug_capture_t *capture, bool internal) {
  json_t *types = json_object();
  char name[DEBUG_UTF8_BYTES];
  for (size_t i = 0; i < capture->thread_count; i++) {
    async_type_info_t info;
    for (size_t j = 0;
         async_inspect_type(capture->threads[i].env, j, &info, NULL) == 0;
         j++) {
      asyncscope__debug_utf8(info.type, name);
      json_int_t live = json_integer_value(json_object_get(types, name));
      live += (json_int_t)(info.created - info.destroyed);
      if (internal)
        live += (json_int_t)(info.internal_created - info.internal_destroyed);
      if (live > 0 && json_object_set_new(types, name, json_integer(live)) != 0)
        break;
    }
  }
  return types;
}

static json_t *surveyed_types(const debug_survey_t *survey) {
  json_fields_t fields = asyncscope__json_begin();
  char name[DEBUG_UTF8_BYTES];
  for (size_t i = 0; i < survey->type_count; i++) {
    asyncscope__debug_utf8(survey->types[i].type, name);
    asyncscope__json_put_unsigned(&fields, name, survey->types[i].count);
  }
  return asyncscope__json_end(&fields);
}

static json_t *counts(const pulse_json_t *pulse) {
  const debug_capture_t *capture = pulse->document.capture;
  json_fields_t fields = asyncscope__json_begin();
  uint64_t created;
  bool internal = pulse->filter.internal;
  uint64_t live = created_and_alive(capture, internal, &created);
  asyncscope__json_put_unsigned(&fields, "live",
                                pulse->exact ? pulse->survey.live : live);
  asyncscope__json_put_bool(&fields, "exact", pulse->exact);
  asyncscope__json_put_unsigned(&fields, "created", created);
  asyncscope__json_put_turnover(&fields, capture);
  asyncscope__json_put(&fields, "byType",
                       pulse->exact ? surveyed_types(&pulse->survey)
                                    : counted_types(capture, internal));
  return asyncscope__json_end(&fields);
}

static void add_ended(const debug_routes_t *routes, uint64_t *finished,
                      uint64_t *failed) {
  for (size_t i = 0; i < routes->count; i++) {
    *finished += routes->items[i].info.finished;
    *failed += routes->items[i].info.failed;
  }
}

/* Of all routes. */
static json_t *request_counts(const pulse_json_t *pulse) {
  const debug_capture_t *capture = pulse->document.capture;
  json_fields_t fields = asyncscope__json_begin();
  uint64_t finished = 0, failed = 0;
  async_route_info_t info;
  for (size_t i = 0; i < capture->thread_count; i++)
    for (size_t j = 0;
         async_inspect_route(capture->threads[i].env, j, &info, NULL) == 0;
         j++) {
      finished += info.finished;
      failed += info.failed;
    }
  if (capture->ended != NULL)
    add_ended(&capture->ended->routes, &finished, &failed);
  asyncscope__json_put_unsigned(&fields, "active", pulse->active.count);
  asyncscope__json_put_unsigned(&fields, "finished", finished);
  asyncscope__json_put_unsigned(&fields, "failed", failed);
  return asyncscope__json_end(&fields);
}

static json_t *head(const pulse_json_t *pulse) {
  const debug_capture_t *capture = pulse->document.capture;
  char time[DEBUG_TIME_BYTES];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_time(&capture->time, time);
  asyncscope__json_put_integer(&fields, "schemaVersion", DEBUG_SCHEMA_VERSION);
  asyncscope__json_put_text(&fields, "kind", "pulse");
  asyncscope__json_put_unsigned(&fields, "seq", pulse->number);
  asyncscope__json_put_text(&fields, "time", time);
  asyncscope__json_put_unsigned(
      &fields, "uptimeUs",
      asyncscope__debug_elapsed_us(capture->started_ns, capture->begun_ns));
  asyncscope__debug_put_recorded(&fields,
                                 asyncscope__debug_recorded_by_all(capture));
  asyncscope__json_put_unsigned(&fields, "missedEvents", pulse->missed);
  asyncscope__json_put_bool(&fields, "stale", pulse->stale);
  asyncscope__json_put(&fields, "counts", counts(pulse));
  asyncscope__json_put(&fields, "requestCounts", request_counts(pulse));
  return asyncscope__json_end(&fields);
}

static int begin(void *state, json_writer_t *writer) {
  int error = asyncscope__json_open_object(writer, NULL);
  if (error == 0)
    error = asyncscope__json_write_members(writer, head(state));
  return error == 0 ? asyncscope__json_open_array(writer, "requests") : error;
}

static int next_list(pulse_json_t *pulse, json_writer_t *writer,
                     const char *name) {
  int error = asyncscope__json_close(writer);
  pulse->at = 0;
  return error == 0 ? asyncscope__json_open_array(writer, name) : error;
}

static int write_item(pulse_json_t *pulse, json_writer_t *writer,
                      json_t *value) {
  int error = asyncscope__json_write(writer, NULL, value);
  pulse->at += error == 0;
  return error == 0 ? 1 : error;
}

static int write_account(pulse_json_t *pulse, json_writer_t *writer,
                         const debug_account_list_t *list) {
  return pulse->at >= list->shown
             ? 0
             : write_item(pulse, writer,
                          asyncscope__json_account(pulse->document.capture,
                                                   &list->items[pulse->at]));
}

static int write_active(void *state, json_writer_t *writer) {
  pulse_json_t *pulse = state;
  return write_account(pulse, writer, &pulse->active);
}

static int begin_finished(void *state, json_writer_t *writer) {
  return next_list(state, writer, "finished");
}

static int write_finished(void *state, json_writer_t *writer) {
  pulse_json_t *pulse = state;
  return write_account(pulse, writer, &pulse->finished);
}

static int begin_threads(void *state, json_writer_t *writer) {
  return next_list(state, writer, "threads");
}

static json_t *current(const debug_capture_t *capture,
                       const debug_thread_t *thread,
                       const async_stack_entry_t *entry) {
  async_ref_t ref = {thread->info.thread, entry->async_id};
  uint64_t since_us =
      asyncscope__debug_elapsed_us(entry->since_ns, thread->captured_ns);
  json_fields_t fields = asyncscope__json_begin();
  debug_resource_t resource;
  asyncscope__json_put_key(&fields, "key", ref);
  asyncscope__json_put_unsigned(&fields, "sinceUs", since_us);
  if (since_us >= DEBUG_PULSE_NAMED_US &&
      asyncscope__debug_find_resource(capture, ref, &resource)) {
    asyncscope__json_put_name(&fields, "type", resource.info.type);
    asyncscope__json_put_name(&fields, "name", resource.info.name);
    asyncscope__json_put_request(&fields, "requestId", resource.info.request);
    asyncscope__json_put_site(&fields, "site", resource.info.site);
  }
  return asyncscope__json_end(&fields);
}

/* The sum of busy times is not kept, but the time that was spent idle is. */
static void put_loop(json_fields_t *fields, const debug_thread_t *thread) {
  async_histogram_t busy = {0};
  async_loop_info_t info;
  async_inspect_loop(thread->env, &info, &busy);
  asyncscope__json_put_unsigned(fields, "iterations",
                                thread->info.loop_iterations);
  asyncscope__json_put_unsigned(fields, "idleUs", info.idle_ns / 1000);
  asyncscope__json_put(fields, "utilization", json_real(info.utilization));
  asyncscope__json_put_unsigned(fields, "lagP99Us",
                                async_histogram_percentile(&busy, 99) / 1000);
  asyncscope__json_put_unsigned(fields, "lagMaxUs",
                                async_histogram_max(&busy) / 1000);
}

static json_t *thread_object(const debug_capture_t *capture,
                             const debug_thread_t *thread) {
  const async_env_info_t *info = &thread->info;
  const async_stack_entry_t *entry = asyncscope__debug_current(thread);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_text(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "kind",
                            asyncscope__debug_kind_name(info->kind));
  asyncscope__json_put_unsigned(&fields, "depth", info->stack_depth);
  if (entry != NULL)
    asyncscope__json_put(&fields, "current", current(capture, thread, entry));
  asyncscope__json_put_unsigned(&fields, "created", info->resources_created);
  if (info->kind == ASYNC_ENV_LOOP)
    put_loop(&fields, thread);
  return asyncscope__json_end(&fields);
}

static int write_thread(void *state, json_writer_t *writer) {
  pulse_json_t *pulse = state;
  const debug_capture_t *capture = pulse->document.capture;
  return pulse->at >= capture->thread_count
             ? 0
             : write_item(pulse, writer,
                          thread_object(capture, &capture->threads[pulse->at]));
}

static int begin_pools(void *state, json_writer_t *writer) {
  return next_list(state, writer, "pools");
}

static json_t *pool_object(const asyncscope_debug_pool_t *pool) {
  worker_pool_info_t info;
  json_fields_t fields = asyncscope__json_begin();
  worker_pool_info(pool->pool, &info);
  asyncscope__json_put_name(&fields, "name", pool->name);
  asyncscope__json_put_unsigned(&fields, "threads", info.threads);
  asyncscope__json_put_unsigned(&fields, "active", info.active);
  asyncscope__json_put_unsigned(&fields, "queued", info.queued);
  asyncscope__json_put_unsigned(&fields, "completed", info.completed);
  return asyncscope__json_end(&fields);
}

static int write_pool(void *state, json_writer_t *writer) {
  pulse_json_t *pulse = state;
  const asyncscope_debug_options_t *options =
      &pulse->document.capture->debug->options;
  return pulse->at >= options->pool_count
             ? 0
             : write_item(pulse, writer,
                          pool_object(&options->pools[pulse->at]));
}

/* The points since the pulse before. */
static int begin_points(pulse_json_t *pulse, json_writer_t *writer,
                        unsigned scale, const char *name) {
  pulse->points =
      (debug_points_t){pulse->document.capture, scale, pulse->told[scale]};
  return next_list(pulse, writer, name);
}

static int begin_seconds(void *state, json_writer_t *writer) {
  return begin_points(state, writer, DEBUG_HISTORY_SECONDS, "seconds");
}

static int begin_minutes(void *state, json_writer_t *writer) {
  return begin_points(state, writer, DEBUG_HISTORY_MINUTES, "minutes");
}

static int write_point(void *state, json_writer_t *writer) {
  pulse_json_t *pulse = state;
  int error = asyncscope__debug_write_point(&pulse->points, writer);
  pulse->told[pulse->points.scale] = pulse->points.next;
  return error;
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {
    prepare,        begin,         write_active, begin_finished,
    write_finished, begin_threads, write_thread, begin_pools,
    write_pool,     begin_seconds, write_point,  begin_minutes,
    write_point,    end,           NULL};

/* Those that the last pulse cannot have told, in whatever order the reader
 * asked for. */
static void keep_new(pulse_json_t *pulse, uint64_t since_ns) {
  debug_account_list_t *list = &pulse->finished;
  size_t kept = 0;
  for (size_t i = 0; i < list->count && kept < DEBUG_PULSE_FINISHED; i++)
    if (list->items[i].ended_ns >= since_ns)
      list->items[kept++] = list->items[i];
  list->shown = kept;
}

/* Whoever begins to listen is told the last point alone: the others are at
 * /debug/history. */
static void begin_history(pulse_json_t *pulse) {
  const debug_history_t *history = pulse->document.capture->debug->history;
  for (unsigned i = 0; i < DEBUG_HISTORY_SCALES && pulse->number == 1; i++) {
    uint64_t end;
    asyncscope__debug_history_from(asyncscope__debug_history_ring(history, i),
                                   0, &end);
    pulse->told[i] = end > 0 ? end - 1 : 0;
  }
}

static void show_at_most(debug_account_list_t *list, size_t max) {
  list->shown = list->count < max ? list->count : max;
}

int asyncscope__pulse_json_begin(pulse_json_t *pulse,
                                 const debug_capture_t *capture,
                                 const debug_query_t *query, uint64_t missed,
                                 bool stale) {
  uint64_t before_ns = pulse->since_ns;
  const uint64_t told[] = {pulse->told[DEBUG_HISTORY_SECONDS],
                           pulse->told[DEBUG_HISTORY_MINUTES]};
  uint64_t number = pulse->number + 1;
  uint64_t created;
  *pulse = (pulse_json_t){
      .document = asyncscope__debug_document(parts, "pulse", capture, query),
      .query = query,
      .since_ns = capture->begun_ns,
      .number = number,
      .told = {told[DEBUG_HISTORY_SECONDS], told[DEBUG_HISTORY_MINUTES]},
      .missed = missed,
      .stale = stale};
  pulse->exact =
      created_and_alive(capture, true, &created) <= DEBUG_PULSE_COUNTED;
  pulse->filter = asyncscope__debug_filter(capture, query);
  asyncscope__debug_survey_begin(&pulse->survey, capture,
                                 pulse->filter.internal);
  int error = asyncscope__debug_account_list_init(
      &pulse->active, &pulse->filter, ASYNC_REQUESTS_ACTIVE);
  if (error == 0)
    error = asyncscope__debug_account_list_init(
        &pulse->finished, &pulse->filter, ASYNC_REQUESTS_FINISHED);
  if (error != 0) {
    asyncscope__pulse_json_finish(pulse);
    return error;
  }
  begin_history(pulse);
  show_at_most(&pulse->active, DEBUG_PULSE_ACTIVE);
  keep_new(pulse, before_ns);
  return 0;
}

void asyncscope__pulse_json_finish(pulse_json_t *pulse) {
  asyncscope__debug_survey_finish(&pulse->survey);
  asyncscope__debug_account_list_finish(&pulse->active);
  asyncscope__debug_account_list_finish(&pulse->finished);
}
