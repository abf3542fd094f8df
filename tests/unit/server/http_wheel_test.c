#include "http_wheel.h"
#include "test_main.h"

#define START_MS 1000000

/* When the sweep takes the node out; 0 when it does not until `end_ms`. */
static uint64_t expires_at(http_wheel_t *wheel, http_wheel_node_t *node,
                           uint64_t now_ms, uint64_t end_ms) {
  for (; now_ms <= end_ms; now_ms += HTTP_SWEEP_MS)
    if (http_wheel_expire(wheel, now_ms) == node)
      return now_ms;
  return 0;
}

static void expires_near(uint64_t wait_ms) {
  http_wheel_node_t node = {0};
  http_wheel_t wheel;
  uint64_t at_ms;

  http_wheel_init(&wheel, START_MS);
  http_wheel_set(&wheel, &node, START_MS + wait_ms);
  at_ms = expires_at(&wheel, &node, START_MS, START_MS + wait_ms + 1000);
  assert_true(at_ms >= START_MS + wait_ms);
  assert_true(at_ms <= START_MS + wait_ms + 2 * HTTP_SWEEP_MS);
}

static void a_deadline_is_never_early_and_at_most_two_sweeps_late(
    void **state) {
  (void)state;
  for (uint64_t wait_ms = 0; wait_ms < 3000; wait_ms += 7)
    expires_near(wait_ms);
}

static void a_deadline_beyond_a_turn_of_the_wheel_is_kept(void **state) {
  (void)state;
  expires_near(HTTP_SWEEP_MS * HTTP_WHEEL_SLOTS);
  expires_near(HTTP_SWEEP_MS * HTTP_WHEEL_SLOTS * 3 + 17);
}

static void a_deadline_may_be_put_off(void **state) {
  http_wheel_node_t node = {0};
  http_wheel_t wheel;

  (void)state;
  http_wheel_init(&wheel, START_MS);
  http_wheel_set(&wheel, &node, START_MS + 1000);
  http_wheel_set(&wheel, &node, START_MS + 5000);
  assert_int_equal(expires_at(&wheel, &node, START_MS, START_MS + 4999), 0);
  assert_true(expires_at(&wheel, &node, START_MS + 5000, START_MS + 5500) > 0);
}

static void a_deadline_may_come_sooner(void **state) {
  http_wheel_node_t node = {0};
  http_wheel_t wheel;

  (void)state;
  http_wheel_init(&wheel, START_MS);
  http_wheel_set(&wheel, &node, START_MS + 30000);
  http_wheel_set(&wheel, &node, START_MS + 1000);
  assert_true(expires_at(&wheel, &node, START_MS, START_MS + 1500) > 0);
}

static void a_node_taken_out_does_not_expire(void **state) {
  http_wheel_node_t nodes[3] = {{0}};
  http_wheel_t wheel;

  (void)state;
  http_wheel_init(&wheel, START_MS);
  for (int i = 0; i < 3; i++)
    http_wheel_set(&wheel, &nodes[i], START_MS + 100);
  assert_ptr_equal(http_wheel_expire(&wheel, START_MS + 1000), &nodes[0]);
  http_wheel_remove(&nodes[1]);
  assert_ptr_equal(http_wheel_expire(&wheel, START_MS + 1000), &nodes[2]);
  assert_null(http_wheel_expire(&wheel, START_MS + 1000));
}

static void an_empty_wheel_catches_up_at_once(void **state) {
  http_wheel_node_t node = {0};
  http_wheel_t wheel;

  (void)state;
  http_wheel_init(&wheel, START_MS);
  http_wheel_catch_up(&wheel, START_MS * 1000);
  http_wheel_set(&wheel, &node, START_MS * 1000 + 500);
  assert_true(
      expires_at(&wheel, &node, START_MS * 1000, START_MS * 1000 + 1000) > 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_deadline_is_never_early_and_at_most_two_sweeps_late),
      cmocka_unit_test(a_deadline_beyond_a_turn_of_the_wheel_is_kept),
      cmocka_unit_test(a_deadline_may_be_put_off),
      cmocka_unit_test(a_deadline_may_come_sooner),
      cmocka_unit_test(a_node_taken_out_does_not_expire),
      cmocka_unit_test(an_empty_wheel_catches_up_at_once),
  };
  return test_main(tests, argc, argv);
}
