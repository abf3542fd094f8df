/* What is refused before anything is sent. */
#include "asyncscope/async_env.h"
#include "http_client_request.h"
#include "http_url.h"
#include "test_main.h"

#include <stdlib.h>
#include <string.h>

typedef struct scene_s {
  uv_loop_t loop;
  http_agent_t agent;
  http_client_options_t options;
} scene_t;

static int setup(void **state) {
  scene_t *scene = calloc(1, sizeof(*scene));

  assert_int_equal(uv_loop_init(&scene->loop), 0);
  assert_int_equal(async_env_attach(&scene->loop), 0);
  assert_int_equal(http_agent_init(&scene->agent, &scene->loop, NULL), 0);
  scene->options.host = "127.0.0.1";
  scene->options.port = 1;
  *state = scene;
  return 0;
}

static int teardown(void **state) {
  scene_t *scene = *state;

  assert_int_equal(scene->agent.request_count, 0);
  assert_int_equal(scene->agent.host_count, 0);
  http_agent_stop(&scene->agent, http_agent_finish);
  uv_run(&scene->loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&scene->loop), 0);
  free(scene);
  return 0;
}

static void refused(scene_t *scene, int error, const char *why) {
  int found = http_client_request(&scene->agent, &scene->options, NULL);

  if (found != error || strstr(async_error_message(), why) == NULL)
    fail_msg("%s: %s", found == 0 ? "taken" : uv_err_name(found),
             async_error_message());
}

static void a_method_is_a_token(void **state) {
  scene_t *scene = *state;
  static const char *const methods[] = {"", "GET /", "GET\r\n", "G\xc3",
                                        "CONNECT"};

  for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
    scene->options.method = methods[i];
    refused(scene, UV_EINVAL, "method");
  }
}

static void a_target_has_no_blank_and_no_line_end(void **state) {
  scene_t *scene = *state;
  static const char *const targets[] = {
      "", "path", "/a b", "/a\r\nX: y", "/a\tb", "/\xc3\xa4", "/a#b", "**"};

  for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
    scene->options.target = targets[i];
    refused(scene, UV_EINVAL, "target");
  }
}

static void a_field_holds_no_line_end(void **state) {
  scene_t *scene = *state;
  static const http_client_field_t fields[] = {
      {"", "v"}, {"a b", "v"}, {"a:", "v"}, {"a", "v\r\nb: w"}, {"a", "\x01"}};

  scene->options.field_count = 1;
  for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
    scene->options.fields = &fields[i];
    refused(scene, UV_EINVAL, "field");
  }
}

static void what_frames_a_request_is_not_the_callers(void **state) {
  scene_t *scene = *state;
  static const http_client_field_t fields[] = {{"Content-length", "1"},
                                               {"transfer-encoding", "chunked"},
                                               {"CONNECTION", "close"}};

  scene->options.field_count = 1;
  for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
    scene->options.fields = &fields[i];
    refused(scene, UV_EINVAL, "not the caller's");
  }
}

static void a_host_is_a_name_or_an_address(void **state) {
  scene_t *scene = *state;
  static char longer[HTTP_CLIENT_HOST_MAX_BYTES + 2];
  const char *hosts[] = {NULL,    "",    "a b",   "a\r\nb",
                         "[::1]", "a/b", "::1::", longer};

  memset(longer, 'a', sizeof(longer) - 1);
  for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
    scene->options.host = hosts[i];
    refused(scene, UV_EINVAL, "host");
  }
}

static void a_head_and_a_body_have_ceilings(void **state) {
  scene_t *scene = *state;
  static char text[HTTP_CLIENT_HEAD_MAX_BYTES + 2];

  memset(text, 'a', sizeof(text) - 1);
  text[0] = '/';
  scene->options.target = text;
  refused(scene, UV_ENOBUFS, "head");
  scene->options.target = NULL;
  scene->options.body = text;
  scene->options.body_bytes = HTTP_CLIENT_BODY_MAX_BYTES + 1;
  refused(scene, UV_ENOBUFS, "body");
}

/* Requests that are never answered: each has a host of its own. */
static void an_agent_knows_a_number_of_hosts(void **state) {
  scene_t *scene = *state;
  http_client_request_t *requests[HTTP_AGENT_HOSTS_MAX];

  for (size_t i = 0; i < HTTP_AGENT_HOSTS_MAX; i++) {
    scene->options.port = (uint16_t)(i + 1);
    assert_int_equal(
        http_client_request(&scene->agent, &scene->options, &requests[i]), 0);
  }
  scene->options.port++;
  refused(scene, UV_ENOBUFS, "hosts");
  for (size_t i = 0; i < HTTP_AGENT_HOSTS_MAX; i++)
    http_client_request_abort(requests[i]);
  uv_run(&scene->loop, UV_RUN_DEFAULT);
}

static void a_url_is_enough_for_a_request(void **state) {
  scene_t *scene = *state;
  http_client_request_t *request;
  async_resource_t *resource;

  assert_int_equal(http_client_get(&scene->agent, "http://127.0.0.1:1/a?b",
                                   NULL, NULL, &request),
                   0);
  resource = http_client_request_resource(request);
  assert_int_equal(async_resource_async_id(resource), ASYNC_ID_UNSET);
  async_env_flush();
  assert_string_equal(async_resource_type(resource), "HTTPCLIENTREQUEST");
  uv_run(&scene->loop, UV_RUN_DEFAULT);
}

static void limits_that_cannot_be_kept_are_refused(void **state) {
  scene_t *scene = *state;
  http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;
  http_agent_t agent;

  options.limits.sockets_max = 0;
  assert_int_equal(http_agent_init(&agent, &scene->loop, &options), UV_EINVAL);
  options.limits.sockets_max = 1;
  options.limits.fields_max = HTTP_FIELDS_MAX + 1;
  assert_int_equal(http_agent_init(&agent, &scene->loop, &options), UV_EINVAL);
}

static void url_is(const char *text, const char *host, unsigned port,
                   const char *target) {
  http_url_t url;

  assert_int_equal(http_url_parse(text, &url), 0);
  assert_string_equal(url.host, host);
  assert_int_equal(url.port, port);
  assert_string_equal(url.target, target);
}

static void a_url_is_read(void **state) {
  (void)state;
  url_is("http://a", "a", 80, "/");
  url_is("HTTP://a.b:8080", "a.b", 8080, "/");
  url_is("http://a/", "a", 80, "/");
  url_is("http://a:1/b/c?d=e:f@g", "a", 1, "/b/c?d=e:f@g");
  url_is("http://127.0.0.1:65535/x", "127.0.0.1", 65535, "/x");
  url_is("http://[::1]", "::1", 80, "/");
  url_is("http://[fe80::1]:99/", "fe80::1", 99, "/");
}

static void what_is_no_url_of_http_is_refused(void **state) {
  static const char *const texts[] = {
      "",
      "a",
      "https://a/",
      "http:/a",
      "http://",
      "http:///x",
      "http://a:/",
      "http://a:x/",
      "http://a:0/",
      "http://a:65536/",
      "http://a:123456/",
      "http://a:-1/",
      "http://u@a/",
      "http://u:p@a/",
      "http://[::1/",
      "http://[::1]x/",
      "http://[]/",
      "http://a?b",
      "http://a/#b",
      "http://a#b",
      "http://a/b c",
      "http://a/\xe5",
      "http://a b/",
      "http://a/\r\n",
  };
  http_url_t url;

  (void)state;
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    if (http_url_parse(texts[i], &url) != UV_EINVAL)
      fail_msg("%s is taken", texts[i]);
}

static void a_url_that_is_refused_makes_no_request(void **state) {
  scene_t *scene = *state;
  const http_client_callbacks_t callbacks = {0};

  assert_int_equal(
      http_client_get(&scene->agent, "https://a/", &callbacks, NULL, NULL),
      UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "URL"));
}

#define cmocka_unit_test_scene(test) \
  cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_scene(a_method_is_a_token),
      cmocka_unit_test_scene(a_target_has_no_blank_and_no_line_end),
      cmocka_unit_test_scene(a_field_holds_no_line_end),
      cmocka_unit_test_scene(what_frames_a_request_is_not_the_callers),
      cmocka_unit_test_scene(a_host_is_a_name_or_an_address),
      cmocka_unit_test_scene(a_head_and_a_body_have_ceilings),
      cmocka_unit_test_scene(an_agent_knows_a_number_of_hosts),
      cmocka_unit_test_scene(a_url_is_enough_for_a_request),
      cmocka_unit_test_scene(limits_that_cannot_be_kept_are_refused),
      cmocka_unit_test_scene(a_url_is_read),
      cmocka_unit_test_scene(what_is_no_url_of_http_is_refused),
      cmocka_unit_test_scene(a_url_that_is_refused_makes_no_request),
  };
  return test_main(tests, argc, argv);
}
