#ifndef LISTENER_FIXTURE_H
#define LISTENER_FIXTURE_H

/* A listener of the diagnostics of this process, and clients that send bytes
 * as they are. The test's thread has an environment with a loop that never
 * runs: whoever answers is another. */
#include "asyncscope/async_env.h"
#include "asyncscope/asyncscope_debug_listen.h"
#include "raw_socket.h"
#include "test_main.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LISTENER_ANSWER_BYTES (4 * 1024 * 1024)

typedef struct listener_fixture_s {
  asyncscope_debug_listener_t *listener;
  uv_loop_t loop;
  uint16_t port;
  char directory[32]; /* for a unix socket; nothing may be left in it */
  char answer[LISTENER_ANSWER_BYTES + 1];
} listener_fixture_t;

int listener_setup(void **state);
int listener_teardown(void **state);

#define cmocka_unit_test_listener(name) \
  cmocka_unit_test_setup_teardown(name, listener_setup, listener_teardown)

/* On 127.0.0.1 and a free port; `token` NULL: none. */
void listener_start(listener_fixture_t *fixture, const char *token);

/* unix:PATH of a socket in the directory, static. */
const char *listener_unix_address(const listener_fixture_t *fixture);

/* A connection to wherever the listener is. */
int listener_connect(const listener_fixture_t *fixture);

/* Sends `request`, which ends the connection, and reads to its end. */
const char *listener_ask(listener_fixture_t *fixture, const char *request);

/* The status of listener_ask(). */
int listener_status(listener_fixture_t *fixture, const char *request);

/* Sends `request` and reads the head of its answer; the connection. */
int listener_open(listener_fixture_t *fixture, const char *request);

/* Of the last answer. */
void listener_assert_status(const listener_fixture_t *fixture, int status);
void listener_assert_has(const listener_fixture_t *fixture, const char *text);
void listener_assert_lacks(const listener_fixture_t *fixture, const char *text);

#define END "Host: localhost\r\nConnection: close\r\n\r\n"

#endif
