/* A request that is given up, and an agent that is stopped, in every state. */
#include "http_client_fixture.h"

#include <stdlib.h>
#include <string.h>

static const peer_act_t hello = {.text = HELLO};
static const peer_act_t half = {.text = OK "Content-Length: 5\r\n\r\nhel"};

static void abort_it(asker_t *asker) {
  http_client_request_abort(asker->request);
}

static void stop_agent(asker_t *asker) {
  client_stop(asker->fixture);
}

static void aborted(asker_t *asker) {
  wait_closed(asker);
  failed(asker, UV_ECANCELED, "");
}

static void a_request_is_aborted_as_soon_as_it_is_made(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask(f, &asker);
  abort_it(&asker);
  assert_int_equal(asker.close.calls, 0);
  aborted(&asker);
  assert_int_equal(
      recorder_count(&f->uv->recorder, RECORDED_INIT, "HTTPCLIENTREQUEST"), 0);
  wait_none(f, &f->agent.socket_count);
}

static void a_request_is_aborted_while_it_waits(void **state) {
  client_fixture_t *f = *state;
  asker_t first, waiting, last;

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  ask(f, &first);
  ask(f, &waiting);
  ask(f, &last);
  abort_it(&waiting);
  assert_int_equal(f->agent.queued_count, 1);
  failed(&waiting, UV_ECANCELED, "request");
  wait_closed(&last);
  answered(&first, 200, "hello");
  answered(&last, 200, "hello");
  assert_int_equal(f->peer.requests, 2);
}

static void a_request_may_be_paused_before_it_has_a_socket(void **state) {
  client_fixture_t *f = *state;
  asker_t first, waiting;

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  ask(f, &first);
  ask(f, &waiting);
  http_client_request_pause(waiting.request);
  http_client_request_resume(waiting.request);
  http_client_request_pause(waiting.request);
  wait_count(f, &f->peer.requests, 2);
  answered(&first, 200, "hello");
  assert_int_equal(waiting.response.calls, 0);
  http_client_request_resume(waiting.request);
  wait_closed(&waiting);
  answered(&waiting, 200, "hello");
}

/* The peer is there, but nobody accepts: the request has begun. */
static void a_request_is_aborted_while_it_connects(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask(f, &asker);
  async_env_flush();
  assert_int_equal(
      recorder_count(&f->uv->recorder, RECORDED_INIT, "HTTPCLIENTREQUEST"), 1);
  abort_it(&asker);
  assert_int_equal(asker.close.calls, 1);
  failed(&asker, UV_ECANCELED, "request");
}

static void a_request_is_aborted_while_its_host_is_looked_up(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.host = "localhost";
  ask_with(&asker, &options);
  async_env_flush();
  abort_it(&asker);
  assert_int_equal(asker.close.calls, 1);
  failed(&asker, UV_ECANCELED, "request");
}

static void a_request_is_aborted_while_it_waits_for_an_answer(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, NULL, 0);
  ask(f, &asker);
  wait_size(f, &f->peer.received_bytes, 1);
  abort_it(&asker);
  assert_int_equal(asker.close.calls, 1);
  failed(&asker, UV_ECANCELED, "request");
  assert_int_equal(f->agent.socket_count, 0);
}

static void a_request_is_aborted_within_its_answer(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &half, 1);
  ask(f, &asker);
  wait_count(f, &asker.data.calls, 1);
  abort_it(&asker);
  assert_int_equal(asker.close.calls, 1);
  failed(&asker, UV_ECANCELED, "request");
}

static void in_on_response_nothing_more_is_heard(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask(f, &asker);
  asker.on_response = abort_it;
  aborted(&asker);
  assert_int_equal(asker.response.calls, 1);
  assert_int_equal(asker.data.calls, 0);
}

static void in_on_data_nothing_more_is_heard(void **state) {
  static const peer_act_t act = {.text = OK "Transfer-Encoding: chunked\r\n\r\n"
                                            "1\r\na\r\n1\r\nb\r\n0\r\n\r\n"};
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &act, 1);
  ask(f, &asker);
  asker.on_data = abort_it;
  aborted(&asker);
  assert_int_equal(asker.data.calls, 1);
}

static void at_its_end_a_request_is_not_aborted(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask(f, &asker);
  asker.on_end = abort_it;
  asker.on_close = abort_it;
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
}

static asker_t other;

static void abort_other(asker_t *asker) {
  (void)asker;
  abort_it(&other);
}

static void one_request_may_abort_another(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  ask(f, &asker);
  ask(f, &other);
  asker.on_data = abort_other;
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  failed(&other, UV_ECANCELED, "request");
  assert_int_equal(f->peer.requests, 1);
}

/* Both have a socket, and the other's goes while this one's is read. */
static void one_request_may_abort_another_that_is_under_way(void **state) {
  static const peer_act_t acts[] = {{.text = NULL}, {.text = HELLO}};
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, acts, 2);
  ask(f, &other);
  wait_size(f, &f->peer.received_bytes, 1);
  ask(f, &asker);
  asker.on_data = abort_other;
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  failed(&other, UV_ECANCELED, "request");
}

/* Two requests, one of which waits, and the agent stops where it is told. */
static void stops(client_fixture_t *f, const peer_act_t *act,
                  void (*set)(asker_t *asker), int error) {
  asker_t first, waiting;

  f->options.limits.sockets_max = 1;
  client_start(f, act, 1);
  ask(f, &first);
  ask(f, &waiting);
  set(&first);
  wait_closed(&first);
  wait_closed(&waiting);
  failed(&waiting, UV_ECANCELED, "stopping");
  assert_int_equal(first.close.status, error);
  free(first.body);
  wait_none(f, &f->agent.socket_count);
  assert_int_equal(http_client_get(&f->agent, "http://127.0.0.1/",
                                   &(http_client_callbacks_t){0}, NULL, NULL),
                   UV_ECANCELED);
}

static void stop_now(asker_t *asker) {
  stop_agent(asker);
}

static void stop_when_begun(asker_t *asker) {
  async_env_flush();
  stop_agent(asker);
}

static void stop_when_sent(asker_t *asker) {
  wait_size(asker->fixture, &asker->fixture->peer.received_bytes, 1);
  stop_agent(asker);
}

static void stop_in_response(asker_t *asker) {
  asker->on_response = stop_agent;
}

static void stop_in_data(asker_t *asker) {
  asker->on_data = stop_agent;
}

static void stop_in_end(asker_t *asker) {
  asker->on_end = stop_agent;
}

static void stop_in_close(asker_t *asker) {
  asker->on_close = stop_agent;
}

static void an_agent_stops_before_a_request_begins(void **state) {
  stops(*state, &hello, stop_now, UV_ECANCELED);
}

static void an_agent_stops_while_a_request_connects(void **state) {
  stops(*state, &hello, stop_when_begun, UV_ECANCELED);
}

static void an_agent_stops_while_an_answer_is_waited_for(void **state) {
  stops(*state, &(peer_act_t){0}, stop_when_sent, UV_ECANCELED);
}

static void an_agent_stops_in_on_response(void **state) {
  stops(*state, &hello, stop_in_response, UV_ECANCELED);
}

static void an_agent_stops_in_on_data(void **state) {
  stops(*state, &hello, stop_in_data, UV_ECANCELED);
}

static void an_agent_stops_in_on_end(void **state) {
  stops(*state, &hello, stop_in_end, 0);
}

static void an_agent_stops_in_on_close(void **state) {
  stops(*state, &hello, stop_in_close, 0);
}

static void an_agent_stops_in_the_close_of_a_failure(void **state) {
  stops(*state, &(peer_act_t){.then = PEER_CLOSE}, stop_in_close,
        UV_ECONNRESET);
}

static void an_agent_stops_with_free_sockets(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_and_wait(f, &asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
  client_stop(f);
  assert_int_equal(f->agent.free_count, 0);
  assert_int_equal(f->agent.socket_count, 0);
}

static void an_agent_stops_with_a_released_socket(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask(f, &asker);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  client_stop(f);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(a_request_is_aborted_as_soon_as_it_is_made),
      cmocka_unit_test_client(a_request_is_aborted_while_it_waits),
      cmocka_unit_test_client(a_request_may_be_paused_before_it_has_a_socket),
      cmocka_unit_test_client(a_request_is_aborted_while_it_connects),
      cmocka_unit_test_client(a_request_is_aborted_while_its_host_is_looked_up),
      cmocka_unit_test_client(
          a_request_is_aborted_while_it_waits_for_an_answer),
      cmocka_unit_test_client(a_request_is_aborted_within_its_answer),
      cmocka_unit_test_client(in_on_response_nothing_more_is_heard),
      cmocka_unit_test_client(in_on_data_nothing_more_is_heard),
      cmocka_unit_test_client(at_its_end_a_request_is_not_aborted),
      cmocka_unit_test_client(one_request_may_abort_another),
      cmocka_unit_test_client(one_request_may_abort_another_that_is_under_way),
      cmocka_unit_test_client(an_agent_stops_before_a_request_begins),
      cmocka_unit_test_client(an_agent_stops_while_a_request_connects),
      cmocka_unit_test_client(an_agent_stops_while_an_answer_is_waited_for),
      cmocka_unit_test_client(an_agent_stops_in_on_response),
      cmocka_unit_test_client(an_agent_stops_in_on_data),
      cmocka_unit_test_client(an_agent_stops_in_on_end),
      cmocka_unit_test_client(an_agent_stops_in_on_close),
      cmocka_unit_test_client(an_agent_stops_in_the_close_of_a_failure),
      cmocka_unit_test_client(an_agent_stops_with_free_sockets),
      cmocka_unit_test_client(an_agent_stops_with_a_released_socket),
  };
  return test_main(tests, argc, argv);
}
