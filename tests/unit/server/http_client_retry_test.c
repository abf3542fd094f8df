/* A kept socket whose peer has closed it meanwhile: which requests are sent
 * again, and how often. The second request of each test gets a connection that
 * ends without a byte of an answer. */
#include "http_client_fixture.h"

#include <string.h>

static const peer_act_t stale_once[] = {
    {.text = HELLO}, {.then = PEER_CLOSE}, {.text = HELLO}};

static void open_socket(client_fixture_t *f, const peer_act_t *acts,
                        size_t count) {
  asker_t asker;

  client_start(f, acts, count);
  ask_and_wait(f, &asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
}

static void second(client_fixture_t *f, asker_t *asker, const char *method,
                   const char *body) {
  http_client_options_t options;

  asker_init(asker, f, &options);
  options.method = method;
  options.body = body;
  options.body_bytes = body == NULL ? 0 : strlen(body);
  ask_with(asker, &options);
  wait_closed(asker);
}

static void an_idempotent_request_is_sent_again(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  open_socket(f, stale_once, 3);
  second(f, &asker, "GET", NULL);
  answered(&asker, 200, "hello");
  assert_false(asker.reused);
  assert_int_equal(f->peer.connections, 2);
  assert_int_equal(f->peer.requests, 3);
}

static void its_body_is_sent_again_too(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  open_socket(f, stale_once, 3);
  second(f, &asker, "PUT", "a body");
  answered(&asker, 200, "hello");
  assert_int_equal(f->peer.requests, 3);
  assert_non_null(
      strstr(strstr(f->peer.received, "a bodyPUT / "), "\r\n\r\na body"));
}

static void a_request_that_is_not_idempotent_is_not(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  open_socket(f, stale_once, 3);
  second(f, &asker, "POST", "a body");
  failed(&asker, UV_ECONNRESET, "the connection ended before the response");
  assert_int_equal(f->peer.requests, 2);
}

static void it_is_sent_again_once(void **state) {
  static const peer_act_t acts[] = {{.text = HELLO}, {.then = PEER_CLOSE}};
  client_fixture_t *f = *state;
  asker_t asker;

  open_socket(f, acts, 2);
  second(f, &asker, "GET", NULL);
  failed(&asker, UV_ECONNRESET, "before the response");
  assert_int_equal(f->peer.requests, 3);
}

static void a_reset_socket_is_replaced_as_well(void **state) {
  static const peer_act_t acts[] = {
      {.text = HELLO}, {.then = PEER_RESET}, {.text = HELLO}};
  client_fixture_t *f = *state;
  asker_t asker;

  open_socket(f, acts, 3);
  second(f, &asker, "GET", NULL);
  answered(&asker, 200, "hello");
}

static void a_new_socket_is_not_replaced(void **state) {
  static const peer_act_t acts[] = {{.then = PEER_CLOSE}, {.text = HELLO}};
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, acts, 2);
  ask_and_wait(f, &asker);
  failed(&asker, UV_ECONNRESET, "before the response");
  assert_int_equal(f->peer.requests, 1);
}

static void an_answer_that_has_begun_is_not_asked_for_again(void **state) {
  static const peer_act_t acts[] = {
      {.text = HELLO}, {.text = "H", .then = PEER_CLOSE}, {.text = HELLO}};
  client_fixture_t *f = *state;
  asker_t asker;

  open_socket(f, acts, 3);
  second(f, &asker, "GET", NULL);
  failed(&asker, UV_ECONNRESET, "within the response");
  assert_int_equal(f->peer.requests, 2);
}

static void a_silent_socket_is_not_replaced(void **state) {
  static const peer_act_t acts[] = {{.text = HELLO}, {0}};
  client_fixture_t *f = *state;
  asker_t asker;

  f->options.limits.idle_timeout_ms = 300;
  open_socket(f, acts, 2);
  second(f, &asker, "GET", NULL);
  failed(&asker, UV_ETIMEDOUT, "response");
  assert_int_equal(f->peer.requests, 2);
}

static void give_once(void *arg) {
  asker_t *asker = arg;

  http_client_request_write(asker->request, "once", 4);
}

static void a_source_cannot_begin_again(void **state) {
  static const peer_act_t acts[] = {
      {.text = HELLO}, {.then = PEER_CLOSE, .early = true}, {.text = HELLO}};
  client_fixture_t *f = *state;
  http_client_options_t options;
  http_source_t source = {.pull = give_once};
  asker_t asker;

  open_socket(f, acts, 3);
  asker_init(&asker, f, &options);
  source.arg = &asker;
  options.method = "PUT";
  options.source = &source;
  ask_with(&asker, &options);
  wait_closed(&asker);
  failed(&asker, UV_ECONNRESET, "");
  assert_int_equal(f->peer.requests, 2);
}

/* The kernel knows of the reset before the loop does, and takes nothing. */
static void what_was_never_sent_may_always_be_sent(void **state) {
  static const peer_act_t bye = {.then = PEER_RESET};
  static const peer_act_t hello = {.text = HELLO};
  client_fixture_t *f = *state;
  asker_t asker;

  open_socket(f, &hello, 1);
  http_peer_say(&f->peer, &bye);
  second(f, &asker, "POST", NULL);
  answered(&asker, 200, "hello");
  assert_false(asker.reused);
  assert_int_equal(f->peer.requests, 2);
  assert_int_equal(f->peer.connections, 2);
}

static void who_waits_does_not_lose_a_place_to_a_retry(void **state) {
  client_fixture_t *f = *state;
  asker_t asker, waiting;

  f->options.limits.sockets_max = 1;
  open_socket(f, stale_once, 3);
  ask(f, &asker);
  ask(f, &waiting);
  assert_int_equal(f->agent.queued_count, 1);
  wait_closed(&waiting);
  answered(&asker, 200, "hello");
  answered(&waiting, 200, "hello");
  assert_int_equal(f->peer.connections, 2);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(an_idempotent_request_is_sent_again),
      cmocka_unit_test_client(its_body_is_sent_again_too),
      cmocka_unit_test_client(a_request_that_is_not_idempotent_is_not),
      cmocka_unit_test_client(it_is_sent_again_once),
      cmocka_unit_test_client(a_reset_socket_is_replaced_as_well),
      cmocka_unit_test_client(a_new_socket_is_not_replaced),
      cmocka_unit_test_client(an_answer_that_has_begun_is_not_asked_for_again),
      cmocka_unit_test_client(a_silent_socket_is_not_replaced),
      cmocka_unit_test_client(a_source_cannot_begin_again),
      cmocka_unit_test_client(what_was_never_sent_may_always_be_sent),
      cmocka_unit_test_client(who_waits_does_not_lose_a_place_to_a_retry),
  };
  return test_main(tests, argc, argv);
}
