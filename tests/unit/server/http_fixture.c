#include "http_fixture.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_inspect.h"
#include "http_bind.h"
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <unistd.h>

static int on_open(void *data, http_request_t *request) {
  http_fixture_t *fixture = data;
  async_context_value_t value = {.store = (void *)++fixture->request_count,
                                 .request = fixture->request_count};

  (void)request;
  return async_context_set(&fixture->key, &value);
}

static void on_close(void *data, http_request_t *request,
                     http_response_t *response, int status) {
  http_fixture_t *fixture = data;
  char what[64];

  (void)request;
  snprintf(what, sizeof(what), "end=%s/%d",
           status == 0 ? "ok" : uv_err_name(status),
           http_response_status(response));
  http_fixture_note(fixture, what);
  uv_sem_post(&fixture->closes);
}

static void on_refused(void *data, http_request_t *request, int status) {
  http_fixture_t *fixture = data;

  (void)request;
  (void)status;
  uv_sem_post(&fixture->refusals);
}

static void on_accept_error(void *data, int error) {
  http_fixture_t *fixture = data;

  (void)error;
  uv_sem_post(&fixture->accept_errors);
}

int http_fixture_setup(void **state) {
  http_fixture_t *fixture = async_calloc(1, sizeof(*fixture));

  fixture->options =
      (http_server_options_t){.limits = HTTP_LIMITS_DEFAULT,
                              .callbacks = {.on_request_open = on_open,
                                            .on_request = http_fixture_handle,
                                            .on_request_close = on_close,
                                            .on_refused = on_refused,
                                            .on_accept_error = on_accept_error},
                              .data = fixture};
  uv_sem_init(&fixture->closes, 0);
  uv_sem_init(&fixture->begun, 0);
  uv_sem_init(&fixture->refusals, 0);
  uv_sem_init(&fixture->accept_errors, 0);
  uv_sem_init(&fixture->ready, 0);
  uv_mutex_init(&fixture->mutex);
  signal(SIGPIPE, SIG_IGN);
  *state = fixture;
  return async_context_key_create("request", &fixture->key);
}

static void on_stopped(http_server_t *server) {
  http_fixture_t *fixture = server->data;

  uv_close((uv_handle_t *)&fixture->stop, NULL);
  uv_close((uv_handle_t *)&fixture->cut_off, NULL);
}

void http_fixture_halt(http_fixture_t *fixture) {
  http_server_stop(&fixture->server, on_stopped);
}

static void on_stop(uv_async_t *async) {
  http_fixture_halt(async->data);
}

static void on_cut_off(uv_async_t *async) {
  http_fixture_t *fixture = async->data;

  http_server_stop(&fixture->server, on_stopped);
  http_server_cut_off(&fixture->server);
}

/* 0 when nothing of what this thread made is left. */
static int count_left(void) {
  async_env_t *env = NULL;
  async_env_info_t info;
  uint64_t left = 0;

  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    left += info.frames_created - info.frames_released;
    left += info.stores_created - info.stores_released;
    left += info.resources_created - info.resources_destroyed;
  }
  return left == 0 ? 0 : UV_EBUSY;
}

static int serve(http_fixture_t *fixture) {
  int err =
      http_server_init(&fixture->server, &fixture->loop, &fixture->options);

  if (err != 0)
    return err;
  fixture->server.data = fixture;
  fixture->stop.data = fixture;
  fixture->cut_off.data = fixture;
  uv_async_init(&fixture->loop, &fixture->stop, on_stop);
  uv_async_init(&fixture->loop, &fixture->cut_off, on_cut_off);
  err = http_server_listen(&fixture->server, fixture->sock);
  uv_sem_post(&fixture->ready);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  http_server_finish(&fixture->server);
  return err;
}

static void thread_main(void *arg) {
  http_fixture_t *fixture = arg;
  int err = uv_loop_init(&fixture->loop);

  if (err == 0)
    err = async_env_attach(&fixture->loop);
  if (err == 0) {
    err = serve(fixture);
    async_env_detach();
  }
  if (err == 0)
    err = count_left();
  if (err == 0)
    err = uv_loop_close(&fixture->loop);
  fixture->thread_status = err;
}

void http_fixture_start_on(http_fixture_t *fixture, uv_os_sock_t sock) {
  fixture->sock = sock;
  assert_int_equal(uv_thread_create(&fixture->thread, thread_main, fixture), 0);
  uv_sem_wait(&fixture->ready);
  fixture->running = true;
}

void http_fixture_start(http_fixture_t *fixture) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  struct sockaddr_storage bound;
  uv_os_sock_t sock;

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(
      http_bind((const struct sockaddr *)&address, HTTP_BIND_ALONE, &sock), 0);
  assert_int_equal(http_bound_address(sock, &bound), 0);
  fixture->port = ntohs(((struct sockaddr_in *)&bound)->sin_port);
  http_fixture_start_on(fixture, sock);
}

void http_fixture_stop(http_fixture_t *fixture) {
  if (!fixture->stopping) {
    fixture->stopping = true;
    uv_async_send(&fixture->stop);
  }
}

void http_fixture_cut_off(http_fixture_t *fixture) {
  if (!fixture->stopping) {
    fixture->stopping = true;
    uv_async_send(&fixture->cut_off);
  }
}

int http_fixture_teardown(void **state) {
  http_fixture_t *fixture = *state;
  int status = 0;

  if (fixture->running) {
    http_fixture_stop(fixture);
    uv_thread_join(&fixture->thread);
    status = fixture->thread_status;
  }
  async_context_key_destroy(&fixture->key);
  uv_sem_destroy(&fixture->closes);
  uv_sem_destroy(&fixture->begun);
  uv_sem_destroy(&fixture->refusals);
  uv_sem_destroy(&fixture->accept_errors);
  uv_sem_destroy(&fixture->ready);
  uv_mutex_destroy(&fixture->mutex);
  async_free(fixture);
  return status;
}

const char *http_fixture_ask(http_fixture_t *fixture, const char *request) {
  int fd = raw_socket_connect(fixture->port);
  long size;

  assert_true(fd >= 0);
  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  size = raw_socket_read_all(fd, fixture->answer, FIXTURE_TEXT_BYTES);
  close(fd);
  assert_true(size >= 0);
  return fixture->answer;
}

void http_send(int fd, const char *text) {
  assert_int_equal(raw_socket_write(fd, text, strlen(text)), 0);
}

void http_statuses(const char *answer, char *ret_statuses, size_t size) {
  size_t at = 0;

  ret_statuses[0] = '\0';
  while ((answer = strstr(answer, "HTTP/1.1 ")) != NULL && at + 5 < size) {
    at += (size_t)snprintf(ret_statuses + at, size - at, "%s%.3s",
                           at == 0 ? "" : " ", answer + 9);
    answer += 9;
  }
}

void http_expect(http_fixture_t *fixture, const char *request,
                 const char *statuses) {
  char found[256];

  http_statuses(http_fixture_ask(fixture, request), found, sizeof(found));
  assert_string_equal(found, statuses);
}

void http_fixture_note(http_fixture_t *fixture, const char *what) {
  void *store = NULL;
  size_t at;

  async_context_get(&fixture->key, &store);
  uv_mutex_lock(&fixture->mutex);
  at = strlen(fixture->notes);
  snprintf(fixture->notes + at, sizeof(fixture->notes) - at, "%s:%u ", what,
           (unsigned)(uintptr_t)store);
  uv_mutex_unlock(&fixture->mutex);
}

const char *http_fixture_notes(http_fixture_t *fixture) {
  uv_mutex_lock(&fixture->mutex);
  memcpy(fixture->taken, fixture->notes, sizeof(fixture->notes));
  fixture->notes[0] = '\0';
  uv_mutex_unlock(&fixture->mutex);
  return fixture->taken;
}
