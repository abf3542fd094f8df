#include "debug_fixture.h"
#include "schema_check.h"

#include "asyncscope/async_request.h"
#include <stdio.h>
#include <string.h>

/* A document with something in every place. */
static json_t *full_document(scene_t *scene) {
  async_resource_t *gone = make(scene, "TCPWRAP", 1);
  async_resource_t *request =
      make_for(scene, "HTTPINCOMINGMESSAGE", id_of(gone), 7);
  assert_int_equal(async_resource_set_name(request, "GET /", 5), 0);
  end(scene, gone);
  assert_int_equal(async_resource_enter(request), 0);
  json_t *document = ask_json(scene, "/debug");
  async_resource_leave(request);
  return document;
}

static json_t *first(json_t *document, const char *array) {
  return json_array_get(json_object_get(document, array), 0);
}

static void assert_refused(json_t *document, const char *expected) {
  char reason[256];
  json_t *schema = schema_load();
  assert_false(schema_check(schema, document, reason, sizeof(reason)));
  assert_string_equal(reason, expected);
  json_decref(schema);
  json_decref(document);
}

static void the_document_conforms(void **state) {
  json_t *document = full_document(*state);
  assert_schema(document);
  json_decref(document);
}

static void a_key_the_schema_does_not_know_is_refused(void **state) {
  json_t *document = full_document(*state);
  json_object_set_new(first(document, "resources"), "fresh", json_true());
  assert_refused(document, "fresh: not in the schema");
}

static void a_missing_key_is_refused(void **state) {
  json_t *document = full_document(*state);
  json_object_del(first(document, "requests"), "live");
  assert_refused(document, "requests: no live");
}

static void a_wrong_type_is_refused(void **state) {
  json_t *document = full_document(*state);
  json_object_set_new(first(document, "threads"), "name", json_integer(1));
  assert_refused(document, "name: no string");
}

static void a_wrong_key_text_is_refused(void **state) {
  json_t *document = full_document(*state);
  json_object_set_new(first(document, "ancestors"), "trigger",
                      json_string("0-3"));
  assert_refused(document, "trigger: does not match the pattern");
}

static void an_unknown_state_is_refused(void **state) {
  json_t *document = full_document(*state);
  json_object_set_new(first(document, "resources"), "state",
                      json_string("busy"));
  assert_refused(document, "state: not one of the enum");
}

static void a_negative_duration_is_refused(void **state) {
  json_t *document = full_document(*state);
  json_object_set_new(first(document, "resources"), "ageUs", json_integer(-1));
  assert_refused(document, "ageUs: below the minimum");
}

static void an_unknown_kind_is_refused(void **state) {
  json_t *document = full_document(*state);
  json_object_set_new(document, "kind", json_string("other"));
  assert_refused(document, "the document: no such kind");
}

/* Whatever of a resource or a request is asked for. */
static void documents_of_some_fields_conform(void **state) {
  static const char *const targets[] = {
      "/debug?fields=key",
      "/debug/resources?fields=key",
      "/debug/resources?fields=ageUs",
      "/debug/requests?fields=requestId",
      "/debug/requests?fields=requestId&include=finished",
      "/debug/requests?state=finished&fields=requestId"};
  scene_t *scene = *state;
  async_request_t *ended;
  const async_request_options_t options = {.number = 8};
  assert_int_equal(async_request_begin(&options, &ended), 0);
  assert_int_equal(async_request_end(ended, 200), 0);
  json_decref(full_document(scene));
  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
    json_decref(ask_json(scene, "%s", targets[i]));
  const char *key = key_of(&scene->resources[1]);
  json_decref(ask_json(scene, "/debug/resources/%s?fields=type", key));
  json_decref(ask_json(scene, "/debug/resources/%s/why?fields=type", key));
}

/* The schema with this definition as what a document has to be. */
static json_t *schema_of(const char *definition) {
  char path[64];
  json_t *schema = schema_load();
  snprintf(path, sizeof(path), "#/$defs/%s", definition);
  json_object_del(schema, "oneOf");
  json_object_set_new(schema, "$ref", json_string(path));
  return schema;
}

static void assert_each(json_t *document, const char *array,
                        const char *definition) {
  char reason[256];
  size_t i;
  json_t *item, *schema = schema_of(definition);
  assert_true(json_array_size(json_object_get(document, array)) > 0);
  json_array_foreach(json_object_get(document, array), i, item) {
    bool good = schema_check(schema, item, reason, sizeof(reason));
    if (!good)
      fail_msg("%s", reason);
  }
  json_decref(schema);
  json_decref(document);
}

static void unless_fields_are_chosen_all_are_there(void **state) {
  scene_t *scene = *state;
  assert_each(full_document(scene), "resources", "resource");
  assert_each(ask_json(scene, "/debug/resources"), "resources", "resource");
  assert_each(ask_json(scene, "/debug/requests"), "requests", "request");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(the_document_conforms),
      cmocka_unit_test_of_scene(a_key_the_schema_does_not_know_is_refused),
      cmocka_unit_test_of_scene(a_missing_key_is_refused),
      cmocka_unit_test_of_scene(a_wrong_type_is_refused),
      cmocka_unit_test_of_scene(a_wrong_key_text_is_refused),
      cmocka_unit_test_of_scene(an_unknown_state_is_refused),
      cmocka_unit_test_of_scene(a_negative_duration_is_refused),
      cmocka_unit_test_of_scene(an_unknown_kind_is_refused),
      cmocka_unit_test_of_scene(documents_of_some_fields_conform),
      cmocka_unit_test_of_scene(unless_fields_are_chosen_all_are_there),
  };
  return test_main(tests, argc, argv);
}
