#ifndef HTTP_CLIENT_FIXTURE_H
#define HTTP_CLIENT_FIXTURE_H

/* An agent and its peer on the test's own loop, and requests that note what
 * they are told. The teardown stops the agent, and fails when a socket, a
 * request, a resource or a frame is left. */
#include "http_client_request.h"
#include "http_peer.h"
#include "uv_fixture.h"

typedef struct client_fixture_s {
  uv_fixture_t *uv;
  http_agent_options_t options; /* changed before client_start() */
  http_agent_t agent;
  http_peer_t peer;
  bool started, stopped;
} client_fixture_t;

int client_fixture_setup(void **state);
int client_fixture_teardown(void **state);

#define cmocka_unit_test_client(test)                         \
  cmocka_unit_test_setup_teardown(test, client_fixture_setup, \
                                  client_fixture_teardown)

/* A peer on 127.0.0.1 with these acts, and the agent. */
void client_start(client_fixture_t *f, const peer_act_t *acts, size_t count);

typedef struct asker_s asker_t;

/* One request. */
struct asker_s {
  client_fixture_t *fixture;
  http_client_request_t *request; /* NULL behind its close */
  const context_t *context;       /* what its callbacks look into */
  seen_t response, data, end, close;
  unsigned status;
  char message[256]; /* of async_error_message(), at the close */
  char *body;
  size_t body_bytes;
  const http_agent_socket_t *socket;
  async_id_t socket_async_id;
  bool reused;
  /* Called at the end of the callback of that name, if set. */
  void (*on_response)(asker_t *asker);
  void (*on_data)(asker_t *asker);
  void (*on_end)(asker_t *asker);
  void (*on_close)(asker_t *asker);
  void *tests; /* own of the test */
};

/* Zeroes the asker, and the options but for host, port and callbacks. */
void asker_init(asker_t *asker, client_fixture_t *f,
                http_client_options_t *ret_options);
/* Asserts that it is taken. */
void ask_with(asker_t *asker, const http_client_options_t *options);
/* GET / */
void ask(client_fixture_t *f, asker_t *asker);

/* Turns the loop until the request is closed. */
void wait_closed(const asker_t *asker);
/* Turns the loop until `*count` is at least `least`. */
void wait_count(const client_fixture_t *f, const unsigned *count,
                unsigned least);
void wait_size(const client_fixture_t *f, const size_t *size, size_t least);
void wait_none(const client_fixture_t *f, const size_t *size);

/* Asks and waits. */
void ask_and_wait(client_fixture_t *f, asker_t *asker);

/* Asserts the status, the body and a close without error, and frees the body.
 */
void answered(asker_t *asker, unsigned status, const char *body);
/* Asserts the error, and that its message has `why` in it. */
void failed(asker_t *asker, int error, const char *why);

void client_stop(client_fixture_t *f);

#define OK    "HTTP/1.1 200 OK\r\n"
#define HELLO OK "Content-Length: 5\r\n\r\nhello"

#endif
