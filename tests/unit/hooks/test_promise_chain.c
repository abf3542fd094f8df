/* What a chain of operations is written with, and the reasons that are
 * statuses. */
#include "child.h"
#include "promise_fixture.h"

#include <string.h>

static void test_chain_calls_from_top_to_bottom(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *chain = pending(), *head = async_promise_retain(chain);
  trace_t *trace = &fixture->trace;
  assert_int_equal(async_promise_chain(&chain, say_then, NULL, trace), 0);
  assert_int_equal(async_promise_chain(&chain, fail_broken, NULL, trace), 0);
  assert_int_equal(async_promise_chain(&chain, NULL, say_catch, trace), 0);
  async_promise_resolve(head, (void *)"v");
  run_microtasks();
  assert_string_equal(trace->text, "then(v) fail catch(broken)");
  assert_string_equal(state_of(chain), "fulfilled(caught)");
  async_promise_release(head);
  async_promise_release(chain);
}

/* The head gives `arg`, a pending promise, as what it follows. */
static void *follow_it(async_promise_t *derived, void *value, void *arg) {
  (void)value;
  return async_promise_follow(derived, 0, async_promise_retain(arg));
}

static void *follow_nothing(async_promise_t *derived, void *value, void *arg) {
  (void)value, (void)arg;
  return async_promise_follow(derived, UV_EMFILE, NULL);
}

static void test_callback_may_follow_another_promise(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *next = pending(), *chain = resolved("v");
  assert_int_equal(async_promise_chain(&chain, follow_it, NULL, next), 0);
  assert_int_equal(async_promise_chain(&chain, say_then, NULL, &fixture->trace),
                   0);
  run_microtasks();
  assert_string_equal(fixture->trace.text, "");
  async_promise_resolve(next, (void *)"later");
  run_microtasks();
  assert_string_equal(fixture->trace.text, "then(later)");
  async_promise_release(next);
  async_promise_release(chain);
}

static void *give_back(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  return reason;
}

static void test_error_in_place_of_a_promise_rejects(void **state) {
  (void)state;
  async_promise_t *chain = resolved("v");
  assert_int_equal(async_promise_chain(&chain, follow_nothing, NULL, NULL), 0);
  async_promise_t *asked = then(chain, NULL, give_back, NULL);
  run_microtasks();
  assert_int_equal(async_promise_state(chain), ASYNC_PROMISE_REJECTED);
  assert_int_equal(async_promise_reason_status(async_promise_result(chain)),
                   UV_EMFILE);
  async_promise_release(chain);
  async_promise_release(asked);
}

static void test_statuses_are_told_from_pointers(void **state) {
  (void)state;
  char message[] = "message";
  for (int status = UV_EOF; status < 0; status++)
    assert_int_equal(async_promise_reason_status((void *)(intptr_t)status),
                     status);
  assert_int_equal(async_promise_reason_status(NULL), 0);
  assert_int_equal(async_promise_reason_status(message), 0);
  assert_int_equal(async_promise_reason_status((void *)(intptr_t)1), 0);
  assert_int_equal(async_promise_reason_status((void *)(intptr_t)-4096), 0);
}

static void reject_with_a_status(void) {
  async_promise_t *promise = NULL;
  (void)async_promise_create(&promise);
  async_promise_reject(promise, (void *)(intptr_t)UV_ENOENT);
  async_env_flush();
}

static void test_unhandled_status_says_what_it_means(void **state) {
  (void)state;
  child_t child = run_child(reject_with_a_status);
  const char *first = "Error: no such file or directory\n";
  assert_memory_equal(child.err, first, strlen(first));
}

/* The message is the failed callback's; whoever answers it hands it on. */
static void test_message_lives_as_long_as_it_is_a_result(void **state) {
  fixture_t *fixture = *state;
  async_promise_t *chain = resolved("v");
  trace_t *trace = &fixture->trace;
  assert_int_equal(async_promise_chain(&chain, fail_broken, NULL, trace), 0);
  assert_int_equal(async_promise_chain(&chain, NULL, give_back, NULL), 0);
  assert_int_equal(async_promise_chain(&chain, NULL, NULL, NULL), 0);
  run_microtasks();
  assert_string_equal(state_of(chain), "fulfilled(broken)");
  async_promise_release(chain);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_chain_calls_from_top_to_bottom),
      cmocka_unit_test_on_loop(test_callback_may_follow_another_promise),
      cmocka_unit_test_on_loop(test_error_in_place_of_a_promise_rejects),
      cmocka_unit_test_on_loop(test_statuses_are_told_from_pointers),
      cmocka_unit_test_on_loop(test_unhandled_status_says_what_it_means),
      cmocka_unit_test_on_loop(test_message_lives_as_long_as_it_is_a_result),
  };
  return test_main(tests, argc, argv);
}
