/* The short text beside the type, the site, and the limit of types. */
#include "hooks_fixture.h"

#include <stdio.h>
#include <string.h>

static async_resource_info_t named(async_resource_t *resource, const char *name,
                                   size_t name_bytes) {
  async_resource_info_t info;
  assert_int_equal(async_resource_set_name(resource, name, name_bytes), 0);
  assert_true(
      find_info(async_env_thread(), async_resource_async_id(resource), &info));
  return info;
}

static void test_resource_has_no_name_at_first(void **state) {
  (void)state;
  async_resource_t resource = {0};
  async_resource_info_t info;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_true(
      find_info(async_env_thread(), async_resource_async_id(&resource), &info));
  assert_string_equal(info.name, "");
  async_resource_finish(&resource);
}

static void test_name_is_copied(void **state) {
  (void)state;
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_string_equal(named(&resource, "GET /flowers", 9).name, "GET /flow");
  async_resource_finish(&resource);
}

static void test_every_length_of_name_is_cut_right(void **state) {
  (void)state;
  char text[80];
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  for (size_t i = 0; i < 2 * sizeof(text); i++) {
    size_t length = i < sizeof(text) ? i : 2 * sizeof(text) - 1 - i;
    size_t kept = length < ASYNC_RESOURCE_NAME_BYTES - 1
                      ? length
                      : ASYNC_RESOURCE_NAME_BYTES - 1;
    memset(text, 'a' + (int)(length % 26), sizeof(text));
    async_resource_info_t info = named(&resource, text, length);
    assert_int_equal(strlen(info.name), kept);
    assert_memory_equal(info.name, text, kept);
  }
  async_resource_finish(&resource);
}

static void test_bytes_of_a_name_are_kept_as_they_are(void **state) {
  (void)state;
  static const char bytes[] = "\x01\x1b[31m\"<\\\xff\x80\xc3";
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  assert_string_equal(named(&resource, bytes, sizeof(bytes) - 1).name, bytes);
  async_resource_finish(&resource);
}

static void test_name_does_not_pass_to_the_next_resource(void **state) {
  (void)state;
  async_resource_t resource = {0};
  async_resource_info_t info;
  for (int i = 0; i < 10; i++) {
    assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
    assert_true(find_info(async_env_thread(),
                          async_resource_async_id(&resource), &info));
    assert_string_equal(info.name, "");
    named(&resource, "old", 3);
    async_resource_finish(&resource);
    async_env_flush();
  }
}

static int init_with_number(int number) {
  char type[32];
  async_resource_t resource = {0};
  snprintf(type, sizeof(type), "TYPE%d", number);
  int error = async_resource_init(&resource, type, NULL);
  async_resource_finish(&resource);
  return error;
}

static void test_types_are_limited(void **state) {
  (void)state;
  int count = 0;
  while (count < 70000 && init_with_number(count) == 0) {
    count++;
    if (count % 1000 == 0) {
      async_env_flush();
    }
  }
  assert_in_range(count, 60000, 65535);
  assert_int_equal(init_with_number(count), UV_ENOMEM);
  assert_int_equal(init_with_number(0), 0);
  assert_int_equal(init_with_number(count - 1), 0);
}

static void test_site_is_where_it_was_asked_for(void **state) {
  (void)state;
  async_resource_t resource = {0};
  uint32_t line = __LINE__ + 1;
  assert_int_equal(async_resource_init(&resource, "T", NULL), 0);
  const async_site_t *site = async_resource_site(&resource);
  assert_string_equal(site->function, __func__);
  assert_int_equal(site->line, line);
  async_resource_finish(&resource);
  assert_null(async_resource_site(&resource));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_resource_has_no_name_at_first),
      cmocka_unit_test_on_loop(test_name_is_copied),
      cmocka_unit_test_on_loop(test_every_length_of_name_is_cut_right),
      cmocka_unit_test_on_loop(test_bytes_of_a_name_are_kept_as_they_are),
      cmocka_unit_test_on_loop(test_name_does_not_pass_to_the_next_resource),
      cmocka_unit_test_on_loop(test_site_is_where_it_was_asked_for),
      cmocka_unit_test_on_loop(test_types_are_limited),
  };
  return test_main(tests, argc, argv);
}
