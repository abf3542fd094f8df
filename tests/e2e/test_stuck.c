/*
 * Every loop stuck in a callback and every worker busy, by --demo-faults: the
 * diagnostics answer, and name who is stuck where. SIGTERM ends the faults, so
 * nobody waits for their time to pass.
 */
#include "debug_snapshot.h"

#include "raw_socket.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOPS      2
#define WORKERS    4
#define BLOCKS     32 /* the kernel shares them out: of one loop 1 in 2^31 */
#define FAULTS_MAX (WORKERS + BLOCKS)
#define MEASURED   50 /* less where the load is reduced; the faults last 25 s */

typedef struct stuck_s {
  e2e_t *e2e;
  int fds[FAULTS_MAX];
  size_t count;
} stuck_t;

static void send_fault(stuck_t *stuck, const char *target) {
  char request[128];
  int fd = raw_socket_connect(stuck->e2e->server.port);
  assert_true(fd >= 0);
  stuck->fds[stuck->count++] = fd;
  snprintf(request, sizeof(request),
           "GET %s?ms=25000 HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
}

/* What the thread is in, NULL when it is in nothing. */
static json_t *current_of(const json_t *debug, const json_t *thread) {
  const json_t *current = json_object_get(thread, "current");
  return current == NULL ? NULL
                         : debug_resource(debug, e2e_string(current, "key"));
}

static bool is_in(const json_t *debug, const json_t *thread, const char *type,
                  const char *name) {
  json_t *resource = current_of(debug, thread);
  const char *found = json_string_value(json_object_get(resource, "name"));
  return resource != NULL && strcmp(e2e_string(resource, "type"), type) == 0 &&
         (name == NULL || (found != NULL && strcmp(found, name) == 0));
}

static size_t count_in(const json_t *debug, const char *kind, const char *type,
                       const char *name) {
  size_t i = 0;
  size_t count = 0;
  json_t *thread = NULL;
  json_array_foreach(e2e_array(debug, "threads"), i, thread) {
    count += strcmp(e2e_string(thread, "kind"), kind) == 0 &&
             is_in(debug, thread, type, name);
  }
  return count;
}

static void await_in(e2e_t *e2e, const char *kind, size_t count,
                     const char *type, const char *name) {
  while (count_in(debug_capture(e2e), kind, type, name) < count) {
  }
}

static void make_stuck(stuck_t *stuck) {
  e2e_t *e2e = stuck->e2e;
  for (size_t i = 0; i < WORKERS; i++) {
    send_fault(stuck, "/spin");
  }
  await_in(e2e, "worker", WORKERS, "WORK", NULL);
  for (size_t i = 0; i < BLOCKS; i++) {
    send_fault(stuck, "/block");
  }
  await_in(e2e, "loop", LOOPS, "HTTPINCOMINGMESSAGE", "GET /block");
}

static void start(stuck_t *stuck, e2e_t *e2e) {
  *stuck = (stuck_t){.e2e = e2e};
  e2e_start(e2e, "--loops", "2", "--workers", "4", "--demo-faults");
  e2e_ask_debug(e2e);
}

/* No fault has been answered: what was seen was seen while all were stuck. */
static void assert_still_stuck(const stuck_t *stuck) {
  struct pollfd entries[FAULTS_MAX];
  for (size_t i = 0; i < stuck->count; i++) {
    entries[i] = (struct pollfd){.fd = stuck->fds[i], .events = POLLIN};
  }
  assert_int_equal(poll(entries, stuck->count, 0), 0);
}

static void await_end(stuck_t *stuck) {
  int code = -1;
  assert_int_equal(server_process_await_exit(&stuck->e2e->server, &code), 0);
  for (size_t i = 0; i < stuck->count; i++) {
    close(stuck->fds[i]);
  }
  assert_int_equal(code, 0);
}

static void release(stuck_t *stuck) {
  assert_int_equal(kill(stuck->e2e->server.pid, SIGTERM), 0);
  await_end(stuck);
}

/* Each answer shows every loop and worker in its fault. */
static void assert_all_stuck(const json_t *debug) {
  assert_int_equal(count_in(debug, "worker", "WORK", NULL), WORKERS);
  assert_int_equal(count_in(debug, "loop", "HTTPINCOMINGMESSAGE", "GET /block"),
                   LOOPS);
}

static void the_diagnostics_answer(void **state) {
  stuck_t stuck;
  curl_off_t longest_us = 0;
  size_t answers = e2e_scaled(MEASURED);
  start(&stuck, *state);
  make_stuck(&stuck);
  for (size_t i = 0; i < answers; i++) {
    e2e_ask_debug(stuck.e2e);
    assert_all_stuck(debug_capture(stuck.e2e));
    curl_off_t us = stuck.e2e->answer.total_us;
    longest_us = us > longest_us ? us : longest_us;
  }
  assert_still_stuck(&stuck);
  printf("the longest of %zu answers took %.1f ms\n", answers,
         (double)longest_us / 1000);
  release(&stuck);
}

/* How many requests of this name have cost that, and have not cost less than
 * in the answer before. */
static size_t count_charged(const json_t *before, const json_t *debug,
                            const char *name, const char *cost) {
  size_t i = 0;
  size_t count = 0;
  json_t *request = NULL;
  json_array_foreach(e2e_array(debug, "requests"), i, request) {
    const json_t *now = json_object_get(request, "cost");
    const json_t *then = json_object_get(
        json_array_get(json_object_get(before, "requests"), i), "cost");
    count += strcmp(e2e_string(request, "name"), name) == 0 &&
             e2e_integer(now, cost) > 0 &&
             (then == NULL || e2e_integer(now, cost) > e2e_integer(then, cost));
  }
  return count;
}

static void what_goes_on_is_charged_meanwhile(void **state) {
  stuck_t stuck;
  start(&stuck, *state);
  make_stuck(&stuck);
  json_t *first = json_incref(debug_capture(stuck.e2e));
  assert_int_equal(count_charged(NULL, first, "GET /spin", "workerUs"),
                   WORKERS);
  assert_int_equal(count_charged(NULL, first, "GET /block", "loopUs"), LOOPS);
  const json_t *second = debug_capture(stuck.e2e);
  assert_int_equal(count_charged(first, second, "GET /spin", "workerUs"),
                   WORKERS);
  assert_int_equal(count_charged(first, second, "GET /block", "loopUs"), LOOPS);
  json_decref(first);
  assert_still_stuck(&stuck);
  release(&stuck);
}

static void the_tree_answers(void **state) {
  stuck_t stuck;
  start(&stuck, *state);
  make_stuck(&stuck);
  const char *tree = e2e_get(stuck.e2e, 200, "/debug/tree");
  e2e_assert_contains(tree, "\"GET /block\"");
  assert_still_stuck(&stuck);
  release(&stuck);
}

/* What the thread says of itself is what the resource says. */
static void assert_named(const json_t *debug, const json_t *thread,
                         const char *type, const char *file) {
  const json_t *current = json_object_get(thread, "current");
  const json_t *resource = current_of(debug, thread);
  const json_t *site = json_object_get(current, "site");
  assert_non_null(resource);
  assert_string_equal(e2e_string(resource, "state"), "running");
  assert_string_equal(e2e_string(current, "type"), type);
  assert_string_equal(e2e_string(resource, "type"), type);
  e2e_assert_contains(e2e_string(site, "file"), file);
  assert_true(e2e_integer(site, "line") > 0);
  assert_true(strlen(e2e_string(site, "function")) > 0);
  assert_true(json_equal(site, json_object_get(resource, "site")));
  assert_string_equal(e2e_string(current, "requestId"),
                      e2e_string(resource, "requestId"));
  assert_true(e2e_integer(current, "sinceUs") > 0);
}

/* Resource, type, site, request and time in it. */
static void every_culprit_is_named(void **state) {
  stuck_t stuck;
  size_t i = 0;
  size_t named = 0;
  json_t *thread = NULL;
  start(&stuck, *state);
  make_stuck(&stuck);
  json_t *debug = debug_capture(stuck.e2e);
  json_array_foreach(e2e_array(debug, "threads"), i, thread) {
    const char *kind = e2e_string(thread, "kind");
    if (strcmp(kind, "other") != 0) {
      if (strcmp(kind, "worker") == 0) {
        assert_named(debug, thread, "WORK", "route_faults.c");
      } else {
        assert_named(debug, thread, "HTTPINCOMINGMESSAGE", "http_exchange.c");
      }
      named++;
    }
  }
  assert_int_equal(named, LOOPS + WORKERS);
  assert_still_stuck(&stuck);
  release(&stuck);
}

/* The time of the first thread of that kind in what it is in. */
static json_int_t since_us(const json_t *debug, const char *kind) {
  size_t i = 0;
  json_t *thread = NULL;
  json_array_foreach(e2e_array(debug, "threads"), i, thread) {
    if (strcmp(e2e_string(thread, "kind"), kind) == 0) {
      return e2e_integer(json_object_get(thread, "current"), "sinceUs");
    }
  }
  fail_msg("no %s", kind);
  return 0;
}

static void the_time_that_they_are_stuck_grows(void **state) {
  stuck_t stuck;
  start(&stuck, *state);
  make_stuck(&stuck);
  json_t *debug = debug_capture(stuck.e2e);
  json_int_t loop_us = since_us(debug, "loop");
  json_int_t worker_us = since_us(debug, "worker");
  debug = debug_capture(stuck.e2e);
  assert_true(since_us(debug, "loop") > loop_us);
  assert_true(since_us(debug, "worker") > worker_us);
  assert_still_stuck(&stuck);
  release(&stuck);
}

static void every_fault_is_answered_when_the_server_ends(void **state) {
  stuck_t stuck;
  char answer[4097];
  start(&stuck, *state);
  make_stuck(&stuck);
  assert_int_equal(kill(stuck.e2e->server.pid, SIGTERM), 0);
  for (size_t i = 0; i < WORKERS; i++) {
    long length = raw_socket_read_all(stuck.fds[i], answer, sizeof(answer) - 1);
    assert_true(length > 0);
    e2e_assert_contains(answer, "HTTP/1.1 200 ");
    e2e_assert_contains(answer, "\"ms\":25000");
  }
  await_end(&stuck);
}

static void a_client_that_leaves_frees_the_worker(void **state) {
  e2e_t *e2e = *state;
  stuck_t stuck = {.e2e = e2e};
  e2e_start(e2e, "--workers", "1", "--demo-faults");
  send_fault(&stuck, "/spin");
  await_in(e2e, "worker", 1, "WORK", NULL);
  close(stuck.fds[0]);
  e2e_assert_contains(e2e_get(e2e, 200, "/sum?a=1&b=2"), "3");
}

static void faults_last_as_long_as_was_asked(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--demo-faults");
  e2e_assert_contains(e2e_get(e2e, 200, "/block?ms=20"), "\"ms\":20");
  assert_true(e2e->answer.total_us >= 20000);
  e2e_assert_contains(e2e_get(e2e, 200, "/spin?ms=20"), "\"ms\":20");
  assert_true(e2e->answer.total_us >= 20000);
}

static size_t timers_alive(e2e_t *e2e) {
  json_t *list =
      json_loads(e2e_get(e2e, 200, "/debug/resources?type=Timeout"), 0, NULL);
  size_t count = json_array_size(json_object_get(list, "resources"));
  json_decref(list);
  return count;
}

/* It is answered, and what it made stays; what ends with its time is gone when
 * the loop has come by. The rest ends with the server. */
static void what_leaks_outlives_its_request(void **state) {
  e2e_t *e2e = *state;
  int code = -1;
  e2e->provoked = "context-retained";
  e2e_start(e2e, "--loops", "1", "--demo-faults");
  e2e_assert_contains(e2e_get(e2e, 200, "/leak?count=20&ms=3600000"),
                      "\"count\":20");
  assert_int_equal(timers_alive(e2e), 20);
  e2e_get(e2e, 200, "/leak?count=5&ms=0");
  while (timers_alive(e2e) > 20) {
  }
  assert_int_equal(timers_alive(e2e), 20);
  assert_int_equal(kill(e2e->server.pid, SIGTERM), 0);
  assert_int_equal(server_process_await_exit(&e2e->server, &code), 0);
  assert_int_equal(code, 0);
}

static void faults_are_bounded(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--demo-faults");
  e2e_assert_contains(e2e_get(e2e, 400, "/block?ms=25001"), "ms");
  e2e_assert_contains(e2e_get(e2e, 400, "/spin?ms=25001"), "ms");
  e2e_assert_contains(e2e_get(e2e, 400, "/block?ms=-1"), "ms");
  e2e_assert_contains(e2e_get(e2e, 400, "/spin?s=1"), "ms");
  e2e_assert_contains(e2e_get(e2e, 400, "/leak?count=100001"), "count");
  e2e_assert_contains(e2e_get(e2e, 400, "/leak?ms=3600001"), "ms");
}

static void without_the_option_there_are_none(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  assert_null(strstr(e2e_get(e2e, 404, "/block?ms=1"), "/block"));
  assert_null(strstr(e2e_get(e2e, 404, "/spin?ms=1"), "/spin"));
  assert_null(strstr(e2e_get(e2e, 404, "/leak?count=1"), "/leak"));
}

static void the_variable_says_it_too(void **state) {
  e2e_t *e2e = *state;
  e2e_start_with(e2e, (const char *const[]){"--listen", "127.0.0.1:0", NULL},
                 (const char *const[]){"ASYNCSCOPE_DEMO_FAULTS=1", NULL});
  e2e_get(e2e, 200, "/block?ms=1");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(the_diagnostics_answer),
      cmocka_unit_test_of_server(what_goes_on_is_charged_meanwhile),
      cmocka_unit_test_of_server(the_tree_answers),
      cmocka_unit_test_of_server(every_culprit_is_named),
      cmocka_unit_test_of_server(the_time_that_they_are_stuck_grows),
      cmocka_unit_test_of_server(every_fault_is_answered_when_the_server_ends),
      cmocka_unit_test_of_server(a_client_that_leaves_frees_the_worker),
      cmocka_unit_test_of_server(faults_last_as_long_as_was_asked),
      cmocka_unit_test_of_server(what_leaks_outlives_its_request),
      cmocka_unit_test_of_server(faults_are_bounded),
      cmocka_unit_test_of_server(without_the_option_there_are_none),
      cmocka_unit_test_of_server(the_variable_says_it_too),
  };
  return test_main(tests, argc, argv);
}
