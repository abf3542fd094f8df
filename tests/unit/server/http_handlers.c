/* What the fixture's server answers:
 *   /hello            at once
 *   /peer             the family of its peer
 *   /later            from a timer
 *   /never            not at all, but has set the field X-Never
 *   /echo             its body; notes each event
 *   /early            at once, without reading the body
 *   /duplex           its body, each piece as it comes
 *   /stream?N         N bytes of unknown length, always ready
 *   /length?N         N bytes of known length, always ready
 *   /slow?N           N bytes of known length, each piece from a timer
 *   /costly?N         N bytes of unknown length, each piece 2 ms of work; notes
 *                     when one turn of the loop makes more than two pieces
 *   /short            fewer bytes than announced
 *   /long             more bytes than announced
 *   /stuck            a head, and of its body nothing
 *   /drain            begins the drain, and says hello
 *   /halt             stops the server once all other connections have sent
 *                     something that it has not read, and says hello
 *   /blind            takes away libuv's own means against a want of
 *                     descriptors, and says hello
 */
#include "http_fixture.h"

#include "asyncscope/async_allocator.h"
#include "http_connection.h"
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE_BYTES 1000

typedef struct job_s {
  async_uv_timer_t timer;
  http_fixture_t *fixture;
  http_response_t *response;
  http_buffer_t body;
  size_t left_bytes;
  bool pulled, body_ended;
  uint64_t turn_ms; /* the loop's time at the last piece */
  unsigned turn_pieces;
} job_t;

static void on_timer_closed(async_uv_handle_t *handle) {
  async_free(handle->data);
}

static void on_close(void *arg, int status) {
  job_t *job = arg;

  http_fixture_note(job->fixture, status == 0 ? "close" : "abort");
  http_buffer_finish(&job->body);
  async_uv_close((async_uv_handle_t *)&job->timer, on_timer_closed);
}

static job_t *make_job(http_fixture_t *fixture, http_request_t *request,
                       http_response_t *response) {
  job_t *job = async_calloc(1, sizeof(*job));

  async_uv_timer_init(fixture->server.loop, &job->timer);
  job->timer.data = job;
  job->fixture = fixture;
  job->response = response;
  http_request_on_close(request, on_close, job);
  return job;
}

static void on_later(async_uv_timer_t *timer) {
  job_t *job = timer->data;

  http_fixture_note(job->fixture, "timer");
  http_response_send(job->response, 200, "text/plain", "later", 5);
}

static void on_data(void *arg, const char *bytes, size_t size) {
  job_t *job = arg;

  http_fixture_note(job->fixture, "data");
  http_buffer_append(&job->body, bytes, size);
}

static void on_end(void *arg) {
  job_t *job = arg;

  http_fixture_note(job->fixture, "end");
  http_response_send(job->response, 200, "text/plain", job->body.bytes,
                     job->body.size_bytes);
}

static void give_piece(job_t *job) {
  static const char piece[PIECE_BYTES] = {0};
  size_t size = job->left_bytes < PIECE_BYTES ? job->left_bytes : PIECE_BYTES;

  job->left_bytes -= size;
  http_response_write(job->response, piece, size);
}

static void on_pull(void *arg) {
  job_t *job = arg;

  if (job->left_bytes == 0)
    http_response_end(job->response);
  else
    give_piece(job);
}

static void on_slow_timer(async_uv_timer_t *timer) {
  give_piece(timer->data);
}

static void on_slow_pull(void *arg) {
  job_t *job = arg;

  if (job->left_bytes == 0)
    http_response_end(job->response);
  else
    async_uv_timer_start(&job->timer, on_slow_timer, 1, 0);
}

static void give_body(job_t *job) {
  size_t size = job->body.size_bytes;

  if (!job->pulled || (size == 0 && !job->body_ended))
    return;
  job->pulled = false;
  if (size == 0) {
    http_response_end(job->response);
    return;
  }
  job->body.size_bytes = 0;
  http_response_write(job->response, job->body.bytes, size);
}

static void on_duplex_pull(void *arg) {
  job_t *job = arg;

  job->pulled = true;
  give_body(job);
}

static void on_duplex_data(void *arg, const char *bytes, size_t size) {
  job_t *job = arg;

  http_buffer_append(&job->body, bytes, size);
  give_body(job);
}

static void on_duplex_end(void *arg) {
  job_t *job = arg;

  http_fixture_note(job->fixture, "end");
  job->body_ended = true;
  give_body(job);
}

static void work(void) {
  uint64_t end_ns = uv_hrtime() + 2000000;

  while (uv_hrtime() < end_ns) {
  }
}

/* The loop's time stands still for as long as one turn of it lasts; its polling
 * and what comes behind may be one such turn, with a piece each. */
static void on_costly_pull(void *arg) {
  job_t *job = arg;
  uint64_t now_ms = uv_now(job->fixture->server.loop);

  job->turn_pieces = now_ms == job->turn_ms ? job->turn_pieces + 1 : 1;
  job->turn_ms = now_ms;
  if (job->turn_pieces == 3)
    http_fixture_note(job->fixture, "hogged");
  work();
  on_pull(job);
}

static void stream(job_t *job, const http_request_t *request, bool known,
                   void (*pull)(void *arg)) {
  http_source_t source = {.pull = pull, .arg = job};

  job->left_bytes = strtoul(http_request_query(request).at, NULL, 10);
  http_response_stream(job->response, 200, "text/plain",
                       known ? (int64_t)job->left_bytes : HTTP_LENGTH_UNKNOWN,
                       &source);
}

static void on_short_pull(void *arg) {
  job_t *job = arg;

  http_response_end(job->response);
}

static void on_long_pull(void *arg) {
  job_t *job = arg;

  http_response_write(job->response, "eleven more", 11);
}

static void on_stuck_pull(void *arg) {
  (void)arg;
}

static void break_promise(job_t *job, void (*pull)(void *arg)) {
  http_source_t source = {.pull = pull, .arg = job};

  http_response_stream(job->response, 200, "text/plain", 10, &source);
}

static void exchange_both_ways(job_t *job, http_request_t *request) {
  http_source_t source = {.pull = on_duplex_pull, .arg = job};

  http_request_read_body(request, on_duplex_data, on_duplex_end, job);
  http_response_stream(job->response, 200, "text/plain", HTTP_LENGTH_UNKNOWN,
                       &source);
}

static void wait_forever(job_t *job) {
  http_response_set_field(job->response, "X-Never", "1");
  uv_sem_post(&job->fixture->begun);
}

static void handle_job(job_t *job, http_request_t *request, http_text_t path) {
  if (http_text_equals(path, "/later"))
    async_uv_timer_start(&job->timer, on_later, 1, 0);
  else if (http_text_equals(path, "/never"))
    wait_forever(job);
  else if (http_text_equals(path, "/echo"))
    http_request_read_body(request, on_data, on_end, job);
  else if (http_text_equals(path, "/stream"))
    stream(job, request, false, on_pull);
  else if (http_text_equals(path, "/length"))
    stream(job, request, true, on_pull);
  else if (http_text_equals(path, "/slow"))
    stream(job, request, true, on_slow_pull);
  else if (http_text_equals(path, "/costly"))
    stream(job, request, false, on_costly_pull);
  else if (http_text_equals(path, "/duplex"))
    exchange_both_ways(job, request);
  else if (http_text_equals(path, "/short"))
    break_promise(job, on_short_pull);
  else if (http_text_equals(path, "/long"))
    break_promise(job, on_long_pull);
  else if (http_text_equals(path, "/stuck"))
    break_promise(job, on_stuck_pull);
  else
    http_response_send(job->response, 404, NULL, NULL, 0);
}

static void send_peer(const http_request_t *request,
                      http_response_t *response) {
  struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
  const char *family = "unknown";

  if (http_request_peer(request, &peer) == 0)
    family = peer.ss_family == AF_UNIX ? "unix" : "inet";
  http_response_send(response, 200, "text/plain", family, strlen(family));
}

/* Another thread that is as short of them may have left a loop without. */
static void take_reserve(uv_loop_t *loop) {
  if (loop->emfile_fd >= 0)
    close(loop->emfile_fd);
  loop->emfile_fd = -1;
}

/* They are idle; the loop does not turn meanwhile. */
static void await_unread(const http_server_t *server) {
  const http_connection_t *connection = server->connections;

  for (; connection != NULL; connection = connection->next) {
    struct pollfd entry = {.events = POLLIN};

    if (connection->request == NULL &&
        async_uv_fileno(&connection->socket.handle, &entry.fd) == 0)
      poll(&entry, 1, RAW_SOCKET_DEADLINE_MS);
  }
}

static void halt(http_fixture_t *fixture) {
  uv_sem_post(&fixture->begun);
  await_unread(&fixture->server);
  http_fixture_halt(fixture);
}

void http_fixture_handle(void *data, http_request_t *request,
                         http_response_t *response) {
  http_fixture_t *fixture = data;
  http_text_t path = http_request_path(request);

  http_fixture_note(fixture, "handler");
  if (http_text_equals(path, "/drain"))
    http_server_drain(&fixture->server);
  if (http_text_equals(path, "/halt"))
    halt(fixture);
  if (http_text_equals(path, "/blind"))
    take_reserve(fixture->server.loop);
  if (http_text_equals(path, "/hello") || http_text_equals(path, "/early") ||
      http_text_equals(path, "/drain") || http_text_equals(path, "/halt") ||
      http_text_equals(path, "/blind"))
    http_response_send(response, 200, "text/plain", "hello", 5);
  else if (http_text_equals(path, "/peer"))
    send_peer(request, response);
  else
    handle_job(make_job(fixture, request, response), request, path);
}
