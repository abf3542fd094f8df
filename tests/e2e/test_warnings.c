/*
 * Warnings of a server that is made to deserve them, by --demo-faults and low
 * thresholds; that no other test's server has any is looked after at the end of
 * each.
 */
#include "debug_snapshot.h"

#include "raw_socket.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int send_fault(const e2e_t *e2e, const char *target) {
  char request[128];
  int fd = raw_socket_connect(e2e->server.port);
  assert_true(fd >= 0);
  snprintf(request, sizeof(request),
           "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  return fd;
}

static json_t *warning_of(const json_t *document, const char *code) {
  size_t i = 0;
  json_t *warning = NULL;
  json_array_foreach(e2e_array(document, "warnings"), i, warning) {
    if (strcmp(e2e_string(warning, "code"), code) == 0) {
      return warning;
    }
  }
  return NULL;
}

/* It comes, sooner or later. */
static json_t *await_warning(e2e_t *e2e, const char *code) {
  json_t *warning = NULL;
  while (warning == NULL) {
    warning = warning_of(e2e_get_json(e2e, "/debug/warnings"), code);
  }
  return warning;
}

/* A thread that was preempted on its way in has, for a moment, been longer than
 * the threshold in the connection's callback only. */
static json_t *await_warning_about(e2e_t *e2e, const char *code,
                                   const char *type) {
  json_t *warning = await_warning(e2e, code);
  while (strcmp(e2e_string(warning, "type"), type) != 0) {
    warning = await_warning(e2e, code);
  }
  return warning;
}

/* Until a worker that was called has begun, tasks wait and it is in none. */
static json_t *await_starved(e2e_t *e2e) {
  json_t *warning = NULL;
  while (warning == NULL || json_object_get(warning, "other") == NULL)
    warning = await_warning(e2e, "pool-starved");
  return warning;
}

static void await_none(e2e_t *e2e, const char *code) {
  while (warning_of(e2e_get_json(e2e, "/debug/warnings"), code) != NULL) {
  }
}

static void assert_explained(const json_t *warning, const char *type) {
  assert_string_equal(e2e_string(warning, "type"), type);
  assert_true(json_array_size(e2e_array(warning, "keys")) > 0);
  assert_true(strlen(e2e_string(warning, "advice")) > 0);
  assert_true(strlen(e2e_string(warning, "since")) > 0);
  assert_non_null(json_object_get(warning, "site"));
}

static void a_blocked_loop_is_named_with_its_request(void **state) {
  e2e_t *e2e = *state;
  int code = -1;
  e2e_start(e2e, "--demo-faults", "--warn-loop-blocked", "0.005");
  e2e_ask_debug(e2e);
  int fd = send_fault(e2e, "/block?ms=25000");
  const json_t *warning =
      await_warning_about(e2e, "loop-blocked", "HTTPINCOMINGMESSAGE");
  assert_explained(warning, "HTTPINCOMINGMESSAGE");
  assert_string_equal(e2e_string(warning, "state"), "active");
  assert_string_equal(e2e_string(warning, "requestId"), "r1");
  assert_true(e2e_integer(warning, "worstUs") >= 5000);
  assert_int_equal(e2e_integer(warning, "thresholdUs"), 5000);
  e2e_assert_contains(e2e_get(e2e, 200, "/debug/warnings?format=text"),
                      "error: loop-blocked, 1 resource, for ");
  e2e_assert_contains(e2e_get(e2e, 200, "/metrics"),
                      "asyncscope_warnings{code=\"loop-blocked\"} 1\n");
  assert_non_null(warning_of(debug_capture(e2e), "loop-blocked"));
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
  close(fd);
}

static void a_slow_callback_is_told_of_afterwards(void **state) {
  e2e_t *e2e = *state;
  e2e->provoked = "slow-callback";
  e2e_start(e2e, "--demo-faults", "--warn-slow-callback", "0.5");
  e2e_get(e2e, 200, "/block?ms=500");
  const json_t *warning = await_warning(e2e, "slow-callback");
  assert_explained(warning, "HTTPINCOMINGMESSAGE");
  assert_string_equal(e2e_string(warning, "state"), "past");
  assert_true(strlen(e2e_string(warning, "last")) > 0);
  assert_true(e2e_integer(warning, "worstUs") >= 500000);
}

static void a_callback_that_is_not_slow_is_not(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--demo-faults", "--warn-slow-callback", "3600");
  e2e_get(e2e, 200, "/block?ms=30");
  assert_int_equal(json_array_size(e2e_array(
                       e2e_get_json(e2e, "/debug/warnings"), "warnings")),
                   0);
}

static void a_pool_is_starved_until_a_worker_is_free(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--workers", "1", "--demo-faults", "--warn-pool-starved",
            "0.001");
  int spin = send_fault(e2e, "/spin?ms=25000");
  int sum = send_fault(e2e, "/spin?ms=24000");
  const json_t *warning = await_starved(e2e);
  assert_explained(warning, "WORK");
  assert_string_equal(e2e_string(json_object_get(warning, "other"), "type"),
                      "WORK");
  close(spin);
  close(sum);
  await_none(e2e, "pool-starved");
}

static void what_has_not_called_back_is_pending_until_it_has(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--demo-faults", "--warn-long-pending", "0.001");
  int spin = send_fault(e2e, "/spin?ms=25000");
  const json_t *warning = await_warning(e2e, "long-pending");
  assert_explained(warning, "WORK");
  assert_string_equal(e2e_string(warning, "requestId"), "r1");
  char target[128];
  snprintf(target, sizeof(target), "/debug/resources/%s",
           json_string_value(json_array_get(e2e_array(warning, "keys"), 0)));
  assert_non_null(warning_of(e2e_get_json(e2e, target), "long-pending"));
  close(spin);
  await_none(e2e, "long-pending");
}

static void the_cost_of_tracking_is_told(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_ask_debug(e2e);
  const json_t *tracking = json_object_get(debug_capture(e2e), "tracking");
  const json_t *ns = json_object_get(tracking, "calibrationNs");
  assert_true(e2e_integer(tracking, "bytesPerResource") > 0);
  assert_true(e2e_integer(ns, "init") > 0);
  assert_true(e2e_integer(ns, "scope") > 0);
  assert_true(e2e_integer(ns, "destroy") > 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_blocked_loop_is_named_with_its_request),
      cmocka_unit_test_of_server(a_slow_callback_is_told_of_afterwards),
      cmocka_unit_test_of_server(a_callback_that_is_not_slow_is_not),
      cmocka_unit_test_of_server(a_pool_is_starved_until_a_worker_is_free),
      cmocka_unit_test_of_server(
          what_has_not_called_back_is_pending_until_it_has),
      cmocka_unit_test_of_server(the_cost_of_tracking_is_told),
  };
  return test_main(tests, argc, argv);
}
