#include "debug_fixture.h"

#include <stdio.h>
#include <string.h>

static const json_t *step(const json_t *document, size_t index) {
  return json_array_get(json_object_get(document, "chain"), index);
}

static size_t steps(const json_t *document) {
  return json_array_size(json_object_get(document, "chain"));
}

static void a_chain_goes_from_the_resource_to_the_root(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "TCPSERVERWRAP", 1);
  async_resource_t *connection = make(scene, "TCPWRAP", id_of(server));
  async_resource_t *timer = make(scene, "Timeout", id_of(connection));
  json_t *document = ask_json(scene, "/debug/resources/%s/why", key_of(timer));
  assert_int_equal(steps(document), 3);
  assert_string_equal(json_text_of(step(document, 0), "type"), "Timeout");
  assert_string_equal(json_text_of(step(document, 1), "type"), "TCPWRAP");
  assert_string_equal(json_text_of(step(document, 2), "type"), "TCPSERVERWRAP");
  assert_string_equal(json_text_of(document, "edge"), "trigger");
  assert_string_equal(json_text_of(document, "end"), "root");
  char root[32];
  snprintf(root, sizeof(root), "%u:1", scene->thread);
  assert_string_equal(json_text_of(document, "endKey"), root);
  json_decref(document);
}

static void the_dead_are_marked_and_passed(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "TCPSERVERWRAP", 1);
  async_resource_t *first = make(scene, "TCPWRAP", id_of(server));
  async_resource_t *second = make(scene, "HTTPINCOMINGMESSAGE", id_of(first));
  async_resource_t *timer = make(scene, "Timeout", id_of(second));
  end(scene, second);
  end(scene, first);
  json_t *document = ask_json(scene, "/debug/resources/%s/why", key_of(timer));
  assert_int_equal(steps(document), 4);
  for (size_t i = 1; i < 3; i++)
    assert_true(json_is_true(json_object_get(step(document, i), "gone")));
  assert_string_equal(json_text_of(step(document, 1), "type"),
                      "HTTPINCOMINGMESSAGE");
  assert_string_equal(json_text_of(step(document, 3), "type"), "TCPSERVERWRAP");
  assert_string_equal(json_text_of(document, "end"), "root");
  json_decref(document);
}

static void the_forgotten_end_a_chain(void **state) {
  scene_t *scene = *state;
  async_resource_t *timer = make(scene, "Timeout", 999999);
  json_t *document = ask_json(scene, "/debug/resources/%s/why", key_of(timer));
  assert_int_equal(steps(document), 2);
  assert_string_equal(json_keys(step(document, 1)), "key asyncId thread gone ");
  assert_string_equal(json_text_of(document, "end"), "forgotten");
  json_decref(document);
}

static void a_cycle_ends_where_it_closes(void **state) {
  scene_t *scene = *state;
  async_resource_t *tail = make(scene, "TAIL", scene->first + 1);
  make(scene, "A", scene->first + 2);
  make(scene, "B", scene->first + 3);
  make(scene, "C", scene->first + 1);
  json_t *document = ask_json(scene, "/debug/resources/%s/why", key_of(tail));
  assert_int_equal(steps(document), 4);
  assert_string_equal(json_text_of(document, "end"), "cycle");
  assert_string_equal(json_text_of(document, "endKey"),
                      json_text_of(step(document, 1), "key"));
  json_decref(document);
}

static void a_resource_may_be_its_own_cause(void **state) {
  scene_t *scene = *state;
  async_resource_t *self = make(scene, "SELF", scene->first);
  json_t *document = ask_json(scene, "/debug/resources/%s/why", key_of(self));
  assert_int_equal(steps(document), 1);
  assert_string_equal(json_text_of(document, "end"), "cycle");
  json_decref(document);
}

static void a_chain_crosses_threads(void **state) {
  scene_t *scene = *state;
  async_resource_t *request = make(scene, "HTTPINCOMINGMESSAGE", 1);
  async_resource_t *task = make_task(scene, id_of(request));
  other_t worker = {.kind = ASYNC_ENV_WORKER,
                    .name = "pool-0",
                    .type = "WORK",
                    .cause = {scene->thread, id_of(task)}};
  other_start(&worker);
  for (int i = 0; i < 2; i++) {
    json_t *document = ask_json(
        scene, "/debug/resources/%u:%lld/why?edge=%s", worker.made.thread,
        (long long)worker.made.async_id, i == 0 ? "trigger" : "execution");
    assert_int_equal(steps(document), i == 0 ? 3 : 2);
    assert_int_equal(json_integer_of(step(document, 0), "thread"),
                     worker.made.thread);
    assert_string_equal(json_text_of(step(document, 1), "key"), key_of(task));
    json_decref(document);
  }
  other_stop(&worker);
}

/* Made in the callback of one resource, caused by another. */
static void executions_are_another_chain(void **state) {
  scene_t *scene = *state;
  async_resource_t *outer = make(scene, "OUTER", 1);
  assert_int_equal(async_resource_enter(outer), 0);
  async_resource_t *inner = make(scene, "INNER", 1);
  async_resource_leave(outer);
  json_t *document =
      ask_json(scene, "/debug/resources/%s/why?edge=execution", key_of(inner));
  assert_int_equal(steps(document), 2);
  assert_string_equal(json_text_of(step(document, 1), "type"), "OUTER");
  assert_string_equal(json_text_of(document, "edge"), "execution");
  json_decref(document);
  document = ask_json(scene, "/debug/resources/%s/why", key_of(inner));
  assert_int_equal(steps(document), 1);
  json_decref(document);
}

static void executions_go_on_through_the_dead(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make(scene, "FIRST", 1);
  assert_int_equal(async_resource_enter(first), 0);
  async_resource_t *second = make(scene, "SECOND", 1);
  async_resource_leave(first);
  assert_int_equal(async_resource_enter(second), 0);
  async_resource_t *third = make(scene, "THIRD", 1);
  async_resource_leave(second);
  make(scene, "X", id_of(second)); /* so that it is remembered */
  end(scene, second);
  json_t *document =
      ask_json(scene, "/debug/resources/%s/why?edge=execution", key_of(third));
  assert_int_equal(steps(document), 3);
  assert_string_equal(json_text_of(step(document, 2), "type"), "FIRST");
  json_decref(document);
}

static void a_chain_of_one_that_is_gone_begins_with_it(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "TCPSERVERWRAP", 1);
  async_resource_t *gone = make(scene, "TCPWRAP", id_of(server));
  make(scene, "Timeout", id_of(gone));
  char key[32];
  snprintf(key, sizeof(key), "%s", key_of(gone));
  end(scene, gone);
  json_t *document = ask_json(scene, "/debug/resources/%s/why", key);
  assert_int_equal(steps(document), 2);
  assert_true(json_is_true(json_object_get(step(document, 0), "gone")));
  json_decref(document);
  json_decref(
      ask_error(scene, 404, "/debug/resources/%u:999999/why", scene->thread));
}

static void a_long_chain_is_cut(void **state) {
  scene_t *scene = *state;
  async_resource_t *last = make(scene, "LINK", 1);
  for (int i = 1; i < 1500; i++)
    last = make(scene, "LINK", id_of(last));
  json_t *document = ask_json(scene, "/debug/resources/%s/why", key_of(last));
  assert_int_equal(steps(document), 1000);
  assert_string_equal(json_text_of(document, "end"), "limit");
  json_decref(document);
  document =
      ask_json(scene, "/debug/resources/%s/why?limit=1500", key_of(last));
  assert_int_equal(steps(document), 1500);
  assert_string_equal(json_text_of(document, "end"), "root");
  json_decref(document);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_chain_goes_from_the_resource_to_the_root),
      cmocka_unit_test_of_scene(the_dead_are_marked_and_passed),
      cmocka_unit_test_of_scene(the_forgotten_end_a_chain),
      cmocka_unit_test_of_scene(a_cycle_ends_where_it_closes),
      cmocka_unit_test_of_scene(a_resource_may_be_its_own_cause),
      cmocka_unit_test_of_scene(a_chain_crosses_threads),
      cmocka_unit_test_of_scene(executions_are_another_chain),
      cmocka_unit_test_of_scene(executions_go_on_through_the_dead),
      cmocka_unit_test_of_scene(a_chain_of_one_that_is_gone_begins_with_it),
      cmocka_unit_test_of_scene(a_long_chain_is_cut),
  };
  return test_main(tests, argc, argv);
}
