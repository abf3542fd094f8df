/* The files of the page, and to whom they are given. */
#include "debug_asset.h"
#include "debug_double.h"
#include "listener_fixture.h"

#define TOKEN   "correct-horse"
#define BROWSER "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"

static const debug_asset_t *script(void) {
  const debug_asset_t *asset = debug_asset_find(http_text("/debug/page.js"));

  if (asset == NULL)
    test_leave_out("it was built without the page");
  return asset;
}

static void a_file_comes_with_its_tag(void **state) {
  listener_fixture_t *f = *state;
  const debug_asset_t *asset = script();
  char expected[128];

  listener_start(f, NULL);
  assert_int_equal(listener_status(f, "GET /debug/page.js HTTP/1.1\r\n" END),
                   200);
  snprintf(expected, sizeof(expected), "\r\nETag: %s\r\n", asset->etag);
  listener_assert_has(f, expected);
  snprintf(expected, sizeof(expected), "\r\nContent-Length: %zu\r\n",
           asset->plain_bytes);
  listener_assert_has(f, expected);
  listener_assert_has(f, "\r\nContent-Type: text/javascript; charset=utf-8");
  listener_assert_has(f, "\r\nCache-Control: no-cache\r\n");
  listener_assert_has(f, "\r\nContent-Security-Policy: default-src 'self';");
  listener_assert_lacks(f, "Content-Encoding");
  assert_int_equal(debug_double_opened(), 0);
}

static void who_has_it_gets_nothing_again(void **state) {
  listener_fixture_t *f = *state;
  const debug_asset_t *asset = script();
  char request[256];

  listener_start(f, NULL);
  snprintf(request, sizeof(request),
           "GET /debug/page.js HTTP/1.1\r\nIf-None-Match: \"x\", %s\r\n" END,
           asset->etag);
  assert_int_equal(listener_status(f, request), 304);
  assert_int_equal(listener_status(f, "GET /debug/page.js HTTP/1.1\r\n"
                                      "If-None-Match: \"x\"\r\n" END),
                   200);
}

static void it_is_packed_for_who_can_unpack(void **state) {
  static const struct {
    const char *accepted;
    bool packed;
  } cases[] = {{"gzip", true},      {"br, gzip;q=0.5", true}, {"GZIP", true},
               {"gzip;q=0", false}, {"gzip;q=0.0", false},    {"br", false},
               {"xgzip", false},    {"identity", false}};
  listener_fixture_t *f = *state;
  char request[256];

  script();
  listener_start(f, NULL);
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    snprintf(request, sizeof(request),
             "GET /debug/page.js HTTP/1.1\r\nAccept-Encoding: %s\r\n" END,
             cases[i].accepted);
    assert_int_equal(listener_status(f, request), 200);
    listener_assert_has(f, "\r\nVary: Accept-Encoding\r\n");
    if (cases[i].packed)
      listener_assert_has(f, "\r\nContent-Encoding: gzip\r\n");
    else
      listener_assert_lacks(f, "Content-Encoding");
  }
}

/* 150 KB of it, as a browser loads it. */
static void all_of_it_is_small(void **state) {
  size_t bytes = 0;

  (void)state;
  script();
  for (const debug_asset_t *asset = debug_assets; asset->path != NULL; asset++)
    bytes += asset->gzip_bytes;
  assert_in_range(bytes, 1024, 150 * 1000);
}

/* The page asks for the token: it is there before the token is. */
static void a_file_takes_no_token(void **state) {
  listener_fixture_t *f = *state;

  script();
  listener_start(f, TOKEN);
  assert_int_equal(listener_status(f, "GET /debug/page.js HTTP/1.1\r\n"
                                      "Host: any.example\r\n"
                                      "Connection: close\r\n\r\n"),
                   200);
  assert_int_equal(listener_status(f, "GET /debug/page.js HTTP/1.1\r\n"
                                      "Origin: http://evil.example\r\n" END),
                   403);
  assert_int_equal(listener_status(f, "POST /debug/page.js HTTP/1.1\r\n"
                                      "Content-Length: 0\r\n" END),
                   405);
}

static void a_browser_without_the_token_is_asked_for_it(void **state) {
  listener_fixture_t *f = *state;

  script();
  listener_start(f, TOKEN);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" BROWSER
                                      "Host: any.example\r\n"
                                      "Connection: close\r\n\r\n"),
                   401);
  listener_assert_has(f, "\r\nWWW-Authenticate: Bearer");
  listener_assert_has(f, "\r\nCache-Control: no-store\r\n");
  listener_assert_has(f, "<script type=\"module\" src=\"/debug/page.js\">");
  assert_int_equal(debug_double_opened(), 0);
}

static void others_are_told_in_a_line(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, TOKEN);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n"
                                      "Host: any.example\r\nAccept: */*\r\n"
                                      "Connection: close\r\n\r\n"),
                   401);
  listener_assert_lacks(f, "<script");
  assert_int_equal(listener_status(f, "GET /debug/tree HTTP/1.1\r\n" BROWSER
                                      "Host: any.example\r\n"
                                      "Connection: close\r\n\r\n"),
                   401);
  listener_assert_lacks(f, "<script");
}

static void the_root_leads_a_browser_to_the_page(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  assert_int_equal(listener_status(f, "GET / HTTP/1.1\r\n" BROWSER END), 302);
  listener_assert_has(f, "\r\nLocation: /debug\r\n");
  assert_int_equal(listener_status(f, "GET / HTTP/1.1\r\n" END), 404);
  assert_int_equal(listener_status(f, "GET /x HTTP/1.1\r\n" BROWSER END), 404);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_double(a_file_comes_with_its_tag),
      cmocka_unit_test_double(who_has_it_gets_nothing_again),
      cmocka_unit_test_double(it_is_packed_for_who_can_unpack),
      cmocka_unit_test(all_of_it_is_small),
      cmocka_unit_test_double(a_file_takes_no_token),
      cmocka_unit_test_double(a_browser_without_the_token_is_asked_for_it),
      cmocka_unit_test_double(others_are_told_in_a_line),
      cmocka_unit_test_double(the_root_leads_a_browser_to_the_page),
  };
  return test_main(tests, argc, argv);
}
