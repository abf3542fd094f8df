/* Bodies that go to the peer, as a whole and as they are asked for. */
#include "http_client_exchange.h"
#include "http_client_fixture.h"

#include <stdlib.h>
#include <string.h>

static const peer_act_t hello = {.text = HELLO};

/* A body that is given a piece at a time. */
typedef struct upload_s {
  asker_t asker;
  http_client_options_t options;
  http_source_t source;
  size_t left_bytes, piece_bytes;
  unsigned pulls;
  bool held; /* the question waits for upload_give() */
} upload_t;

static void give(upload_t *upload) {
  static char bytes[65536];
  size_t size = upload->left_bytes < upload->piece_bytes ? upload->left_bytes
                                                         : upload->piece_bytes;

  memset(bytes, 'x', sizeof(bytes));
  upload->left_bytes -= size;
  if (size == 0)
    http_client_request_end(upload->asker.request);
  else
    http_client_request_write(upload->asker.request, bytes, size);
}

static void on_pull(void *arg) {
  upload_t *upload = arg;

  upload->pulls++;
  if (!upload->held)
    give(upload);
}

static void upload_init(upload_t *upload, client_fixture_t *f, size_t bytes,
                        size_t piece_bytes) {
  memset(upload, 0, sizeof(*upload));
  asker_init(&upload->asker, f, &upload->options);
  upload->left_bytes = bytes;
  upload->piece_bytes = piece_bytes;
  upload->source = (http_source_t){.pull = on_pull, .arg = upload};
  upload->options.source = &upload->source;
  upload->options.method = "POST";
}

static bool was_sent(const client_fixture_t *f, const char *text) {
  return strstr(f->peer.received, text) != NULL;
}

static void a_get_is_what_a_server_expects(void **state) {
  client_fixture_t *f = *state;
  http_client_field_t fields[] = {{"Accept", "*/*"}, {"X", ""}};
  http_client_options_t options;
  char expected[256];
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.target = "/path?query=1";
  options.fields = fields;
  options.field_count = 2;
  ask_with(&asker, &options);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  snprintf(expected, sizeof(expected),
           "GET /path?query=1 HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
           "Accept: */*\r\nX: \r\nConnection: keep-alive\r\n\r\n",
           f->peer.port);
  assert_string_equal(f->peer.received, expected);
}

static void a_host_may_be_the_callers(void **state) {
  client_fixture_t *f = *state;
  http_client_field_t field = {"host", "example.org"};
  http_client_options_t options;
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.fields = &field;
  options.field_count = 1;
  ask_with(&asker, &options);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  assert_true(was_sent(f, "host: example.org\r\n"));
  assert_false(was_sent(f, "Host: "));
}

static void a_whole_body_is_sent_with_its_length(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.method = "POST";
  options.body = "a body";
  options.body_bytes = 6;
  ask_with(&asker, &options);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  assert_true(was_sent(f, "Content-Length: 6\r\n\r\na body"));
}

static void an_empty_body_is_announced_where_one_is_expected(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.method = "PUT";
  ask_with(&asker, &options);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  assert_true(was_sent(f, "Content-Length: 0\r\n"));
}

static void a_large_body_is_sent_whole(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  char *body = calloc(1, 5000000);
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.method = "POST";
  options.body = body;
  options.body_bytes = 5000000;
  ask_with(&asker, &options);
  free(body);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  assert_true(f->peer.received_bytes > 5000000);
  wait_size(f, &f->agent.free_count, 1);
}

static void a_source_of_known_length_is_asked(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;

  client_start(f, &hello, 1);
  upload_init(&upload, f, 10, 4);
  upload.options.length_bytes = 10;
  ask_with(&upload.asker, &upload.options);
  wait_closed(&upload.asker);
  answered(&upload.asker, 200, "hello");
  assert_true(was_sent(f, "Content-Length: 10\r\n\r\nxxxxxxxxxx"));
  assert_int_equal(upload.pulls, 4);
}

static void a_source_of_unknown_length_is_sent_in_chunks(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;

  client_start(f, &hello, 1);
  upload_init(&upload, f, 20, 16);
  ask_with(&upload.asker, &upload.options);
  wait_closed(&upload.asker);
  answered(&upload.asker, 200, "hello");
  assert_true(was_sent(f, "Transfer-Encoding: chunked\r\n\r\n10\r\n"
                          "xxxxxxxxxxxxxxxx\r\n4\r\nxxxx\r\n0\r\n\r\n"));
  wait_size(f, &f->agent.free_count, 1);
}

static void a_source_may_take_its_time(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;

  f->options.limits.idle_timeout_ms = 1;
  client_start(f, &hello, 1);
  upload_init(&upload, f, 8, 4);
  upload.held = true;
  ask_with(&upload.asker, &upload.options);
  for (unsigned i = 1; i <= 3; i++) {
    uint64_t begin_ms = uv_now(&f->uv->loop);

    wait_count(f, &upload.pulls, i);
    while (uv_now(&f->uv->loop) - begin_ms <= HTTP_SWEEP_MS)
      uv_run(&f->uv->loop, UV_RUN_ONCE);
    assert_int_equal(upload.asker.close.calls, 0);
    f->agent.options.limits.idle_timeout_ms = i == 3 ? 30000 : 1;
    give(&upload);
  }
  wait_closed(&upload.asker);
  answered(&upload.asker, 200, "hello");
}

static void a_source_is_not_asked_faster_than_the_peer_takes(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;
  unsigned pulls;

  f->peer.deaf = true;
  client_start(f, &hello, 1);
  upload_init(&upload, f, 64u << 20, 65536);
  ask_with(&upload.asker, &upload.options);
  do {
    pulls = upload.pulls;
    for (unsigned i = 0; i < 3; i++)
      uv_run(&f->uv->loop, UV_RUN_NOWAIT);
  } while (upload.pulls > pulls || pulls == 0);
  assert_true(upload.left_bytes > 0);
  http_client_request_abort(upload.asker.request);
  failed(&upload.asker, UV_ECANCELED, "request");
}

static void a_peer_that_takes_nothing_is_given_up(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;

  f->options.limits.idle_timeout_ms = 300;
  f->peer.deaf = true;
  client_start(f, &hello, 1);
  upload_init(&upload, f, 64u << 20, 65536);
  ask_with(&upload.asker, &upload.options);
  wait_closed(&upload.asker);
  failed(&upload.asker, UV_ETIMEDOUT, "send");
}

/* As if the time had passed; with a limit of 1 ms it has. */
static void expire(http_agent_socket_t *socket) {
  socket->since_ms = 1;
  http_agent_timeout_expired(&socket->deadline, uv_now(socket->agent->loop));
}

static void a_peer_that_takes_a_little_is_not_given_up(void **state) {
  client_fixture_t *f = *state;
  http_agent_socket_t *socket;
  upload_t upload;

  f->peer.deaf = true;
  client_start(f, &hello, 1);
  upload_init(&upload, f, 64u << 20, 65536);
  ask_with(&upload.asker, &upload.options);
  while (upload.asker.request->socket->write_mark_bytes == 0)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
  socket = upload.asker.request->socket;
  f->agent.options.limits.idle_timeout_ms = 1;
  socket->write_mark_bytes++; /* as if the peer had taken a byte meanwhile */
  expire(socket);
  assert_int_equal(upload.asker.close.calls, 0);
  expire(socket);
  assert_int_equal(upload.asker.close.calls, 1);
  failed(&upload.asker, UV_ETIMEDOUT, "send");
}

static void a_body_that_is_too_long_ends_the_request(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;

  client_start(f, &hello, 1);
  upload_init(&upload, f, 10, 4);
  upload.options.length_bytes = 9;
  ask_with(&upload.asker, &upload.options);
  wait_closed(&upload.asker);
  failed(&upload.asker, UV_EINVAL, "not as long as announced");
}

static void a_body_that_is_too_short_ends_the_request(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;

  client_start(f, &hello, 1);
  upload_init(&upload, f, 10, 4);
  upload.options.length_bytes = 11;
  ask_with(&upload.asker, &upload.options);
  wait_closed(&upload.asker);
  failed(&upload.asker, UV_EINVAL, "not as long as announced");
}

static void nothing_is_no_chunk(void **state) {
  client_fixture_t *f = *state;
  upload_t upload;

  client_start(f, &hello, 1);
  upload_init(&upload, f, 4, 4);
  upload.held = true;
  ask_with(&upload.asker, &upload.options);
  wait_count(f, &upload.pulls, 1);
  upload.held = false;
  http_client_request_write(upload.asker.request, "", 0);
  wait_closed(&upload.asker);
  answered(&upload.asker, 200, "hello");
  assert_true(was_sent(f, "\r\n\r\n4\r\nxxxx\r\n0\r\n\r\n"));
}

static void what_is_not_asked_for_is_not_sent(void **state) {
  client_fixture_t *f = *state;
  asker_t asker;

  client_start(f, NULL, 0);
  ask(f, &asker);
  http_client_request_write(asker.request, "x", 1);
  http_client_request_end(asker.request);
  wait_size(f, &f->peer.received_bytes, 1);
  http_client_request_write(asker.request, "x", 1);
  assert_false(was_sent(f, "\r\n\r\nx"));
  http_client_request_abort(asker.request);
  failed(&asker, UV_ECANCELED, "request");
}

static void an_answer_may_come_before_the_end_of_the_body(void **state) {
  static const peer_act_t act = {
      .text = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n",
      .early = true};
  client_fixture_t *f = *state;
  upload_t upload;

  client_start(f, &act, 1);
  upload_init(&upload, f, 8, 4);
  upload.held = true;
  ask_with(&upload.asker, &upload.options);
  wait_closed(&upload.asker);
  answered(&upload.asker, 413, "");
  wait_none(f, &f->agent.socket_count);
}

/* The rest of the body meets a reset, the answer was sent before it. */
static void an_answer_is_read_when_the_body_cannot_be_sent(void **state) {
  static const peer_act_t act = {
      .text = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n",
      .then = PEER_SHUT,
      .early = true};
  client_fixture_t *f = *state;
  upload_t upload;

  client_start(f, &act, 1);
  upload_init(&upload, f, 4 << 20, 65536);
  ask_with(&upload.asker, &upload.options);
  wait_closed(&upload.asker);
  answered(&upload.asker, 413, "");
  wait_none(f, &f->agent.socket_count);
}

static void pause_it(asker_t *asker) {
  asker->on_data = NULL;
  http_client_request_pause(asker->request);
}

static void a_paused_answer_waits(void **state) {
  static const char head[] = OK "Content-Length: 999957\r\n\r\n";
  static char text[sizeof(head) - 1 + 999957];
  client_fixture_t *f = *state;
  const peer_act_t act = {.text = text, .size = sizeof(text)};
  asker_t asker;
  uint64_t begin_ms;
  size_t come;

  memset(text, 'x', sizeof(text));
  memcpy(text, head, strlen(head));
  f->options.limits.idle_timeout_ms = 1;
  client_start(f, &act, 1);
  ask(f, &asker);
  asker.on_data = pause_it;
  wait_count(f, &asker.data.calls, 1);
  come = asker.body_bytes;
  begin_ms = uv_now(&f->uv->loop);
  while (uv_now(&f->uv->loop) - begin_ms <= HTTP_SWEEP_MS)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
  assert_int_equal(asker.body_bytes, come);
  assert_int_equal(asker.close.calls, 0);
  f->agent.options.limits.idle_timeout_ms = 30000;
  http_client_request_resume(asker.request);
  wait_closed(&asker);
  assert_int_equal(asker.close.status, 0);
  assert_int_equal(asker.body_bytes, 999957);
  free(asker.body);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(a_get_is_what_a_server_expects),
      cmocka_unit_test_client(a_host_may_be_the_callers),
      cmocka_unit_test_client(a_whole_body_is_sent_with_its_length),
      cmocka_unit_test_client(an_empty_body_is_announced_where_one_is_expected),
      cmocka_unit_test_client(a_large_body_is_sent_whole),
      cmocka_unit_test_client(a_source_of_known_length_is_asked),
      cmocka_unit_test_client(a_source_of_unknown_length_is_sent_in_chunks),
      cmocka_unit_test_client(a_source_may_take_its_time),
      cmocka_unit_test_client(a_source_is_not_asked_faster_than_the_peer_takes),
      cmocka_unit_test_client(a_peer_that_takes_nothing_is_given_up),
      cmocka_unit_test_client(a_peer_that_takes_a_little_is_not_given_up),
      cmocka_unit_test_client(a_body_that_is_too_long_ends_the_request),
      cmocka_unit_test_client(a_body_that_is_too_short_ends_the_request),
      cmocka_unit_test_client(nothing_is_no_chunk),
      cmocka_unit_test_client(what_is_not_asked_for_is_not_sent),
      cmocka_unit_test_client(an_answer_may_come_before_the_end_of_the_body),
      cmocka_unit_test_client(an_answer_is_read_when_the_body_cannot_be_sent),
      cmocka_unit_test_client(a_paused_answer_waits),
  };
  return test_main(tests, argc, argv);
}
