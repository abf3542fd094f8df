#include "debug_fixture.h"
#include "schema_check.h"

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_version.h"
#include <stdio.h>
#include <string.h>

static void without_an_environment_there_is_no_thread(void **state) {
  (void)state;
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  answer_t answer = ask(debug, "/debug");
  json_t *document = answer_json(&answer);
  assert_schema(document);
  assert_string_equal(
      json_keys(document),
      "schemaVersion kind tool process snapshot tracking counts threads pools "
      "exporters matched resources truncated ancestors requests warnings ");
  assert_int_equal(json_array_size(json_object_get(document, "threads")), 0);
  assert_int_equal(json_array_size(json_object_get(document, "resources")), 0);
  json_decref(document);
  asyncscope_debug_destroy(debug);
}

static void the_overview_says_what_program_and_when(void **state) {
  (void)state;
  const asyncscope_debug_options_t options = {.tool_name = "mine",
                                              .command = "prog\xff"};
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  answer_t answer = ask(debug, "/debug");
  json_t *document = answer_json(&answer);
  json_t *tool = json_object_get(document, "tool");
  json_t *process = json_object_get(document, "process");
  json_t *snapshot = json_object_get(document, "snapshot");
  assert_int_equal(json_integer_of(document, "schemaVersion"), 1);
  assert_string_equal(json_text_of(tool, "name"), "mine");
  assert_string_equal(json_text_of(tool, "version"), ASYNCSCOPE_VERSION_STRING);
  assert_string_equal(json_text_of(process, "command"), "prog\xef\xbf\xbd");
  assert_string_equal(json_keys(process),
                      "pid command startTime uptimeUs libuv ");
  assert_string_equal(json_text_of(snapshot, "consistency"), "per-record");
  assert_string_equal(json_keys(snapshot),
                      "token time consistency buildUs skewUs coversUs "
                      "droppedEvents threads missing ");
  json_decref(document);
  asyncscope_debug_destroy(debug);
}

static void a_resource_has_all_that_is_known_of_it(void **state) {
  scene_t *scene = *state;
  async_resource_t *cause = make(scene, "HTTPINCOMINGMESSAGE", 1);
  assert_int_equal(async_resource_enter(cause), 0);
  async_resource_t *resource = make_for(scene, "Timeout", id_of(cause), 42);
  async_resource_leave(cause);
  assert_int_equal(async_resource_set_name(resource, "resize", 6), 0);
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
  json_t *document = ask_json(scene, "/debug");
  json_t *shown = json_named(document, "resources", "key", key_of(resource));
  assert_string_equal(
      json_keys(shown),
      "key asyncId type uvType name state triggerAsyncId trigger "
      "executionAsyncId execution requestId thread ref site ageUs runUs "
      "callbacks frame stores ");
  assert_string_equal(json_text_of(shown, "uvType"), "timer");
  assert_string_equal(json_text_of(shown, "trigger"), key_of(cause));
  assert_string_equal(json_text_of(shown, "execution"), key_of(cause));
  assert_string_equal(json_text_of(shown, "requestId"), "r42");
  assert_string_equal(json_text_of(shown, "name"), "resize");
  assert_string_equal(json_text_of(shown, "state"), "idle");
  assert_int_equal(json_integer_of(shown, "callbacks"), 1);
  json_t *stores = json_object_get(shown, "stores");
  assert_string_equal(json_string_value(json_array_get(stores, 0)), "request");
  json_t *site = json_object_get(shown, "site");
  assert_string_equal(json_text_of(site, "function"), "init");
  assert_non_null(strstr(json_text_of(site, "file"), "debug_fixture.c"));
  json_decref(document);
}

static void what_does_not_apply_is_absent(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource =
      make_across(scene, "A", (async_ref_t){ASYNC_THREAD_NONE, ASYNC_ID_NONE});
  json_t *document = ask_json(scene, "/debug");
  assert_string_equal(
      json_keys(json_named(document, "resources", "key", key_of(resource))),
      "key asyncId type state triggerAsyncId executionAsyncId thread ref site "
      "ageUs runUs callbacks stores ");
  assert_string_equal(
      json_keys(json_array_get(json_object_get(document, "threads"), 0)),
      "thread name kind osTid executionStack counts asyncIds requestIds "
      "truncated ");
  json_decref(document);
}

static const char *state_of(const json_t *document,
                            const async_resource_t *resource) {
  return json_text_of(
      json_named(document, "resources", "key", key_of(resource)), "state");
}

static void states_follow_from_record_and_stack(void **state) {
  scene_t *scene = *state;
  async_resource_t *fresh = make(scene, "Timeout", 1);
  async_resource_t *idle = make(scene, "Timeout", 1);
  async_resource_t *running = make(scene, "Timeout", 1);
  async_resource_t *ended = make(scene, "Timeout", 1);
  async_resource_t *task = make_task(scene, 1);
  assert_int_equal(async_resource_enter(idle), 0);
  async_resource_leave(idle);
  assert_int_equal(async_resource_emit_destroy(ended), 0);
  assert_int_equal(async_resource_enter(running), 0);
  json_t *document = ask_json(scene, "/debug");
  async_resource_leave(running);
  assert_string_equal(state_of(document, fresh), "init");
  assert_string_equal(state_of(document, idle), "idle");
  assert_string_equal(state_of(document, running), "running");
  assert_string_equal(state_of(document, ended), "destroyed");
  assert_string_equal(state_of(document, task), "queued");
  json_t *states =
      json_object_get(json_object_get(document, "counts"), "byState");
  assert_int_equal(json_integer_of(states, "init"), 1);
  assert_int_equal(json_integer_of(states, "queued"), 1);
  json_decref(document);
}

/* What a worker does not do for another thread runs there alone. */
static void a_task_runs_while_its_worker_does(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make_task(scene, 1);
  async_resource_t *second = make_task(scene, 1);
  other_t busy = {.kind = ASYNC_ENV_WORKER,
                  .name = "pool-0",
                  .type = "WORK",
                  .cause = {scene->thread, id_of(first)},
                  .running = true};
  other_t at_rest = {.kind = ASYNC_ENV_WORKER,
                     .name = "pool-1",
                     .type = "WORK",
                     .cause = {scene->thread, id_of(second)}};
  other_start(&busy);
  other_start(&at_rest);
  json_t *document = ask_json(scene, "/debug");
  other_stop(&busy);
  other_stop(&at_rest);
  json_t *task = json_named(document, "resources", "key", key_of(first));
  assert_string_equal(json_text_of(task, "state"), "running");
  assert_true(json_integer_of(task, "queuedUs") <=
              json_integer_of(task, "ageUs"));
  assert_string_equal(state_of(document, second), "queued");
  json_decref(document);
}

static void what_ran_on_no_thread_was_made_by_its_cause_elsewhere(
    void **state) {
  scene_t *scene = *state;
  async_resource_t *task = make_task(scene, 1);
  other_t worker = {.kind = ASYNC_ENV_WORKER,
                    .name = "pool-0",
                    .type = "WORK",
                    .cause = {scene->thread, id_of(task)}};
  char key[32];
  other_start(&worker);
  json_t *document = ask_json(scene, "/debug");
  snprintf(key, sizeof(key), "%u:%lld", worker.made.thread,
           (long long)worker.made.async_id);
  other_stop(&worker);
  json_t *work = json_named(document, "resources", "key", key);
  assert_string_equal(json_text_of(work, "execution"), key_of(task));
  assert_string_equal(json_text_of(work, "trigger"), key_of(task));
  assert_int_equal(json_integer_of(work, "executionAsyncId"), id_of(task));
  assert_int_equal(json_integer_of(work, "triggerAsyncId"), id_of(task));
  json_decref(document);
}

static void counts_are_those_of_all_threads(void **state) {
  scene_t *scene = *state;
  other_t other = {.kind = ASYNC_ENV_OTHER,
                   .name = "other",
                   .type = "B\"",
                   .cause = {ASYNC_THREAD_NONE, 0}};
  make(scene, "B\"", 1);
  make(scene, "A", 1);
  make_internal(scene, "C", 1);
  other_start(&other);
  json_t *document = ask_json(scene, "/debug");
  other_stop(&other);
  json_t *counts = json_object_get(document, "counts");
  json_t *types = json_object_get(counts, "byType");
  assert_int_equal(json_integer_of(counts, "live"), 3);
  assert_int_equal(json_integer_of(counts, "hidden"), 1);
  assert_int_equal(json_integer_of(counts, "created"), 4); /* and the probe */
  assert_int_equal(json_integer_of(counts, "destroyed"), 1);
  json_t *internal = json_object_get(counts, "internal");
  assert_int_equal(json_integer_of(internal, "created"), 1);
  assert_int_equal(json_integer_of(internal, "destroyed"), 0);
  json_t *turnover = json_object_get(counts, "turnover");
  assert_null(json_object_get(turnover, "C"));
  assert_int_equal(json_integer_of(json_object_get(turnover, "B\""), "created"),
                   2);
  assert_string_equal(json_keys(types), "A B\" ");
  assert_int_equal(json_integer_of(types, "B\""), 2);
  json_t *tracking = json_object_get(document, "tracking");
  assert_true(json_integer_of(tracking, "recordBytes") > 0);
  assert_null(json_object_get(tracking, "calibrationNs"));
  json_decref(document);
}

/* Not a part of what the slabs have room for. */
static void the_cost_of_a_resource_is_that_of_its_record(void **state) {
  scene_t *scene = *state;
  json_t *few = ask_json(scene, "/debug");
  for (int i = 0; i < 1000; i++)
    make(scene, "A", 1);
  json_t *many = ask_json(scene, "/debug");
  const json_t *before = json_object_get(few, "tracking");
  const json_t *after = json_object_get(many, "tracking");
  json_int_t each = json_integer_of(before, "bytesPerResource");
  assert_int_equal(each, async_inspect_bytes_per_resource());
  assert_int_equal(json_integer_of(after, "bytesPerResource"), each);
  assert_true(json_integer_of(after, "recordBytes") >= 1000 * each);
  assert_true(json_integer_of(after, "recordBytes") >
              json_integer_of(before, "recordBytes"));
  assert_int_equal(json_integer_of(after, "recorderBytes"),
                   json_integer_of(before, "recorderBytes"));
  json_decref(few);
  json_decref(many);
}

static void requests_in_flight_are_derived_from_their_messages(void **state) {
  scene_t *scene = *state;
  async_resource_t *message = make_for(scene, "HTTPINCOMINGMESSAGE", 1, 9);
  assert_int_equal(async_resource_set_name(message, "GET /timer", 10), 0);
  make_for(scene, "Timeout", id_of(message), 9);
  make_for(scene, "Timeout", 1, 8);
  async_resource_t *ended = make_for(scene, "HTTPINCOMINGMESSAGE", 1, 8);
  assert_int_equal(async_resource_emit_destroy(ended), 0);
  json_t *document = ask_json(scene, "/debug");
  json_t *requests = json_object_get(document, "requests");
  assert_int_equal(json_array_size(requests), 1);
  json_t *request = json_array_get(requests, 0);
  assert_string_equal(json_text_of(request, "requestId"), "r9");
  assert_string_equal(json_text_of(request, "name"), "GET /timer");
  assert_string_equal(json_text_of(request, "key"), key_of(message));
  assert_int_equal(json_integer_of(request, "live"), 2);
  json_decref(document);
}

static void every_cause_that_has_ended_is_listed(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "TCPSERVERWRAP", 1);
  async_resource_t *connection = make(scene, "TCPWRAP", id_of(server));
  async_resource_t *request = make(scene, "REQUEST", id_of(connection));
  char keys[2][32];
  make(scene, "Timeout", id_of(request));
  make(scene, "Timeout", id_of(request));
  make(scene, "LATE", 999999);
  snprintf(keys[0], sizeof(keys[0]), "%s", key_of(connection));
  snprintf(keys[1], sizeof(keys[1]), "%s", key_of(request));
  end(scene, request);
  end(scene, connection);
  json_t *document = ask_json(scene, "/debug");
  json_t *ancestors = json_object_get(document, "ancestors");
  assert_int_equal(json_array_size(ancestors), 3);
  json_t *first = json_array_get(ancestors, 0);
  assert_string_equal(json_text_of(first, "key"), keys[0]);
  assert_string_equal(json_text_of(first, "type"), "TCPWRAP");
  assert_string_equal(json_text_of(first, "trigger"), key_of(server));
  json_t *second = json_array_get(ancestors, 1);
  assert_string_equal(json_text_of(second, "key"), keys[1]);
  assert_string_equal(json_keys(json_array_get(ancestors, 2)),
                      "key asyncId thread gone ");
  json_decref(document);
}

static void only_so_many_are_shown(void **state) {
  scene_t *scene = *state;
  for (int i = 0; i < 1100; i++)
    make(scene, "Timeout", 1);
  json_t *document = ask_json(scene, "/debug");
  assert_int_equal(json_array_size(json_object_get(document, "resources")),
                   1000);
  assert_int_equal(json_integer_of(document, "matched"), 1100);
  assert_true(json_is_true(json_object_get(document, "truncated")));
  assert_int_equal(json_integer_of(json_object_get(document, "counts"), "live"),
                   1100);
  json_decref(document);
  document = ask_json(scene, "/debug?limit=5");
  assert_int_equal(json_array_size(json_object_get(document, "resources")), 5);
  json_t *thread = json_array_get(json_object_get(document, "threads"), 0);
  assert_int_equal(json_array_size(json_object_get(thread, "asyncIds")), 5);
  json_decref(document);
}

static void hostile_names_come_back_harmless(void **state) {
  static const char name[] =
      "\"},{\"key\":\"0:0\"\xf0\x9f\x99\x82\xed\xa0\x80\\";
  scene_t *scene = *state;
  async_env_set_name("\xff\"\n");
  async_resource_t *resource = make(scene, "T\xc3(\"}],\x1b[2J\xc2\x9b", 1);
  assert_int_equal(async_resource_set_name(resource, name, strlen(name)), 0);
  answer_t answer = ask_text(scene, "/debug");
  for (size_t i = 0; i + 1 < answer.length; i++)
    assert_in_range((unsigned char)answer.text[i], 0x20, 0x7e);
  json_t *document = answer_json(&answer);
  assert_non_null(document);
  json_t *shown = json_named(document, "resources", "key", key_of(resource));
  assert_string_equal(json_text_of(shown, "name"),
                      "\"},{\"key\":\"0:0\"\xf0\x9f\x99\x82"
                      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\");
  assert_string_equal(json_text_of(shown, "type"),
                      "T\xef\xbf\xbd(\"}],\x1b[2J\xc2\x9b");
  json_decref(document);
}

/* Everything at its longest, and each byte as long as JSON can make it. */
static void the_longest_elements_fit_into_a_chunk(void **state) {
  static const char *const targets[] = {
      "/debug",
      "/debug?pretty=1&include=stacks",
      "/debug/resources?group_by=path&pretty=1",
      "/debug/resources?group_by=site",
      "/debug/warnings?pretty=1",
      "/debug/tree"};
  static char control[4096];
  static async_context_key_t storages[31];
  scene_t *scene = *state;
  async_context_frame_t *frame = NULL;
  memset(control, 1, sizeof(control) - 1);
  const async_site_t site = {control, control, UINT32_MAX};
  const async_context_value_t value = {.request = UINT64_MAX};
  for (int i = 0; i < 31; i++) {
    async_context_frame_t *next;
    assert_int_equal(async_context_key_create(control, &storages[i]), 0);
    assert_int_equal(
        async_context_frame_with(frame, &storages[i], &value, &next), 0);
    async_context_frame_release(frame);
    frame = next;
  }
  const async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME,
                                            .frame = frame};
  async_resource_t chain[70];
  for (int i = 0; i < 70; i++) {
    assert_int_equal(
        async_resource_init_at(&site, &chain[i], control, &options), 0);
    assert_int_equal(async_resource_set_name(&chain[i], control, 55), 0);
    assert_int_equal(async_resource_enter(&chain[i]), 0);
  }
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
    answer_t answer = ask_text(scene, "%s", targets[i]);
    assert_true(answer.longest_chunk <= ASYNCSCOPE_DEBUG_CHUNK_BYTES);
    answer_free(&answer);
  }
  for (int i = 70; i > 0; i--) {
    async_resource_leave(&chain[i - 1]);
    async_resource_finish(&chain[i - 1]);
  }
  async_context_frame_release(frame);
  for (int i = 0; i < 31; i++)
    async_context_key_destroy(&storages[i]);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_an_environment_there_is_no_thread),
      cmocka_unit_test(the_overview_says_what_program_and_when),
      cmocka_unit_test_of_scene(a_resource_has_all_that_is_known_of_it),
      cmocka_unit_test_of_scene(what_does_not_apply_is_absent),
      cmocka_unit_test_of_scene(states_follow_from_record_and_stack),
      cmocka_unit_test_of_scene(a_task_runs_while_its_worker_does),
      cmocka_unit_test_of_scene(
          what_ran_on_no_thread_was_made_by_its_cause_elsewhere),
      cmocka_unit_test_of_scene(counts_are_those_of_all_threads),
      cmocka_unit_test_of_scene(the_cost_of_a_resource_is_that_of_its_record),
      cmocka_unit_test_of_scene(
          requests_in_flight_are_derived_from_their_messages),
      cmocka_unit_test_of_scene(every_cause_that_has_ended_is_listed),
      cmocka_unit_test_of_scene(only_so_many_are_shown),
      cmocka_unit_test_of_scene(hostile_names_come_back_harmless),
      cmocka_unit_test_of_scene(the_longest_elements_fit_into_a_chunk),
  };
  return test_main(tests, argc, argv);
}
