#include "debug_fixture.h"
#include "schema_check.h"

#include <string.h>

/* A document with something in every place. */
static json_t *full_document(void) {
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_entry(snapshot, 2, 1);
  made_ancestor(snapshot, 4, "TCPWRAP", 3);
  async_resource_info_t *info =
      made_resource(snapshot, 2, "HTTPINCOMINGMESSAGE", 4);
  info->request = 7;
  info->storages = 1;
  made_name(info, "GET /");
  answer_t answer = made_answer(snapshot, &asyncscope__debug_overview_json);
  return answer_json(&answer);
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
  (void)state;
  json_t *document = full_document();
  assert_schema(document);
  json_decref(document);
}

static void a_key_the_schema_does_not_know_is_refused(void **state) {
  (void)state;
  json_t *document = full_document();
  json_object_set_new(first(document, "resources"), "fresh", json_true());
  assert_refused(document, "fresh: not in the schema");
}

static void a_missing_key_is_refused(void **state) {
  (void)state;
  json_t *document = full_document();
  json_object_del(first(document, "requests"), "live");
  assert_refused(document, "requests: no live");
}

static void a_wrong_type_is_refused(void **state) {
  (void)state;
  json_t *document = full_document();
  json_object_set_new(first(document, "threads"), "name", json_integer(1));
  assert_refused(document, "name: integer in place of string");
}

static void a_wrong_key_text_is_refused(void **state) {
  (void)state;
  json_t *document = full_document();
  json_object_set_new(first(document, "ancestors"), "trigger",
                      json_string("0-3"));
  assert_refused(document, "trigger: does not match the pattern");
}

static void an_unknown_state_is_refused(void **state) {
  (void)state;
  json_t *document = full_document();
  json_object_set_new(first(document, "resources"), "state",
                      json_string("busy"));
  assert_refused(document, "state: not one of the enum");
}

static void a_negative_duration_is_refused(void **state) {
  (void)state;
  json_t *document = full_document();
  json_object_set_new(first(document, "resources"), "ageUs", json_integer(-1));
  assert_refused(document, "ageUs: below the minimum");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_document_conforms),
      cmocka_unit_test(a_key_the_schema_does_not_know_is_refused),
      cmocka_unit_test(a_missing_key_is_refused),
      cmocka_unit_test(a_wrong_type_is_refused),
      cmocka_unit_test(a_wrong_key_text_is_refused),
      cmocka_unit_test(an_unknown_state_is_refused),
      cmocka_unit_test(a_negative_duration_is_refused),
  };
  return test_main(tests, argc, argv);
}
