/* The token of a listener that serves, in the place of another. */
#include "listener_fixture.h"

static void assert_opens(listener_fixture_t *f, const char *token, int status) {
  char request[256];

  snprintf(request, sizeof(request),
           "GET /debug HTTP/1.1\r\nHost: public.example\r\n"
           "Authorization: Bearer %s\r\nConnection: close\r\n\r\n",
           token);
  assert_int_equal(listener_status(f, request), status);
}

static void exchange(listener_fixture_t *f, const char *token, int error) {
  assert_int_equal(asyncscope_debug_listener_set_token(f->listener, token),
                   error);
}

static void a_token_is_exchanged_while_it_serves(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, "before");
  assert_opens(f, "before", 200);
  exchange(f, "after", 0);
  assert_opens(f, "after", 200);
  assert_opens(f, "before", 401);
}

static void a_listener_without_a_token_may_be_given_one(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  assert_opens(f, "after", 403);
  exchange(f, "after", 0);
  assert_opens(f, "after", 200);
}

static void a_token_cannot_be_taken_away(void **state) {
  listener_fixture_t *f = *state;
  char longer[ASYNCSCOPE_DEBUG_TOKEN_MAX + 2];

  memset(longer, 'x', sizeof(longer) - 1);
  longer[sizeof(longer) - 1] = '\0';
  listener_start(f, "before");
  exchange(f, NULL, UV_EINVAL);
  exchange(f, "", UV_EINVAL);
  exchange(f, longer, UV_EINVAL);
  assert_non_null(strstr(async_error_message(), "token"));
  assert_opens(f, "before", 200);
}

static void of_no_listener_there_is_nothing_to_exchange(void **state) {
  exchange(*state, "after", 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_listener(a_token_is_exchanged_while_it_serves),
      cmocka_unit_test_listener(a_listener_without_a_token_may_be_given_one),
      cmocka_unit_test_listener(a_token_cannot_be_taken_away),
      cmocka_unit_test_listener(of_no_listener_there_is_nothing_to_exchange),
  };
  return test_main(tests, argc, argv);
}
