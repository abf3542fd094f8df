#ifndef HTTP_FIXTURE_H
#define HTTP_FIXTURE_H

/* A server on a loop of its own thread, with handlers that note what they saw,
 * and clients that send bytes as they are. Notes are read on the test's thread
 * only: after an answer that ended the connection, or after waiting. */

#include "http_server.h"
#include "raw_socket.h"
#include "test_main.h"

#include <stdio.h>
#include <string.h>

#define FIXTURE_TEXT_BYTES  (4 * 1024 * 1024)
#define FIXTURE_NOTES_BYTES 4096

typedef struct http_fixture_s {
  http_server_options_t options; /* changed before http_fixture_start() */
  void *extra;                   /* of who builds on this one */
  uint16_t port;
  int thread_status;
  char answer[FIXTURE_TEXT_BYTES + 1]; /* of the last http_fixture_ask() */
  uv_sem_t closes;                     /* posted when a request ends */
  uv_sem_t begun;         /* posted when a handler waits for its peer */
  uv_sem_t refusals;      /* posted when the server answered by itself */
  uv_sem_t accept_errors; /* posted when one was reported */
  /* private */
  uv_thread_t thread;
  uv_sem_t ready;
  uv_loop_t loop;
  uv_async_t stop, cut_off;
  http_server_t server;
  uv_os_sock_t sock;
  async_context_key_t key;
  uintptr_t request_count;
  uv_mutex_t mutex;
  char notes[FIXTURE_NOTES_BYTES]; /* "what:store " each */
  char taken[FIXTURE_NOTES_BYTES];
  bool running, stopping;
} http_fixture_t;

/* cmocka fixtures. The teardown stops the server, and fails when the loop does
 * not close or a resource or store is left. */
int http_fixture_setup(void **state);
int http_fixture_teardown(void **state);

void http_fixture_start(http_fixture_t *fixture);

/* The same on a socket of the test's own, which passes to the server. */
void http_fixture_start_on(http_fixture_t *fixture, uv_os_sock_t sock);

/* Lets it drain; the teardown, too, waits for the end. */
void http_fixture_stop(http_fixture_t *fixture);

/* The same on the server's own thread, in a handler; the test then does not ask
 * for it, and has set `stopping`. */
void http_fixture_halt(http_fixture_t *fixture);

/* Does not let it. */
void http_fixture_cut_off(http_fixture_t *fixture);

/* Sends `request` on a new connection and reads until its end. */
const char *http_fixture_ask(http_fixture_t *fixture, const char *request);

/* Sends text on a connection of the test's own. */
void http_send(int fd, const char *text);

/* The status codes in what came: "200 404". Only heads are looked at. */
void http_statuses(const char *answer, char *ret_statuses, size_t size);

/* Asserts these status codes for `request`. */
void http_expect(http_fixture_t *fixture, const char *request,
                 const char *statuses);

/* All notes so far, and forgets them. */
const char *http_fixture_notes(http_fixture_t *fixture);

/* Handlers (http_handlers.c): any thread's note, and the dispatch. */
void http_fixture_note(http_fixture_t *fixture, const char *what);
void http_fixture_handle(void *data, http_request_t *request,
                         http_response_t *response);

#define cmocka_unit_test_http(name)                         \
  cmocka_unit_test_setup_teardown(name, http_fixture_setup, \
                                  http_fixture_teardown)

#define END  "Host: a\r\nConnection: close\r\n\r\n"
#define KEEP "Host: a\r\n\r\n"

#endif
