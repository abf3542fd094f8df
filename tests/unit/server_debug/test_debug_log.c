/* /debug/log: what is kept of a program's log, and what its readers are told.
 */
#include "asyncscope/async_local_storage.h"
#include "debug_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct log_scene_s {
  asyncscope_debug_t *debug;
  asyncscope_debug_stream_t *stream;
  char text[65536];
  size_t length;
} log_scene_t;

#define LINES 8

static log_scene_t open_log(size_t lines) {
  const asyncscope_debug_options_t options = {.log_lines = lines};
  log_scene_t scene = {.debug = NULL};
  assert_int_equal(asyncscope_debug_create(&options, &scene.debug), 0);
  return scene;
}

static void write_line(log_scene_t *scene, asyncscope_debug_level_t level,
                       uint64_t request, const char *text) {
  const asyncscope_debug_log_line_t line = {.level = level,
                                            .text = text,
                                            .text_bytes = strlen(text),
                                            .request = request};
  asyncscope_debug_log(scene->debug, &line);
}

static void write_lines(log_scene_t *scene, int from, int to) {
  char text[32];
  for (int i = from; i < to; i++) {
    snprintf(text, sizeof(text), "line %d", i);
    write_line(scene, ASYNCSCOPE_DEBUG_LEVEL_INFO, 0, text);
  }
}

static void begin_tail(log_scene_t *scene, const char *query,
                       const char *last_event_id) {
  const asyncscope_debug_request_t request = {
      .path = "/debug/log", .query = query, .last_event_id = last_event_id};
  asyncscope_debug_answer_t answer;
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "text/event-stream");
  scene->stream = answer.stream;
}

/* What there is to be told now, behind what was told before. */
static const char *read_tail(log_scene_t *scene) {
  const char *chunk;
  size_t size, from = scene->length;
  int error = 0;
  do {
    error = asyncscope_debug_stream_next(scene->stream, &chunk, &size);
    if (error == 0) {
      assert_true(scene->length + size < sizeof(scene->text));
      memcpy(scene->text + scene->length, chunk, size);
      scene->length += size;
    }
  } while (error == 0 || asyncscope_debug_stream_wait_ms(scene->stream) <= 1);
  assert_int_equal(error, UV_EAGAIN);
  scene->text[scene->length] = '\0';
  return scene->text + from;
}

static void close_log(log_scene_t *scene) {
  asyncscope_debug_stream_destroy(scene->stream);
  asyncscope_debug_destroy(scene->debug);
}

static const char *last_id(const char *text) {
  static char id[64];
  const char *at = text, *found = NULL;
  while ((at = strstr(at, "\nid: ")) != NULL)
    found = at += 5;
  assert_non_null(found);
  snprintf(id, sizeof(id), "%.*s", (int)strcspn(found, "\n"), found);
  return id;
}

static json_t *lines_of(log_scene_t *scene, const char *target) {
  answer_t answer = ask(scene->debug, target);
  assert_int_equal(answer.status, 200);
  return answer_json(&answer);
}

static const char *message_at(const json_t *document, size_t index) {
  const json_t *lines = json_object_get(document, "lines");
  return json_text_of(json_array_get(lines, index), "message");
}

static size_t line_count(const json_t *document) {
  return json_array_size(json_object_get(document, "lines"));
}

static void lines_are_told_as_they_are_written(void **state) {
  log_scene_t scene = open_log(LINES);
  (void)state;
  write_lines(&scene, 0, 2);
  begin_tail(&scene, NULL, NULL);
  const char *text = read_tail(&scene);
  assert_ptr_equal(strstr(text, "retry: 2000\n\nevent: begin\ndata: {"), text);
  assert_int_equal(occurrences(text, "event: line\n"), 2);
  write_lines(&scene, 2, 3);
  text = read_tail(&scene);
  assert_int_equal(occurrences(text, "event: line\n"), 1);
  assert_non_null(strstr(text, "\"message\":\"line 2\"}\n\n"));
  assert_int_equal(strlen(read_tail(&scene)), 0);
  close_log(&scene);
}

static void a_reader_that_comes_back_is_told_what_it_has_missed(void **state) {
  log_scene_t scene = open_log(LINES);
  char id[64];
  (void)state;
  write_lines(&scene, 0, 3);
  begin_tail(&scene, NULL, NULL);
  snprintf(id, sizeof(id), "%s", last_id(read_tail(&scene)));
  asyncscope_debug_stream_destroy(scene.stream);
  write_lines(&scene, 3, 5);
  begin_tail(&scene, NULL, id);
  const char *text = read_tail(&scene);
  assert_int_equal(occurrences(text, "event: line\n"), 2);
  assert_null(strstr(text, "line 2"));
  assert_null(strstr(text, "event: dropped"));
  close_log(&scene);
}

static void lines_that_were_overwritten_are_counted(void **state) {
  log_scene_t scene = open_log(LINES);
  (void)state;
  write_lines(&scene, 0, 1);
  begin_tail(&scene, NULL, NULL);
  read_tail(&scene);
  write_lines(&scene, 1, 1 + LINES + 5);
  const char *text = read_tail(&scene);
  assert_non_null(strstr(text, "data: {\"dropped\":5}\n\n"));
  assert_int_equal(occurrences(text, "event: line\n"), LINES);
  assert_non_null(strstr(text, "line 6\""));
  close_log(&scene);
}

static void an_id_of_another_log_is_no_id(void **state) {
  static const char *const ids[] = {
      "", "1", "1:2", "x", "99999999999999999999999:1", "1:x", "1:2:3:4"};
  log_scene_t scene = open_log(LINES);
  (void)state;
  write_lines(&scene, 0, 2);
  for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
    begin_tail(&scene, NULL, ids[i]);
    assert_int_equal(occurrences(read_tail(&scene), "event: line\n"), 2);
    asyncscope_debug_stream_destroy(scene.stream);
  }
  scene.stream = NULL;
  close_log(&scene);
}

/* Of this log, but of a line that is still to come. */
static void an_id_of_a_line_to_come_is_no_id(void **state) {
  log_scene_t scene = open_log(LINES);
  char id[64];
  (void)state;
  write_lines(&scene, 0, 1);
  begin_tail(&scene, NULL, NULL);
  read_tail(&scene);
  const char *last = last_id(scene.text);
  snprintf(id, sizeof(id), "%.*s:7", (int)strcspn(last, ":"), last);
  asyncscope_debug_stream_destroy(scene.stream);
  begin_tail(&scene, NULL, id);
  assert_int_equal(occurrences(read_tail(&scene), "event: line\n"), 1);
  close_log(&scene);
}

static void lines_of_one_request_are_told_alone(void **state) {
  log_scene_t scene = open_log(LINES);
  (void)state;
  write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_INFO, 1, "one");
  write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_INFO, 2, "two");
  write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_INFO, 0, "nobody");
  json_t *document = lines_of(&scene, "/debug/log?format=json&request=r2");
  assert_int_equal(line_count(document), 1);
  assert_string_equal(message_at(document, 0), "two");
  json_decref(document);
  close_log(&scene);
}

static void lines_below_a_level_are_left_out(void **state) {
  log_scene_t scene = open_log(LINES);
  (void)state;
  write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_DEBUG, 0, "d");
  write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_ERROR, 0, "e");
  write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_WARN, 0, "w");
  json_t *document = lines_of(&scene, "/debug/log?format=json&level=warn");
  assert_int_equal(line_count(document), 2);
  assert_string_equal(message_at(document, 0), "e");
  json_decref(document);
  close_log(&scene);
}

static void the_limit_is_of_the_last_lines_asked_for(void **state) {
  log_scene_t scene = open_log(LINES);
  (void)state;
  for (int i = 0; i < 3; i++) {
    write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_INFO, 1, i == 2 ? "last" : "one");
    write_line(&scene, ASYNCSCOPE_DEBUG_LEVEL_INFO, 2, "two");
  }
  json_t *document =
      lines_of(&scene, "/debug/log?format=json&request=r1&limit=1");
  assert_int_equal(line_count(document), 1);
  assert_string_equal(message_at(document, 0), "last");
  json_decref(document);
  close_log(&scene);
}

/* Bytes that end lines, quotes and events, that turn the terminal, and that
 * are no UTF-8. */
static void hostile_bytes_stay_within_their_line(void **state) {
  static const char bytes[] =
      "a\n\ndata: x\r\"\\\x1b[2J\xff\xe2\x80\xae</script>\0z";
  const asyncscope_debug_log_line_t line = {.text = bytes,
                                            .text_bytes = sizeof(bytes) - 1};
  log_scene_t scene = open_log(LINES);
  (void)state;
  asyncscope_debug_log(scene.debug, &line);
  begin_tail(&scene, NULL, NULL);
  const char *text = strstr(read_tail(&scene), "event: line\n");
  assert_non_null(text);
  assert_int_equal(occurrences(text, "\n"), 4);
  for (const char *at = text; *at != '\0'; at++)
    assert_true(*at == '\n' || (*at >= ' ' && *at <= '~'));
  answer_t answer = ask(scene.debug, "/debug/log?format=text");
  assert_int_equal(occurrences(answer.text, "\n"), 3);
  assert_null(strchr(answer.text, '\x1b'));
  assert_null(strstr(answer.text, "\xe2\x80\xae"));
  assert_non_null(strstr(answer.text, "a\\x0a\\x0adata: x\\x0d\"\\\\x1b[2J"));
  answer_free(&answer);
  close_log(&scene);
}

static void a_long_line_is_cut(void **state) {
  static char bytes[ASYNCSCOPE_DEBUG_LOG_BYTES + 100];
  const asyncscope_debug_log_line_t line = {.text = bytes,
                                            .text_bytes = sizeof(bytes)};
  log_scene_t scene = open_log(LINES);
  (void)state;
  memset(bytes, 'a', sizeof(bytes));
  asyncscope_debug_log(scene.debug, &line);
  json_t *document = lines_of(&scene, "/debug/log?format=json");
  assert_int_equal(strlen(message_at(document, 0)), ASYNCSCOPE_DEBUG_LOG_BYTES);
  json_decref(document);
  close_log(&scene);
}

static void without_a_log_there_are_no_lines(void **state) {
  log_scene_t scene = open_log(0);
  (void)state;
  write_lines(&scene, 0, 1);
  json_t *document = lines_of(&scene, "/debug/log?format=json");
  assert_int_equal(line_count(document), 0);
  assert_int_equal(json_integer_of(document, "capacity"), 0);
  json_decref(document);
  begin_tail(&scene, NULL, NULL);
  assert_non_null(strstr(read_tail(&scene), "event: begin"));
  close_log(&scene);
}

static void more_lines_than_there_may_be_are_refused(void **state) {
  const asyncscope_debug_options_t options = {
      .log_lines = (size_t)ASYNCSCOPE_DEBUG_LOG_LINES_MAX + 1};
  asyncscope_debug_t *debug = NULL;
  (void)state;
  assert_int_equal(asyncscope_debug_create(&options, &debug), UV_EINVAL);
}

/* The request in whose context it is written. */
static int write_in_context(void *arg) {
  write_lines(arg, 0, 1);
  return 0;
}

static async_request_t *account;

static async_request_t *account_of(const void *value) {
  (void)value;
  return account;
}

static void a_line_says_in_whose_context_it_was_written(void **state) {
  const async_request_options_t request = {
      .number = 7,
      .trace = &(async_request_trace_t){.trace_id = {1, 2}, .span_id = 3}};
  log_scene_t log = open_log(LINES);
  async_local_storage_t storage;
  (void)state;
  assert_int_equal(
      async_local_storage_init(
          &storage, &(async_local_storage_options_t){.account = account_of}),
      0);
  assert_int_equal(async_request_begin(&request, &account), 0);
  assert_int_equal(
      async_local_storage_run(&storage, &log, write_in_context, &log), 0);
  async_request_end(account, 0);
  async_local_storage_finish(&storage);
  json_t *document = lines_of(&log, "/debug/log?format=json&request=r7");
  const json_t *line = json_array_get(json_object_get(document, "lines"), 0);
  assert_string_equal(json_text_of(line, "traceId"),
                      "00000000000000010000000000000002");
  assert_string_equal(json_text_of(line, "spanId"), "0000000000000003");
  json_decref(document);
  close_log(&log);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_are_told_as_they_are_written),
      cmocka_unit_test(a_reader_that_comes_back_is_told_what_it_has_missed),
      cmocka_unit_test(lines_that_were_overwritten_are_counted),
      cmocka_unit_test(an_id_of_another_log_is_no_id),
      cmocka_unit_test(an_id_of_a_line_to_come_is_no_id),
      cmocka_unit_test(lines_of_one_request_are_told_alone),
      cmocka_unit_test(lines_below_a_level_are_left_out),
      cmocka_unit_test(the_limit_is_of_the_last_lines_asked_for),
      cmocka_unit_test(hostile_bytes_stay_within_their_line),
      cmocka_unit_test(a_long_line_is_cut),
      cmocka_unit_test(without_a_log_there_are_no_lines),
      cmocka_unit_test(more_lines_than_there_may_be_are_refused),
      cmocka_unit_test_of_scene(a_line_says_in_whose_context_it_was_written),
  };
  return test_main(tests, argc, argv);
}
