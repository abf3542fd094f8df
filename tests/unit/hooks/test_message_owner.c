/* Whose a message is, and what a full or closed queue answers. */
#include "message_probe.h"

#include <stdlib.h>
#include <string.h>

static void close_and_run(port_probe_t *probe, uv_fixture_t *fixture) {
  async_message_port_close(probe->port);
  uv_fixture_run(fixture);
}

static async_message_t *kept;

static void keep(async_message_port_t *port, async_message_t *message) {
  kept = message;
  async_message_port_close(port);
}

static void a_receiver_may_keep_what_it_gets(void **state) {
  port_probe_t probes[2];
  note_t note;
  probe_open_pair(probes, *state, 0);
  async_message_port_on_message(probes[1].port, keep);
  probe_post(&probes[0], &note, 1);
  uv_fixture_run(*state);
  assert_ptr_equal(kept, &note.message);
  assert_int_equal(notes_released(&note, 1), 0);
  async_message_release(kept);
  assert_int_equal(notes_released(&note, 1), 1);
}

static void post_back(async_message_port_t *port, async_message_t *message) {
  port_probe_t *probe = async_message_port_get_data(port);
  seen_note(&probe->drain,
            async_message_port_post_message(probe->port, message), NULL);
}

static void a_receiver_may_post_it_on(void **state) {
  port_probe_t probes[2];
  note_t note;
  probe_open_pair(probes, *state, 0);
  async_message_port_on_message(probes[1].port, post_back);
  probes[0].then = NULL;
  probe_receive(&probes[0]);
  probe_post(&probes[0], &note, 1);
  while (probes[0].message.calls == 0) {
    uv_run(&probes[0].fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(probes[1].drain.status, 0);
  assert_int_equal(notes_released(&note, 1), 1);
  close_and_run(&probes[0], *state);
}

static void closing_releases_what_waits_here_and_delivers_what_waits_there(
    void **state) {
  port_probe_t probes[2];
  note_t here[2], there[2];
  probe_open_pair(probes, *state, 0);
  probe_post(&probes[1], here, 2);
  probe_post(&probes[0], there, 2);
  async_message_port_close(probes[0].port);
  assert_int_equal(notes_released(here, 2), 2);
  assert_int_equal(notes_released(there, 2), 0);
  probe_receive(&probes[1]);
  uv_fixture_run(*state);
  assert_numbers(&probes[1], 2);
  assert_int_equal(probes[1].closed.calls, 1);
}

/* It stays open, as Node's does, until somebody takes what waits. */
static void a_port_that_does_not_receive_closes_when_it_is_empty(void **state) {
  port_probe_t probes[2];
  note_t note;
  probe_open_pair(probes, *state, 0);
  probe_post(&probes[0], &note, 1);
  close_and_run(&probes[0], *state);
  assert_int_equal(probes[1].closed.calls, 0);
  assert_ptr_equal(async_message_port_receive_message(probes[1].port),
                   &note.message);
  uv_fixture_run(*state);
  assert_int_equal(probes[1].closed.calls, 1);
}

static void a_post_to_a_closed_end_is_refused(void **state) {
  port_probe_t probes[2];
  note_t note;
  probe_open_pair(probes, *state, 0);
  note_init(&note, 0);
  async_message_port_close(probes[1].port);
  assert_int_equal(
      async_message_port_post_message(probes[0].port, &note.message), UV_EPIPE);
  async_message_port_close(probes[0].port);
  assert_int_equal(
      async_message_port_post_message(probes[0].port, &note.message), UV_EPIPE);
  assert_int_equal(notes_released(&note, 1), 0);
  uv_fixture_run(*state);
}

static void closing_twice_closes_once(void **state) {
  port_probe_t probes[2];
  probe_open_pair(probes, *state, 0);
  async_message_port_close(probes[0].port);
  close_and_run(&probes[0], *state);
  assert_int_equal(probes[0].closed.calls, 1);
  assert_int_equal(probes[1].closed.calls, 1);
}

static void a_full_queue_refuses_and_tells_when_there_is_room(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[4], refused;
  probe_open_pair(probes, fixture, 4);
  async_message_port_ref(probes[0].port);
  probe_post(&probes[0], notes, 4);
  note_init(&refused, 4);
  assert_int_equal(
      async_message_port_post_message(probes[0].port, &refused.message),
      UV_EAGAIN);
  for (int i = 0; i < 2; i++) {
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
    assert_int_equal(probes[0].drain.calls, 0);
    async_message_release(async_message_port_receive_message(probes[1].port));
  }
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_int_equal(probes[0].drain.calls, 1);
  assert_int_equal(
      probes[0].drain.execution_async_id,
      async_resource_async_id(async_message_port_resource(probes[0].port)));
  assert_int_equal(
      async_message_port_post_message(probes[0].port, &refused.message), 0);
  async_message_release(async_message_port_receive_message(probes[1].port));
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_int_equal(probes[0].drain.calls, 1);
  close_and_run(&probes[1], fixture);
  assert_int_equal(notes_released(notes, 4) + notes_released(&refused, 1), 5);
}

static void a_queue_of_one_tells_when_it_is_empty(void **state) {
  uv_fixture_t *fixture = *state;
  port_probe_t probes[2];
  note_t notes[2];
  probe_open_pair(probes, fixture, 1);
  async_message_port_ref(probes[0].port);
  probe_post(&probes[0], notes, 1);
  note_init(&notes[1], 1);
  assert_int_equal(
      async_message_port_post_message(probes[0].port, &notes[1].message),
      UV_EAGAIN);
  async_message_release(async_message_port_receive_message(probes[1].port));
  uv_run(&fixture->loop, UV_RUN_NOWAIT);
  assert_int_equal(probes[0].drain.calls, 1);
  close_and_run(&probes[0], fixture);
}

static void a_queue_has_a_ceiling(void **state) {
  async_message_end_t *ends[2];
  (void)state;
  assert_int_equal(
      async_message_channel_create(ASYNC_MESSAGE_QUEUE_MAX + 1, ends),
      UV_EINVAL);
  assert_int_equal(async_message_channel_create(ASYNC_MESSAGE_QUEUE_MAX, ends),
                   0);
  async_message_end_destroy(ends[0]);
  async_message_end_destroy(ends[1]);
  async_message_end_destroy(NULL);
}

static void an_empty_port_has_no_message(void **state) {
  port_probe_t probes[2];
  probe_open_pair(probes, *state, 0);
  assert_null(async_message_port_receive_message(probes[0].port));
  async_message_port_close(probes[0].port);
  assert_null(async_message_port_receive_message(probes[0].port));
  uv_fixture_run(*state);
}

static void an_end_nobody_wanted_closes_the_other(void **state) {
  async_message_end_t *ends[2];
  port_probe_t probe;
  note_t notes[2];
  assert_int_equal(async_message_channel_create(0, ends), 0);
  probe_open(&probe, *state, ends[0]);
  async_message_port_ref(probe.port);
  probe_post(&probe, notes, 2);
  async_message_end_destroy(ends[1]);
  assert_int_equal(notes_released(notes, 2), 2);
  uv_fixture_run(*state);
  assert_int_equal(probe.closed.calls, 1);
}

static void a_port_moves_with_what_waits_in_it(void **state) {
  async_message_end_t *end;
  port_probe_t probes[2], moved;
  note_t notes[4];
  probe_open_pair(probes, *state, 0);
  probe_post(&probes[0], notes, 2);
  assert_int_equal(async_message_port_transfer(probes[1].port, &end), 0);
  assert_int_equal(async_message_port_transfer(probes[1].port, &end),
                   UV_EINVAL);
  uv_fixture_run(*state);
  assert_int_equal(probes[1].closed.calls, 1);
  assert_int_equal(probes[0].closed.calls, 0);
  probe_open(&moved, *state, end);
  probe_receive(&moved);
  uv_run(&moved.fixture->loop, UV_RUN_NOWAIT);
  assert_numbers(&moved, 2);
  close_and_run(&moved, *state);
  assert_int_equal(probes[0].closed.calls, 1);
}

static void a_message_may_be_a_copy(void **state) {
  char text[] = "copied";
  async_message_t *message, *zero;
  (void)state;
  assert_int_equal(async_message_create(text, sizeof(text), &message), 0);
  text[0] = 'x';
  assert_string_equal(message->data, "copied");
  assert_int_equal(message->size_bytes, sizeof(text));
  assert_int_equal((uintptr_t)message->data % _Alignof(max_align_t), 0);
  async_message_release(message);
  assert_int_equal(async_message_create(NULL, 3, &zero), 0);
  assert_memory_equal(zero->data, "\0\0\0", 3);
  async_message_release(zero);
  assert_int_equal(async_message_create(NULL, SIZE_MAX, &message), UV_ENOMEM);
}

static void a_message_without_release_is_left_alone(void **state) {
  async_message_t message;
  port_probe_t probes[2];
  probe_open_pair(probes, *state, 0);
  async_message_init(&message, NULL, 0, NULL);
  assert_int_equal(async_message_port_post_message(probes[0].port, &message),
                   0);
  close_and_run(&probes[1], *state);
  async_message_release(&message);
  async_message_release(NULL);
}

typedef struct elsewhere_s {
  async_message_port_t *port;
  async_message_end_t *end;
  async_message_t *message;
  int posted, transferred, created;
} elsewhere_t;

static void use_elsewhere(void *arg) {
  elsewhere_t *elsewhere = arg;
  async_message_end_t *end;
  async_message_port_t *port;
  elsewhere->posted =
      async_message_port_post_message(elsewhere->port, elsewhere->message);
  elsewhere->transferred = async_message_port_transfer(elsewhere->port, &end);
  elsewhere->created = async_message_port_create(elsewhere->end, &port);
}

static void a_port_belongs_to_the_thread_that_made_it(void **state) {
  async_message_end_t *ends[2];
  port_probe_t probes[2];
  note_t note;
  note_init(&note, 0);
  probe_open_pair(probes, *state, 0);
  assert_int_equal(async_message_channel_create(0, ends), 0);
  elsewhere_t elsewhere = {
      .port = probes[0].port, .end = ends[0], .message = &note.message};
  on_other_environment(use_elsewhere, &elsewhere);
  assert_int_equal(elsewhere.posted, UV_EINVAL);
  assert_int_equal(elsewhere.transferred, UV_EINVAL);
  assert_int_equal(elsewhere.created, UV_EINVAL);
  async_message_end_destroy(ends[0]);
  async_message_end_destroy(ends[1]);
  close_and_run(&probes[0], *state);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(a_receiver_may_keep_what_it_gets),
      cmocka_unit_test_uv(a_receiver_may_post_it_on),
      cmocka_unit_test_uv(
          closing_releases_what_waits_here_and_delivers_what_waits_there),
      cmocka_unit_test_uv(a_port_that_does_not_receive_closes_when_it_is_empty),
      cmocka_unit_test_uv(a_post_to_a_closed_end_is_refused),
      cmocka_unit_test_uv(closing_twice_closes_once),
      cmocka_unit_test_uv(a_full_queue_refuses_and_tells_when_there_is_room),
      cmocka_unit_test_uv(a_queue_of_one_tells_when_it_is_empty),
      cmocka_unit_test_uv(a_queue_has_a_ceiling),
      cmocka_unit_test_uv(an_empty_port_has_no_message),
      cmocka_unit_test_uv(an_end_nobody_wanted_closes_the_other),
      cmocka_unit_test_uv(a_port_moves_with_what_waits_in_it),
      cmocka_unit_test_uv(a_message_may_be_a_copy),
      cmocka_unit_test_uv(a_message_without_release_is_left_alone),
      cmocka_unit_test_uv(a_port_belongs_to_the_thread_that_made_it),
  };
  return test_main(tests, argc, argv);
}
