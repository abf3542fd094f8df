/* Spans as OTLP has them in JSON. */
#include "otlp_encode.h"
#include "test_main.h"

#include "asyncscope/async_allocator.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const otlp_work_t work = {"FSREQCALLBACK", "file request", OTLP_INTERNAL,
                                 true};
static const async_site_t site = {.file = "a.c", .line = 7, .function = "f"};

static otlp_span_t request_span(void) {
  return (otlp_span_t){
      .trace = {.trace_id = {0x0af7651916cd43dd, 0x8448eb211c80319c},
                .span_id = 0xb7ad6b7169203331,
                .flags = 1},
      .start_ns = 1544712660300000000,
      .end_ns = 1544712660600000000,
      .kind = OTLP_SERVER,
      .request = 9,
      .thread = 4,
      .thread_name = "loop-0",
      .status = 200,
      .of_request = {
          .name = "GET /user/1", .route = "/user/:id", .loop_ns = 5000}};
}

static otlp_span_t child_span(void) {
  otlp_span_t span = request_span();
  span.trace.parent_span_id = span.trace.span_id;
  span.trace.span_id = 1;
  span.kind = OTLP_INTERNAL;
  span.status = 0;
  span.of_child = (otlp_child_span_t){.work = &work,
                                      .site = &site,
                                      .type = "FSREQCALLBACK",
                                      .async_id = 12,
                                      .link_id = 0xff};
  return span;
}

static const char *text_of(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  if (text == NULL)
    fail_msg("no text %s", key);
  return text;
}

/* Of the kind that an attribute has. */
static const char *value_of(const json_t *span, const char *key,
                            const char *kind) {
  json_t *attribute;
  size_t i;
  json_array_foreach(json_object_get(span, "attributes"), i, attribute) {
    if (strcmp(text_of(attribute, "key"), key) == 0)
      return text_of(json_object_get(attribute, "value"), kind);
  }
  return "";
}

static void ids_are_hex_and_times_are_text(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  json_t *json = otlp_encode_span(&span, false);
  assert_string_equal(text_of(json, "traceId"),
                      "0af7651916cd43dd8448eb211c80319c");
  assert_string_equal(text_of(json, "spanId"), "b7ad6b7169203331");
  assert_string_equal(text_of(json, "startTimeUnixNano"),
                      "1544712660300000000");
  assert_string_equal(text_of(json, "endTimeUnixNano"), "1544712660600000000");
  assert_int_equal(json_integer_value(json_object_get(json, "kind")), 2);
  assert_int_equal(json_integer_value(json_object_get(json, "flags")), 0x101);
  assert_null(json_object_get(json, "parentSpanId"));
  assert_null(json_object_get(json, "status"));
  json_decref(json);
}

static void a_request_is_described_by_the_conventions(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  json_t *json = otlp_encode_span(&span, false);
  assert_string_equal(text_of(json, "name"), "GET /user/:id");
  assert_string_equal(value_of(json, "http.request.method", "stringValue"),
                      "GET");
  assert_string_equal(value_of(json, "url.path", "stringValue"), "/user/1");
  assert_string_equal(value_of(json, "http.route", "stringValue"), "/user/:id");
  assert_string_equal(value_of(json, "http.response.status_code", "intValue"),
                      "200");
  assert_string_equal(value_of(json, "asyncscope.loop_us", "intValue"), "5");
  assert_string_equal(value_of(json, "asyncscope.request_id", "stringValue"),
                      "r9");
  assert_string_equal(value_of(json, "error.type", "stringValue"), "");
  json_decref(json);
}

static bool is_true(const json_t *span, const char *key) {
  json_t *attribute;
  size_t i;
  json_array_foreach(json_object_get(span, "attributes"), i, attribute) {
    if (strcmp(text_of(attribute, "key"), key) == 0)
      return json_is_true(
          json_object_get(json_object_get(attribute, "value"), "boolValue"));
  }
  return false;
}

static void a_path_that_was_cut_says_so(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  json_t *json = otlp_encode_span(&span, false);
  assert_false(is_true(json, "asyncscope.url_path_cut"));
  json_decref(json);
  span.of_request.name_cut = true;
  json = otlp_encode_span(&span, false);
  assert_true(is_true(json, "asyncscope.url_path_cut"));
  json_decref(json);
}

static void the_tracestate_goes_on_unchanged(void **state) {
  otlp_span_t span = child_span();
  (void)state;
  json_t *json = otlp_encode_span(&span, false);
  assert_null(json_object_get(json, "traceState"));
  json_decref(json);
  span.state = otlp_state_create("a=1,b=2", 7);
  json = otlp_encode_span(&span, false);
  assert_string_equal(text_of(json, "traceState"), "a=1,b=2");
  json_decref(json);
  otlp_state_release(span.state);
}

static void a_request_without_a_route_is_named_by_its_method(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  span.of_request.route[0] = '\0';
  json_t *json = otlp_encode_span(&span, false);
  assert_string_equal(text_of(json, "name"), "GET");
  json_decref(json);
}

static void a_remote_parent_is_said_to_be_one(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  span.trace.parent_span_id = 0x00f067aa0ba902b7;
  json_t *json = otlp_encode_span(&span, false);
  assert_string_equal(text_of(json, "parentSpanId"), "00f067aa0ba902b7");
  assert_int_equal(json_integer_value(json_object_get(json, "flags")), 0x301);
  json_decref(json);
}

static void check_error(int status, const char *type, bool message) {
  otlp_span_t span = request_span();
  span.status = status;
  span.failed = true;
  json_t *json = otlp_encode_span(&span, false);
  const json_t *of = json_object_get(json, "status");
  assert_int_equal(json_integer_value(json_object_get(of, "code")), 2);
  assert_int_equal(json_object_get(of, "message") != NULL, message);
  assert_string_equal(value_of(json, "error.type", "stringValue"), type);
  json_decref(json);
}

static void a_failure_is_an_error(void **state) {
  (void)state;
  check_error(500, "500", false);
  check_error(UV_ECONNRESET, "ECONNRESET", true);
}

static void work_is_linked_to_what_caused_it(void **state) {
  otlp_span_t span = child_span();
  (void)state;
  json_t *json = otlp_encode_span(&span, false);
  const json_t *link = json_array_get(json_object_get(json, "links"), 0);
  assert_string_equal(text_of(json, "name"), "file request");
  assert_int_equal(json_integer_value(json_object_get(json, "kind")), 1);
  assert_string_equal(text_of(json, "parentSpanId"), "b7ad6b7169203331");
  assert_string_equal(text_of(link, "spanId"), "00000000000000ff");
  assert_string_equal(text_of(link, "traceId"), text_of(json, "traceId"));
  assert_string_equal(value_of(json, "asyncscope.key", "stringValue"), "4:12");
  assert_string_equal(value_of(json, "code.file.path", "stringValue"), "a.c");
  assert_string_equal(value_of(json, "code.line.number", "intValue"), "7");
  json_decref(json);
}

static void an_end_before_the_beginning_is_the_beginning(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  span.end_ns = span.start_ns - 1;
  json_t *json = otlp_encode_span(&span, false);
  assert_string_equal(text_of(json, "endTimeUnixNano"),
                      text_of(json, "startTimeUnixNano"));
  json_decref(json);
}

static void the_scheme_is_that_of_the_listener(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  json_t *plain = otlp_encode_span(&span, false);
  json_t *sealed = otlp_encode_span(&span, true);
  assert_string_equal(value_of(plain, "url.scheme", "stringValue"), "http");
  assert_string_equal(value_of(sealed, "url.scheme", "stringValue"), "https");
  json_decref(plain);
  json_decref(sealed);
}

static void hostile_bytes_are_text(void **state) {
  otlp_span_t span = request_span();
  (void)state;
  snprintf(span.of_request.name, sizeof(span.of_request.name),
           "GET /\xff\n\"<\x80");
  json_t *json = otlp_encode_span(&span, false);
  assert_string_equal(value_of(json, "url.path", "stringValue"),
                      "/%FF%0A\"<%80");
  json_decref(json);
}

static json_t *encode(const asyncscope_otlp_options_t *options,
                      const otlp_queue_t *queue, size_t count) {
  static otlp_settings_t settings;
  otlp_body_t body;
  assert_int_equal(otlp_settings_init(&settings, options), 0);
  assert_int_equal(otlp_encode(&settings, queue, count, &body), 0);
  json_t *json =
      json_loadb(body.bytes, body.size, JSON_REJECT_DUPLICATES, NULL);
  assert_non_null(json);
  async_free(body.bytes);
  return json;
}

static void a_document_says_whose_spans_they_are(void **state) {
  const asyncscope_otlp_options_t options = {
      .endpoint = "http://a",
      .service_name = "shop",
      .resource_attributes = "service.name=x,host.name=h%ff,k\xe5=v"};
  otlp_queue_t queue;
  (void)state;
  assert_int_equal(otlp_queue_init(&queue, 4), 0);
  *otlp_queue_push(&queue) = request_span();
  *otlp_queue_push(&queue) = child_span();
  json_t *json = encode(&options, &queue, 2);
  const json_t *of = json_array_get(json_object_get(json, "resourceSpans"), 0);
  const json_t *resource = json_object_get(of, "resource");
  const json_t *scope = json_array_get(json_object_get(of, "scopeSpans"), 0);
  assert_string_equal(value_of(resource, "service.name", "stringValue"),
                      "shop");
  assert_string_equal(value_of(resource, "host.name", "stringValue"), "h%FF");
  assert_string_equal(value_of(resource, "k%E5", "stringValue"), "v");
  assert_string_equal(text_of(json_object_get(scope, "scope"), "name"),
                      "asyncscope");
  assert_int_equal(json_array_size(json_object_get(scope, "spans")), 2);
  json_decref(json);
  otlp_queue_finish(&queue);
}

static void a_queue_that_is_full_takes_no_more(void **state) {
  otlp_queue_t queue;
  (void)state;
  assert_int_equal(otlp_queue_init(&queue, 2), 0);
  for (uint64_t i = 0; i < 7; i++) {
    otlp_queue_push(&queue)->request = i;
    if (queue.count == 2) {
      assert_null(otlp_queue_push(&queue));
      assert_int_equal(otlp_queue_at(&queue, 0)->request, i - 1);
      assert_int_equal(otlp_queue_at(&queue, 1)->request, i);
      otlp_queue_drop(&queue, 1);
    }
  }
  otlp_queue_finish(&queue);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(ids_are_hex_and_times_are_text),
      cmocka_unit_test(a_request_is_described_by_the_conventions),
      cmocka_unit_test(a_path_that_was_cut_says_so),
      cmocka_unit_test(the_tracestate_goes_on_unchanged),
      cmocka_unit_test(a_request_without_a_route_is_named_by_its_method),
      cmocka_unit_test(a_remote_parent_is_said_to_be_one),
      cmocka_unit_test(a_failure_is_an_error),
      cmocka_unit_test(work_is_linked_to_what_caused_it),
      cmocka_unit_test(an_end_before_the_beginning_is_the_beginning),
      cmocka_unit_test(the_scheme_is_that_of_the_listener),
      cmocka_unit_test(hostile_bytes_are_text),
      cmocka_unit_test(a_document_says_whose_spans_they_are),
      cmocka_unit_test(a_queue_that_is_full_takes_no_more),
  };
  return test_main(tests, argc, argv);
}
