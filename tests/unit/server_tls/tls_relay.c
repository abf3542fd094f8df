/* The tests of the HTTP layer, as they are, through TLS: a connection that such
 * a test makes is one to a thread, which speaks TLS to the server and tells the
 * end of either side to the other. Linked with --wrap. */
#include "tls_fixture.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RELAYS_MAX 512

typedef struct relay_s {
  uv_thread_t thread;
  int test_fd; /* our end of the test's connection */
  int fd;
  SSL *ssl;
  bool test_ended;
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

/* What the test sends goes to the server; a server that takes no more of it
 * keeps the test waiting. */
static bool send_on(relay_t *relay) {
  char bytes[16384];
  ssize_t size = recv(relay->test_fd, bytes, sizeof(bytes), 0);
  int result;

  if (size <= 0) {
    relay->test_ended = true;
    SSL_shutdown(relay->ssl);
    return true;
  }
  do {
    ERR_clear_error();
    result = SSL_write(relay->ssl, bytes, (int)size);
  } while (result <= 0 && await(relay, result));
  return result > 0;
}

/* False: a test that does not read is not waited for behind a server that has
 * cut it off. */
static bool test_takes(const relay_t *relay) {
  struct pollfd entries[] = {{.fd = relay->test_fd, .events = POLLOUT},
                             {.fd = relay->fd}}; /* an error, or both ends */

  return poll(entries, 2, RAW_SOCKET_DEADLINE_MS) > 0 &&
         entries[0].revents != 0;
}

/* What is written in one piece may still wait: so it is a small one. */
static bool give_test(const relay_t *relay, const char *bytes, size_t size) {
  size_t piece;

  for (; size > 0; bytes += piece, size -= piece) {
    piece = size < 1024 ? size : 1024;
    if (!test_takes(relay) ||
        raw_socket_write(relay->test_fd, bytes, piece) != 0)
      return false;
  }
  return true;
}

/* False: the server has ended, or the test does not read any more. */
static bool receive(relay_t *relay) {
  char bytes[16384];
  int size;

  ERR_clear_error();
  while ((size = SSL_read(relay->ssl, bytes, sizeof(bytes))) > 0)
    if (!give_test(relay, bytes, (size_t)size))
      return false;
  size = SSL_get_error(relay->ssl, size);
  return size == SSL_ERROR_WANT_READ || size == SSL_ERROR_WANT_WRITE;
}

static bool relay_some(relay_t *relay) {
  struct pollfd entries[] = {
      {.fd = relay->fd, .events = POLLIN},
      {.fd = relay->test_ended ? -1 : relay->test_fd, .events = POLLIN}};

  if (poll(entries, 2, RAW_SOCKET_DEADLINE_MS) < 1)
    return false;
  if (entries[0].revents != 0 && !receive(relay))
    return false;
  return entries[1].revents == 0 || send_on(relay);
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
