/* What holds for every path there is: which parameters it takes, which formats
 * it has, and that it says so. */
#include "debug_fixture.h"
#include "endpoint.h"
#include "parameter.h"

#include <stdio.h>
#include <string.h>

typedef struct path_s {
  char text[256];
} path_t;

/* KEY and ID are those of something alive. */
static path_t path_of(const debug_endpoint_t *endpoint, const char *key) {
  path_t path = {""};
  const char *at = strstr(endpoint->path, "/KEY");
  const char *id = strstr(endpoint->path, "/ID");
  if (at != NULL)
    snprintf(path.text, sizeof(path.text), "%.*s/%s%s",
             (int)(at - endpoint->path), endpoint->path, key, at + 4);
  else if (id != NULL)
    snprintf(path.text, sizeof(path.text), "%.*s/r7",
             (int)(id - endpoint->path), endpoint->path);
  else
    snprintf(path.text, sizeof(path.text), "%s", endpoint->path);
  return path;
}

static void make_some(scene_t *scene) {
  make_for(scene, "HTTPINCOMINGMESSAGE", 1, 7);
  make_for(scene, "a \"b\"\\\xff\n", 1, 7);
}

static bool lists(const json_t *error, const char *name) {
  json_t *valid;
  size_t i;
  json_array_foreach(json_object_get(error, "valid"), i, valid) {
    if (strcmp(json_string_value(valid), name) == 0)
      return true;
  }
  return false;
}

static json_t *refused(scene_t *scene, const char *path, const char *query) {
  char target[512];
  snprintf(target, sizeof(target), "%s?%s", path, query);
  answer_t answer =
      ask_accepting(scene->debug, target, "application/json, text/plain;q=0");
  assert_int_equal(answer.error, 0);
  if (answer.status != 400)
    fail_msg("%s: %d", target, answer.status);
  if (strcmp(answer.content_type, DEBUG_JSON_TYPE) != 0) {
    answer_free(&answer);
    return NULL;
  }
  return answer_json(&answer);
}

/* Where a refusal is text it has a line for each. */
static void assert_lists(scene_t *scene, const char *path, const char *query,
                         const char *name) {
  char target[512], line[64];
  json_t *document = refused(scene, path, query);
  if (document != NULL) {
    if (!lists(json_object_get(document, "error"), name))
      fail_msg("%s does not list %s", path, name);
    json_decref(document);
    return;
  }
  snprintf(target, sizeof(target), "%s?%s", path, query);
  snprintf(line, sizeof(line), "\n  %s\n", name);
  answer_t answer = ask(scene->debug, target);
  if (strstr(answer.text, line) == NULL)
    fail_msg("%s does not list %s", path, name);
  answer_free(&answer);
}

static void an_unknown_parameter_is_answered_with_the_known_ones(void **state) {
  scene_t *scene = *state;
  make_some(scene);
  const char *key = key_of(&scene->resources[0]);
  for (const debug_endpoint_t *at = asyncscope__debug_endpoints;
       at->path != NULL; at++)
    for (int i = 0; i < DEBUG_PARAM_COUNT; i++)
      if ((at->accepts.parameters & DEBUG_TAKES(i)) != 0)
        assert_lists(scene, path_of(at, key).text, "none=1",
                     asyncscope__debug_parameters[i].name);
}

static void a_parameter_of_another_path_is_unknown(void **state) {
  scene_t *scene = *state;
  make_some(scene);
  const char *key = key_of(&scene->resources[0]);
  for (const debug_endpoint_t *at = asyncscope__debug_endpoints;
       at->path != NULL; at++)
    for (int i = 0; i < DEBUG_PARAM_COUNT; i++) {
      const char *name = asyncscope__debug_parameters[i].name;
      char query[64];
      bool taken = false;
      for (int j = 0; j < DEBUG_PARAM_COUNT; j++)
        taken =
            taken || ((at->accepts.parameters & DEBUG_TAKES(j)) != 0 &&
                      strcmp(asyncscope__debug_parameters[j].name, name) == 0);
      snprintf(query, sizeof(query), "%s=1", name);
      if (!taken)
        json_decref(refused(scene, path_of(at, key).text, query));
    }
}

static void an_unknown_format_is_answered_with_the_known_ones(void **state) {
  scene_t *scene = *state;
  make_some(scene);
  const char *key = key_of(&scene->resources[0]);
  for (const debug_endpoint_t *at = asyncscope__debug_endpoints;
       at->path != NULL; at++)
    for (size_t i = 0; at->formats[i] != NULL; i++)
      assert_lists(scene, path_of(at, key).text, "format=none",
                   at->formats[i]->name);
}

static bool is_json(const debug_endpoint_t *endpoint) {
  return strcmp(endpoint->formats[0]->content_type, DEBUG_JSON_TYPE) == 0 &&
         strcmp(endpoint->path, "/debug/trace") != 0;
}

static void assert_harmless(const char *path, const answer_t *answer) {
  assert_true(answer->length > 0);
  assert_int_equal(answer->text[answer->length - 1], '\n');
  for (size_t i = 0; i < answer->length; i++) {
    unsigned char byte = (unsigned char)answer->text[i];
    if (byte != '\n' && (byte < ' ' || byte == 0x7f))
      fail_msg("%s: byte %u at %zu", path, byte, i);
  }
}

/* Also by Accept; and what is JSON otherwise has no bytes in it but ASCII. */
static void what_is_json_is_text_for_who_asks(void **state) {
  scene_t *scene = *state;
  size_t count = 0;
  make_some(scene);
  const char *key = key_of(&scene->resources[0]);
  for (const debug_endpoint_t *at = asyncscope__debug_endpoints;
       at->path != NULL; at++) {
    if (!is_json(at) || strstr(at->path, "/ID") != NULL)
      continue;
    const path_t path = path_of(at, key);
    answer_t answer = ask_text(scene, "%s?format=text", path.text);
    assert_string_equal(answer.content_type, DEBUG_TEXT_TYPE);
    assert_harmless(path.text, &answer);
    answer_free(&answer);
    answer = ask_accepting(scene->debug, path.text, "text/plain");
    assert_string_equal(answer.content_type, DEBUG_TEXT_TYPE);
    answer_free(&answer);
    answer = ask_accepting(scene->debug, path.text, "*/*");
    assert_string_equal(answer.content_type, DEBUG_JSON_TYPE);
    answer_free(&answer);
    count++;
  }
  assert_true(count >= 9);
}

static void each_thing_is_a_line_of_names_and_values(void **state) {
  scene_t *scene = *state;
  async_resource_t *made = make_for(scene, "KIND", 1, 7);
  char begin[64];
  answer_t answer = ask_text(scene, "/debug/resources?format=text");
  assert_non_null(strstr(answer.text, "\nkind=resources\n"));
  assert_non_null(strstr(answer.text, "\nprocess: pid="));
  snprintf(begin, sizeof(begin), "resources: key=%s", key_of(made));
  const char *line = line_with(answer.text, begin);
  assert_non_null(strstr(line, " type=KIND "));
  assert_non_null(strstr(line, " requestId=r7 "));
  assert_non_null(strstr(line, " site.line="));
  assert_non_null(strstr(line, " stores=request"));
  answer_free(&answer);
}

static void text_is_quoted_where_it_could_be_taken_for_more(void **state) {
  scene_t *scene = *state;
  make(scene, "a b=c,d\"e\\f\x7f", 1);
  answer_t answer = ask_text(scene, "/debug/resources?format=text");
  assert_non_null(strstr(answer.text, " type=\"a b=c,d\\\"e\\\\f\\u007f\" "));
  answer_free(&answer);
}

static void a_list_of_nothing_is_said_to_be_one(void **state) {
  scene_t *scene = *state;
  answer_t answer = ask_text(scene, "/debug/resources?format=text&type=NONE");
  assert_non_null(strstr(answer.text, "\nresources: none\n"));
  answer_free(&answer);
}

/* The text of many is made in chunks, none of which loses a byte. */
static void many_lines_are_all_there(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < 500; i++)
    make(scene, "KIND", 1);
  answer_t answer = ask_text(scene, "/debug/resources?format=text");
  assert_int_equal(occurrences(answer.text, "\nresources: key="), 500);
  assert_int_equal(occurrences(answer.text, " type=KIND "), 500);
  assert_int_equal(occurrences(answer.text, " site.file="), 500);
  assert_true(answer.chunks > 3);
  answer_free(&answer);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(
          an_unknown_parameter_is_answered_with_the_known_ones),
      cmocka_unit_test_of_scene(a_parameter_of_another_path_is_unknown),
      cmocka_unit_test_of_scene(
          an_unknown_format_is_answered_with_the_known_ones),
      cmocka_unit_test_of_scene(what_is_json_is_text_for_who_asks),
      cmocka_unit_test_of_scene(each_thing_is_a_line_of_names_and_values),
      cmocka_unit_test_of_scene(
          text_is_quoted_where_it_could_be_taken_for_more),
      cmocka_unit_test_of_scene(a_list_of_nothing_is_said_to_be_one),
      cmocka_unit_test_of_scene(many_lines_are_all_there),
  };
  return test_main(tests, argc, argv);
}
