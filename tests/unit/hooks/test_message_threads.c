/* A channel between two threads that its maker has no part in. */
#include "worker_probe.h"

#include <stdlib.h>
#include <string.h>

typedef struct side_s {
  async_message_end_t *end;
  async_message_port_t *port;
  int failed, got, closed, wrong_thread;
  uint32_t thread;
  int to_post;
} side_t;

static side_t *side(void) {
  return async_worker_data();
}

static void on_message(async_message_port_t *port, async_message_t *message) {
  WORKER_CHECK(&side()->failed, *(int *)message->data == side()->got);
  side()->got++;
  side()->wrong_thread += async_env_thread() != side()->thread;
  async_message_release(message);
  if (side()->got == side()->to_post) {
    async_message_port_close(port);
  }
}

static void on_close(async_message_port_t *port) {
  (void)port;
  side()->closed++;
}

static void talk(void *worker_data) {
  side_t *own = worker_data;
  own->thread = async_env_thread();
  int error = async_message_port_create(own->end, &own->port);
  WORKER_CHECK(&own->failed, error == 0);
  async_message_port_on_close(own->port, on_close);
  async_message_port_on_message(own->port, on_message);
  for (int i = 0; i < own->to_post; i++) {
    WORKER_CHECK(&own->failed, post_number(own->port, i) == 0);
  }
}

static void two_workers_talk_without_their_maker(void **state) {
  side_t sides[2];
  worker_probe_t probes[2];
  async_message_end_t *ends[2];
  memset(sides, 0, sizeof(sides));
  memset(probes, 0, sizeof(probes));
  assert_int_equal(async_message_channel_create(0, ends), 0);
  for (int i = 0; i < 2; i++) {
    sides[i].end = ends[i];
    sides[i].to_post = 1000;
    probe_start(&probes[i], *state, talk, &sides[i]);
  }
  uv_fixture_run(*state);
  assert_int_equal(sides[0].closed + sides[1].closed, 2);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(probes[i].exit_code, 0);
    assert_int_equal(sides[i].wrong_thread, 0);
  }
  /* Who has got all closes both: the other may have got less. */
  assert_true(sides[0].got == 1000 || sides[1].got == 1000);
}

/* A port handed over in a message, as in Node's transferList. */
static void release_end(async_message_t *message) {
  async_message_end_destroy(message->data);
  free(message);
}

static void use_end(async_message_port_t *port, async_message_t *message) {
  async_message_end_t *end = message->data;
  async_message_port_t *own;
  WORKER_CHECK(&side()->failed, async_message_port_create(end, &own) == 0);
  WORKER_CHECK(&side()->failed, post_number(own, 42) == 0);
  async_message_port_close(own);
  async_message_port_close(port);
  free(message);
}

static void wait_for_an_end(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), use_end);
}

static int got;

static void on_number(async_message_port_t *port, async_message_t *message) {
  (void)port;
  got = *(int *)message->data;
  async_message_release(message);
}

static void post_end(worker_probe_t *probe, async_message_end_t *end) {
  async_message_t *message = malloc(sizeof(*message));
  assert_non_null(message);
  async_message_init(message, end, 0, release_end);
  assert_int_equal(async_worker_post_message(probe->worker, message), 0);
}

static void an_end_travels_in_a_message(void **state) {
  side_t inside = {.end = NULL};
  worker_probe_t probe = {.worker = NULL};
  async_message_end_t *ends[2];
  async_message_port_t *port;
  assert_int_equal(async_message_channel_create(0, ends), 0);
  assert_int_equal(async_message_port_create(ends[0], &port), 0);
  async_message_port_on_message(port, on_number);
  probe_start(&probe, *state, wait_for_an_end, &inside);
  post_end(&probe, ends[1]);
  uv_fixture_run(*state);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(got, 42);
}

static void an_end_that_never_arrives_closes_the_port(void **state) {
  worker_probe_t probe = {.worker = NULL};
  port_probe_t port;
  async_message_end_t *ends[2];
  assert_int_equal(async_message_channel_create(0, ends), 0);
  probe_open(&port, *state, ends[0]);
  probe_receive(&port);
  probe_start(&probe, *state, tick_forever, NULL);
  post_end(&probe, ends[1]);
  async_worker_terminate(probe.worker);
  uv_fixture_run(*state);
  assert_int_equal(port.closed.calls, 1);
}

/* The worker gives its own port away: what it says still arrives. */
typedef struct giving_s {
  async_message_end_t *end;
  int error;
} giving_t;

static void give_port_away(void *worker_data) {
  giving_t *giving = worker_data;
  giving->error =
      async_message_port_transfer(async_worker_parent_port(), &giving->end);
}

static void use_given_end(worker_probe_t *probe) {
  giving_t *giving = probe->arg;
  async_message_end_destroy(giving->end);
}

static void a_worker_may_give_its_port_away(void **state) {
  giving_t giving = {.end = NULL};
  worker_probe_t probe = {.when_exit = use_given_end, .arg = &giving};
  probe_run(&probe, *state, give_port_away, &giving);
  assert_int_equal(giving.error, 0);
  assert_int_equal(probe.exit_code, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(two_workers_talk_without_their_maker),
      cmocka_unit_test_uv(an_end_travels_in_a_message),
      cmocka_unit_test_uv(an_end_that_never_arrives_closes_the_port),
      cmocka_unit_test_uv(a_worker_may_give_its_port_away),
  };
  return test_main(tests, argc, argv);
}
