/* The options of the exporter: which are taken, and which are not. */
#include "otlp_settings.h"
#include "test_main.h"

#include "asyncscope/async_env.h"
#include <string.h>
#include <uv.h>

static otlp_settings_t settings;

static int init(const asyncscope_otlp_options_t *options) {
  memset(&settings, 0, sizeof(settings));
  return otlp_settings_init(&settings, options);
}

static int init_at(const char *endpoint) {
  return init(&(asyncscope_otlp_options_t){.endpoint = endpoint});
}

static void an_endpoint_gets_the_path_of_traces(void **state) {
  (void)state;
  assert_int_equal(init_at("http://collector:4318"), 0);
  assert_string_equal(settings.text, "http://collector:4318/v1/traces");
  assert_string_equal(settings.url.host, "collector");
  assert_int_equal(settings.url.port, 4318);
  assert_string_equal(settings.url.target, "/v1/traces");
  assert_int_equal(init_at("http://[::1]:4318/otlp/"), 0);
  assert_string_equal(settings.url.target, "/otlp/v1/traces");
}

static void an_endpoint_of_traces_is_taken_as_it_is(void **state) {
  (void)state;
  assert_int_equal(
      init(&(asyncscope_otlp_options_t){.endpoint = "http://a",
                                        .traces_endpoint = "http://b/t"}),
      0);
  assert_string_equal(settings.text, "http://b/t");
}

static void what_is_no_http_url_is_refused(void **state) {
  static const char *const urls[] = {
      NULL,         "",           "collector:4318", "https://a:4318",
      "http://",    "http://:80", "http://a:0",     "http://u:p@a",
      "http://a#b", "grpc://a"};
  (void)state;
  for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
    assert_int_equal(init_at(urls[i]), UV_EINVAL);
    assert_true(strlen(async_error_message()) > 0);
  }
}

static void a_url_that_is_too_long_is_refused(void **state) {
  char url[ASYNCSCOPE_OTLP_URL_BYTES + 1] = "http://";
  (void)state;
  memset(url + 7, 'a', sizeof(url) - 8);
  assert_int_equal(init_at(url), UV_EINVAL);
}

static void a_list_is_decoded_and_trimmed(void **state) {
  otlp_list_t list;
  (void)state;
  assert_int_equal(otlp_list_parse(" a = b%20c , d=e=f,g=,,a=2", 8, &list), 0);
  assert_int_equal(list.count, 4);
  assert_string_equal(list.pairs[0].name, "a");
  assert_string_equal(list.pairs[0].value, "b c");
  assert_string_equal(list.pairs[1].value, "e=f");
  assert_string_equal(list.pairs[2].value, "");
  assert_string_equal(otlp_list_value(&list, "a"), "2");
  assert_null(otlp_list_value(&list, "x"));
}

static void a_list_that_is_none_is_refused(void **state) {
  static const char *const lists[] = {"a",     "=b",    "a=%",  "a=%0",
                                      "a=%zz", "a=%00", "a=1,b"};
  otlp_list_t list;
  (void)state;
  for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
    assert_int_equal(otlp_list_parse(lists[i], 8, &list), UV_EINVAL);
  assert_int_equal(otlp_list_parse("a=1,b=2,c=3", 2, &list), UV_EINVAL);
}

/* What could end the line of the request that it stands in. */
static void a_header_that_is_no_field_is_refused(void **state) {
  static const char *const headers[] = {"a=b%0d%0ac:d", "a%20b=c", "a:b=c",
                                        "a=%7f", "a%0a=b"};
  (void)state;
  for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
    assert_int_equal(init(&(asyncscope_otlp_options_t){.endpoint = "http://a",
                                                       .headers = headers[i]}),
                     UV_EINVAL);
}

static void the_service_has_the_name_that_it_is_given_first(void **state) {
  asyncscope_otlp_options_t options = {.endpoint = "http://a",
                                       .service_name = "named",
                                       .resource_attributes =
                                           "service.name=attribute,x=y"};
  (void)state;
  assert_int_equal(init(&options), 0);
  assert_string_equal(settings.service_name, "named");
  options.service_name = NULL;
  assert_int_equal(init(&options), 0);
  assert_string_equal(settings.service_name, "attribute");
  options.resource_attributes = NULL;
  assert_int_equal(init(&options), 0);
  assert_string_equal(settings.service_name, "test_otlp_settings");
}

static void numbers_have_defaults_and_ceilings(void **state) {
  asyncscope_otlp_options_t options = {.endpoint = "http://a"};
  (void)state;
  assert_int_equal(init(&options), 0);
  assert_int_equal(settings.queue_max, 2048);
  assert_int_equal(settings.batch_max, 512);
  assert_int_equal(settings.delay_ms, 5000);
  assert_int_equal(settings.timeout_ms, 10000);
  options.queue_max = 10;
  assert_int_equal(init(&options), 0);
  assert_int_equal(settings.batch_max, 10);
  options.batch_max = 11;
  assert_int_equal(init(&options), UV_EINVAL);
  options = (asyncscope_otlp_options_t){.endpoint = "http://a",
                                        .delay_ms = OTLP_MS_CEILING + 1};
  assert_int_equal(init(&options), UV_EINVAL);
}

static void a_wrong_endpoint_starts_nothing(void **state) {
  const asyncscope_otlp_options_t options = {.endpoint = "https://a"};
  asyncscope_otlp_t *otlp = NULL;
  (void)state;
  assert_int_equal(asyncscope_otlp_start(&options, &otlp), UV_EINVAL);
  assert_string_equal(async_error_message(), "the URL is none of http");
  assert_null(otlp);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_endpoint_gets_the_path_of_traces),
      cmocka_unit_test(an_endpoint_of_traces_is_taken_as_it_is),
      cmocka_unit_test(what_is_no_http_url_is_refused),
      cmocka_unit_test(a_url_that_is_too_long_is_refused),
      cmocka_unit_test(a_list_is_decoded_and_trimmed),
      cmocka_unit_test(a_list_that_is_none_is_refused),
      cmocka_unit_test(a_header_that_is_no_field_is_refused),
      cmocka_unit_test(the_service_has_the_name_that_it_is_given_first),
      cmocka_unit_test(numbers_have_defaults_and_ceilings),
      cmocka_unit_test(a_wrong_endpoint_starts_nothing),
  };
  return test_main(tests, argc, argv);
}
