/*
 * The name of a request beyond this server: in its store, in its answer and in
 * the log.
 */
#include "e2e.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRACE  "0af7651916cd43dd8448eb211c80319c"
#define SPAN   "b7ad6b7169203331"
#define PARENT "traceparent: 00-" TRACE "-" SPAN

static json_t *context(e2e_t *e2e, const char *const *fields) {
  http_request_t request = {.target = "/context", .fields = fields};
  json_decref(e2e->json);
  e2e->json = json_loads(e2e_send(e2e, 200, &request), 0, NULL);
  assert_non_null(e2e->json);
  return e2e->json;
}

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_request_stays_in_the_trace_it_comes_with(void **state) {
  e2e_t *e2e = *state;
  char response[64];
  e2e_start(e2e, NULL);
  json_t *found = context(e2e, FIELDS(PARENT "-00"));
  assert_string_equal(e2e_string(found, "traceId"), TRACE);
  assert_string_equal(e2e_string(found, "parentSpanId"), SPAN);
  assert_false(json_is_true(json_object_get(found, "sampled")));
  assert_int_equal(http_answer_field(&e2e->answer, "traceresponse", response,
                                     sizeof(response)),
                   55);
  assert_memory_equal(response, "00-" TRACE "-", 36);
  assert_memory_equal(response + 36, e2e_string(found, "spanId"), 16);
}

static void a_request_without_a_trace_begins_one(void **state) {
  e2e_t *e2e = *state;
  char first[64];
  e2e_start(e2e, NULL);
  json_t *found = context(e2e, NULL);
  assert_true(json_is_null(json_object_get(found, "parentSpanId")));
  assert_true(json_is_true(json_object_get(found, "sampled")));
  strncpy(first, e2e_string(found, "traceId"), sizeof(first) - 1);
  first[32] = '\0';
  assert_int_equal(strspn(first, "0123456789abcdef"), 32);
  assert_string_not_equal(e2e_string(context(e2e, NULL), "traceId"), first);
}

/* Which of the two is meant, nobody can tell. */
static void a_wrong_or_doubled_traceparent_begins_a_new_trace(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  json_t *found = context(
      e2e, FIELDS("traceparent: 00-" TRACE "-" SPAN, "tracestate: a=1"));
  assert_string_not_equal(e2e_string(found, "traceId"), TRACE);
  assert_true(json_is_null(json_object_get(found, "tracestate")));
  found = context(e2e, FIELDS(PARENT "-01", PARENT "-01"));
  assert_string_not_equal(e2e_string(found, "traceId"), TRACE);
}

static void what_others_sent_along_is_in_the_store(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  json_t *found =
      context(e2e, FIELDS(PARENT "-01", "tracestate: a=1", "Tracestate: b=2",
                          "baggage: user=ann, bad member", "baggage: k=v;p"));
  assert_string_equal(e2e_string(found, "tracestate"), "a=1,b=2");
  assert_string_equal(e2e_string(found, "baggage"), "user=ann,k=v;p");
}

static bool is_dropped(e2e_t *e2e, const char *const *fields,
                       const char *name) {
  return json_is_null(json_object_get(context(e2e, fields), name));
}

/* A wrong member spoils a tracestate, of a baggage it is left out alone. */
static void what_is_malformed_does_not_go_on(void **state) {
  static const char *const states[] = {"tracestate: A=1", "tracestate: a=1,b",
                                       "tracestate: a=1,b=c=d", "tracestate: ,",
                                       "tracestate: a@=1"};
  static const char *const bags[] = {"baggage: ",        "baggage: bad",
                                     "baggage: =v",      "baggage: a b=c",
                                     "baggage: k=\"v\"", "baggage: k=v;="};
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
    if (!is_dropped(e2e, FIELDS(PARENT "-01", states[i]), "tracestate"))
      fail_msg("%s went on", states[i]);
  for (size_t i = 0; i < sizeof(bags) / sizeof(bags[0]); i++)
    if (!is_dropped(e2e, FIELDS(bags[i]), "baggage"))
      fail_msg("%s went on", bags[i]);
  json_t *found = context(
      e2e, FIELDS("baggage: a=1 , bad, a=2;p;q=3", "baggage: =,k=%20%c3%a9"));
  assert_string_equal(e2e_string(found, "baggage"),
                      "a=1,a=2;p;q=3,k=%20%c3%a9");
}

/* 64 members and 8192 bytes, in as many fields as they come in. */
static void as_much_baggage_goes_on_as_must(void **state) {
  enum { FIELDS_SENT = 8, MEMBERS = 8, MEMBER_BYTES = 127 };
  char fields[FIELDS_SENT][16 + MEMBERS * (MEMBER_BYTES + 1)];
  const char *list[FIELDS_SENT + 1] = {NULL};
  e2e_t *e2e = *state;
  for (int i = 0; i < FIELDS_SENT; i++) {
    int used = snprintf(fields[i], sizeof(fields[i]), "baggage: ");
    for (int j = 0; j < MEMBERS; j++)
      used += snprintf(fields[i] + used, sizeof(fields[i]) - (size_t)used,
                       "%sk%02d=%0*d", j > 0 ? "," : "", i * MEMBERS + j,
                       MEMBER_BYTES - 4, j);
    list[i] = fields[i];
  }
  e2e_start(e2e, NULL);
  const char *baggage = e2e_string(context(e2e, list), "baggage");
  assert_int_equal(strlen(baggage),
                   FIELDS_SENT * MEMBERS * (MEMBER_BYTES + 1) - 1);
  for (int i = 0; i < FIELDS_SENT; i++)
    e2e_assert_contains(baggage, fields[i] + strlen("baggage: "));
}

static void the_next_request_has_none_of_it(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  context(e2e, FIELDS(PARENT "-01", "tracestate: a=1", "baggage: k=v"));
  json_t *next = context(e2e, NULL);
  assert_int_equal(e2e->answer.new_connections, 0);
  assert_true(json_is_null(json_object_get(next, "tracestate")));
  assert_true(json_is_null(json_object_get(next, "baggage")));
}

static void the_log_names_the_trace(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  context(e2e, FIELDS(PARENT "-01"));
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  e2e_assert_contains(log, " trace=" TRACE "\n");
  free(log);
}

static json_t *first_line(const char *log) {
  const char *end = strchr(log, '\n');
  assert_non_null(end);
  json_t *line = json_loadb(log, (size_t)(end - log), 0, NULL);
  assert_non_null(line);
  return line;
}

static void a_json_log_has_an_object_for_each_request(void **state) {
  e2e_t *e2e = *state;
  http_request_t request = {.target = "/nowhere%0a\"\\",
                            .fields = FIELDS(PARENT "-01")};
  e2e_start(e2e, "--log-format", "json");
  e2e_send(e2e, 404, &request);
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  json_t *line = first_line(log);
  assert_string_equal(e2e_string(line, "trace_id"), TRACE);
  assert_string_equal(e2e_string(line, "trace_flags"), "01");
  assert_string_equal(e2e_string(line, "target"), "/nowhere%0a\\x22\\x5c");
  assert_int_equal(e2e_integer(line, "status"), 404);
  assert_int_equal(strlen(e2e_string(line, "span_id")), 16);
  json_decref(line);
  free(log);
}

static void a_json_log_says_what_is_not_sampled(void **state) {
  e2e_t *e2e = *state;
  http_request_t request = {.target = "/hello", .fields = FIELDS(PARENT "-00")};
  e2e_start(e2e, "--log-format", "json");
  e2e_send(e2e, 200, &request);
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  json_t *line = first_line(log);
  assert_string_equal(e2e_string(line, "trace_flags"), "00");
  json_decref(line);
  free(log);
}

static void the_access_log_can_be_switched_off(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, "--access-log", "off");
  e2e_get(e2e, 200, "/hello");
  e2e_stop(e2e);
  char *log = server_process_stderr(&e2e->server);
  assert_string_equal(log, "");
  free(log);
}

/* A server that asks another. */
typedef struct pair_s {
  e2e_t *front, *back;
} pair_t;

static int pair_setup(void **state) {
  pair_t *pair = calloc(1, sizeof(*pair));
  void *front = NULL, *back = NULL;
  int error = e2e_setup(&front) + e2e_setup(&back);
  *pair = (pair_t){front, back};
  *state = pair;
  return error;
}

static int pair_teardown(void **state) {
  pair_t *pair = *state;
  void *front = pair->front, *back = pair->back;
  free(pair);
  return e2e_teardown(&front) + e2e_teardown(&back);
}

#define cmocka_unit_test_of_pair(function) \
  cmocka_unit_test_setup_teardown(function, pair_setup, pair_teardown)

/* The front asks for `target` of the back. */
static void pair_start(pair_t *pair, const char *target) {
  char url[128];
  e2e_start(pair->back, NULL);
  snprintf(url, sizeof(url), "http://127.0.0.1:%u%s",
           (unsigned)pair->back->server.port, target);
  e2e_start(pair->front, "--relay", url);
}

/* The store of the back's request, for one to the front with these fields. */
static json_t *context_behind(pair_t *pair, const char *const *fields) {
  http_request_t request = {.target = "/relay", .fields = fields};
  e2e_t *front = pair->front;
  json_decref(front->json);
  front->json = json_loads(e2e_send(front, 200, &request), 0, NULL);
  assert_non_null(front->json);
  return front->json;
}

static void what_is_asked_of_another_server_goes_on_in_the_trace(void **state) {
  pair_t *pair = *state;
  char response[64];
  pair_start(pair, "/context");
  json_t *found = context_behind(pair, FIELDS(PARENT "-01", "tracestate: a=1",
                                              "tracestate: b=2",
                                              "baggage: user=ann, k=v;p"));
  assert_string_equal(e2e_string(found, "traceId"), TRACE);
  assert_true(json_is_true(json_object_get(found, "sampled")));
  assert_string_equal(e2e_string(found, "tracestate"), "a=1,b=2");
  assert_string_equal(e2e_string(found, "baggage"), "user=ann,k=v;p");
  assert_int_equal(http_answer_field(&pair->front->answer, "traceresponse",
                                     response, sizeof(response)),
                   55);
  assert_string_not_equal(e2e_string(found, "parentSpanId"), SPAN);
  assert_memory_equal(response + 36, e2e_string(found, "parentSpanId"), 16);
}

/* By the same connections. */
static void the_next_that_is_asked_goes_on_in_its_own(void **state) {
  pair_t *pair = *state;
  pair_start(pair, "/context");
  context_behind(pair, FIELDS(PARENT "-00", "tracestate: a=1", "baggage: k=v"));
  json_t *next = context_behind(pair, NULL);
  assert_int_equal(pair->front->answer.new_connections, 0);
  assert_string_not_equal(e2e_string(next, "traceId"), TRACE);
  assert_true(json_is_true(json_object_get(next, "sampled")));
  assert_true(json_is_null(json_object_get(next, "tracestate")));
  assert_true(json_is_null(json_object_get(next, "baggage")));
}

static void what_another_server_answers_is_passed_on(void **state) {
  pair_t *pair = *state;
  pair_start(pair, "/nowhere");
  e2e_get(pair->front, 404, "/relay");
  e2e_stop(pair->back);
  e2e_assert_contains(e2e_get(pair->front, 502, "/relay"), "relay: ");
}

static void without_a_server_to_ask_there_is_no_relay(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  e2e_get(e2e, 404, "/relay");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_request_stays_in_the_trace_it_comes_with),
      cmocka_unit_test_of_server(a_request_without_a_trace_begins_one),
      cmocka_unit_test_of_server(
          a_wrong_or_doubled_traceparent_begins_a_new_trace),
      cmocka_unit_test_of_server(what_others_sent_along_is_in_the_store),
      cmocka_unit_test_of_server(what_is_malformed_does_not_go_on),
      cmocka_unit_test_of_server(as_much_baggage_goes_on_as_must),
      cmocka_unit_test_of_server(the_next_request_has_none_of_it),
      cmocka_unit_test_of_server(the_log_names_the_trace),
      cmocka_unit_test_of_server(a_json_log_has_an_object_for_each_request),
      cmocka_unit_test_of_server(a_json_log_says_what_is_not_sampled),
      cmocka_unit_test_of_server(the_access_log_can_be_switched_off),
      cmocka_unit_test_of_pair(
          what_is_asked_of_another_server_goes_on_in_the_trace),
      cmocka_unit_test_of_pair(the_next_that_is_asked_goes_on_in_its_own),
      cmocka_unit_test_of_pair(what_another_server_answers_is_passed_on),
      cmocka_unit_test_of_server(without_a_server_to_ask_there_is_no_relay),
  };
  return test_main(tests, argc, argv);
}
