/* The name of a request's resource: it lies in the request's account. */
#include "request_fixture.h"

#include <string.h>

static async_resource_info_t info;

static async_request_t *begin(uint64_t number, const char *name) {
  async_request_options_t options = {
      .number = number, .name = name, .name_bytes = strlen(name)};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  frame_use(request_frame(request));
  return request;
}

static void end(async_request_t *request) {
  assert_int_equal(async_request_end(request, 200), 0);
  frame_use(NULL);
}

static void make(async_resource_t *resource) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_REQUEST_NAME};
  assert_int_equal(async_resource_init(resource, "REQUEST", &options), 0);
}

static const char *name_of(async_id_t async_id) {
  assert_true(find_info(async_env_thread(), async_id, &info));
  return info.name;
}

static void a_resource_has_the_name_of_its_request(void **state) {
  async_resource_t resource;
  (void)state;
  async_request_t *request = begin(7, "GET /seven");
  make(&resource);
  assert_string_equal(name_of(resource.async_id), "GET /seven");
  end(request);
  assert_string_equal(name_of(resource.async_id), "GET /seven");
  async_resource_finish(&resource);
}

static void without_a_request_it_has_none(void **state) {
  async_resource_t resource;
  (void)state;
  make(&resource);
  assert_string_equal(name_of(resource.async_id), "");
  async_resource_finish(&resource);
}

static void a_name_that_is_set_takes_its_place(void **state) {
  async_resource_t resource;
  (void)state;
  async_request_t *request = begin(7, "GET /seven");
  make(&resource);
  assert_int_equal(async_resource_set_name(&resource, "mine", 4), 0);
  assert_string_equal(name_of(resource.async_id), "mine");
  async_resource_finish(&resource);
  end(request);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
}

/* It waits for its destroy, and the account is another request's by then. */
static void nobody_has_the_name_of_another_request(void **state) {
  static const async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  async_resource_t resource;
  async_hook_t hook;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(0, 0, 0), 0);
  async_hook_init(&hook, &callbacks, NULL);
  assert_int_equal(async_hook_enable(&hook), 0);
  async_request_t *request = begin(7, "GET /seven");
  make(&resource);
  async_id_t async_id = resource.async_id;
  async_resource_finish(&resource);
  end(request);
  request = begin(8, "GET /eight");
  assert_string_equal(name_of(async_id), "");
  end(request);
  async_hook_disable(&hook);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(a_resource_has_the_name_of_its_request),
      cmocka_unit_test_on_loop(without_a_request_it_has_none),
      cmocka_unit_test_on_loop(a_name_that_is_set_takes_its_place),
      cmocka_unit_test_on_loop(nobody_has_the_name_of_another_request),
  };
  return test_main(tests, argc, argv);
}
