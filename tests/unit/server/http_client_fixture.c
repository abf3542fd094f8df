#include "http_client_fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

int client_fixture_setup(void **state) {
  static const http_agent_options_t defaults = HTTP_AGENT_OPTIONS_DEFAULT;
  client_fixture_t *f = calloc(1, sizeof(*f));
  void *uv = NULL;

  signal(SIGPIPE, SIG_IGN);
  assert_int_equal(uv_fixture_setup(&uv), 0);
  f->uv = uv;
  f->options = defaults;
  *state = f;
  return 0;
}

void client_start(client_fixture_t *f, const peer_act_t *acts, size_t count) {
  f->peer.acts = acts;
  f->peer.act_count = count;
  assert_int_equal(http_peer_start(&f->peer, &f->uv->loop, "127.0.0.1"), 0);
  assert_int_equal(http_agent_init(&f->agent, &f->uv->loop, &f->options), 0);
  f->agent.data = f;
  f->started = true;
}

static void on_stopped(http_agent_t *agent) {
  client_fixture_t *f = agent->data;

  f->stopped = true;
}

void client_stop(client_fixture_t *f) {
  http_agent_stop(&f->agent, on_stopped);
}

static void assert_nothing_left(const client_fixture_t *f) {
  async_env_info_t info;
  async_env_t *env = async_inspect_next(NULL);

  async_inspect_env(env, &info);
  async_inspect_release(env);
  assert_int_equal(f->agent.request_count, 0);
  assert_int_equal(f->agent.queued_count, 0);
  assert_int_equal(f->agent.socket_count, 0);
  assert_int_equal(f->agent.free_count, 0);
  assert_int_equal(f->agent.host_count, 0);
  assert_int_equal(info.frames_created, info.frames_released);
}

int client_fixture_teardown(void **state) {
  client_fixture_t *f = *state;
  void *uv = f->uv;

  if (f->started) {
    client_stop(f);
    while (!f->stopped)
      uv_run(&f->uv->loop, UV_RUN_ONCE);
    assert_nothing_left(f);
    http_agent_finish(&f->agent);
    http_peer_stop(&f->peer);
  }
  uv_run(&f->uv->loop, UV_RUN_DEFAULT);
  free(f);
  return uv_fixture_teardown(&uv);
}

static void on_response(void *data, http_client_request_t *request) {
  asker_t *asker = data;

  seen_note(&asker->response, 0, asker->context);
  asker->status =
      http_client_response_status(http_client_request_response(request));
  asker->socket = http_client_request_socket(request);
  asker->socket_async_id = http_agent_socket_async_id(asker->socket);
  asker->reused = http_client_request_reused_socket(request);
  if (asker->on_response != NULL)
    asker->on_response(asker);
}

static void on_data(void *data, http_client_request_t *request,
                    const char *bytes, size_t size) {
  asker_t *asker = data;

  (void)request;
  seen_note(&asker->data, 0, asker->context);
  asker->body = realloc(asker->body, asker->body_bytes + size + 1);
  memcpy(asker->body + asker->body_bytes, bytes, size);
  asker->body_bytes += size;
  asker->body[asker->body_bytes] = '\0';
  if (asker->on_data != NULL)
    asker->on_data(asker);
}

static void on_end(void *data, http_client_request_t *request) {
  asker_t *asker = data;

  (void)request;
  seen_note(&asker->end, 0, asker->context);
  if (asker->on_end != NULL)
    asker->on_end(asker);
}

static void on_close(void *data, http_client_request_t *request, int status) {
  asker_t *asker = data;

  (void)request;
  seen_note(&asker->close, status, asker->context);
  if (status != 0)
    strncat(asker->message, async_error_message(), sizeof(asker->message) - 1);
  if (asker->on_close != NULL)
    asker->on_close(asker);
  asker->request = NULL;
}

void asker_init(asker_t *asker, client_fixture_t *f,
                http_client_options_t *ret_options) {
  memset(asker, 0, sizeof(*asker));
  asker->fixture = f;
  *ret_options =
      (http_client_options_t){.host = "127.0.0.1",
                              .port = f->peer.port,
                              .callbacks = {.on_response = on_response,
                                            .on_data = on_data,
                                            .on_end = on_end,
                                            .on_close = on_close},
                              .data = asker};
}

void ask_with(asker_t *asker, const http_client_options_t *options) {
  assert_int_equal(
      http_client_request(&asker->fixture->agent, options, &asker->request), 0);
  assert_int_equal(asker->close.calls, 0);
}

void ask(client_fixture_t *f, asker_t *asker) {
  http_client_options_t options;

  asker_init(asker, f, &options);
  ask_with(asker, &options);
}

void wait_closed(const asker_t *asker) {
  wait_count(asker->fixture, &asker->close.calls, 1);
}

void wait_count(const client_fixture_t *f, const unsigned *count,
                unsigned least) {
  while (*(const volatile unsigned *)count < least)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
}

void wait_size(const client_fixture_t *f, const size_t *size, size_t least) {
  while (*(const volatile size_t *)size < least)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
}

void wait_none(const client_fixture_t *f, const size_t *size) {
  while (*(const volatile size_t *)size > 0)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
}

void ask_and_wait(client_fixture_t *f, asker_t *asker) {
  ask(f, asker);
  wait_closed(asker);
}

void answered(asker_t *asker, unsigned status, const char *body) {
  assert_string_equal(asker->message, "");
  assert_int_equal(asker->close.status, 0);
  assert_int_equal(asker->close.calls, 1);
  assert_int_equal(asker->response.calls, 1);
  assert_int_equal(asker->end.calls, 1);
  assert_int_equal(asker->status, status);
  assert_string_equal(asker->body == NULL ? "" : asker->body, body);
  free(asker->body);
  asker->body = NULL;
}

void failed(asker_t *asker, int error, const char *why) {
  assert_int_equal(asker->close.calls, 1);
  assert_int_equal(asker->end.calls, 0);
  assert_string_equal(uv_err_name(asker->close.status), uv_err_name(error));
  if (strstr(asker->message, why) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", asker->message, why);
  free(asker->body);
  asker->body = NULL;
}
