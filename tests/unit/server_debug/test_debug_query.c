#include "debug_fixture.h"

#include "query.h"
#include "resource.h"
#include <string.h>

static const char *const fields[] = {"key", "type", NULL};

static const debug_accepts_t everything = {
    .parameters = (DEBUG_TAKES(DEBUG_PARAM_COUNT) - 1) &
                  ~DEBUG_TAKES(DEBUG_PARAM_REQUEST_STATE),
    .fields = fields,
    .include = ~0u};

static debug_query_t parsed(const char *raw) {
  debug_query_t query;
  debug_fault_t fault = {.problem = ""};
  if (asyncscope__debug_query_parse(raw, &everything, &query, &fault) != 0)
    fail_msg("%s: %s %s", raw, fault.parameter, fault.problem);
  return query;
}

/* What is refused about `raw`: the parameter, or the problem where none is
 * named. */
static const char *refused(const char *raw) {
  static debug_fault_t fault;
  debug_query_t query;
  assert_int_equal(
      asyncscope__debug_query_parse(raw, &everything, &query, &fault),
      UV_EINVAL);
  return fault.parameter == NULL ? fault.problem : fault.parameter;
}

static void nothing_asked_for_is_well(void **state) {
  (void)state;
  debug_query_t query = parsed(NULL);
  assert_int_equal(query.given, 0);
  assert_int_equal(query.limit, DEBUG_LIMIT);
  assert_int_equal(parsed("").given, 0);
  assert_int_equal(parsed("&&").given, 0);
}

static void lists_are_cut_at_commas(void **state) {
  (void)state;
  debug_query_t query;
  debug_fault_t fault;
  assert_int_equal(asyncscope__debug_query_parse("type=TCP*,Time%6Fut",
                                                 &everything, &query, &fault),
                   0);
  assert_int_equal(query.types.count, 2);
  assert_string_equal(query.types.items[0], "TCP*");
  assert_string_equal(query.types.items[1], "Timeout");
}

static void a_list_has_no_empty_items_and_an_end(void **state) {
  (void)state;
  char list[2 * (DEBUG_LIST_MAX + 1) + sizeof("type=")] = "type=";
  assert_string_equal(refused("type=a,,b"), "type");
  assert_string_equal(refused("type=a,"), "type");
  for (size_t i = 0; i <= DEBUG_LIST_MAX; i++)
    memcpy(list + 5 + 2 * i, "a,", 3);
  list[5 + 2 * DEBUG_LIST_MAX + 1] = '\0';
  assert_string_equal(refused(list), "type");
  list[5 + 2 * DEBUG_LIST_MAX - 1] = '\0';
  assert_int_equal(parsed(list).types.count, DEBUG_LIST_MAX);
}

static void stars_stand_for_any_text(void **state) {
  static const struct {
    const char *glob, *text;
    bool matches;
  } cases[] = {
      {"*", "", true},
      {"*", "any", true},
      {"TCP*", "TCPWRAP", true},
      {"TCP*", "TCP", true},
      {"TCP*", "PIPE", false},
      {"*WRAP", "TCPWRAP", true},
      {"*WRAP", "WRAPS", false},
      {"a*b*c", "aXbYbZc", true},
      {"a*b*c", "aXbYbZ", false},
      {"*ab", "aab", true},
      {"a", "ab", false},
      {"ab", "a", false},
      {"**a**", "a", true},
      {"", "a", false},
      {"a*a", "a", false},
      {"*a*a*", "aa", true},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    debug_globs_t globs = {.count = 1, .items = {cases[i].glob}};
    if (asyncscope__debug_globs_match(&globs, cases[i].text) !=
        cases[i].matches)
      fail_msg("\"%s\" and \"%s\"", cases[i].glob, cases[i].text);
  }
}

/* Exponential where every star is tried again. */
static void many_stars_cost_no_more_than_few(void **state) {
  char text[2048];
  debug_globs_t globs = {
      .count = 1, .items = {"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"}};
  (void)state;
  memset(text, 'a', sizeof(text) - 1);
  text[sizeof(text) - 1] = '\0';
  assert_false(asyncscope__debug_globs_match(&globs, text));
}

static void durations_have_units(void **state) {
  (void)state;
  assert_int_equal(parsed("older_than=7ns").older_than_ns, 7);
  assert_int_equal(parsed("older_than=7us").older_than_ns, 7000);
  assert_int_equal(parsed("older_than=7ms").older_than_ns, 7000000);
  assert_int_equal(parsed("older_than=10s").older_than_ns, 10000000000);
  assert_int_equal(parsed("older_than=2m").older_than_ns, 120000000000);
  assert_int_equal(parsed("older_than=2h").older_than_ns, 7200000000000);
  assert_int_equal(parsed("older_than=5124095h").older_than_ns,
                   UINT64_C(18446742000000000000));
  assert_string_equal(refused("older_than=10"), "older_than");
  assert_string_equal(refused("older_than=s"), "older_than");
  assert_string_equal(refused("older_than=-1s"), "older_than");
  assert_string_equal(refused("older_than=1.5s"), "older_than");
  assert_string_equal(refused("older_than=5124096h"), "older_than");
  assert_string_equal(refused("older_than=1d"), "older_than");
}

static void numbers_are_whole_and_bounded(void **state) {
  (void)state;
  assert_int_equal(parsed("limit=0").limit, 0);
  assert_int_equal(parsed("limit=10000000").limit, DEBUG_LIMIT_MAX);
  assert_string_equal(refused("limit=10000001"), "limit");
  assert_string_equal(refused("limit=99999999999999999999999"), "limit");
  assert_string_equal(refused("limit=-1"), "limit");
  assert_string_equal(refused("limit=+1"), "limit");
  assert_string_equal(refused("limit=0x1"), "limit");
  assert_string_equal(refused("limit=1%20"), "limit");
}

static void an_endpoint_has_a_limit_of_its_own(void **state) {
  const debug_accepts_t few = {
      .parameters = DEBUG_TAKES(DEBUG_PARAM_LIMIT), .limit = 5, .limit_max = 9};
  debug_query_t query;
  debug_fault_t fault;
  (void)state;
  assert_int_equal(asyncscope__debug_query_parse("", &few, &query, &fault), 0);
  assert_int_equal(query.limit, 5);
  assert_int_equal(
      asyncscope__debug_query_parse("limit=10", &few, &query, &fault),
      UV_EINVAL);
  assert_int_equal(fault.max, 9);
}

static void keys_name_thread_and_id(void **state) {
  (void)state;
  debug_query_t query = parsed("trigger=2%3A813&root=0:1");
  assert_int_equal(query.trigger.thread, 2);
  assert_int_equal(query.trigger.async_id, 813);
  assert_int_equal(query.root.async_id, 1);
  assert_string_equal(refused("root=813"), "root");
  assert_string_equal(refused("root=1:"), "root");
  assert_string_equal(refused("root=:1"), "root");
  assert_string_equal(refused("root=1:2:3"), "root");
  assert_string_equal(refused("root=4294967295:1"), "root");
  assert_string_equal(refused("root=00000000000000001:1"), "root");
  assert_string_equal(refused("root=1:9007199254740992"), "root");
}

static void requests_are_named_with_or_without_r(void **state) {
  (void)state;
  debug_query_t query = parsed("request=r9,12");
  assert_int_equal(query.requests.count, 2);
  assert_int_equal(query.requests.items[0], 9);
  assert_int_equal(query.requests.items[1], 12);
  assert_string_equal(refused("request=rr9"), "request");
  assert_string_equal(refused("request=r"), "request");
  assert_string_equal(refused("request=r18446744073709551616"), "request");
}

static void words_are_known_ones(void **state) {
  (void)state;
  debug_query_t query = parsed("state=init,running&ref=0&group_by=site&"
                               "include=stacks&pretty=1&edge=execution");
  assert_int_equal(query.states, 1u << DEBUG_INIT | 1u << DEBUG_RUNNING);
  assert_int_equal(query.include, DEBUG_INCLUDE_STACKS);
  assert_int_equal(query.group_by, DEBUG_GROUP_SITE);
  assert_int_equal(query.edge, DEBUG_EDGE_EXECUTION);
  assert_false(query.ref);
  assert_true(asyncscope__debug_given(&query, DEBUG_PARAM_REF));
  assert_true(query.pretty);
  assert_string_equal(refused("state=busy"), "state");
  assert_string_equal(refused("state=init,"), "state");
  assert_string_equal(refused("ref=yes"), "ref");
  assert_string_equal(refused("group_by=color"), "group_by");
}

static void the_states_of_requests_are_others(void **state) {
  const debug_accepts_t requests = {.parameters =
                                        DEBUG_TAKES(DEBUG_PARAM_REQUEST_STATE)};
  debug_query_t query;
  debug_fault_t fault;
  (void)state;
  assert_int_equal(asyncscope__debug_query_parse("state=finished", &requests,
                                                 &query, &fault),
                   0);
  assert_int_equal(query.request_states, DEBUG_REQUEST_FINISHED);
  assert_int_equal(
      asyncscope__debug_query_parse("state=idle", &requests, &query, &fault),
      UV_EINVAL);
  assert_string_equal(fault.valid[0], "active");
}

static void a_minus_turns_an_order(void **state) {
  (void)state;
  assert_int_equal(parsed("sort=age").order.by, DEBUG_SORT_AGE);
  assert_false(parsed("sort=age").order.descending);
  assert_true(parsed("sort=-runTime").order.descending);
  assert_int_equal(parsed("sort=-count").order.by, DEBUG_SORT_COUNT);
  assert_string_equal(refused("sort=-id"), "sort");
  assert_string_equal(refused("sort=--age"), "sort");
  assert_string_equal(refused("sort=-"), "sort");
}

static void a_cursor_comes_back_as_it_was(void **state) {
  const debug_cursor_t cursor = {
      .order = {DEBUG_SORT_AGE, true},
      .value = UINT64_MAX,
      .ref = {UINT32_MAX - 1, ((async_id_t)1 << 53) - 1}};
  char raw[DEBUG_CURSOR_BYTES + 32] = "sort=-age&cursor=";
  (void)state;
  asyncscope__debug_format_cursor(&cursor, raw + strlen(raw));
  debug_query_t query = parsed(raw);
  assert_int_equal(query.cursor.order.by, DEBUG_SORT_AGE);
  assert_true(query.cursor.order.descending);
  assert_true(query.cursor.value == UINT64_MAX);
  assert_int_equal(query.cursor.ref.thread, UINT32_MAX - 1);
  assert_true(query.cursor.ref.async_id == cursor.ref.async_id);
}

static void a_cursor_goes_with_its_order(void **state) {
  (void)state;
  parsed("cursor=id~0~1:2");
  assert_string_equal(refused("cursor=-age~5~1:2"), "cursor");
  assert_string_equal(refused("sort=age&cursor=-age~5~1:2"), "cursor");
  assert_string_equal(refused("cursor=5"), "cursor");
  assert_string_equal(refused("cursor=id~0~"), "cursor");
  assert_string_equal(refused("cursor=id~x~1:2"), "cursor");
}

static void fields_are_those_of_the_endpoint(void **state) {
  (void)state;
  assert_int_equal(parsed("fields=key,type").fields.count, 2);
  assert_string_equal(refused("fields=key,types"), "fields");
  assert_string_equal(refused("fields=*"), "fields");
}

static void an_unknown_name_is_refused_before_a_bad_value(void **state) {
  (void)state;
  assert_string_equal(refused("limit=x&lmit=1"), "unknown parameter");
  assert_string_equal(refused("Limit=1"), "unknown parameter");
  assert_string_equal(refused("limit%00=1"), "unknown parameter");
  assert_string_equal(refused("=1"), "unknown parameter");
}

static void a_value_is_given_once_and_not_empty(void **state) {
  (void)state;
  assert_string_equal(refused("limit=1&limit=1"), "limit");
  assert_string_equal(refused("limit="), "limit");
  assert_string_equal(refused("limit"), "limit");
  assert_int_equal(parsed("l%69mit=%31&").limit, 1);
}

static void bad_escapes_are_refused(void **state) {
  (void)state;
  assert_string_equal(refused("type=%"), "type");
  assert_string_equal(refused("type=%4"), "type");
  assert_string_equal(refused("type=%zz"), "type");
  assert_string_equal(refused("type=a%00b"), "type");
}

static void a_token_is_that_of_a_snapshot(void **state) {
  static const char *const bad[] = {
      "since=<b>",  "since=s-",   "since=42",
      "since=s-4x", "since=s--4", "since=s-18446744073709551615"};
  (void)state;
  assert_int_equal(parsed("since=s-42").since_us, 42);
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    assert_string_equal(refused(bad[i]), "since");
}

static void a_query_has_a_longest_length(void **state) {
  char raw[DEBUG_QUERY_BYTES + 1];
  (void)state;
  memset(raw, '&', sizeof(raw));
  raw[DEBUG_QUERY_BYTES - 1] = '\0';
  parsed(raw);
  raw[DEBUG_QUERY_BYTES - 1] = '&';
  raw[DEBUG_QUERY_BYTES] = '\0';
  assert_string_equal(refused(raw), "the query is too long");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_asked_for_is_well),
      cmocka_unit_test(lists_are_cut_at_commas),
      cmocka_unit_test(a_list_has_no_empty_items_and_an_end),
      cmocka_unit_test(stars_stand_for_any_text),
      cmocka_unit_test(many_stars_cost_no_more_than_few),
      cmocka_unit_test(durations_have_units),
      cmocka_unit_test(numbers_are_whole_and_bounded),
      cmocka_unit_test(an_endpoint_has_a_limit_of_its_own),
      cmocka_unit_test(keys_name_thread_and_id),
      cmocka_unit_test(requests_are_named_with_or_without_r),
      cmocka_unit_test(words_are_known_ones),
      cmocka_unit_test(the_states_of_requests_are_others),
      cmocka_unit_test(a_minus_turns_an_order),
      cmocka_unit_test(a_cursor_comes_back_as_it_was),
      cmocka_unit_test(a_cursor_goes_with_its_order),
      cmocka_unit_test(fields_are_those_of_the_endpoint),
      cmocka_unit_test(an_unknown_name_is_refused_before_a_bad_value),
      cmocka_unit_test(a_value_is_given_once_and_not_empty),
      cmocka_unit_test(bad_escapes_are_refused),
      cmocka_unit_test(a_token_is_that_of_a_snapshot),
      cmocka_unit_test(a_query_has_a_longest_length),
  };
  return test_main(tests, argc, argv);
}
