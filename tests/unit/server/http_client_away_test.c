/* What becomes of requests of ours when the loop itself stood, by the clock. */
#include "http_agent_socket.h"
#include "http_client_fixture.h"
#include "moved_clock.h"

#include <poll.h>

static const peer_act_t nothing = {0};
static const peer_act_t hello = {.text = HELLO};

static void begin(client_fixture_t *f, asker_t *asker) {
  client_start(f, &nothing, 1);
  ask(f, asker);
  wait_count(f, &f->peer.requests, 1);
}

/* It waits in the kernel then. */
static void await_answer(const asker_t *asker) {
  const http_agent_socket_t *socket =
      http_client_request_socket(asker->request);
  struct pollfd entry = {.events = POLLIN};

  assert_int_equal(uv_fileno((const uv_handle_t *)&socket->tcp, &entry.fd), 0);
  assert_int_equal(poll(&entry, 1, -1), 1);
}

static void an_answer_that_came_meanwhile_is_taken(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  begin(f, &asker);
  http_peer_say(&f->peer, &hello);
  await_answer(&asker);
  moved_clock_by_ms(60000);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
}

static void a_peer_that_said_nothing_is_late_all_the_same(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  begin(f, &asker);
  moved_clock_by_ms(60000);
  wait_closed(&asker);
  failed(&asker, UV_ETIMEDOUT, "");
}

/* Wherever between two sweeps it begins: the clock goes on by that alone. */
static void a_stall_of_little_more_than_a_sweep_is_nobodys_lateness(
    void **state) {
  client_fixture_t *f = *state;
  asker_t asker;
  unsigned asked = 0;

  f->options.limits.idle_timeout_ms = HTTP_TIMEOUT_MIN_MS;
  moved_clock_hold();
  client_start(f, &nothing, 1);
  for (unsigned from_ms = 0; from_ms < HTTP_SWEEP_MS; from_ms += 10) {
    ask(f, &asker);
    wait_count(f, &f->peer.requests, ++asked);
    http_peer_say(&f->peer, &hello);
    await_answer(&asker);
    moved_clock_by_ms(HTTP_SWEEP_MS + 10);
    wait_closed(&asker);
    answered(&asker, 200, "hello");
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(an_answer_that_came_meanwhile_is_taken),
      cmocka_unit_test_client(a_peer_that_said_nothing_is_late_all_the_same),
      cmocka_unit_test_client(
          a_stall_of_little_more_than_a_sweep_is_nobodys_lateness),
  };
  return test_main(tests, argc, argv);
}
