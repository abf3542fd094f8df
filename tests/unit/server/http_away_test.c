/* What becomes of connections when the loop itself stood, by the clock. What
 * was sent meanwhile waits in the kernel, and is no one's lateness but the
 * loop's.
 */
#include "http_connection.h"
#include "http_fixture.h"
#include "moved_clock.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define MINUTE_MS 60000

typedef struct away_s {
  uv_sem_t go;
  bool awaits_bytes;         /* that the others have sent */
  http_response_t *response; /* of /pieces */
  unsigned pulls;
} away_t;

/* The first piece uses up the turn of its source, the second takes a minute. */
static void on_pull(void *arg) {
  http_fixture_t *f = arg;
  away_t *away = f->extra;

  away->pulls++;
  if (away->pulls == 3) {
    http_response_end(away->response);
    return;
  }
  moved_clock_by_ms(away->pulls == 1 ? HTTP_PULL_TURN_US / 1000 : MINUTE_MS);
  if (away->pulls == 2)
    uv_sem_post(&f->begun);
  http_response_write(away->response, "piece", 5);
}

static void give_pieces(http_fixture_t *f, http_response_t *response) {
  http_source_t source = {.pull = on_pull, .arg = f};
  away_t *away = f->extra;

  away->response = response;
  http_response_stream(response, 200, "text/plain", HTTP_LENGTH_UNKNOWN,
                       &source);
}

/* What was sent may still be on its way, of which the kernel has its own
 * ideas. The one that is at work has no more to say. */
static void await_bytes(const http_server_t *server) {
  const http_connection_t *connection = server->connections;

  for (; connection != NULL; connection = connection->next) {
    struct pollfd entry = {.events = POLLIN};

    if (!connection->busy &&
        async_uv_fileno(&connection->socket.handle, &entry.fd) == 0)
      poll(&entry, 1, RAW_SOCKET_DEADLINE_MS);
  }
}

/* At /away?N the loop stands until the test lets it go, and for N ms. */
static void stand(http_fixture_t *f, const http_request_t *request) {
  away_t *away = f->extra;

  uv_sem_post(&f->begun);
  uv_sem_wait(&away->go);
  if (away->awaits_bytes)
    await_bytes(&f->server);
  moved_clock_by_ms(strtoul(http_request_query(request).at, NULL, 10));
  uv_sem_post(&f->begun);
}

static void handle(void *data, http_request_t *request,
                   http_response_t *response) {
  http_fixture_t *f = data;

  if (http_text_equals(http_request_path(request), "/pieces")) {
    give_pieces(f, response);
  } else if (http_text_equals(http_request_path(request), "/away")) {
    stand(f, request);
    http_response_send(response, 200, "text/plain", "back", 4);
  } else {
    http_fixture_handle(data, request, response);
  }
}

/* A connection that has sent this, behind a request that was answered. */
static int keep_one(http_fixture_t *f, const char *text) {
  int fd = raw_socket_connect(f->port);

  assert_true(fd >= 0);
  http_send(fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  http_send(fd, text);
  return fd;
}

/* The connection sends `text` while the loop stands. The test reads when the
 * clock has moved: its own deadline is by the same one. */
static void send_while_away(http_fixture_t *f, unsigned ms, int fd,
                            const char *text) {
  away_t *away = f->extra;
  int other = raw_socket_connect(f->port);
  char request[128];

  assert_true(other >= 0);
  snprintf(request, sizeof(request), "GET /away?%u HTTP/1.1\r\n" END, ms);
  http_send(other, request);
  uv_sem_wait(&f->begun);
  http_send(fd, text);
  away->awaits_bytes = text[0] != '\0';
  uv_sem_post(&away->go);
  uv_sem_wait(&f->begun);
  assert_true(raw_socket_read_all(other, f->answer, 4096) > 0);
  close(other);
}

static int setup(void **state) {
  static away_t away;
  int error = http_fixture_setup(state);
  http_fixture_t *f = *state;

  f->options.callbacks.on_request = handle;
  f->extra = &away;
  away.pulls = 0;
  return error == 0 ? uv_sem_init(&away.go, 0) : error;
}

static int teardown(void **state) {
  away_t *away = ((http_fixture_t *)*state)->extra;

  uv_sem_destroy(&away->go);
  return http_fixture_teardown(state);
}

static void a_request_sent_meanwhile_is_answered(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "");
  send_while_away(f, MINUTE_MS, fd, "GET /hello HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  close(fd);
}

static void a_head_that_was_ended_meanwhile_is_answered(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "GET /hello HTTP/1.1\r\n");
  send_while_away(f, MINUTE_MS, fd, KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
  close(fd);
}

static void a_body_that_was_sent_meanwhile_is_taken(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" KEEP "hal");
  send_while_away(f, MINUTE_MS, fd, "lo");
  assert_true(raw_socket_read_until(fd, "hallo", 1, f->answer, 4096) > 0);
  close(fd);
}

static void who_sent_nothing_is_late_all_the_same(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "");
  send_while_away(f, MINUTE_MS, fd, "");
  assert_int_equal(raw_socket_read_all(fd, f->answer, 4096), 0);
  close(fd);
}

static void a_part_of_what_is_owed_is_late_all_the_same(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = keep_one(f, "GET /hello HTTP/1.1\r\n");
  send_while_away(f, MINUTE_MS, fd, "Host: a\r\n");
  assert_true(raw_socket_read_all(fd, f->answer, 4096) > 0);
  assert_non_null(strstr(f->answer, "HTTP/1.1 408 "));
  close(fd);
}

/* Wherever between two sweeps it begins: the clock goes on by that alone. */
static void a_stall_of_little_more_than_a_sweep_is_nobodys_lateness(
    void **state) {
  http_fixture_t *f = *state;

  f->options.limits.keep_alive_timeout_ms = HTTP_TIMEOUT_MIN_MS;
  moved_clock_hold();
  http_fixture_start(f);
  for (unsigned from_ms = 0; from_ms < HTTP_SWEEP_MS; from_ms += 10) {
    int fd = keep_one(f, "");

    send_while_away(f, HTTP_SWEEP_MS + 10, fd, "GET /hello HTTP/1.1\r\n" KEEP);
    assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
    close(fd);
  }
}

static void a_source_that_made_the_loop_stand_goes_on(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  assert_true(fd >= 0);
  http_send(fd, "GET /pieces HTTP/1.1\r\n" END);
  uv_sem_wait(&f->begun);
  assert_true(
      raw_socket_read_until(fd, "piece\r\n0\r\n\r\n", 1, f->answer, 4096) > 0);
  close(fd);
}

#define cmocka_unit_test_away(name) \
  cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_away(a_request_sent_meanwhile_is_answered),
      cmocka_unit_test_away(a_head_that_was_ended_meanwhile_is_answered),
      cmocka_unit_test_away(a_body_that_was_sent_meanwhile_is_taken),
      cmocka_unit_test_away(who_sent_nothing_is_late_all_the_same),
      cmocka_unit_test_away(a_part_of_what_is_owed_is_late_all_the_same),
      cmocka_unit_test_away(
          a_stall_of_little_more_than_a_sweep_is_nobodys_lateness),
      cmocka_unit_test_away(a_source_that_made_the_loop_stand_goes_on),
  };
  return test_main(tests, argc, argv);
}
