/* What an answer can know of is said in each of them: how far back the
 * recorders reach, and what they hold no more. */
#include "events_reader.h"

#include "asyncscope/async_recorder.h"
#include "asyncscope/async_request.h"
#include <stdlib.h>
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
                                        "/debug/history",
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
      "/debug/graph?format=mermaid", "/debug/log?format=text"};
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

static long long field_of(const asyncscope_debug_answer_t *answer,
                          const char *name) {
  for (size_t i = 0; i < answer->field_count; i++)
    if (strcmp(answer->fields[i].name, name) == 0)
      return strtoll(answer->fields[i].value, NULL, 10);
  return -1;
}

/* A folded stack has no place for it, and is to be read by others. */
static void every_answer_has_it_in_its_header(void **state) {
  static const char *const queries[] = {"format=folded", "format=pprof",
                                        "format=speedscope", NULL};
  scene_t *scene = *state;
  asyncscope_debug_answer_t answer;
  overflow(scene);
  for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
    asyncscope_debug_request_t request = {
        .path = queries[i] == NULL ? "/debug/events" : "/debug/pprof/resources",
        .query = queries[i]};
    assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
    assert_true(field_of(&answer, "Asyncscope-Dropped-Events") >= 100);
    assert_true(field_of(&answer, "Asyncscope-Covers-Us") >= 0);
    asyncscope_debug_stream_destroy(answer.stream);
  }
}

static void a_refusal_has_no_such_field(void **state) {
  scene_t *scene = *state;
  asyncscope_debug_answer_t answer;
  asyncscope_debug_request_t request = {.path = "/debug", .query = "bogus=1"};
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
  assert_int_equal(answer.status, 400);
  assert_int_equal(answer.field_count, 0);
  asyncscope_debug_stream_destroy(answer.stream);
}

static void profiles_tell_it_where_their_format_lets_them(void **state) {
  scene_t *scene = *state;
  overflow(scene);
  answer_t answer =
      ask(scene->debug, "/debug/pprof/resources?format=speedscope");
  json_t *file = answer_json(&answer);
  assert_true(json_integer_of(file, "droppedEvents") >= 100);
  assert_true(json_integer_of(file, "coversUs") >= 0);
  json_decref(file);
  answer = ask(scene->debug, "/debug/pprof/resources");
  answer_unzip(&answer);
  const char *comment = memmem(answer.text, answer.length, "coversUs=", 9);
  assert_non_null(comment);
  assert_non_null(strstr(comment, " droppedEvents="));
  answer_free(&answer);
}

/* What the reader itself has missed is another number. */
static void streams_tell_what_documents_tell(void **state) {
  scene_t *scene = *state;
  overflow(scene);
  see(scene, NULL);
  make(scene, "NEW", 1);
  open_events(scene, "include=pulse", last_id());
  read_events();
  close_events();
  static const char *const names[] = {"delta", "pulse"};
  for (size_t i = 0; i < 2; i++) {
    json_t *event = data_of(names[i]);
    assert_true(json_integer_of(event, "droppedEvents") >= 100);
    assert_true(json_integer_of(event, "coversUs") >= 0);
    assert_int_equal(json_integer_of(event, "missedEvents"), 0);
    json_decref(event);
  }
}

static void the_tail_of_the_log_begins_with_it(void **state) {
  scene_t *scene = *state;
  asyncscope_debug_answer_t answer;
  const char *chunk;
  size_t size;
  overflow(scene);
  asyncscope_debug_request_t request = {.path = "/debug/log"};
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
  assert_int_equal(asyncscope_debug_stream_next(answer.stream, &chunk, &size),
                   0);
  const char *begin = memmem(chunk, size, "event: begin\ndata: ", 19);
  assert_non_null(begin);
  json_t *known = json_loadb(begin + 19, (size_t)(chunk + size - begin) - 19,
                             JSON_DISABLE_EOF_CHECK, NULL);
  assert_true(json_integer_of(known, "droppedEvents") >= 100);
  assert_true(json_integer_of(known, "coversUs") >= 0);
  json_decref(known);
  asyncscope_debug_stream_destroy(answer.stream);
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
      cmocka_unit_test_of_scene(every_answer_has_it_in_its_header),
      cmocka_unit_test_of_scene(a_refusal_has_no_such_field),
      cmocka_unit_test_of_scene(profiles_tell_it_where_their_format_lets_them),
      cmocka_unit_test_of_scene(streams_tell_what_documents_tell),
      cmocka_unit_test_of_scene(the_tail_of_the_log_begins_with_it),
  };
  return test_main(tests, argc, argv);
}
