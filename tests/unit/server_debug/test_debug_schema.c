#include "debug_fixture.h"
#include "schema_check.h"

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
  };
  return test_main(tests, argc, argv);
}
