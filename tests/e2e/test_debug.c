#include "debug_snapshot.h"

#include "raw_socket.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GET_TIMER "GET /timer?ms=%d HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* A /timer request that is left open: its socket. */
static int open_timer(e2e_t *e2e, int ms) {
  char request[128];
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  int length = snprintf(request, sizeof(request), GET_TIMER, ms);
  assert_int_equal(raw_socket_write(fd, request, (size_t)length), 0);
  return fd;
}

/* Asks for /debug until a resource of this type is there. */
static json_t *await_type(e2e_t *e2e, const char *type) {
  for (size_t i = 0; i < DEBUG_POLLS; i++) {
    json_t *debug = debug_capture(e2e);
    if (debug_find(debug, type, NULL) != NULL) {
      return debug;
    }
  }
  fail_msg("no %s in %s", type, e2e->answer.body.bytes);
  return NULL;
}

static const char *await_tree_line(e2e_t *e2e, const char *part) {
  for (size_t i = 0; i < DEBUG_POLLS; i++) {
    const char *tree = e2e_get(e2e, 200, "/debug/tree");
    if (strstr(tree, part) != NULL) {
      return tree;
    }
  }
  fail_msg("no %s in %s", part, e2e->answer.body.bytes);
  return NULL;
}

static void debug_has_the_frame_of_a_snapshot(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  json_t *debug = debug_capture(e2e);
  assert_int_equal(e2e_integer(debug, "schemaVersion"), 1);
  json_t *tool = json_object_get(debug, "tool");
  assert_string_equal(e2e_string(tool, "name"), "asyncscope");
  e2e_string(tool, "version");
  json_t *process = json_object_get(debug, "process");
  e2e_integer(process, "uptimeUs");
  assert_string_equal(
      e2e_string(json_object_get(debug, "snapshot"), "consistency"),
      "per-record");
  e2e_integer(json_object_get(debug, "counts"), "live");
}

static void debug_names_the_process(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  json_t *process = json_object_get(debug_capture(e2e), "process");
  assert_int_equal(e2e_integer(process, "pid"), e2e->server.pid);
}

static void debug_lists_every_loop_and_worker(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--loops", "2", "--workers", "3");
  json_t *debug = debug_capture(e2e);
  assert_int_equal(debug_threads(debug, "loop"), 2);
  assert_int_equal(debug_threads(debug, "worker"), 3);
}

static bool has_id(const json_t *thread, json_int_t id) {
  size_t i = 0;
  json_t *value = NULL;
  json_array_foreach(e2e_array(thread, "asyncIds"), i, value) {
    if (json_integer_value(value) == id) {
      return true;
    }
  }
  return false;
}

static void debug_lists_the_live_ids_of_each_thread(void **state) {
  e2e_t *e2e = *state;
  size_t i = 0;
  size_t listed = 0;
  json_t *thread = NULL;
  json_t *resource = NULL;
  e2e_start(e2e, "--loops", "2");
  json_t *debug = debug_capture(e2e);
  json_array_foreach(e2e_array(debug, "threads"), i, thread) {
    listed += json_array_size(e2e_array(thread, "asyncIds"));
  }
  assert_int_equal(listed, json_array_size(e2e_array(debug, "resources")));
  json_array_foreach(e2e_array(debug, "resources"), i, resource) {
    thread = debug_thread(debug, e2e_integer(resource, "thread"));
    assert_true(has_id(thread, e2e_integer(resource, "asyncId")));
  }
}

static void debug_shows_the_stack_of_the_thread_that_answers(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  json_t *debug = e2e_get_json(e2e, "/debug?internal=1");
  json_t *request = debug_find(debug, "HTTPINCOMINGMESSAGE", NULL);
  json_t *thread = debug_thread(debug, e2e_integer(request, "thread"));
  assert_true(json_array_size(e2e_array(thread, "executionStack")) > 0);
}

static void debug_gives_every_resource_its_members(void **state) {
  e2e_t *e2e = *state;
  size_t i = 0;
  json_t *resource = NULL;
  e2e_start(e2e, NULL);
  json_t *debug = e2e_get_json(e2e, "/debug?internal=1");
  json_array_foreach(e2e_array(debug, "resources"), i, resource) {
    char key[64];
    snprintf(key, sizeof(key), "%lld:%lld",
             (long long)e2e_integer(resource, "thread"),
             (long long)e2e_integer(resource, "asyncId"));
    assert_string_equal(e2e_string(resource, "key"), key);
    e2e_string(resource, "type");
    e2e_string(resource, "state");
    e2e_integer(resource, "triggerAsyncId");
    e2e_integer(resource, "executionAsyncId");
    e2e_integer(resource, "ageUs");
    json_t *site = json_object_get(resource, "site");
    assert_true(strlen(e2e_string(site, "file")) > 0);
    assert_true(strlen(e2e_string(site, "function")) > 0);
    assert_true(e2e_integer(site, "line") > 0);
  }
  assert_true(i >= 2);
}

static void debug_gives_a_request_its_resources(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  int fd = open_timer(e2e, 20000);
  json_t *debug = await_type(e2e, "Timeout");
  json_t *timeout = debug_find(debug, "Timeout", NULL);
  const char *request_id = e2e_string(timeout, "requestId");
  json_t *request = debug_resource(debug, e2e_string(timeout, "trigger"));
  assert_string_equal(e2e_string(request, "type"), "HTTPINCOMINGMESSAGE");
  assert_string_equal(e2e_string(request, "requestId"), request_id);
  assert_int_equal(json_array_size(e2e_array(debug, "requests")), 1);
  close(fd);
  debug_assert_quiet(e2e, 1);
}

/* On the server's own port too. */
static void who_reads_the_diagnostics_is_no_request(void **state) {
  static const char events[] =
      "GET /debug/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
  static const char *const fields[] = {"Accept: text/html", NULL};
  static const http_request_t page = {.target = "/", .fields = fields};
  e2e_t *e2e = *state;
  char first[2];
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/hello");
  e2e_get(e2e, 200, "/debug/tree");
  e2e_get(e2e, 400, "/debug?nonsense");
  e2e_get(e2e, 404, "/debug/nothing");
  e2e_send(e2e, 302, &page);
  int fd = raw_socket_connect(e2e->server.port);
  assert_int_equal(raw_socket_write(fd, events, sizeof(events) - 1), 0);
  assert_int_equal(raw_socket_read_all(fd, first, 1), 1);
  e2e_assert_contains(e2e_get(e2e, 200, "/metrics"),
                      "\nasyncscope_requests_in_flight 0\n");
  json_t *list = e2e_get_json(e2e, "/debug/requests?state=finished");
  assert_int_equal(json_array_size(e2e_array(list, "requests")), 1);
  list = e2e_get_json(e2e, "/debug/requests");
  assert_int_equal(json_array_size(e2e_array(list, "requests")), 0);
  list = debug_capture(e2e);
  assert_null(debug_find(list, "HTTPINCOMINGMESSAGE", NULL));
  assert_null(debug_find(list, "TCPWRAP", NULL));
  list = e2e_get_json(e2e, "/debug?internal=1");
  assert_int_equal(debug_count(list, "HTTPINCOMINGMESSAGE"), 2);
  assert_int_equal(debug_count(list, "TCPWRAP"), 2);
  close(fd);
}

static void what_is_kept_is_an_option(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--recorder-bytes", "4K", "--requests-kept", "3",
            "--slow-requests-kept", "0");
  for (size_t i = 0; i < 50; i++) {
    e2e_get(e2e, 200, "/hello");
  }
  json_t *list = e2e_get_json(e2e, "/debug/requests?state=finished");
  assert_int_equal(json_array_size(e2e_array(list, "requests")), 3);
  assert_true(e2e_integer(json_object_get(list, "snapshot"), "droppedEvents") >
              0);
}

static void a_request_behind_one_of_the_diagnostics_is_shown(void **state) {
  static const char requests[] =
      "GET /debug/tree HTTP/1.1\r\nHost: localhost\r\n\r\n"
      "GET /timer?ms=20000 HTTP/1.1\r\nHost: localhost\r\n\r\n";
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  int fd = raw_socket_connect(e2e->server.port);
  assert_int_equal(raw_socket_write(fd, requests, sizeof(requests) - 1), 0);
  json_t *debug = await_type(e2e, "Timeout");
  json_t *timeout = debug_find(debug, "Timeout", NULL);
  json_t *request = debug_resource(debug, e2e_string(timeout, "trigger"));
  assert_non_null(debug_resource(debug, e2e_string(request, "trigger")));
  close(fd);
}

/* Ids are counted by each thread and may coincide; keys may not. */
static void debug_has_no_key_twice(void **state) {
  e2e_t *e2e = *state;
  int fds[16];
  json_t *keys = json_object();
  size_t i = 0;
  json_t *resource = NULL;
  e2e_start(e2e, "--loops", "2");
  for (i = 0; i < 16; i++) {
    fds[i] = open_timer(e2e, 20000);
  }
  json_t *debug = debug_capture(e2e);
  for (size_t n = 0; n < DEBUG_POLLS && debug_count(debug, "Timeout") < 16;
       n++) {
    debug = debug_capture(e2e);
  }
  assert_int_equal(debug_count(debug, "Timeout"), 16);
  json_array_foreach(e2e_array(debug, "resources"), i, resource) {
    const char *key = e2e_string(resource, "key");
    assert_null(json_object_get(keys, key));
    json_object_set_new(keys, key, json_true());
  }
  json_decref(keys);
  for (i = 0; i < 16; i++) {
    close(fds[i]);
  }
  debug_assert_quiet(e2e, 2);
}

static void debug_is_sorted_by_thread_and_id(void **state) {
  e2e_t *e2e = *state;
  size_t i = 0;
  json_int_t thread = -1;
  json_int_t id = -1;
  json_t *resource = NULL;
  e2e_start(e2e, "--loops", "2");
  e2e_get(e2e, 200, "/sum?a=1&b=2");
  json_array_foreach(e2e_array(debug_capture(e2e), "resources"), i, resource) {
    json_int_t next_thread = e2e_integer(resource, "thread");
    json_int_t next_id = e2e_integer(resource, "asyncId");
    assert_true(next_thread > thread ||
                (next_thread == thread && next_id > id));
    thread = next_thread;
    id = next_id;
  }
}

static void debug_ends_with_a_line_end(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  const char *body = e2e_get(e2e, 200, "/debug");
  assert_int_equal(body[e2e->answer.body.length - 1], '\n');
}

static void debug_may_not_be_stored_or_sniffed(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/debug");
  e2e_assert_field(e2e, "Cache-Control", "no-store");
  e2e_assert_field(e2e, "X-Content-Type-Options", "nosniff");
  assert_int_equal(http_answer_field(&e2e->answer,
                                     "Access-Control-Allow-Origin",
                                     (char[8]){0}, 8),
                   -1);
}

/* What stands in a line of the tree, and how far it is indented. */
typedef struct tree_line_s {
  const char *text;
  size_t indent;
} tree_line_t;

/* The last line before `end` that names this type. In the order of a tree
 * that is the nearest one above, and so an ancestor if there is one. */
static tree_line_t tree_line(const char *tree, const char *end,
                             const char *type) {
  tree_line_t last = {NULL, 0};
  const char *line = tree;
  while (line < end) {
    const char *next = line + strcspn(line, "\n");
    const char *name = strstr(line, type);
    if (name != NULL && name < next) {
      last = (tree_line_t){line, (size_t)(name - line)};
    }
    line = next + (*next == '\n');
  }
  if (last.text == NULL) {
    fail_msg("no %s in %s", type, tree);
  }
  return last;
}

static void assert_site(tree_line_t line, const char *file) {
  char text[512];
  snprintf(text, sizeof(text), "%.*s", (int)strcspn(line.text, "\n"),
           line.text);
  const char *site = strstr(text, file);
  if (site == NULL || strspn(site + strlen(file), ":0123456789") < 2) {
    fail_msg("no site %s in %s", file, text);
  }
}

static void tree_shows_listener_connection_request_timeout(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  int fd = open_timer(e2e, 2000);
  const char *tree = await_tree_line(e2e, "Timeout");
  close(fd);
  tree_line_t timeout = tree_line(tree, tree + strlen(tree), "Timeout");
  tree_line_t request = tree_line(tree, timeout.text, "HTTPINCOMINGMESSAGE");
  tree_line_t connection = tree_line(tree, request.text, "TCPWRAP");
  tree_line_t listener = tree_line(tree, connection.text, "TCPSERVERWRAP");
  assert_true(listener.indent < connection.indent);
  assert_true(connection.indent < request.indent);
  assert_true(request.indent < timeout.indent);
  assert_site(listener, ".c");
  assert_site(connection, ".c");
  assert_site(request, ".c");
  assert_site(timeout, ".c");
}

static void tree_forgets_a_timer_whose_client_left(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  int fd = open_timer(e2e, 20000);
  await_tree_line(e2e, "Timeout");
  close(fd);
  debug_assert_quiet(e2e, 1);
  assert_null(strstr(e2e_get(e2e, 200, "/debug/tree"), "Timeout"));
}

static void tree_is_plain_text(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 200, "/debug/tree");
  e2e_assert_field(e2e, "Content-Type", "text/plain; charset=utf-8");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(debug_has_the_frame_of_a_snapshot),
      cmocka_unit_test_of_server(debug_names_the_process),
      cmocka_unit_test_of_server(debug_lists_every_loop_and_worker),
      cmocka_unit_test_of_server(debug_lists_the_live_ids_of_each_thread),
      cmocka_unit_test_of_server(
          debug_shows_the_stack_of_the_thread_that_answers),
      cmocka_unit_test_of_server(debug_gives_every_resource_its_members),
      cmocka_unit_test_of_server(debug_gives_a_request_its_resources),
      cmocka_unit_test_of_server(who_reads_the_diagnostics_is_no_request),
      cmocka_unit_test_of_server(what_is_kept_is_an_option),
      cmocka_unit_test_of_server(
          a_request_behind_one_of_the_diagnostics_is_shown),
      cmocka_unit_test_of_server(debug_has_no_key_twice),
      cmocka_unit_test_of_server(debug_is_sorted_by_thread_and_id),
      cmocka_unit_test_of_server(debug_ends_with_a_line_end),
      cmocka_unit_test_of_server(debug_may_not_be_stored_or_sniffed),
      cmocka_unit_test_of_server(
          tree_shows_listener_connection_request_timeout),
      cmocka_unit_test_of_server(tree_forgets_a_timer_whose_client_left),
      cmocka_unit_test_of_server(tree_is_plain_text),
  };
  return test_main(tests, argc, argv);
}
