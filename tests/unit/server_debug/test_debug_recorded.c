/* What an answer can know of is said in each of them: how far back the
 * recorders reach, and what they hold no more. */
#include "debug_fixture.h"

#include "asyncscope/async_recorder.h"
#include "asyncscope/async_request.h"
#include <string.h>

#define FEW_BYTES 1024 /* some twenty events */

static void overflow(scene_t *scene) {
  assert_int_equal(async_env_set_recorder_bytes(FEW_BYTES), 0);
  for (size_t i = 0; i < 100; i++)
    end(scene, make(scene, "A", 1));
}

static const char *const documents[] = {"/debug",
                                        "/debug/resources",
                                        "/debug/resources?group_by=type",
                                        "/debug/requests",
                                        "/debug/requests?state=finished",
                                        "/debug/threads",
                                        "/debug/loops",
                                        "/debug/warnings",
                                        "/debug/runs",
                                        "/debug/log?format=json",
                                        "/debug/graph",
                                        "/debug/graph?format=nodegraph"};
#define DOCUMENTS (sizeof(documents) / sizeof(documents[0]))

static void every_document_tells_what_was_dropped(void **state) {
  scene_t *scene = *state;
  overflow(scene);
  for (size_t i = 0; i < DOCUMENTS; i++) {
    json_t *document = ask_json(scene, "%s", documents[i]);
    const json_t *snapshot = json_object_get(document, "snapshot");
    assert_true(json_integer_of(snapshot, "droppedEvents") >= 100);
    assert_true(json_integer_of(snapshot, "coversUs") >= 0);
    json_decref(document);
  }
}

static void of_each_thread_for_itself(void **state) {
  scene_t *scene = *state;
  other_t other = {.kind = ASYNC_ENV_OTHER, .name = "other", .type = "B"};
  other_start(&other);
  overflow(scene);
  json_t *document = ask_json(scene, "/debug");
  const json_t *threads =
      json_object_get(json_object_get(document, "snapshot"), "threads");
  json_int_t own = json_integer_of(json_array_get(threads, 0), "droppedEvents");
  assert_true(own >= 100);
  assert_int_equal(
      json_integer_of(json_object_get(document, "counts"), "droppedEvents"),
      own);
  assert_int_equal(json_integer_of(json_array_get(threads, 1), "droppedEvents"),
                   0);
  json_decref(document);
  other_stop(&other);
}

/* Then the span reaches back to where the thread began. */
static void nothing_is_dropped_while_there_is_room(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug");
  const json_t *snapshot = json_object_get(document, "snapshot");
  json_int_t up =
      json_integer_of(json_object_get(document, "process"), "uptimeUs");
  assert_int_equal(json_integer_of(snapshot, "droppedEvents"), 0);
  assert_true(json_integer_of(snapshot, "coversUs") <= up);
  assert_true(json_integer_of(snapshot, "coversUs") > 0);
  json_decref(document);
}

static void a_recorder_that_is_off_covers_nothing(void **state) {
  scene_t *scene = *state;
  assert_int_equal(async_env_set_recorder_bytes(0), 0);
  make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug");
  assert_int_equal(
      json_integer_of(json_object_get(document, "snapshot"), "coversUs"), 0);
  json_decref(document);
}

static void texts_tell_it_in_a_line(void **state) {
  static const char *const texts[] = {
      "/debug/tree", "/debug/warnings?format=text", "/debug/graph?format=dot",
      "/debug/graph?format=mermaid"};
  scene_t *scene = *state;
  overflow(scene);
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
    answer_t answer = ask_text(scene, "%s", texts[i]);
    assert_non_null(strstr(line_with(answer.text, "recorded: the last "),
                           " events dropped"));
    assert_null(strstr(answer.text, " 0 events dropped"));
    answer_free(&answer);
  }
  answer_t answer =
      ask_text(scene, "/debug/requests?state=finished&format=text");
  assert_non_null(strstr(answer.text, "droppedEvents="));
  answer_free(&answer);
}

static void how_much_is_kept_is_an_option(void **state) {
  const asyncscope_debug_kept_t kept = {.recorder_bytes = FEW_BYTES,
                                        .requests = 2};
  const asyncscope_debug_options_t options = {.kept = &kept};
  scene_t *scene = *state;
  asyncscope_debug_t *debug;
  async_request_t *request;
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  for (uint64_t i = 1; i <= 5; i++) {
    end(scene, make(scene, "A", 1));
    assert_int_equal(
        async_request_begin(&(async_request_options_t){.number = i}, &request),
        0);
    assert_int_equal(async_request_end(request, 200), 0);
  }
  asyncscope_debug_destroy(debug);
  json_t *document = ask_json(scene, "/debug/requests?state=finished");
  assert_int_equal(json_integer_of(document, "matched"), 2);
  assert_true(json_integer_of(json_object_get(document, "snapshot"),
                              "droppedEvents") > 0);
  json_decref(document);
}

static void the_trace_and_the_metrics_tell_it(void **state) {
  scene_t *scene = *state;
  overflow(scene);
  answer_t answer = ask_text(scene, "/debug/trace");
  assert_non_null(strstr(answer.text, "\"droppedEvents\":"));
  answer_free(&answer);
  answer = ask_text(scene, "/metrics");
  assert_non_null(strstr(answer.text, "\nasyncscope_dropped_events_total "));
  assert_null(strstr(answer.text, "\nasyncscope_dropped_events_total 0\n"));
  answer_free(&answer);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(every_document_tells_what_was_dropped),
      cmocka_unit_test_of_scene(of_each_thread_for_itself),
      cmocka_unit_test_of_scene(nothing_is_dropped_while_there_is_room),
      cmocka_unit_test_of_scene(a_recorder_that_is_off_covers_nothing),
      cmocka_unit_test_of_scene(texts_tell_it_in_a_line),
      cmocka_unit_test_of_scene(how_much_is_kept_is_an_option),
      cmocka_unit_test_of_scene(the_trace_and_the_metrics_tell_it),
  };
  return test_main(tests, argc, argv);
}
