/*
 * A thousand clients at once over two loops and four workers. Afterwards the
 * server must be as it was before: nothing alive but its listeners.
 */
#include "debug_snapshot.h"

#include "http_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void raise_descriptors(void) {
  struct rlimit files;
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
}

/* As a user starts it: it looks for no lost contexts. */
static void start_plain(e2e_t *e2e) {
  const char *const arguments[] = {
      "--listen",  "127.0.0.1:0", "--loops", "2",
      "--workers", "4",           "--root",  getenv("ASYNCSCOPE_SOURCE_DIR"),
      NULL};
  raise_descriptors();
  e2e_start_with(e2e, arguments, NULL);
  debug_assert_quiet(e2e, 2);
}

static void start(e2e_t *e2e) {
  raise_descriptors();
  e2e_start(e2e, "--loops", "2", "--workers", "4", "--root",
            getenv("ASYNCSCOPE_SOURCE_DIR"));
  debug_assert_quiet(e2e, 2);
}

/* Half a second of timer: long enough for all to be there together. */
static void flow_together(size_t index, char *ret_target, size_t bytes) {
  snprintf(ret_target, bytes, "/flow?ms=500&path=README.md&a=%zu&b=1", index);
}

/* Timers of different length, so that clients leave at every stage. */
static void flow_spread(size_t index, char *ret_target, size_t bytes) {
  snprintf(ret_target, bytes, "/flow?ms=%zu&path=README.md&a=%zu&b=1",
           index % 16, index);
}

static void assert_one_request_id(const http_transfer_t *transfer) {
  size_t i = 0;
  json_t *hop = NULL;
  json_t *hops = json_loads(transfer->answer.body.bytes, 0, NULL);
  assert_true(json_array_size(hops) >= 4);
  const char *id = e2e_string(json_array_get(hops, 0), "requestId");
  json_array_foreach(hops, i, hop) {
    assert_string_equal(e2e_string(hop, "requestId"), id);
  }
  json_decref(hops);
}

static void assert_answered(const http_transfer_t *transfer) {
  const http_answer_t *answer = &transfer->answer;
  if (answer->code != CURLE_OK || answer->status != 200) {
    fail_msg("transfer %zu: %s, status %ld, %s", transfer->index,
             curl_easy_strerror(answer->code), answer->status,
             answer->body.bytes);
  }
  assert_one_request_id(transfer);
}

static void run(http_load_t *load, const http_load_options_t *options) {
  CURLMcode code = http_load_run(load, options);
  if (code != CURLM_OK) {
    fail_msg("%s", curl_multi_strerror(code));
  }
}

static int compare_ids(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

/* No two answers name the same request. */
static void assert_ids_differ(const http_load_t *load) {
  size_t count = load->options.count;
  char **ids = calloc(count, sizeof(*ids));
  assert_non_null(ids);
  for (size_t i = 0; i < count; i++) {
    json_t *hops = json_loads(load->transfers[i].answer.body.bytes, 0, NULL);
    ids[i] = strdup(e2e_string(json_array_get(hops, 0), "requestId"));
    json_decref(hops);
  }
  qsort(ids, count, sizeof(*ids), compare_ids);
  for (size_t i = 1; i < count; i++) {
    assert_string_not_equal(ids[i - 1], ids[i]);
  }
  for (size_t i = 0; i < count; i++) {
    free(ids[i]);
  }
  free(ids);
}

/* The pool's hop is on a thread that no other hop of any request is on. */
static void assert_workers_apart(const http_load_t *load) {
  json_t *workers = json_object();
  json_t *loops = json_object();
  for (size_t i = 0; i < load->options.count; i++) {
    size_t at = 0;
    json_t *hop = NULL;
    json_t *hops = json_loads(load->transfers[i].answer.body.bytes, 0, NULL);
    json_array_foreach(hops, at, hop) {
      char thread[32];
      bool pool = strcmp(e2e_string(hop, "hop"), "pool") == 0;
      snprintf(thread, sizeof(thread), "%lld",
               (long long)e2e_integer(hop, "thread"));
      json_object_set_new(pool ? workers : loops, thread, json_true());
      assert_null(json_object_get(pool ? loops : workers, thread));
    }
    json_decref(hops);
  }
  assert_int_equal(json_object_size(loops), 2);
  assert_in_range(json_object_size(workers), 1, 4);
  json_decref(workers);
  json_decref(loops);
}

static void run_a_thousand_flows(e2e_t *e2e) {
  http_load_t load;
  http_load_options_t options = {.url = e2e->server.url,
                                 .count = e2e_scaled(1000),
                                 .target = flow_together};
  run(&load, &options);
  for (size_t i = 0; i < options.count; i++) {
    assert_answered(&load.transfers[i]);
    assert_int_equal(load.transfers[i].answer.new_connections, 1);
  }
  assert_true(load.in_flight_peak > options.count / 2);
  assert_ids_differ(&load);
  assert_workers_apart(&load);
  http_load_finish(&load);
  debug_assert_quiet(e2e, 2);
}

static void a_thousand_flows_each_see_their_own_request(void **state) {
  start_plain(*state);
  run_a_thousand_flows(*state);
}

static void a_thousand_flows_lose_no_context(void **state) {
  start(*state);
  run_a_thousand_flows(*state);
}

static bool odd_ones_hang_up(const http_load_t *load,
                             const http_transfer_t *transfer) {
  size_t later = transfer->index + 1 + transfer->index % 64;
  size_t count = load->options.count;
  return transfer->index % 2 == 1 &&
         load->sent >= (later < count ? later : count);
}

/* Each odd client leaves when a certain number of later ones have been sent:
 * some in the timer, some in the file, the pool, or the answer. */
static void hang_up_midway(e2e_t *e2e, bool resets) {
  http_load_t load;
  start(e2e);
  http_load_options_t options = {.url = e2e->server.url,
                                 .count = e2e_scaled(1000),
                                 .target = flow_spread,
                                 .hangs_up = odd_ones_hang_up,
                                 .resets = resets};
  run(&load, &options);
  for (size_t i = 0; i < options.count; i++) {
    if (load.transfers[i].answered) {
      assert_answered(&load.transfers[i]);
    }
  }
  print_message("%zu of %zu hung up\n", load.hung_up, options.count);
  assert_true(load.hung_up > options.count / 8);
  http_load_finish(&load);
  debug_assert_quiet(e2e, 2);
}

static void half_of_a_thousand_clients_hang_up_midway(void **state) {
  hang_up_midway(*state, false);
}

static void half_of_a_thousand_clients_reset_midway(void **state) {
  hang_up_midway(*state, true);
}

static bool all_hang_up_at_once(const http_load_t *load,
                                const http_transfer_t *transfer) {
  (void)transfer;
  return load->sent == load->options.count;
}

static void all_clients_hang_up_when_the_last_has_asked(void **state) {
  e2e_t *e2e = *state;
  http_load_t load;
  start(e2e);
  http_load_options_t options = {.url = e2e->server.url,
                                 .count = e2e_scaled(500),
                                 .target = flow_together,
                                 .hangs_up = all_hang_up_at_once};
  run(&load, &options);
  assert_true(load.hung_up > options.count / 2);
  http_load_finish(&load);
  debug_assert_quiet(e2e, 2);
}

static void large_file(size_t index, char *ret_target, size_t bytes) {
  (void)index;
  snprintf(ret_target, bytes, "/file?path=large.bin");
}

/* In the middle of its answer: more than the socket's buffers is missing. */
static bool hangs_up_in_the_body(const http_load_t *load,
                                 const http_transfer_t *transfer) {
  (void)load;
  return transfer->index % 2 == 1 && transfer->answer.body.length > 0;
}

static void clients_hang_up_in_the_middle_of_a_file(void **state) {
  e2e_t *e2e = *state;
  http_load_t load;
  size_t length = 16u << 20;
  void *bytes = calloc(1, length);
  assert_non_null(bytes);
  e2e_write_file(e2e, "large.bin", bytes, length);
  free(bytes);
  e2e_start(e2e, "--loops", "2", "--root", e2e->directory);
  http_load_options_t options = {.url = e2e->server.url,
                                 .count = e2e_scaled(20),
                                 .target = large_file,
                                 .hangs_up = hangs_up_in_the_body};
  run(&load, &options);
  for (size_t i = 0; i < options.count; i += 2) {
    assert_int_equal(load.transfers[i].answer.code, CURLE_OK);
    assert_int_equal(load.transfers[i].answer.body.length, length);
  }
  assert_int_equal(load.hung_up, options.count / 2);
  http_load_finish(&load);
  debug_assert_quiet(e2e, 2);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_thousand_flows_each_see_their_own_request),
      cmocka_unit_test_of_server(a_thousand_flows_lose_no_context),
      cmocka_unit_test_of_server(half_of_a_thousand_clients_hang_up_midway),
      cmocka_unit_test_of_server(half_of_a_thousand_clients_reset_midway),
      cmocka_unit_test_of_server(all_clients_hang_up_when_the_last_has_asked),
      cmocka_unit_test_of_server(clients_hang_up_in_the_middle_of_a_file),
  };
  return test_main(tests, argc, argv);
}
