/* What becomes of requests of ours when the loop itself stood: for a minute, by
 * the clock. */
#include "http_client_fixture.h"
#include "moved_clock.h"

static const peer_act_t nothing = {0};
static const peer_act_t hello = {.text = HELLO};

static void begin(client_fixture_t *f, asker_t *asker) {
  client_start(f, &nothing, 1);
  ask(f, asker);
  wait_count(f, &f->peer.requests, 1);
}

/* It waits in the kernel when the clock has moved. */
static void an_answer_that_came_meanwhile_is_taken(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  begin(f, &asker);
  http_peer_say(&f->peer, &hello);
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

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(an_answer_that_came_meanwhile_is_taken),
      cmocka_unit_test_client(a_peer_that_said_nothing_is_late_all_the_same),
  };
  return test_main(tests, argc, argv);
}
