#include "debug_fixture.h"

#include <string.h>

static const json_t *group(const json_t *document, size_t index) {
  return json_array_get(json_object_get(document, "groups"), index);
}

static size_t groups(const json_t *document) {
  return json_array_size(json_object_get(document, "groups"));
}

static void the_greatest_group_stands_first(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  for (int i = 0; i < 3; i++)
    make(scene, "B", 1);
  make_internal(scene, "C", 1);
  json_t *document = ask_json(scene, "/debug/resources?group_by=type");
  assert_string_equal(json_text_of(document, "groupBy"), "type");
  assert_int_equal(json_integer_of(document, "matched"), 4);
  assert_int_equal(groups(document), 2);
  assert_string_equal(json_text_of(group(document, 0), "type"), "B");
  assert_int_equal(json_integer_of(group(document, 0), "count"), 3);
  assert_int_equal(
      json_integer_of(json_object_get(group(document, 0), "states"), "init"),
      3);
  json_decref(document);
  document = ask_json(scene, "/debug/resources?group_by=type&sort=count");
  assert_string_equal(json_text_of(group(document, 0), "type"), "A");
  json_decref(document);
  document = ask_json(scene, "/debug/resources?group_by=type&limit=1");
  assert_int_equal(groups(document), 1);
  assert_true(json_is_true(json_object_get(document, "truncated")));
  json_decref(document);
}

static void a_group_names_its_oldest(void **state) {
  scene_t *scene = *state;
  async_resource_t *oldest = make(scene, "A", 1);
  make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug/resources?group_by=type");
  const json_t *one = group(document, 0);
  assert_string_equal(json_text_of(one, "oldest"), key_of(oldest));
  assert_true(json_integer_of(one, "oldestAgeUs") >=
              json_integer_of(one, "newestAgeUs"));
  json_decref(document);
}

/* It may lie where another one lay, before older ones. */
static void a_group_knows_its_newest(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make(scene, "A", 1);
  make(scene, "A", 1);
  make(scene, "A", 1);
  end(scene, first);
  uint64_t end_ns = uv_hrtime() + 20000000;
  while (uv_hrtime() < end_ns) {
  }
  make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug/resources?group_by=type");
  const json_t *one = group(document, 0);
  assert_int_equal(json_integer_of(one, "count"), 3);
  assert_true(json_integer_of(one, "oldestAgeUs") -
                  json_integer_of(one, "newestAgeUs") >=
              19000);
  json_decref(document);
}

static void a_site_is_a_line_whoever_includes_it(void **state) {
  scene_t *scene = *state;
  const async_site_t sites[] = {
      {"a.h", "f", 5}, {"a.h", "f", 5}, {"a.h", "f", 6}};
  async_resource_t resources[3];
  (void)scene;
  for (int i = 0; i < 3; i++)
    assert_int_equal(
        async_resource_init_at(&sites[i], &resources[i], "A", NULL), 0);
  json_t *document = ask_json(scene, "/debug/resources?group_by=site");
  assert_int_equal(groups(document), 2);
  assert_int_equal(
      json_integer_of(json_object_get(group(document, 0), "site"), "line"), 5);
  json_decref(document);
  for (int i = 0; i < 3; i++)
    async_resource_finish(&resources[i]);
}

static void requests_and_threads_are_groups(void **state) {
  scene_t *scene = *state;
  make_for(scene, "A", 1, 7);
  make_for(scene, "B", 1, 7);
  make(scene, "C", 1);
  json_t *document = ask_json(scene, "/debug/resources?group_by=request");
  assert_int_equal(groups(document), 2);
  assert_string_equal(json_text_of(group(document, 0), "requestId"), "r7");
  assert_null(json_object_get(group(document, 1), "requestId"));
  json_decref(document);
  document = ask_json(scene, "/debug/resources?group_by=thread&type=A,B");
  assert_int_equal(groups(document), 1);
  assert_int_equal(json_integer_of(group(document, 0), "thread"),
                   scene->thread);
  json_decref(document);
}

static void a_path_is_that_of_all_that_came_the_same_way(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  for (int i = 0; i < 5; i++) {
    async_resource_t *connection = make(scene, "CONNECTION", id_of(server));
    make(scene, "TIMER", id_of(connection));
    make(scene, "TIMER", id_of(connection));
    end(scene, connection);
  }
  make(scene, "TIMER", 1);
  json_t *document = ask_json(scene, "/debug/resources?group_by=path");
  assert_int_equal(groups(document), 3);
  const json_t *one = group(document, 0);
  json_t *path = json_object_get(one, "path");
  assert_int_equal(json_integer_of(one, "count"), 10);
  assert_int_equal(json_array_size(path), 3);
  assert_string_equal(json_text_of(json_array_get(path, 0), "type"), "SERVER");
  assert_string_equal(json_text_of(json_array_get(path, 1), "type"),
                      "CONNECTION");
  json_decref(document);
}

static void a_path_in_a_cycle_begins_where_it_closes(void **state) {
  scene_t *scene = *state;
  make(scene, "A", scene->first + 1);
  make(scene, "B", scene->first);
  make(scene, "TAIL", scene->first);
  json_t *document = ask_json(scene, "/debug/resources?group_by=path");
  assert_int_equal(groups(document), 3);
  json_decref(document);
}

/* Deeper than a stack could follow. */
static void a_deep_path_is_followed(void **state) {
  scene_t *scene = *state;
  async_resource_t *last = make(scene, "LINK", 1);
  for (int i = 1; i < 10000; i++)
    last = make(scene, "LINK", id_of(last));
  json_t *document =
      ask_json(scene, "/debug/resources?group_by=path&sort=age&limit=1");
  assert_int_equal(json_array_size(json_object_get(group(document, 0), "path")),
                   64);
  json_decref(document);
}

static void too_many_groups_are_counted_as_others(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 1; i <= 16394; i++)
    make_for(scene, "A", 1, i);
  json_t *document = ask_json(scene, "/debug/resources?group_by=request");
  assert_int_equal(json_integer_of(document, "matched"), 16394);
  assert_int_equal(json_integer_of(document, "others"), 10);
  json_decref(document);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(the_greatest_group_stands_first),
      cmocka_unit_test_of_scene(a_group_names_its_oldest),
      cmocka_unit_test_of_scene(a_group_knows_its_newest),
      cmocka_unit_test_of_scene(a_site_is_a_line_whoever_includes_it),
      cmocka_unit_test_of_scene(requests_and_threads_are_groups),
      cmocka_unit_test_of_scene(a_path_is_that_of_all_that_came_the_same_way),
      cmocka_unit_test_of_scene(a_path_in_a_cycle_begins_where_it_closes),
      cmocka_unit_test_of_scene(a_deep_path_is_followed),
      cmocka_unit_test_of_scene(too_many_groups_are_counted_as_others),
  };
  return test_main(tests, argc, argv);
}
