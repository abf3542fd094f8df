/* The ids of resources. */
#include "hooks_fixture.h"

#include <string.h>

#define ID_LIMIT ((async_id_t)1 << 53)

static void test_ids_are_consecutive(void **state) {
  const fixture_t *fixture = *state;
  async_resource_t resources[100];
  memset(resources, 0, sizeof(resources));
  for (int i = 0; i < 100; i++) {
    assert_int_equal(async_resource_init(&resources[i], "T", NULL), 0);
    assert_int_equal(async_resource_async_id(&resources[i]),
                     fixture->trace.base + 1 + i);
  }
  for (int i = 0; i < 100; i++) {
    async_resource_finish(&resources[i]);
  }
}

static void test_ids_are_never_reused(void **state) {
  const fixture_t *fixture = *state;
  async_resource_t resource = {0};
  for (int i = 0; i < 1000; i++) {
    assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
    assert_int_equal(async_resource_async_id(&resource),
                     fixture->trace.base + 1 + i);
    async_resource_finish(&resource);
    async_env_flush();
  }
}

static void test_first_id_follows_the_root(void **state) {
  (void)state;
  async_resource_t resource = {0};
  assert_int_equal(async_env_open(ASYNC_ENV_OTHER, "new"), 0);
  assert_int_equal(async_resource_init(&resource, "FIRST", NULL), 0);
  assert_int_equal(async_resource_async_id(&resource), ASYNC_ID_ROOT + 1);
  async_resource_finish(&resource);
  assert_int_equal(async_env_detach(), 0);
}

static void test_reserved_id_is_used(void **state) {
  (void)state;
  async_resource_t early = {0}, late = {0};
  async_id_t reserved = async_resource_reserve_id();
  async_resource_options_t options = {.async_id = &reserved};
  assert_int_equal(async_resource_init(&early, "EARLY", NULL), 0);
  assert_int_equal(async_resource_init(&late, "LATE", &options), 0);
  assert_int_equal(async_resource_async_id(&late), reserved);
  assert_int_equal(async_resource_async_id(&early), reserved + 1);
  async_resource_finish(&early);
  async_resource_finish(&late);
}

static void test_ids_that_no_resource_can_have_are_refused(void **state) {
  (void)state;
  static const async_id_t ids[] = {-1, 0, 1, ID_LIMIT, INT64_MIN};
  for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
    async_resource_t resource = {0};
    async_resource_options_t options = {.async_id = &ids[i]};
    assert_int_equal(async_resource_init(&resource, "T", &options), UV_EINVAL);
    assert_non_null(strstr(async_error_message(), "invalid asyncId value"));
    async_resource_finish(&resource);
  }
}

/* It is a mistake to use one twice, and nobody else's record suffers by it. */
static void test_id_used_twice_has_two_records(void **state) {
  (void)state;
  async_resource_t first = {0}, second = {0};
  async_id_t reserved = async_resource_reserve_id();
  async_resource_options_t options = {.async_id = &reserved};
  async_resource_info_t info;
  assert_int_equal(async_resource_init(&first, "FIRST", &options), 0);
  assert_int_equal(async_resource_init(&second, "SECOND", &options), 0);
  assert_string_equal(async_resource_type(&first), "FIRST");
  assert_string_equal(async_resource_type(&second), "SECOND");
  async_resource_finish(&first);
  assert_string_equal(async_resource_type(&second), "SECOND");
  async_resource_finish(&second);
  assert_false(find_info(async_env_thread(), reserved, &info));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_ids_are_consecutive),
      cmocka_unit_test_on_loop(test_ids_are_never_reused),
      cmocka_unit_test(test_first_id_follows_the_root),
      cmocka_unit_test_on_loop(test_reserved_id_is_used),
      cmocka_unit_test_on_loop(test_ids_that_no_resource_can_have_are_refused),
      cmocka_unit_test_on_loop(test_id_used_twice_has_two_records),
  };
  return test_main(tests, argc, argv);
}
