#include "debug_fixture.h"

#include "endpoint.h"

static const debug_format_t json = {.name = "json",
                                    .content_type = DEBUG_JSON_TYPE};
static const debug_format_t html = {.name = "html",
                                    .content_type = DEBUG_HTML_TYPE};
static const debug_format_t plain = {
    .name = "text", .content_type = "text/plain; version=0.0.4; charset=utf-8"};
static const debug_format_t open_metrics = {
    .name = "openmetrics",
    .content_type =
        "application/openmetrics-text; version=1.0.0; charset=utf-8"};

static const debug_format_t *const formats[] = {&json, &html, &plain,
                                                &open_metrics, NULL};
static const debug_endpoint_t endpoint = {.path = "/", .formats = formats};

static void assert_accepted(const char *accept, const debug_format_t *format) {
  const debug_format_t *accepted =
      asyncscope__debug_format_accepted(&endpoint, accept);
  if (accepted != format)
    fail_msg("%s in place of %s for %s", accepted->name, format->name, accept);
}

static void the_first_is_for_who_does_not_care(void **state) {
  (void)state;
  assert_accepted(NULL, &json);
  assert_accepted("", &json);
  assert_accepted("*/*", &json);
  assert_accepted("image/png", &json);
}

static void a_browser_gets_html(void **state) {
  (void)state;
  assert_accepted("text/html,application/xhtml+xml,application/xml;q=0.9,"
                  "image/avif,*/*;q=0.8",
                  &html);
  assert_accepted("TEXT/HTML", &html);
}

static void a_type_is_taken_by_its_weight(void **state) {
  (void)state;
  assert_accepted("text/html;q=0.5, application/json;q=0.4", &html);
  assert_accepted("text/html;q=0.5, application/json;q=0.501", &json);
  assert_accepted("application/json;q=0, */*;q=0.1", &html);
  assert_accepted("application/json;q=0, text/*", &html);
  assert_accepted("text/plain", &plain);
}

static void the_most_specific_range_weighs(void **state) {
  (void)state;
  assert_accepted("text/*;q=1, text/html;q=0.1, application/json;q=0.5",
                  &plain);
  assert_accepted("*/*;q=0.9, application/*;q=0.1", &html);
}

static void a_scraper_gets_the_version_it_asks_for(void **state) {
  (void)state;
  assert_accepted("application/openmetrics-text;version=1.0.0,"
                  "application/openmetrics-text;version=0.0.1;q=0.75,"
                  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                  &open_metrics);
  assert_accepted("application/openmetrics-text;version=2.0.0,"
                  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                  &plain);
}

static void malformed_ranges_weigh_nothing(void **state) {
  (void)state;
  assert_accepted("text/html;q=2, text/plain;q=0.1", &plain);
  assert_accepted("text/html;q=1.001, text/plain;q=0.1", &plain);
  assert_accepted("text/html;q=0.x", &json);
  assert_accepted("text/html;q=1.0000", &json);
  assert_accepted(",,;;=,/,text", &json);
  assert_accepted("text/html ;\tq=0.2 , text/plain ; q=0.3 ", &plain);
}

static void a_format_is_found_by_its_name(void **state) {
  (void)state;
  assert_ptr_equal(asyncscope__debug_format_named(&endpoint, "html"), &html);
  assert_null(asyncscope__debug_format_named(&endpoint, "HTML"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_is_for_who_does_not_care),
      cmocka_unit_test(a_browser_gets_html),
      cmocka_unit_test(a_type_is_taken_by_its_weight),
      cmocka_unit_test(the_most_specific_range_weighs),
      cmocka_unit_test(a_scraper_gets_the_version_it_asks_for),
      cmocka_unit_test(malformed_ranges_weigh_nothing),
      cmocka_unit_test(a_format_is_found_by_its_name),
  };
  return test_main(tests, argc, argv);
}
