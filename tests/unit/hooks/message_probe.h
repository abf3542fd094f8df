#ifndef ASYNCSCOPE_MESSAGE_PROBE_H
#define ASYNCSCOPE_MESSAGE_PROBE_H

/* What the tests of ports and workers share: numbered messages that know how
 * often they were released, and a port that keeps what it was called with. */

#include "asyncscope/async_message_port.h"
#include "uv_fixture.h"
#include <stdatomic.h>

typedef struct note_s {
  async_message_t message;
  int number;
  atomic_int released;
} note_t;

void note_init(note_t *note, int number);
int note_number(const async_message_t *message);
/* How often all of them together. */
int notes_released(note_t *notes, size_t count);

#define PROBE_NOTES 64

typedef struct port_probe_s {
  async_message_port_t *port;
  uv_fixture_t *fixture;
  const context_t *context; /* may be NULL */
  seen_t message, drain, closed;
  int numbers[PROBE_NOTES]; /* of the messages, in their order */
  bool had_ref_when_closed;
  /* Called with each message, after it was noted and before it is released;
   * may be NULL. */
  void (*then)(struct port_probe_s *probe);
  void *arg;
} port_probe_t;

/* A port of `end` whose callbacks note and release; it does not receive until
 * probe_receive(). */
void probe_open(port_probe_t *probe, uv_fixture_t *fixture,
                async_message_end_t *end);
void probe_receive(port_probe_t *probe);
/* Both ends of a new channel on one loop. */
void probe_open_pair(port_probe_t probes[2], uv_fixture_t *fixture,
                     size_t queue_max);
/* Posts `count` notes with the numbers from 0 on; asserts that it is done. */
void probe_post(port_probe_t *probe, note_t *notes, size_t count);
/* Asserts that the numbers 0 to `count` - 1 came, in that order. */
void assert_numbers(const port_probe_t *probe, int count);

#endif
