/* /debug/pprof/resources in its three formats. */
#include "debug_fixture.h"
#include "protobuf.h"

#include <string.h>

static async_resource_t *tree_of_three(scene_t *scene) {
  async_resource_t *root = make(scene, "ROOT", 1);
  async_resource_t *middle = make(scene, "MIDDLE", id_of(root));
  make(scene, "LEAF", id_of(middle));
  return make(scene, "LEAF", id_of(middle));
}

static void a_folded_line_has_the_root_first_and_the_count_last(void **state) {
  scene_t *scene = *state;
  tree_of_three(scene);
  answer_t answer = ask_text(scene, "/debug/pprof/resources?format=folded");
  const char *line = line_with(answer.text, "LEAF");
  assert_ptr_equal(strstr(line, "root;ROOT "), line);
  assert_non_null(strstr(line, ";MIDDLE "));
  assert_string_equal(line + strlen(line) - 2, " 2");
  assert_int_equal(occurrences(answer.text, "LEAF"), 1);
  answer_free(&answer);
}

static void what_separates_frames_does_not_stand_in_a_name(void **state) {
  scene_t *scene = *state;
  make(scene, "A;B\nC\xff", 1);
  answer_t answer = ask_text(scene, "/debug/pprof/resources?format=folded");
  assert_non_null(strstr(answer.text, "root;A_B_C_ "));
  answer_free(&answer);
}

static void filters_say_what_is_counted(void **state) {
  scene_t *scene = *state;
  tree_of_three(scene);
  answer_t answer =
      ask_text(scene, "/debug/pprof/resources?format=folded&type=MIDDLE");
  assert_int_equal(occurrences(answer.text, "\n"), 1);
  assert_non_null(strstr(answer.text, "MIDDLE"));
  answer_free(&answer);
}

static void speedscope_has_a_weight_for_each_stack(void **state) {
  scene_t *scene = *state;
  tree_of_three(scene);
  answer_t answer =
      ask(scene->debug, "/debug/pprof/resources?format=speedscope&type=LEAF");
  assert_int_equal(answer.status, 200);
  json_t *file = answer_json(&answer);
  const json_t *profile = json_array_get(json_object_get(file, "profiles"), 0);
  const json_t *stack = json_array_get(json_object_get(profile, "samples"), 0);
  const json_t *frames =
      json_object_get(json_object_get(file, "shared"), "frames");
  assert_int_equal(json_array_size(stack), 3);
  json_int_t leaf = json_integer_value(json_array_get(stack, 2));
  assert_ptr_equal(
      strstr(json_text_of(json_array_get(frames, (size_t)leaf), "name"),
             "LEAF "),
      json_text_of(json_array_get(frames, (size_t)leaf), "name"));
  assert_int_equal(json_integer_value(
                       json_array_get(json_object_get(profile, "weights"), 0)),
                   2);
  assert_int_equal(json_integer_of(profile, "endValue"), 2);
  json_decref(file);
}

/* Asks again until the time between the two is over. */
static void read_on(asyncscope_debug_stream_t *stream, char *ret_text,
                    size_t text_bytes) {
  const char *chunk;
  size_t size, used = 0;
  int error;
  do {
    error = asyncscope_debug_stream_next(stream, &chunk, &size);
    if (error == 0 && used + size < text_bytes) {
      memcpy(ret_text + used, chunk, size);
      used += size;
    }
  } while (error == UV_EAGAIN || (error == 0 && size > 0));
  assert_int_equal(error, 0);
  ret_text[used] = '\0';
}

static void over_some_seconds_what_came_and_went_is_counted(void **state) {
  scene_t *scene = *state;
  char text[4096];
  const char *chunk;
  size_t size;
  async_resource_t *leaf = tree_of_three(scene);
  asyncscope_debug_request_t request = {.path = "/debug/pprof/resources",
                                        .query = "format=folded&seconds=1"};
  asyncscope_debug_answer_t answer;
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
  assert_true(answer.waits);
  while (asyncscope_debug_stream_wait_ms(answer.stream) == 0)
    assert_int_equal(asyncscope_debug_stream_next(answer.stream, &chunk, &size),
                     UV_EAGAIN);
  end(scene, leaf);
  make(scene, "NEW", 1);
  read_on(answer.stream, text, sizeof(text));
  asyncscope_debug_stream_destroy(answer.stream);
  assert_non_null(strstr(line_with(text, "LEAF"), " -1"));
  assert_non_null(strstr(line_with(text, "NEW"), " 1"));
  assert_int_equal(occurrences(text, "MIDDLE"), 1);
}

static void at_once_it_waits_for_nothing(void **state) {
  static const char *const queries[] = {NULL, "seconds=0", "seconds=9999"};
  scene_t *scene = *state;
  asyncscope_debug_answer_t answer;
  for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
    const asyncscope_debug_request_t request = {
        .path = "/debug/pprof/resources", .query = queries[i]};
    assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
    assert_int_equal(answer.status, i < 2 ? 200 : 400);
    assert_false(answer.waits);
    asyncscope_debug_stream_destroy(answer.stream);
  }
}

static bool contains(const answer_t *answer, const char *text) {
  return memmem(answer->text, answer->length, text, strlen(text)) != NULL;
}

static void a_profile_names_its_types_and_frames(void **state) {
  scene_t *scene = *state;
  tree_of_three(scene);
  answer_t answer = ask(scene->debug, "/debug/pprof/resources");
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "application/octet-stream");
  answer_unzip(&answer);
  assert_true(contains(&answer, "nanoseconds"));
  assert_true(contains(&answer, "LEAF debug_fixture.c:"));
  assert_true(contains(&answer, "tests/unit/server_debug/debug_fixture.c"));
  answer_free(&answer);
}

/* Names that repeat nothing, so that what is compressed is several chunks. */
static void a_long_profile_is_one_whole_file(void **state) {
  enum { TYPES = 4000 };
  scene_t *scene = *state;
  uint64_t noise = 1;
  char type[48] = "";
  for (int i = 0; i < TYPES; i++) {
    for (char *at = type; at < type + 40; at++) {
      noise = noise * UINT64_C(6364136223846793005) + 1;
      *at = (char)('A' + (noise >> 33) % 58);
    }
    make(scene, type, 1);
  }
  answer_t answer = ask(scene->debug, "/debug/pprof/resources");
  assert_int_equal(answer.error, 0);
  assert_true(answer.chunks > 2);
  assert_int_equal(answer.longest_chunk, ASYNCSCOPE_DEBUG_CHUNK_BYTES);
  answer_unzip(&answer);
  assert_true(answer.length > (size_t)TYPES * 80);
  assert_true(contains(&answer, "nanoseconds"));
  assert_true(contains(&answer, async_resource_type(&scene->resources[0])));
  answer_free(&answer);
}

static void a_varint_has_seven_bits_a_byte(void **state) {
  (void)state;
  protobuf_t message = {.used_bytes = 0};
  asyncscope__protobuf_integer(&message, 1, 300);
  assert_int_equal(message.used_bytes, 3);
  assert_memory_equal(message.bytes, "\x08\xac\x02", 3);
  asyncscope__protobuf_integer(&message, 2, -1);
  assert_int_equal(message.used_bytes, 3 + 11);
}

static void a_message_without_room_stays_as_it_is(void **state) {
  (void)state;
  static char text[PROTOBUF_BYTES + 1];
  protobuf_t message = {.used_bytes = 0}, outer = {.used_bytes = 0};
  memset(text, 'a', sizeof(text) - 1);
  asyncscope__protobuf_text(&message, 1, text);
  assert_true(message.full);
  asyncscope__protobuf_message(&outer, 1, &message);
  assert_true(outer.full);
  assert_int_equal(outer.used_bytes, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(
          a_folded_line_has_the_root_first_and_the_count_last),
      cmocka_unit_test_of_scene(what_separates_frames_does_not_stand_in_a_name),
      cmocka_unit_test_of_scene(filters_say_what_is_counted),
      cmocka_unit_test_of_scene(speedscope_has_a_weight_for_each_stack),
      cmocka_unit_test_of_scene(
          over_some_seconds_what_came_and_went_is_counted),
      cmocka_unit_test_of_scene(at_once_it_waits_for_nothing),
      cmocka_unit_test_of_scene(a_profile_names_its_types_and_frames),
      cmocka_unit_test_of_scene(a_long_profile_is_one_whole_file),
      cmocka_unit_test(a_varint_has_seven_bits_a_byte),
      cmocka_unit_test(a_message_without_room_stays_as_it_is),
  };
  return test_main(tests, argc, argv);
}
