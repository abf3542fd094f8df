/* What notes its site is a macro: an argument with commas is still one. */
#include "hooks_fixture.h"
#include "tcp_pair.h"

#include "asyncscope/async_promise.h"

static void options_may_be_a_compound_literal(void **state) {
  (void)state;
  async_resource_t resource = {0};
  async_resource_info_t info;
  const uint32_t line = __LINE__ + 1;
  int error = async_resource_init(
      &resource, "QUERY",
      &(async_resource_options_t){.flags = ASYNC_RESOURCE_TRIGGER,
                                  .trigger_async_id = ASYNC_ID_ROOT});
  assert_int_equal(error, 0);
  async_id_t async_id = async_resource_async_id(&resource);
  assert_true(find_info(async_env_thread(), async_id, &info));
  assert_int_equal(info.trigger_async_id, ASYNC_ID_ROOT);
  assert_in_range(info.site->line, line, line + 3);
  async_resource_finish(&resource);
}

static void count_write(async_uv_write_t *req, int status) {
  assert_int_equal(status, 0);
  ++*(int *)req->data;
}

static void buffers_may_be_a_compound_literal(void **state) {
  tcp_pair_t pair;
  async_uv_write_t write;
  int written = 0;
  char one[] = "a", two[] = "bc";
  tcp_pair_init(&pair, *state);
  tcp_pair_open(&pair);
  write.data = &written;
  int error = async_uv_write(
      &write, stream_of(&pair.client),
      (uv_buf_t[]){uv_buf_init(one, 1), uv_buf_init(two, 2)}, 2, count_write);
  assert_int_equal(error, 0);
  tcp_pair_finish(&pair);
  assert_int_equal(written, 1);
}

typedef struct pair_s {
  int first, second;
} pair_t;

static void *add_both(async_promise_t *derived, void *reason, void *arg) {
  const pair_t *pair = arg;
  (void)derived;
  *(int *)reason = pair->first + pair->second;
  return NULL;
}

/* One whose macro puts an argument between the others. */
static void an_argument_of_catch_may_be_a_compound_literal(void **state) {
  (void)state;
  async_promise_t *promise = NULL;
  int sum = 0;
  assert_int_equal(async_promise_create(&promise), 0);
  int error = async_promise_catch(promise, add_both, &(pair_t){1, 3}, NULL);
  assert_int_equal(error, 0);
  assert_int_equal(async_promise_reject(promise, &sum), 0);
  async_env_flush();
  assert_int_equal(sum, 4);
  async_promise_release(promise);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(options_may_be_a_compound_literal),
      cmocka_unit_test_on_loop(an_argument_of_catch_may_be_a_compound_literal),
      cmocka_unit_test_uv(buffers_may_be_a_compound_literal),
  };
  return test_main(tests, argc, argv);
}
