#include "warning_probe.h"

#include "schema_check.h"

answer_t warnings_text(const asyncscope_debug_options_t *options,
                       const char *target) {
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(options, &debug), 0);
  answer_t answer = ask(debug, target);
  asyncscope_debug_destroy(debug);
  assert_int_equal(answer.error, 0);
  if (answer.status != 200)
    fail_msg("%d: %s", answer.status, answer.text);
  return answer;
}

json_t *warnings_json(const asyncscope_debug_options_t *options,
                      const char *target) {
  answer_t answer = warnings_text(options, target);
  json_t *document = answer_json(&answer);
  assert_non_null(document);
  assert_schema(document);
  return document;
}

json_t *warnings_looked_at(const asyncscope_debug_options_t *options) {
  asyncscope_debug_t *debug;
  if (asyncscope_debug_create(options, &debug) != 0)
    return NULL;
  answer_t answer = ask(debug, "/debug/warnings");
  asyncscope_debug_destroy(debug);
  return answer_json(&answer);
}

asyncscope_debug_options_t with_thresholds(
    asyncscope_debug_thresholds_t thresholds) {
  return (asyncscope_debug_options_t){.thresholds = thresholds};
}

json_t *warning_of(const json_t *document, const char *code) {
  return json_named(document, "warnings", "code", code);
}

size_t warning_count(const json_t *document) {
  return json_array_size(json_object_get(document, "warnings"));
}

const char *warning_key(const json_t *warning, size_t at) {
  const char *key =
      json_string_value(json_array_get(json_object_get(warning, "keys"), at));
  return key == NULL ? "" : key;
}

void assert_no_warnings(const asyncscope_debug_options_t *options) {
  json_t *document = warnings_json(options, "/debug/warnings");
  if (warning_count(document) > 0)
    fail_msg("%s", json_dumps(json_object_get(document, "warnings"), 0));
  json_decref(document);
}

void pass_us(uint64_t us) {
  uint64_t begun_ns = uv_hrtime();
  while (uv_hrtime() - begun_ns < us * 1000) {
  }
}
