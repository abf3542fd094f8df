/* Sockets that are kept, lent, waited for and given up. */
#include "http_client_fixture.h"

#include <string.h>

static const peer_act_t hello = {.text = HELLO};

static void a_kept_socket_is_used_again(void **state) {
  client_fixture_t *f = *state;
  asker_t first, second;

  client_start(f, &hello, 1);
  ask_and_wait(f, &first);
  answered(&first, 200, "hello");
  assert_false(first.reused);
  wait_size(f, &f->agent.free_count, 1);
  ask_and_wait(f, &second);
  answered(&second, 200, "hello");
  assert_true(second.reused);
  assert_ptr_equal(second.socket, first.socket);
  assert_int_equal(f->peer.connections, 1);
}

static void a_free_socket_has_no_id_and_keeps_no_loop_alive(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_and_wait(f, &asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
  assert_true(asker.socket_async_id > ASYNC_ID_ROOT);
  assert_int_equal(http_agent_socket_async_id(asker.socket), ASYNC_ID_UNSET);
  assert_int_equal(f->agent.socket_count, 1);
  http_peer_stop(&f->peer);
  f->started = false;
  uv_fixture_run(f->uv);
  assert_int_equal(f->agent.socket_count, 0);
  client_stop(f);
  uv_fixture_run(f->uv);
  assert_true(f->stopped);
  http_agent_finish(&f->agent);
}

static void without_keep_alive_each_request_has_its_own(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  f->options.keep_alive = false;
  client_start(f, &hello, 1);
  for (unsigned i = 0; i < 3; i++) {
    ask_and_wait(f, &asker);
    answered(&asker, 200, "hello");
  }
  wait_none(f, &f->agent.socket_count);
  assert_int_equal(f->peer.connections, 3);
  assert_non_null(strstr(f->peer.received, "Connection: close\r\n"));
}

static void a_peer_that_closes_is_connected_to_again(void **state) {
  static const peer_act_t act = {
      .text = OK "Content-Length: 5\r\nConnection: close\r\n\r\nhello"};
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &act, 1);
  for (unsigned i = 0; i < 2; i++) {
    ask_and_wait(f, &asker);
    answered(&asker, 200, "hello");
  }
  assert_int_equal(f->peer.connections, 2);
}

static void requests_wait_in_the_order_they_came(void **state) {
  client_fixture_t *f = *state;
  asker_t askers[4];

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  for (unsigned i = 0; i < 4; i++)
    ask(f, &askers[i]);
  assert_int_equal(f->agent.queued_count, 3);
  for (unsigned i = 0; i < 4; i++) {
    wait_closed(&askers[i]);
    for (unsigned j = i + 1; j < 4; j++)
      assert_int_equal(askers[j].close.calls, 0);
    answered(&askers[i], 200, "hello");
  }
  assert_int_equal(f->peer.connections, 1);
}

static void who_waits_is_served_when_a_socket_fails(void **state) {
  static const peer_act_t acts[] = {{.then = PEER_RESET}, {.text = HELLO}};
  client_fixture_t *f = *state;
  asker_t first, second;

  f->options.limits.sockets_max = 1;
  client_start(f, acts, 2);
  ask(f, &first);
  ask(f, &second);
  wait_closed(&second);
  failed(&first, UV_ECONNRESET, "response");
  answered(&second, 200, "hello");
  assert_int_equal(f->peer.connections, 2);
}

static asker_t next;

static void ask_next(asker_t *asker) {
  ask(asker->fixture, &next);
}

static void who_asks_at_an_end_comes_behind_those_who_wait(void **state) {
  client_fixture_t *f = *state;
  asker_t first, second;

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  ask(f, &first);
  first.on_end = ask_next;
  ask(f, &second);
  wait_closed(&second);
  assert_int_equal(next.close.calls, 0);
  wait_closed(&next);
  answered(&first, 200, "hello");
  answered(&second, 200, "hello");
  answered(&next, 200, "hello");
  assert_int_equal(f->peer.connections, 1);
}

static void the_queue_has_a_limit(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t first, second, third;

  f->options.limits.sockets_max = 1;
  f->options.limits.queued_max = 1;
  client_start(f, &hello, 1);
  ask(f, &first);
  ask(f, &second);
  asker_init(&third, f, &options);
  assert_int_equal(http_client_request(&f->agent, &options, NULL), UV_ENOBUFS);
  assert_int_equal(f->agent.request_count, 2);
  wait_closed(&second);
  answered(&first, 200, "hello");
  answered(&second, 200, "hello");
}

static void no_more_sockets_are_kept_than_asked_for(void **state) {
  client_fixture_t *f = *state;
  asker_t askers[3];

  f->options.limits.free_sockets_max = 1;
  client_start(f, &hello, 1);
  for (unsigned i = 0; i < 3; i++)
    ask(f, &askers[i]);
  assert_int_equal(f->agent.socket_count, 3);
  for (unsigned i = 0; i < 3; i++) {
    wait_closed(&askers[i]);
    answered(&askers[i], 200, "hello");
  }
  while (f->agent.socket_count > 1)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
  wait_size(f, &f->agent.free_count, 1);
}

static void sockets_of_other_ports_are_other_sockets(void **state) {
  static http_peer_t other;
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t first, second;

  other = (http_peer_t){.acts = &hello, .act_count = 1};
  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  assert_int_equal(http_peer_start(&other, &f->uv->loop, "127.0.0.1"), 0);
  ask_and_wait(f, &first);
  answered(&first, 200, "hello");
  asker_init(&second, f, &options);
  options.port = other.port;
  ask_with(&second, &options);
  assert_int_equal(f->agent.queued_count, 0);
  wait_closed(&second);
  answered(&second, 200, "hello");
  assert_int_equal(other.connections, 1);
  wait_size(f, &f->agent.free_count, 2);
  http_peer_stop(&other);
}

static void a_socket_is_free_for_a_time(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  f->options.limits.free_socket_timeout_ms = 300;
  client_start(f, &hello, 1);
  ask_and_wait(f, &asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
  wait_none(f, &f->agent.socket_count);
  assert_int_equal(f->agent.free_count, 0);
}

static size_t kept_after(client_fixture_t *f, peer_act_t *act,
                         const char *text) {
  asker_t asker;
  size_t kept;

  act->text = text;
  ask_and_wait(f, &asker);
  answered(&asker, 200, "");
  while (f->agent.free_count != f->agent.socket_count)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
  kept = f->agent.free_count;
  return kept;
}

#define KEEP(value) OK "Content-Length: 0\r\nKeep-Alive: " value "\r\n\r\n"

static void a_peer_may_say_how_long_it_keeps_a_socket(void **state) {
  client_fixture_t *f = *state;
  peer_act_t act = {0};

  client_start(f, &act, 1);
  assert_int_equal(kept_after(f, &act, KEEP("timeout=5, max=100")), 1);
  assert_int_equal(kept_after(f, &act, KEEP("max=100")), 1);
  assert_int_equal(kept_after(f, &act, KEEP("timeout=x")), 1);
  assert_int_equal(kept_after(f, &act, KEEP("timeout=99999999999999999")), 1);
  assert_int_equal(kept_after(f, &act, KEEP("timeout=0")), 0);
  assert_int_equal(kept_after(f, &act, KEEP("max=1, Timeout=1")), 0);
  assert_int_equal(kept_after(f, &act, KEEP("timeout=1, timeout=9")), 0);
}

static void a_peer_that_grants_less_is_closed_earlier(void **state) {
  static const peer_act_t act = {.text = KEEP("timeout=2")};
  client_fixture_t *f = *state;
  asker_t asker;

  f->options.limits.free_socket_timeout_ms = 0;
  client_start(f, &act, 1);
  ask_and_wait(f, &asker);
  answered(&asker, 200, "");
  wait_size(f, &f->agent.free_count, 1);
  wait_none(f, &f->agent.socket_count);
}

static void a_free_socket_that_its_peer_ends_is_closed(void **state) {
  static const peer_act_t bye = {.then = PEER_CLOSE};
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_and_wait(f, &asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
  http_peer_say(&f->peer, &bye);
  wait_none(f, &f->agent.socket_count);
}

static void a_free_socket_with_bytes_in_it_is_closed(void **state) {
  static const peer_act_t late = {.text = "HTTP/1.1 408 Timeout\r\n\r\n"};
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_and_wait(f, &asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
  http_peer_say(&f->peer, &late);
  wait_none(f, &f->agent.socket_count);
}

static void bytes_behind_an_answer_are_nobodys(void **state) {
  static const peer_act_t act = {.text =
                                     HELLO OK "Content-Length: 4\r\n\r\nevil"};
  client_fixture_t *f = *state;
  asker_t first, second;

  f->options.limits.sockets_max = 1;
  client_start(f, &act, 1);
  ask(f, &first);
  ask(f, &second);
  wait_closed(&second);
  answered(&first, 200, "hello");
  answered(&second, 200, "hello");
  assert_int_equal(f->peer.connections, 2);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(a_kept_socket_is_used_again),
      cmocka_unit_test_client(a_free_socket_has_no_id_and_keeps_no_loop_alive),
      cmocka_unit_test_client(without_keep_alive_each_request_has_its_own),
      cmocka_unit_test_client(a_peer_that_closes_is_connected_to_again),
      cmocka_unit_test_client(requests_wait_in_the_order_they_came),
      cmocka_unit_test_client(who_waits_is_served_when_a_socket_fails),
      cmocka_unit_test_client(who_asks_at_an_end_comes_behind_those_who_wait),
      cmocka_unit_test_client(the_queue_has_a_limit),
      cmocka_unit_test_client(no_more_sockets_are_kept_than_asked_for),
      cmocka_unit_test_client(sockets_of_other_ports_are_other_sockets),
      cmocka_unit_test_client(a_socket_is_free_for_a_time),
      cmocka_unit_test_client(a_peer_may_say_how_long_it_keeps_a_socket),
      cmocka_unit_test_client(a_peer_that_grants_less_is_closed_earlier),
      cmocka_unit_test_client(a_free_socket_that_its_peer_ends_is_closed),
      cmocka_unit_test_client(a_free_socket_with_bytes_in_it_is_closed),
      cmocka_unit_test_client(bytes_behind_an_answer_are_nobodys),
  };
  return test_main(tests, argc, argv);
}
