#include "debug_fixture.h"
#include "schema_check.h"

#include <string.h>

static json_t *document_of(debug_snapshot_t *snapshot) {
  answer_t answer = made_answer(snapshot, &asyncscope__debug_overview_json);
  assert_int_equal(answer.status, 0);
  assert_int_equal(answer.text[answer.length - 1], '\n');
  json_t *document = answer_json(&answer);
  assert_non_null(document);
  assert_schema(document);
  return document;
}

static json_int_t integer_of(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  assert_true(json_is_integer(value));
  return json_integer_value(value);
}

static void assert_keys(const json_t *object, const char *expected) {
  char keys[512] = "";
  size_t used = 0;
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)object, key, value) {
    (void)value;
    size_t length = strlen(key);
    assert_true(used + length + 2 < sizeof(keys));
    memcpy(keys + used, key, length);
    keys[used + length] = ' ';
    used += length + 1;
  }
  assert_string_equal(keys, expected);
}

static void an_empty_snapshot_is_a_document(void **state) {
  (void)state;
  json_t *document = document_of(made_snapshot());
  assert_keys(document, "schemaVersion tool process snapshot counts threads "
                        "resources ancestors requests warnings ");
  assert_int_equal(json_array_size(json_object_get(document, "threads")), 0);
  assert_int_equal(json_array_size(json_object_get(document, "resources")), 0);
  json_decref(document);
}

static void the_overview_says_what_program_and_when(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop")->captured_ns =
      MADE_NS + 3000;
  made_thread(snapshot, 1, ASYNC_ENV_WORKER, "pool-0")->captured_ns =
      MADE_NS + 10000;
  snapshot->started_ns = MADE_NS - 2500000;
  snapshot->ended_ns = MADE_NS + 12000;
  snapshot->time = (struct timespec){1763769681, 1000000};
  json_t *document = document_of(snapshot);
  json_t *process = json_object_get(document, "process");
  json_t *capture = json_object_get(document, "snapshot");
  json_t *threads = json_object_get(capture, "threads");
  assert_int_equal(integer_of(document, "schemaVersion"), 1);
  assert_keys(process, "pid command startTime uptimeUs libuv ");
  assert_string_equal(json_text_of(process, "command"), "made");
  assert_string_equal(json_text_of(process, "startTime"),
                      "2025-11-22T00:01:20.998Z");
  assert_int_equal(integer_of(process, "uptimeUs"), 2500);
  assert_keys(capture,
              "token time consistency buildUs skewUs threads missing ");
  assert_string_equal(json_text_of(capture, "time"),
                      "2025-11-22T00:01:21.001Z");
  assert_string_equal(json_text_of(capture, "consistency"), "per-record");
  assert_int_equal(integer_of(capture, "buildUs"), 12);
  assert_int_equal(integer_of(capture, "skewUs"), 7);
  assert_int_equal(integer_of(json_array_get(threads, 1), "capturedUs"), 2510);
  json_decref(document);
}

static void a_resource_has_all_that_is_known_of_it(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 812, "HTTPINCOMINGMESSAGE", 1);
  made_thread(snapshot, 1, ASYNC_ENV_LOOP, "loop-1");
  async_resource_info_t *info =
      made_across(snapshot, 813, "Timeout", (async_ref_t){0, 812});
  made_name(info, "resize");
  info->execution_async_id = 5;
  info->request = 9;
  info->callbacks = 2;
  info->run_ns = 4000;
  info->storages = 1u << 3 | 1u << 31;
  memcpy(snapshot->store_names[3], "request", 8);
  memcpy(snapshot->store_names[31], "user", 5);
  json_t *document = document_of(snapshot);
  json_t *resource = json_named(document, "resources", "key", "1:813");
  assert_non_null(resource);
  assert_keys(resource,
              "key asyncId type name state triggerAsyncId trigger "
              "executionAsyncId execution requestId thread ref site ageUs "
              "runUs callbacks stores ");
  assert_int_equal(integer_of(resource, "triggerAsyncId"), 0);
  assert_string_equal(json_text_of(resource, "trigger"), "0:812");
  assert_string_equal(json_text_of(resource, "execution"), "1:5");
  assert_string_equal(json_text_of(resource, "requestId"), "r9");
  assert_string_equal(json_text_of(resource, "name"), "resize");
  assert_string_equal(json_text_of(resource, "state"), "idle");
  assert_int_equal(integer_of(resource, "ageUs"), 1000);
  assert_int_equal(integer_of(resource, "runUs"), 4);
  json_t *stores = json_object_get(resource, "stores");
  assert_int_equal(json_array_size(stores), 2);
  assert_string_equal(json_string_value(json_array_get(stores, 1)), "user");
  json_t *site = json_object_get(resource, "site");
  assert_string_equal(json_text_of(site, "file"), "room/made.c");
  assert_int_equal(integer_of(site, "line"), 7);
  json_decref(document);
}

static void what_does_not_apply_is_absent(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_OTHER, "");
  async_resource_info_t *info =
      made_across(snapshot, 2, "A", (async_ref_t){ASYNC_THREAD_NONE, 0});
  info->site = NULL;
  info->internal = true;
  info->trigger_async_id = ASYNC_ID_UNSET;
  snapshot->internal = true;
  json_t *document = document_of(snapshot);
  assert_keys(json_array_get(json_object_get(document, "resources"), 0),
              "key asyncId type state triggerAsyncId executionAsyncId thread "
              "ref ageUs runUs callbacks stores internal ");
  assert_keys(json_array_get(json_object_get(document, "threads"), 0),
              "thread name kind osTid executionStack counts asyncIds "
              "requestIds ");
  json_decref(document);
}

static void a_thread_shows_its_stack_and_ids(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 4, ASYNC_ENV_LOOP, "loop")->info.loop_iterations = 991;
  made_entry(snapshot, 8, 70);
  made_entry(snapshot, 3, 35);
  made_resource(snapshot, 8, "A", 1);
  made_resource(snapshot, 3, "A", 1)->request = 12;
  made_resource(snapshot, 5, "A", 1)->internal = true;
  json_t *document = document_of(snapshot);
  json_t *thread = json_array_get(json_object_get(document, "threads"), 0);
  json_t *current = json_object_get(thread, "current");
  json_t *stack = json_object_get(thread, "executionStack");
  json_t *ids = json_object_get(thread, "asyncIds");
  assert_string_equal(json_text_of(current, "key"), "4:3");
  assert_string_equal(json_text_of(current, "requestId"), "r12");
  assert_int_equal(integer_of(current, "sinceUs"), 35);
  assert_int_equal(json_integer_value(json_array_get(stack, 0)), 8);
  assert_int_equal(json_integer_value(json_array_get(stack, 1)), 3);
  assert_int_equal(json_array_size(ids), 2);
  assert_int_equal(json_integer_value(json_array_get(ids, 0)), 3);
  assert_int_equal(integer_of(json_object_get(thread, "loop"), "iterations"),
                   991);
  json_decref(document);
}

static void a_stack_deeper_than_published_names_no_current(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  for (async_id_t id = 2; id < 2 + ASYNC_STACK_PUBLISHED + 5; id++) {
    made_entry(snapshot, id, 10);
  }
  json_t *document = document_of(snapshot);
  json_t *thread = json_array_get(json_object_get(document, "threads"), 0);
  assert_null(json_object_get(thread, "current"));
  assert_int_equal(json_array_size(json_object_get(thread, "executionStack")),
                   ASYNC_STACK_PUBLISHED);
  assert_int_equal(integer_of(thread, "executionStackDepth"),
                   ASYNC_STACK_PUBLISHED + 5);
  json_decref(document);
}

static void requests_in_flight_are_derived_from_their_messages(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  async_resource_info_t *info =
      made_resource(snapshot, 7, "HTTPINCOMINGMESSAGE", 2);
  info->request = 9;
  made_name(info, "GET /timer?ms=5");
  made_resource(snapshot, 8, "Timeout", 7)->request = 9;
  info = made_resource(snapshot, 9, "HTTPINCOMINGMESSAGE", 2);
  info->request = 8;
  info->destroyed = true;
  json_t *document = document_of(snapshot);
  json_t *requests = json_object_get(document, "requests");
  assert_int_equal(json_array_size(requests), 1);
  json_t *request = json_array_get(requests, 0);
  assert_keys(request,
              "requestId name state rootAsyncId key thread ageUs live ");
  assert_string_equal(json_text_of(request, "requestId"), "r9");
  assert_string_equal(json_text_of(request, "name"), "GET /timer?ms=5");
  assert_int_equal(integer_of(request, "rootAsyncId"), 7);
  assert_int_equal(integer_of(request, "live"), 2);
  json_decref(document);
}

static void every_trigger_resolves_in_the_document(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_ancestor(snapshot, 6, "TCPWRAP", 4);
  made_resource(snapshot, 8, "D", 6);
  json_t *document = document_of(snapshot);
  json_t *known = json_named(document, "ancestors", "key", "0:6");
  json_t *forgotten = json_named(document, "ancestors", "key", "0:4");
  assert_keys(known, "key asyncId thread gone type trigger site ");
  assert_keys(forgotten, "key asyncId thread gone ");
  assert_string_equal(json_text_of(known, "trigger"), "0:4");
  json_decref(document);
}

static void counts_add_up_over_threads(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  for (uint32_t i = 0; i < 2; i++) {
    debug_thread_t *thread = made_thread(snapshot, i, ASYNC_ENV_LOOP, "loop");
    thread->info.resources_created = 10;
    thread->info.resources_destroyed = 8;
    thread->info.stores_created = 3;
    thread->info.stores_released = 2;
    made_resource(snapshot, 2, "A", 1);
    made_resource(snapshot, 3, "B\"", 1);
    made_resource(snapshot, 4, "C", 1)->internal = true;
  }
  json_t *document = document_of(snapshot);
  json_t *counts = json_object_get(document, "counts");
  assert_keys(counts, "live hidden created destroyed destroysPending frames "
                      "stores byType ");
  assert_int_equal(integer_of(counts, "live"), 4);
  assert_int_equal(integer_of(counts, "hidden"), 2);
  assert_int_equal(integer_of(counts, "created"), 20);
  assert_int_equal(integer_of(counts, "destroyed"), 16);
  assert_int_equal(integer_of(json_object_get(counts, "stores"), "released"),
                   4);
  assert_int_equal(integer_of(json_object_get(counts, "byType"), "B\""), 2);
  json_decref(document);
}

static void one_pool_is_an_object_and_several_a_list_too(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  static debug_pool_t pools[2] = {
      {.name = "pool", .info = {.threads = 4, .active = 1, .queued = 2}},
      {.name = "disk", .info = {.threads = 8}}};
  snapshot->pools = pools;
  snapshot->pool_count = 2;
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  asyncscope_debug_stream_t *stream;
  assert_int_equal(
      made_stream(snapshot, &asyncscope__debug_overview_json, &stream), 0);
  answer_t answer = {.status = 0};
  const char *chunk;
  assert_int_equal(asyncscope_debug_stream_next(stream, &chunk, &answer.length),
                   0);
  json_t *document = json_loadb(chunk, answer.length, 0, NULL);
  snapshot->pools = NULL;
  asyncscope_debug_stream_destroy(stream);
  assert_schema(document);
  assert_int_equal(integer_of(json_object_get(document, "pool"), "queued"), 2);
  json_t *second = json_array_get(json_object_get(document, "pools"), 1);
  assert_int_equal(integer_of(second, "threads"), 8);
  json_decref(document);
}

static void hostile_names_come_back_harmless(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "\xff\"\n");
  async_resource_info_t *info =
      made_resource(snapshot, 2, "T\xc3(\"}],\x1b[2J\xc2\x9b", 1);
  made_name(info, "\"},{\"key\":\"0:0\"\xf0\x9f\x99\x82\xed\xa0\x80\\");
  answer_t answer = made_answer(snapshot, &asyncscope__debug_overview_json);
  for (size_t i = 0; i + 1 < answer.length; i++) {
    assert_in_range((unsigned char)answer.text[i], 0x20, 0x7e);
  }
  json_t *document = answer_json(&answer);
  assert_non_null(document);
  json_t *resource = json_named(document, "resources", "key", "0:2");
  assert_string_equal(json_text_of(resource, "name"),
                      "\"},{\"key\":\"0:0\"\xf0\x9f\x99\x82"
                      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\\");
  assert_string_equal(json_text_of(resource, "type"),
                      "T\xef\xbf\xbd(\"}],\x1b[2J\xc2\x9b");
  json_decref(document);
}

/* Everything at its longest, and each byte as long as JSON can make it. */
static void the_longest_element_fits_into_a_chunk(void **state) {
  (void)state;
  static char control[4096];
  memset(control, 1, sizeof(control) - 1);
  const async_site_t site = {control, control, UINT32_MAX};
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  async_resource_info_t *info = made_resource(snapshot, 2, control, 1);
  memset(info->name, 1, sizeof(info->name) - 1);
  info->site = &site;
  info->storages = UINT32_MAX;
  for (size_t i = 0; i < DEBUG_STORES; i++) {
    memset(snapshot->store_names[i], 1, 31);
  }
  answer_t answer = made_answer(snapshot, &asyncscope__debug_overview_json);
  assert_int_equal(answer.status, 0);
  json_t *document = answer_json(&answer);
  assert_non_null(json_named(document, "resources", "key", "0:2"));
  json_decref(document);
}

#define SEVERAL 4000

static void chunks_are_bounded_and_lose_nothing(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  for (async_id_t id = SEVERAL; id > 1; id--) {
    async_resource_info_t *info = made_resource(snapshot, id, "A", 1);
    memset(info->name, 'n', (size_t)id % ASYNC_RESOURCE_NAME_BYTES);
    info->request = (uint64_t)id;
  }
  answer_t answer = made_answer(snapshot, &asyncscope__debug_overview_json);
  assert_true(answer.chunks > 30);
  assert_in_range(answer.longest_chunk, ASYNCSCOPE_DEBUG_CHUNK_BYTES / 2,
                  ASYNCSCOPE_DEBUG_CHUNK_BYTES);
  json_t *document = answer_json(&answer);
  json_t *thread = json_array_get(json_object_get(document, "threads"), 0);
  json_t *resources = json_object_get(document, "resources");
  assert_int_equal(json_array_size(json_object_get(thread, "asyncIds")),
                   SEVERAL - 1);
  assert_int_equal(json_array_size(json_object_get(thread, "requestIds")),
                   SEVERAL - 1);
  assert_int_equal(json_array_size(resources), SEVERAL - 1);
  for (size_t i = 0; i < SEVERAL - 1; i++) {
    assert_int_equal(integer_of(json_array_get(resources, i), "asyncId"),
                     i + 2);
  }
  json_decref(document);
}

static void the_end_stays_the_end(void **state) {
  (void)state;
  asyncscope_debug_stream_t *stream;
  debug_snapshot_t *snapshot = made_snapshot();
  assert_int_equal(asyncscope__debug_snapshot_relate(snapshot), 0);
  assert_int_equal(
      made_stream(snapshot, &asyncscope__debug_overview_json, &stream), 0);
  const char *chunk;
  size_t length;
  assert_int_equal(asyncscope_debug_stream_next(stream, &chunk, &length), 0);
  assert_true(length > 0);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(asyncscope_debug_stream_next(stream, &chunk, &length), 0);
    assert_int_equal(length, 0);
  }
  asyncscope_debug_stream_destroy(stream);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_snapshot_is_a_document),
      cmocka_unit_test(the_overview_says_what_program_and_when),
      cmocka_unit_test(a_resource_has_all_that_is_known_of_it),
      cmocka_unit_test(what_does_not_apply_is_absent),
      cmocka_unit_test(a_thread_shows_its_stack_and_ids),
      cmocka_unit_test(a_stack_deeper_than_published_names_no_current),
      cmocka_unit_test(requests_in_flight_are_derived_from_their_messages),
      cmocka_unit_test(every_trigger_resolves_in_the_document),
      cmocka_unit_test(counts_add_up_over_threads),
      cmocka_unit_test(one_pool_is_an_object_and_several_a_list_too),
      cmocka_unit_test(hostile_names_come_back_harmless),
      cmocka_unit_test(the_longest_element_fits_into_a_chunk),
      cmocka_unit_test(chunks_are_bounded_and_lose_nothing),
      cmocka_unit_test(the_end_stays_the_end),
  };
  return test_main(tests, argc, argv);
}
