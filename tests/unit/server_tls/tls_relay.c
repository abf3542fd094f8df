/* The tests of the HTTP layer, as they are, through TLS: a connection that such
 * a test makes is one to a thread, which speaks TLS to the server and tells the
 * end of either side to the other. Linked with --wrap. */
#include "tls_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RELAYS_MAX 512

/* What one side has sent and the other has not taken: a record of TLS. */
typedef struct lane_s {
  char bytes[16384];
  size_t at, size;
} lane_t;

typedef struct relay_s {
  uv_thread_t thread;
  int test_fd; /* our end of the test's connection */
  int fd;
  SSL *ssl;
  bool test_ended;
  lane_t to_server, to_test;
} relay_t;

static struct {
  SSL_CTX *context;
  relay_t relays[RELAYS_MAX];
  size_t count;
  tls_fixture_t *fixture;
} tls;

/* The names that the linker gives to what was there: NOLINTBEGIN */
int __real_raw_socket_connect(uint16_t port);
int __wrap_raw_socket_connect(uint16_t port);
int __real_http_fixture_setup(void **state);
int __wrap_http_fixture_setup(void **state);
int __real_http_fixture_teardown(void **state);
int __wrap_http_fixture_teardown(void **state);
/* NOLINTEND */

/* Waits for the socket in the way that a call of OpenSSL wants it. */
static bool await(relay_t *relay, int result) {
  struct pollfd entry = {.fd = relay->fd};

  switch (SSL_get_error(relay->ssl, result)) {
  case SSL_ERROR_WANT_READ:
    entry.events = POLLIN;
    break;
  case SSL_ERROR_WANT_WRITE:
    entry.events = POLLOUT;
    break;
  default:
    return false;
  }
  return poll(&entry, 1, RAW_SOCKET_DEADLINE_MS) == 1;
}

/* What can be written now of what waits; false: nobody takes any more of it. */
static bool send_to_server(relay_t *relay) {
  lane_t *lane = &relay->to_server;
  int result;

  if (lane->size == 0)
    return true;
  ERR_clear_error();
  result = SSL_write(relay->ssl, lane->bytes, (int)lane->size);
  if (result > 0)
    lane->size = 0;
  return result > 0 ||
         SSL_get_error(relay->ssl, result) == SSL_ERROR_WANT_WRITE;
}

static bool send_to_test(relay_t *relay) {
  lane_t *lane = &relay->to_test;
  ssize_t sent;

  if (lane->size == 0)
    return true;
  sent = send(relay->test_fd, lane->bytes + lane->at, lane->size, MSG_NOSIGNAL);
  if (sent < 0)
    return errno == EAGAIN;
  lane->at += (size_t)sent;
  lane->size -= (size_t)sent;
  return true;
}

/* The end of the test's side is told to the server, and the rest is read. */
static void take_from_test(relay_t *relay) {
  lane_t *lane = &relay->to_server;
  ssize_t size = recv(relay->test_fd, lane->bytes, sizeof(lane->bytes), 0);

  if (size > 0) {
    lane->size = (size_t)size;
  } else if (size == 0 || errno != EAGAIN) {
    relay->test_ended = true;
    SSL_shutdown(relay->ssl);
  }
}

/* A record at most: nothing stays inside of OpenSSL. False: the server has
 * ended. */
static bool take_from_server(relay_t *relay) {
  lane_t *lane = &relay->to_test;
  int size;

  ERR_clear_error();
  size = SSL_read(relay->ssl, lane->bytes, sizeof(lane->bytes));
  lane->at = 0;
  lane->size = size > 0 ? (size_t)size : 0;
  return size > 0 || SSL_get_error(relay->ssl, size) == SSL_ERROR_WANT_READ;
}

/* Each side is read when what it sent before has gone on, so that neither way
 * waits for the other. */
static bool await_either(const relay_t *relay, short *ret_server,
                         short *ret_test) {
  bool to_server = relay->to_server.size > 0, to_test = relay->to_test.size > 0;
  bool reads_test = !to_server && !relay->test_ended;
  struct pollfd entries[] = {{.fd = relay->fd}, {.fd = relay->test_fd}};

  entries[0].events =
      (short)((to_test ? 0 : POLLIN) | (to_server ? POLLOUT : 0));
  entries[1].events =
      (short)((reads_test ? POLLIN : 0) | (to_test ? POLLOUT : 0));
  if (entries[1].events == 0)
    entries[1].fd = -1;
  if (poll(entries, 2, RAW_SOCKET_DEADLINE_MS) < 1)
    return false;
  *ret_server = entries[0].revents;
  *ret_test = entries[1].revents;
  return true;
}

/* A test that does not read is not waited for behind a server that has cut it
 * off. */
static bool relay_some(relay_t *relay) {
  bool to_server = relay->to_server.size > 0, to_test = relay->to_test.size > 0;
  short server = 0, test = 0;

  if (!await_either(relay, &server, &test) ||
      (to_test && test == 0 && (server & (POLLERR | POLLHUP)) != 0))
    return false;
  if (!to_server && test != 0 && !relay->test_ended)
    take_from_test(relay);
  if (!to_test && server != 0 && !take_from_server(relay))
    return false;
  return send_to_server(relay) && send_to_test(relay);
}

static void relay_main(void *arg) {
  relay_t *relay = arg;
  int result;

  do {
    ERR_clear_error();
    result = SSL_do_handshake(relay->ssl);
  } while (result != 1 && await(relay, result));
  while (result == 1 && relay_some(relay)) {
  }
  SSL_free(relay->ssl);
  close(relay->fd);
  close(relay->test_fd);
}

static int start(relay_t *relay, uint16_t port) {
  int ends[2];

  relay->fd = __real_raw_socket_connect(port);
  if (relay->fd < 0)
    return relay->fd;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  assert_int_equal(fcntl(relay->fd, F_SETFL, O_NONBLOCK), 0);
  assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
  relay->test_fd = ends[1];
  relay->ssl = SSL_new(tls.context);
  assert_int_equal(SSL_set_fd(relay->ssl, relay->fd), 1);
  SSL_set_connect_state(relay->ssl);
  assert_int_equal(uv_thread_create(&relay->thread, relay_main, relay), 0);
  tls.count++;
  return ends[0];
}

int __wrap_raw_socket_connect(uint16_t port) {
  assert_true(tls.count < RELAYS_MAX);
  return start(&tls.relays[tls.count], port);
}

int __wrap_http_fixture_setup(void **state) {
  void *fixture;

  if (tls.context != NULL) /* the other fixture begins with that one */
    return __real_http_fixture_setup(state);
  tls.context = SSL_CTX_new(TLS_client_method());
  if (tls.context == NULL || tls_fixture_setup(&fixture) != 0)
    return -1;
  tls.fixture = fixture;
  *state = tls.fixture->http;
  return 0;
}

int __wrap_http_fixture_teardown(void **state) {
  void *fixture = tls.fixture;
  int status;

  if (fixture == NULL)
    return __real_http_fixture_teardown(state);
  tls.fixture = NULL;
  status = tls_fixture_teardown(&fixture);
  for (size_t i = 0; i < tls.count; i++)
    uv_thread_join(&tls.relays[i].thread);
  SSL_CTX_free(tls.context);
  return status;
}
