/* Resources whose frame is somebody else's. The value counts its releases: a
 * reference too many or too few is one release too few or too many. */
#include "hooks_fixture.h"

typedef struct lender_s {
  async_context_key_t key;
  async_context_frame_t *frame; /* the one reference */
  int releases;
} lender_t;

static void count_release(void *store) {
  ((lender_t *)store)->releases++;
}

static void open_lender(lender_t *lender) {
  async_context_value_t value = {.store = lender, .release = count_release};
  lender->releases = 0;
  assert_int_equal(async_context_key_create("lent", &lender->key), 0);
  assert_int_equal(
      async_context_frame_with(NULL, &lender->key, &value, &lender->frame), 0);
}

static void close_lender(lender_t *lender) {
  assert_int_equal(lender->releases, 0);
  async_context_frame_release(lender->frame);
  assert_int_equal(lender->releases, 1);
  async_context_key_destroy(&lender->key);
}

static void borrow(async_resource_t *resource, const lender_t *lender) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME |
                                               ASYNC_RESOURCE_FRAME_LENT,
                                      .frame = lender->frame};
  assert_int_equal(async_resource_init(resource, "BORROWER", &options), 0);
}

static void test_lent_frame_is_current_inside_and_kept(void **state) {
  (void)state;
  lender_t lender;
  async_resource_t resource = {0};
  open_lender(&lender);
  borrow(&resource, &lender);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(async_resource_enter(&resource), 0);
    assert_ptr_equal(async_context_frame_current(), lender.frame);
    async_resource_leave(&resource);
    assert_null(async_context_frame_current());
    assert_int_equal(async_callback_scope_open(&resource), 0);
    assert_ptr_equal(async_context_frame_current(), lender.frame);
    async_callback_scope_close(&resource);
    assert_null(async_context_frame_current());
  }
  async_resource_finish(&resource);
  close_lender(&lender);
}

static void test_frame_entered_inside_replaces_it(void **state) {
  (void)state;
  lender_t lender, other;
  async_resource_t resource = {0};
  open_lender(&lender);
  open_lender(&other);
  borrow(&resource, &lender);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_context_frame_release(
      async_context_frame_exchange(async_context_frame_retain(other.frame)));
  assert_ptr_equal(async_context_frame_current(), other.frame);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  close_lender(&other);
  close_lender(&lender);
}

static void test_frame_restored_inside_is_owned(void **state) {
  (void)state;
  lender_t lender;
  async_resource_t resource = {0};
  open_lender(&lender);
  borrow(&resource, &lender);
  assert_int_equal(async_resource_enter(&resource), 0);
  async_context_frame_t *around = async_context_frame_exchange(NULL);
  assert_ptr_equal(around, lender.frame);
  assert_null(async_context_frame_exchange(around));
  assert_ptr_equal(async_context_frame_current(), lender.frame);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  close_lender(&lender);
}

static void test_what_is_made_inside_holds_it_longer(void **state) {
  (void)state;
  lender_t lender;
  async_resource_t resource = {0}, made = {0};
  open_lender(&lender);
  borrow(&resource, &lender);
  assert_int_equal(async_resource_enter(&resource), 0);
  assert_int_equal(async_resource_init(&made, "MADE", NULL), 0);
  assert_int_equal(async_resource_enter(&made), 0);
  assert_ptr_equal(async_context_frame_current(), lender.frame);
  async_resource_leave(&made);
  assert_ptr_equal(async_context_frame_current(), lender.frame);
  async_resource_leave(&resource);
  async_resource_finish(&resource);
  async_context_frame_release(lender.frame);
  assert_int_equal(lender.releases, 0);
  async_resource_finish(&made);
  assert_int_equal(lender.releases, 1);
  async_context_key_destroy(&lender.key);
}

static void test_borrowers_inside_each_other(void **state) {
  (void)state;
  lender_t lender, other;
  async_resource_t outer = {0}, inner = {0};
  open_lender(&lender);
  open_lender(&other);
  borrow(&outer, &lender);
  borrow(&inner, &other);
  assert_int_equal(async_resource_enter(&outer), 0);
  assert_int_equal(async_resource_enter(&inner), 0);
  assert_ptr_equal(async_context_frame_current(), other.frame);
  async_resource_leave(&inner);
  assert_ptr_equal(async_context_frame_current(), lender.frame);
  async_resource_leave(&outer);
  assert_null(async_context_frame_current());
  async_resource_finish(&inner);
  async_resource_finish(&outer);
  close_lender(&other);
  close_lender(&lender);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_lent_frame_is_current_inside_and_kept),
      cmocka_unit_test_on_loop(test_frame_entered_inside_replaces_it),
      cmocka_unit_test_on_loop(test_frame_restored_inside_is_owned),
      cmocka_unit_test_on_loop(test_what_is_made_inside_holds_it_longer),
      cmocka_unit_test_on_loop(test_borrowers_inside_each_other),
  };
  return test_main(tests, argc, argv);
}
