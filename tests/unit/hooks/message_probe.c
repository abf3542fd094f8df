#include "message_probe.h"

#include <string.h>

static void on_release(async_message_t *message) {
  note_t *note = message->data;
  atomic_fetch_add(&note->released, 1);
}

void note_init(note_t *note, int number) {
  note->number = number;
  atomic_store(&note->released, 0);
  async_message_init(&note->message, note, sizeof(*note), on_release);
}

int note_number(const async_message_t *message) {
  const note_t *note = message->data;
  return note->number;
}

int notes_released(note_t *notes, size_t count) {
  int released = 0;
  for (size_t i = 0; i < count; i++) {
    released += atomic_load(&notes[i].released);
  }
  return released;
}

static void on_message(async_message_port_t *port, async_message_t *message) {
  port_probe_t *probe = async_message_port_get_data(port);
  if (probe->message.calls < PROBE_NOTES) {
    probe->numbers[probe->message.calls] = note_number(message);
  }
  seen_note(&probe->message, 0, probe->context);
  if (probe->fixture != NULL) {
    recorder_mark(&probe->fixture->recorder, "message");
  }
  if (probe->then != NULL) {
    probe->then(probe);
  }
  async_message_release(message);
}

static void on_drain(async_message_port_t *port) {
  port_probe_t *probe = async_message_port_get_data(port);
  seen_note(&probe->drain, 0, probe->context);
}

static void on_close(async_message_port_t *port) {
  port_probe_t *probe = async_message_port_get_data(port);
  seen_note(&probe->closed, 0, probe->context);
  probe->had_ref_when_closed = async_message_port_has_ref(port);
  probe->port = NULL;
}

void probe_open(port_probe_t *probe, uv_fixture_t *fixture,
                async_message_end_t *end) {
  memset(probe, 0, sizeof(*probe));
  probe->fixture = fixture;
  assert_int_equal(async_message_port_create(end, &probe->port), 0);
  async_message_port_set_data(probe->port, probe);
  async_message_port_on_drain(probe->port, on_drain);
  async_message_port_on_close(probe->port, on_close);
}

void probe_receive(port_probe_t *probe) {
  async_message_port_on_message(probe->port, on_message);
}

void probe_open_pair(port_probe_t probes[2], uv_fixture_t *fixture,
                     size_t queue_max) {
  async_message_end_t *ends[2];
  assert_int_equal(async_message_channel_create(queue_max, ends), 0);
  probe_open(&probes[0], fixture, ends[0]);
  probe_open(&probes[1], fixture, ends[1]);
}

void probe_post(port_probe_t *probe, note_t *notes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    note_init(&notes[i], (int)i);
    assert_int_equal(
        async_message_port_post_message(probe->port, &notes[i].message), 0);
  }
}

void assert_numbers(const port_probe_t *probe, int count) {
  assert_int_equal(probe->message.calls, count);
  for (int i = 0; i < count; i++) {
    assert_int_equal(probe->numbers[i], i);
  }
}
