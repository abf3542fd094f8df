#include "e2e.h"

#include "e2e_warnings.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int e2e_setup(void **state) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  *state = calloc(1, sizeof(e2e_t));
  return *state == NULL ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *info, int type,
                        struct FTW *where) {
  (void)info;
  (void)type;
  (void)where;
  return remove(path);
}

static void print_stderr(const e2e_t *e2e) {
  char *text = server_process_stderr(&e2e->server);
  size_t length = text != NULL ? strlen(text) : 0;
  if (length > 0) {
    fprintf(stderr, "the server's stderr ends:\n%s\n",
            text + (length > 16384 ? length - 16384 : 0));
  }
  free(text);
}

static bool lost_a_context(const e2e_t *e2e) {
  char *text = server_process_stderr(&e2e->server);
  bool lost = text != NULL && strstr(text, "context lost") != NULL;
  free(text);
  if (lost) {
    print_stderr(e2e);
  }
  return lost;
}

static int stop_server(e2e_t *e2e) {
  int code = 0;
  if (e2e->server.pid == 0) {
    return 0;
  }
  bool none = e2e->unasked || e2e->server.url[0] == '\0' ||
              e2e_warnings_none(e2e->server.url, e2e->provoked);
  int error = server_process_stop(&e2e->server, &code);
  if (error != 0 || code != 0) {
    fprintf(stderr, "server: %s, exit code %d\n", strerror(-error), code);
    print_stderr(e2e);
    return -1;
  }
  return lost_a_context(e2e) || !none ? -1 : 0;
}

int e2e_teardown(void **state) {
  e2e_t *e2e = *state;
  http_client_finish(&e2e->client);
  http_answer_finish(&e2e->answer);
  json_decref(e2e->json);
  int result = stop_server(e2e);
  server_process_finish(&e2e->server);
  if (e2e->directory[0] != '\0') {
    nftw(e2e->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  }
  free(e2e);
  curl_global_cleanup();
  return result;
}

void e2e_start_with(e2e_t *e2e, const char *const *arguments,
                    const char *const *environment) {
  const char *whole[E2E_WARNINGS_ENVIRONMENT_MAX + 1];
  e2e_warnings_environment(environment, whole);
  int error = server_process_spawn(&e2e->server, arguments, whole);
  assert_int_equal(error, 0);
  error = server_process_await_listening(&e2e->server);
  if (error != 0) {
    print_stderr(e2e);
  }
  assert_int_equal(error, 0);
  assert_int_equal(http_client_init(&e2e->client, e2e->server.url), CURLE_OK);
}

int e2e_refused_with(e2e_t *e2e, const char *const *arguments,
                     const char *const *environment, char **ret_text) {
  server_process_t refused;
  int code = -1;
  (void)e2e;
  assert_int_equal(server_process_spawn(&refused, arguments, environment), 0);
  int error = server_process_await_exit(&refused, &code);
  *ret_text = server_process_stderr(&refused);
  server_process_finish(&refused);
  assert_int_equal(error, 0);
  assert_non_null(*ret_text);
  return code;
}

void e2e_stop(e2e_t *e2e) {
  assert_int_equal(stop_server(e2e), 0);
}

const char *e2e_send(e2e_t *e2e, long status, const http_request_t *request) {
  http_answer_finish(&e2e->answer);
  CURLcode code = http_client_send(&e2e->client, request, &e2e->answer);
  const char *body =
      e2e->answer.body.bytes != NULL ? e2e->answer.body.bytes : "";
  if (code != CURLE_OK || e2e->answer.status != status) {
    print_stderr(e2e);
    fail_msg("%s: %s, status %ld in place of %ld: %s", request->target,
             curl_easy_strerror(code), e2e->answer.status, status, body);
  }
  return body;
}

const char *e2e_get(e2e_t *e2e, long status, const char *target) {
  http_request_t request = {.target = target};
  return e2e_send(e2e, status, &request);
}

json_t *e2e_get_json(e2e_t *e2e, const char *target) {
  json_error_t error;
  const char *body = e2e_get(e2e, 200, target);
  e2e_assert_field(e2e, "Content-Type", "application/json");
  json_decref(e2e->json);
  e2e->json = json_loads(body, JSON_REJECT_DUPLICATES, &error);
  if (e2e->json == NULL) {
    fail_msg("%s: %s at byte %d of: %s", target, error.text, error.position,
             body);
  }
  return e2e->json;
}

void e2e_reconnect(e2e_t *e2e) {
  http_client_finish(&e2e->client);
  assert_int_equal(http_client_init(&e2e->client, e2e->server.url), CURLE_OK);
}

void e2e_assert_field(e2e_t *e2e, const char *name, const char *value) {
  char found[512];
  int length = http_answer_field(&e2e->answer, name, found, sizeof(found));
  if (length < 0) {
    fail_msg("no field %s in: %s", name, e2e->answer.header.bytes);
  }
  assert_string_equal(found, value);
}

void e2e_ask_debug(e2e_t *e2e) {
  if (e2e->server.debug_url[0] == '\0') {
    assert_int_equal(server_process_await_debug(&e2e->server), 0);
  }
  http_client_finish(&e2e->client);
  assert_int_equal(http_client_init(&e2e->client, e2e->server.debug_url),
                   CURLE_OK);
}

static json_t *member(const json_t *object, const char *name, int right_type) {
  json_t *value = json_object_get(object, name);
  if (value == NULL || !right_type) {
    char *text = object == NULL ? NULL : json_dumps(object, JSON_ENCODE_ANY);
    fail_msg("no %s of the right type in %s", name, text);
  }
  return value;
}

json_int_t e2e_integer(const json_t *object, const char *name) {
  json_t *value = json_object_get(object, name);
  return json_integer_value(member(object, name, json_is_integer(value)));
}

const char *e2e_string(const json_t *object, const char *name) {
  json_t *value = json_object_get(object, name);
  return json_string_value(member(object, name, json_is_string(value)));
}

json_t *e2e_array(const json_t *object, const char *name) {
  json_t *value = json_object_get(object, name);
  return member(object, name, json_is_array(value));
}

void e2e_assert_contains(const char *text, const char *part) {
  if (strstr(text, part) == NULL) {
    fail_msg("no \"%s\" in \"%s\"", part, text);
  }
}

const char *e2e_directory(e2e_t *e2e) {
  if (e2e->directory[0] == '\0') {
    snprintf(e2e->directory, sizeof(e2e->directory), "/tmp/asyncscope.XXXXXX");
    assert_non_null(mkdtemp(e2e->directory));
  }
  return e2e->directory;
}

void e2e_write_file(e2e_t *e2e, const char *name, const void *bytes,
                    size_t length) {
  char path[256];
  snprintf(path, sizeof(path), "%s/%s", e2e_directory(e2e), name);
  FILE *file = fopen(path, "wx");
  assert_non_null(file);
  size_t written = fwrite(bytes, 1, length, file);
  assert_int_equal(fclose(file), 0);
  assert_int_equal(written, length);
}

static size_t load_percent(void) {
  const char *percent = getenv("ASYNCSCOPE_TEST_SCALE");
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  if (percent != NULL) {
    return strtoul(percent, NULL, 10);
  }
  return load != NULL && strcmp(load, "reduced") == 0 ? 10 : 100;
}

size_t e2e_scaled(size_t count) {
  count = count * load_percent() / 100;
  return count < 4 ? 4 : count;
}
