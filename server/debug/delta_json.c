#include "delta_json.h"

#include "ended.h"
#include "json_fields.h"
#include "json_resource.h"
#include "json_turnover.h"
#include "recorded.h"

static json_t *totals(const debug_capture_t *capture) {
  async_env_info_t sum = asyncscope__debug_total(capture);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "created", sum.resources_created);
  asyncscope__json_put_unsigned(&fields, "destroyed", sum.resources_destroyed);
  asyncscope__json_put_turnover(&fields, capture);
  return asyncscope__json_end(&fields);
}

/* Which delta this is; what the recorders hold, and what of it this reader came
 * too late for. */
static json_t *head(const debug_capture_t *capture, uint64_t number,
                    uint64_t missed) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_integer(&fields, "schemaVersion", DEBUG_SCHEMA_VERSION);
  asyncscope__json_put_text(&fields, "kind", "delta");
  asyncscope__json_put_unsigned(&fields, "seq", number);
  asyncscope__json_put(&fields, "counts", totals(capture));
  asyncscope__debug_put_recorded(&fields,
                                 asyncscope__debug_recorded_by_all(capture));
  asyncscope__json_put_unsigned(&fields, "missedEvents", missed);
  return asyncscope__json_end(&fields);
}

int asyncscope__delta_json_open(json_writer_t *writer,
                                const debug_capture_t *capture, uint64_t number,
                                uint64_t missed) {
  int error = asyncscope__json_open_object(writer, NULL);
  if (error == 0)
    error =
        asyncscope__json_write_members(writer, head(capture, number, missed));
  return error == 0 ? asyncscope__json_open_array(writer, "created") : error;
}

int asyncscope__delta_json_next(json_writer_t *writer, const char *list) {
  int error = asyncscope__json_close(writer);
  return error == 0 ? asyncscope__json_open_array(writer, list) : error;
}

int asyncscope__delta_json_close(json_writer_t *writer,
                                 uint64_t transient_left_out) {
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error =
        asyncscope__json_write(writer, "transientLeftOut",
                               json_integer((json_int_t)transient_left_out));
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static int begin_created(void *state, json_writer_t *writer) {
  const delta_json_t *delta = state;
  return asyncscope__delta_json_open(writer, delta->document.capture,
                                     delta->number, delta->changes->dropped);
}

/* As far as its beginning tells. */
static json_fields_t begin_object(const debug_change_t *change) {
  const async_event_t *made = &change->made;
  uint32_t thread = change->ref.thread;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", change->ref);
  asyncscope__json_put_integer(&fields, "asyncId", change->ref.async_id);
  asyncscope__json_put_unsigned(&fields, "thread", thread);
  asyncscope__json_put_text(&fields, "type", made->type);
  asyncscope__json_put_causes(
      &fields, made->trigger,
      asyncscope__debug_execution_of(thread, made->trigger,
                                     made->execution_async_id));
  asyncscope__json_put_request(&fields, "requestId", made->request);
  asyncscope__json_put_site(&fields, "site", made->site);
  return fields;
}

static void put_runs(json_fields_t *fields, const debug_change_t *change) {
  asyncscope__json_put_unsigned(fields, "callbacks", change->callbacks);
  asyncscope__json_put_unsigned(fields, "runUs", change->run_ns / 1000);
}

/* What it does later is a change. */
static json_t *created_object(const delta_json_t *delta,
                              const debug_change_t *change) {
  json_fields_t fields = begin_object(change);
  return asyncscope__json_masked(asyncscope__json_end(&fields), delta->query);
}

static json_t *transient_object(const debug_change_t *change) {
  json_fields_t fields = begin_object(change);
  asyncscope__json_put_unsigned(
      &fields, "lifeUs",
      asyncscope__debug_elapsed_us(change->made.at_ns, change->ended_ns));
  put_runs(&fields, change);
  return asyncscope__json_end(&fields);
}

static json_t *changed_object(const debug_change_t *change) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_key(&fields, "key", change->ref);
  put_runs(&fields, change);
  return asyncscope__json_end(&fields);
}

static bool is_created(const debug_change_t *change) {
  return change->created && !change->destroyed;
}

static bool is_changed(const debug_change_t *change) {
  return change->callbacks > 0 && !change->destroyed;
}

static bool is_destroyed(const debug_change_t *change) {
  return change->destroyed && !change->created;
}

/* It came and went between two deltas: it is in a list of its own. */
static bool is_transient(const debug_change_t *change) {
  return change->created && change->destroyed;
}

/* The next one of a list, or NULL. */
static const debug_change_t *next(delta_json_t *delta,
                                  bool (*belongs)(const debug_change_t *)) {
  const debug_changes_t *changes = delta->changes;
  while (delta->at < changes->count && !belongs(&changes->items[delta->at]))
    delta->at++;
  return delta->at < changes->count ? &changes->items[delta->at] : NULL;
}

static int write_item(delta_json_t *delta, json_writer_t *writer,
                      json_t *value) {
  int error = asyncscope__json_write(writer, NULL, value);
  delta->at += error == 0;
  return error == 0 ? 1 : error;
}

static int next_list(delta_json_t *delta, json_writer_t *writer,
                     const char *name) {
  delta->at = 0;
  return asyncscope__delta_json_next(writer, name);
}

static int write_created(void *state, json_writer_t *writer) {
  delta_json_t *delta = state;
  const debug_change_t *change = next(delta, is_created);
  return change == NULL
             ? 0
             : write_item(delta, writer, created_object(delta, change));
}

static int begin_changed(void *state, json_writer_t *writer) {
  return next_list(state, writer, "changed");
}

static int write_changed(void *state, json_writer_t *writer) {
  const debug_change_t *change = next(state, is_changed);
  return change == NULL ? 0 : write_item(state, writer, changed_object(change));
}

static int begin_destroyed(void *state, json_writer_t *writer) {
  return next_list(state, writer, "destroyed");
}

static int write_destroyed(void *state, json_writer_t *writer) {
  const debug_change_t *change = next(state, is_destroyed);
  return change == NULL
             ? 0
             : write_item(state, writer, asyncscope__json_key(change->ref));
}

static int begin_transient(void *state, json_writer_t *writer) {
  return next_list(state, writer, "transient");
}

static int write_transient(void *state, json_writer_t *writer) {
  delta_json_t *delta = state;
  const debug_change_t *change = delta->transients < DEBUG_TRANSIENTS_MAX
                                     ? next(delta, is_transient)
                                     : NULL;
  if (change == NULL)
    return 0;
  int status = write_item(delta, writer, transient_object(change));
  delta->transients += status == 1;
  return status;
}

static uint64_t left_out(delta_json_t *delta) {
  uint64_t count = 0;
  for (; next(delta, is_transient) != NULL; delta->at++)
    count++;
  return count;
}

static int end(void *state, json_writer_t *writer) {
  return asyncscope__delta_json_close(writer, left_out(state));
}

static const debug_part_cb parts[] = {begin_created,
                                      write_created,
                                      begin_changed,
                                      write_changed,
                                      begin_destroyed,
                                      write_destroyed,
                                      begin_transient,
                                      write_transient,
                                      end,
                                      NULL};

void asyncscope__delta_json_begin(delta_json_t *delta,
                                  const debug_capture_t *capture,
                                  const debug_changes_t *changes,
                                  const debug_query_t *query, uint64_t number) {
  *delta = (delta_json_t){
      .document = asyncscope__debug_document(parts, "delta", capture, query),
      .query = query,
      .changes = changes,
      .number = number};
}
