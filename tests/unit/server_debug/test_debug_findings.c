/* Warnings of what a thread has noted: they are of the past, with a time. */
#include "warning_probe.h"

#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_finding.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_request.h"
#include "asyncscope/async_uv.h"
#include <string.h>

static async_resource_t *make_owing(scene_t *scene) {
  const async_resource_options_t options = {.flags =
                                                ASYNC_RESOURCE_OWES_CALLBACK};
  async_resource_t *resource = &scene->resources[scene->count++];
  assert_int_equal(async_resource_init(resource, "OWING", &options), 0);
  return resource;
}

static void end_without_callback(scene_t *scene) {
  end(scene, make_owing(scene));
}

static const char *some_time(const json_t *warning, const char *key) {
  const char *time = json_text_of(warning, key);
  assert_int_equal(strlen(time), strlen("2026-11-22T00:00:00.000Z"));
  return time;
}

static void a_callback_that_never_ran_is_warned_of(void **state) {
  scene_t *scene = *state;
  end_without_callback(scene);
  end_without_callback(scene);
  json_t *document = warnings_json(NULL, "/debug/warnings");
  const json_t *warning = warning_of(document, "destroyed-unrun");
  assert_string_equal(json_text_of(warning, "state"), "past");
  assert_int_equal(json_integer_of(warning, "count"), 2);
  assert_int_equal(json_integer_of(warning, "thresholdCount"), 1);
  assert_string_equal(json_text_of(warning, "type"), "OWING");
  assert_true(strcmp(some_time(warning, "since"), some_time(warning, "last")) <=
              0);
  assert_true(json_integer_of(warning, "quietUs") <=
              json_integer_of(warning, "ageUs"));
  json_decref(document);
}

static void what_ran_is_not(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make_owing(scene);
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
  end(scene, resource);
  assert_no_warnings(NULL);
}

static void what_was_too_seldom_or_too_long_ago_is_left_out(void **state) {
  const asyncscope_debug_options_t often = {
      .thresholds = {.destroyed_unrun = 2}};
  const asyncscope_debug_options_t brief = {.thresholds = {.past_us = 1}};
  end_without_callback(*state);
  assert_no_warnings(&often);
  pass_us(10);
  assert_no_warnings(&brief);
}

static void read_losses(void *data, asyncscope_debug_export_t *ret_export) {
  const uint64_t *lost_ns = data;
  ret_export->rejected = *lost_ns == 0 ? 0 : 1;
  ret_export->failed = *lost_ns == 0 ? 0 : 2;
  ret_export->dropped = *lost_ns == 0 ? 0 : 4;
  ret_export->missed = *lost_ns == 0 ? 0 : 8;
  ret_export->missed_events = *lost_ns == 0 ? 0 : 16;
  ret_export->first_lost_ns = ret_export->last_lost_ns = *lost_ns;
}

static void what_an_exporter_lost_is_warned_of(void **state) {
  uint64_t lost_ns = 0;
  const asyncscope_debug_exporter_t exporter = {"otlp", read_losses, &lost_ns};
  const asyncscope_debug_options_t options = {.exporters = &exporter,
                                              .exporter_count = 1};
  (void)state;
  assert_no_warnings(&options);
  lost_ns = async_inspect_now_ns();
  json_t *document = warnings_json(&options, "/debug/warnings");
  const json_t *warning = warning_of(document, "dropped-events");
  assert_int_equal(json_integer_of(warning, "count"), 1 + 2 + 4 + 8 + 16);
  assert_string_equal(json_text_of(warning, "state"), "past");
  assert_string_equal(json_text_of(warning, "type"), "otlp");
  json_decref(document);
}

static void overfill_the_table(void) {
  static const async_site_t sites[ASYNC_FINDINGS_MAX + 3];
  const async_resource_options_t owing = {.flags =
                                              ASYNC_RESOURCE_OWES_CALLBACK};
  for (size_t i = 0; i < ASYNC_FINDINGS_MAX + 3; i++) {
    async_resource_t resource;
    assert_int_equal(async_resource_init_at(&sites[i], &resource, "T", &owing),
                     0);
    async_resource_finish(&resource);
  }
}

static void findings_of_a_full_table_are_dropped(void **state) {
  (void)state;
  overfill_the_table();
  json_t *document = warnings_json(NULL, "/debug/warnings?code=dropped-*");
  const json_t *warning = warning_of(document, "dropped-events");
  assert_int_equal(warning_count(document), 1);
  assert_int_equal(json_integer_of(warning, "count"), 3);
  assert_true(
      json_integer_of(warning, "ageUs") <=
      json_integer_of(json_object_get(document, "process"), "uptimeUs"));
  assert_string_equal(json_text_of(warning, "state"), "active");
  json_decref(document);
}

static void what_is_so_still_is_not_of_the_past(void **state) {
  uint64_t lost_ns = async_inspect_now_ns();
  const asyncscope_debug_exporter_t exporter = {"otlp", read_losses, &lost_ns};
  const asyncscope_debug_options_t options = {.exporters = &exporter,
                                              .exporter_count = 1};
  (void)state;
  overfill_the_table();
  json_t *document = warnings_json(&options, "/debug/warnings?code=dropped-*");
  const json_t *warning = warning_of(document, "dropped-events");
  assert_int_equal(json_integer_of(warning, "count"), 3 + 31);
  assert_string_equal(json_text_of(warning, "state"), "active");
  json_decref(document);
}

static void findings_that_have_a_place_are_not(void **state) {
  end_without_callback(*state);
  json_t *document = warnings_json(NULL, "/debug/warnings?code=dropped-*");
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
}

/* A loop with an environment of its own, as only there callbacks are slow. */
typedef struct visit_s {
  void (*visit)(uv_loop_t *loop, json_t **ret_document);
  json_t *document;
} visit_t;

static void visit_thread(void *arg) {
  visit_t *visit = arg;
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0 || async_env_attach(&loop) != 0)
    return;
  visit->visit(&loop, &visit->document);
  uv_run(&loop, UV_RUN_DEFAULT);
  (void)async_env_detach();
  uv_loop_close(&loop);
}

/* Nothing in there may assert. */
static json_t *on_a_loop(void (*function)(uv_loop_t *loop,
                                          json_t **ret_document)) {
  visit_t visit = {.visit = function};
  uv_thread_t thread;
  assert_int_equal(uv_thread_create(&thread, visit_thread, &visit), 0);
  uv_thread_join(&thread);
  assert_non_null(visit.document);
  return visit.document;
}

static void run_for(async_resource_t *resource, uint64_t us) {
  if (async_resource_enter(resource) == 0) {
    pass_us(us);
    async_resource_leave(resource);
  }
}

static void run_slowly(uv_loop_t *loop, json_t **ret_document) {
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  async_resource_t resource;
  (void)loop;
  options.thresholds.slow_callback_us = 1;
  json_decref(warnings_looked_at(&options));
  if (async_resource_init(&resource, "SLOW", NULL) != 0)
    return;
  run_for(&resource, 10);
  async_resource_finish(&resource);
  *ret_document = warnings_looked_at(&options);
}

static void a_slow_callback_is_warned_of(void **state) {
  (void)state;
  json_t *document = on_a_loop(run_slowly);
  const json_t *warning = warning_of(document, "slow-callback");
  assert_int_equal(json_integer_of(warning, "thresholdUs"), 1);
  assert_true(json_integer_of(warning, "worstUs") >= 10);
  assert_string_equal(json_text_of(warning, "type"), "SLOW");
  json_decref(document);
}

static void run_below(uv_loop_t *loop, json_t **ret_document) {
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  async_resource_t resource;
  (void)loop;
  json_decref(warnings_looked_at(&options));
  if (async_resource_init(&resource, "FAST", NULL) != 0)
    return;
  run_for(&resource, 26000);
  async_resource_finish(&resource);
  *ret_document = warnings_looked_at(&options);
}

static void one_below_the_threshold_is_not(void **state) {
  (void)state;
  json_t *document = on_a_loop(run_below);
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
}

static async_context_frame_t *frame_of(const async_context_key_t *key,
                                       async_request_t *request) {
  const async_context_value_t value = {.store = &visit_thread,
                                       .account = request};
  async_context_frame_t *frame = NULL;
  async_context_frame_with(NULL, key, &value, &frame);
  return frame;
}

static void enter(async_context_frame_t *frame) {
  async_context_frame_release(async_context_frame_exchange(frame));
}

static void send_on(uv_loop_t *loop, uint64_t by, json_t **ret_document) {
  static async_uv_udp_t udp;
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  const async_request_options_t first = {.number = 1}, second = {.number = by};
  async_request_t *owner = NULL, *user = NULL;
  async_context_key_t key;
  struct sockaddr_in nowhere;
  uv_buf_t buf = uv_buf_init((char[]){'x'}, 1);
  options.thresholds.context_foreign = 1;
  if (async_context_key_create("request", &key) != 0 ||
      async_request_begin(&first, &owner) != 0 ||
      async_request_begin(&second, &user) != 0 ||
      uv_ip4_addr("127.0.0.1", 9, &nowhere) != 0)
    return;
  enter(frame_of(&key, owner));
  (void)async_uv_udp_init(loop, &udp);
  enter(frame_of(&key, by == 1 ? owner : user));
  async_uv_udp_try_send(&udp, &buf, 1, (const struct sockaddr *)&nowhere);
  enter(NULL);
  *ret_document = warnings_looked_at(&options);
  async_uv_close((async_uv_handle_t *)&udp, NULL);
  uv_run(loop, UV_RUN_DEFAULT);
  async_request_end(owner, 0);
  async_request_end(user, 0);
  async_context_key_destroy(&key);
}

static void send_on_anothers(uv_loop_t *loop, json_t **ret_document) {
  send_on(loop, 2, ret_document);
}

static void a_handle_of_another_request_is_warned_of(void **state) {
  (void)state;
  json_t *document = on_a_loop(send_on_anothers);
  const json_t *warning = warning_of(document, "context-foreign");
  assert_int_equal(warning_count(document), 1);
  assert_string_equal(json_text_of(warning, "type"), "UDPWRAP");
  assert_string_equal(json_text_of(warning, "requestId"), "r1");
  json_decref(document);
}

static void send_on_ones_own(uv_loop_t *loop, json_t **ret_document) {
  send_on(loop, 1, ret_document);
}

static void one_of_the_same_request_is_not(void **state) {
  (void)state;
  json_t *document = on_a_loop(send_on_ones_own);
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
}

static void hear(const async_context_loss_t *loss, void *data) {
  (void)loss;
  (void)data;
}

/* With a store, or in the frame of its cause. */
static json_t *call_back(scene_t *scene, bool bound) {
  asyncscope_debug_options_t options = with_thresholds(WARNING_NONE);
  options.thresholds.context_lost = 1;
  async_context_loss_detect(true);
  assert_int_equal(async_context_loss_set_handler(hear, NULL), 0);
  async_resource_t *cause = make_for(scene, "CAUSE", 1, 7);
  async_resource_t *late = bound ? make_for(scene, "LATE", id_of(cause), 7)
                                 : make(scene, "LATE", id_of(cause));
  assert_int_equal(async_resource_enter(late), 0);
  async_resource_leave(late);
  json_t *document = warnings_json(&options, "/debug/warnings");
  async_context_loss_detect(false);
  return document;
}

static void a_lost_context_is_warned_of(void **state) {
  json_t *document = call_back(*state, false);
  const json_t *warning = warning_of(document, "context-lost");
  const json_t *other = json_object_get(warning, "other");
  assert_string_equal(json_text_of(warning, "type"), "LATE");
  assert_string_equal(json_text_of(other, "type"), "CAUSE");
  json_decref(document);
}

static void one_that_was_kept_is_not(void **state) {
  json_t *document = call_back(*state, true);
  assert_int_equal(warning_count(document), 0);
  json_decref(document);
}

static void a_scope_left_open_is_warned_of(void **state) {
  async_resource_t *resource = make(*state, "OPEN", 1);
  assert_int_equal(async_resource_enter(resource), 0);
  assert_int_equal(async_env_detach(), UV_EBUSY);
  async_resource_leave(resource);
  json_t *document = warnings_json(NULL, "/debug/warnings");
  const json_t *warning = warning_of(document, "scope-unbalanced");
  assert_string_equal(json_text_of(warning, "type"), "OPEN");
  assert_string_equal(json_text_of(warning, "severity"), "error");
  assert_string_equal(warning_key(warning, 0), key_of(resource));
  json_decref(document);
}

static void scopes_that_are_left_are_not(void **state) {
  async_resource_t *outer = make(*state, "OUTER", 1);
  async_resource_t *inner = make(*state, "INNER", 1);
  assert_int_equal(async_resource_enter(outer), 0);
  assert_int_equal(async_resource_enter(inner), 0);
  async_resource_leave(inner);
  async_resource_leave(outer);
  assert_no_warnings(NULL);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_callback_that_never_ran_is_warned_of),
      cmocka_unit_test_of_scene(what_ran_is_not),
      cmocka_unit_test_of_scene(
          what_was_too_seldom_or_too_long_ago_is_left_out),
      cmocka_unit_test_of_scene(what_an_exporter_lost_is_warned_of),
      cmocka_unit_test_of_scene(findings_of_a_full_table_are_dropped),
      cmocka_unit_test_of_scene(what_is_so_still_is_not_of_the_past),
      cmocka_unit_test_of_scene(findings_that_have_a_place_are_not),
      cmocka_unit_test(a_slow_callback_is_warned_of),
      cmocka_unit_test(one_below_the_threshold_is_not),
      cmocka_unit_test(a_handle_of_another_request_is_warned_of),
      cmocka_unit_test(one_of_the_same_request_is_not),
      cmocka_unit_test_of_scene(a_lost_context_is_warned_of),
      cmocka_unit_test_of_scene(one_that_was_kept_is_not),
      cmocka_unit_test_of_scene(a_scope_left_open_is_warned_of),
      cmocka_unit_test_of_scene(scopes_that_are_left_are_not),
  };
  return test_main(tests, argc, argv);
}
