/* /debug as one loop of the server gives it, of a process with so many
 * resources that no answer fits into the sockets between it and its reader. */
#include "app.h"
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_resource.h"
#include "debug_limits.h"
#include "http_bind.h"
#include "json.h"
#include "raw_socket.h"
#include "request_context.h"
#include "test_main.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define RESOURCES    40000 /* times some 300 bytes of JSON */
#define ANSWER_BYTES 65536

typedef struct debug_app_s {
  app_t app;
  app_loop_t app_loop;
  uv_loop_t uv_loop; /* never run: what the resources belong to */
  async_resource_t *resources;
  int log_fds[2];
  char answer[ANSWER_BYTES + 1];
} debug_app_t;

static void open_app(app_t *app, int log_fd) {
  const async_local_storage_options_t storage = {
      .name = "request",
      .release = request_context_release,
      .account = request_context_account};
  const worker_pool_options_t pool = {.threads = 1, .name = "pool"};

  app_options_default(&app->options);
  app_log_init(&app->log, log_fd);
  app->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
  assert_int_equal(async_local_storage_init(&app->storage, &storage), 0);
  assert_int_equal(worker_pool_create(&pool, &app->pool), 0);
  assert_int_equal(debug_secret_init(&app->secret, NULL), 0);
  assert_int_equal(asyncscope_debug_create(NULL, &app->debug), 0);
}

static void make_resources(debug_app_t *d) {
  d->resources = async_calloc(RESOURCES, sizeof(*d->resources));
  assert_non_null(d->resources);
  for (size_t i = 0; i < RESOURCES; i++)
    assert_int_equal(async_resource_init(&d->resources[i], "R", NULL), 0);
}

static int setup(void **state) {
  const struct sockaddr_in any = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
  debug_app_t *d = async_calloc(1, sizeof(*d));
  uv_os_sock_t sock;

  /* As the server does: a reader may be gone when it is written to. */
  signal(SIGPIPE, SIG_IGN);
  json_prepare();
  *state = d;
  assert_int_equal(uv_loop_init(&d->uv_loop), 0);
  assert_int_equal(async_env_attach(&d->uv_loop), 0);
  assert_int_equal(pipe(d->log_fds), 0);
  open_app(&d->app, d->log_fds[1]);
  make_resources(d);
  assert_int_equal(
      http_bind((const struct sockaddr *)&any, HTTP_BIND_ALONE, &sock), 0);
  assert_int_equal(http_bound_address(sock, &d->app.address), 0);
  return app_loop_start(&d->app_loop, &d->app, 0, sock);
}

static int teardown(void **state) {
  debug_app_t *d = *state;

  atomic_store(&d->app.phase, APP_STOPPING);
  app_loop_wake(&d->app_loop);
  app_loop_join(&d->app_loop);
  for (size_t i = 0; i < RESOURCES; i++)
    async_resource_finish(&d->resources[i]);
  async_free(d->resources);
  asyncscope_debug_destroy(d->app.debug);
  debug_secret_finish(&d->app.secret);
  worker_pool_close(d->app.pool, false, NULL, NULL);
  uv_run(&d->uv_loop, UV_RUN_DEFAULT);
  async_local_storage_finish(&d->app.storage);
  app_log_finish(&d->app.log);
  close(d->app.ended_fd);
  close(d->log_fds[0]);
  close(d->log_fds[1]);
  async_env_detach();
  uv_loop_close(&d->uv_loop);
  async_free(d);
  return 0;
}

/* A connection that has asked, and what has come up to the end of the head. */
static int ask(debug_app_t *d, const char *path) {
  struct sockaddr_in address;
  char request[128];
  int fd;

  memcpy(&address, &d->app.address, sizeof(address));
  fd = raw_socket_connect(ntohs(address.sin_port));
  assert_true(fd >= 0);
  snprintf(request, sizeof(request),
           "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  assert_true(
      raw_socket_read_until(fd, "\r\n\r\n", 1, d->answer, ANSWER_BYTES) > 0);
  return fd;
}

static void assert_status(const debug_app_t *d, const char *status) {
  assert_memory_equal(d->answer + sizeof("HTTP/1.1 ") - 1, status, 3);
}

/* As many as there may be, who read no more than the head. */
static void ask_full(debug_app_t *d, int ret_fds[DEBUG_STREAMS_MAX]) {
  for (size_t i = 0; i < DEBUG_STREAMS_MAX; i++) {
    ret_fds[i] = ask(d, i % 2 == 0 ? "/debug" : "/debug/tree");
    assert_status(d, "200");
  }
}

static void close_all(const int fds[DEBUG_STREAMS_MAX]) {
  for (size_t i = 0; i < DEBUG_STREAMS_MAX; i++)
    close(fds[i]);
}

static void one_reader_too_many_is_told_to_come_again(void **state) {
  debug_app_t *d = *state;
  int fds[DEBUG_STREAMS_MAX];

  ask_full(d, fds);
  close(ask(d, "/debug"));
  assert_status(d, "503");
  assert_non_null(strstr(d->answer, "\r\nRetry-After: 1\r\n"));
  close_all(fds);
}

static void others_are_served_while_the_readers_do_not_read(void **state) {
  debug_app_t *d = *state;
  int fds[DEBUG_STREAMS_MAX];

  ask_full(d, fds);
  close(ask(d, "/hello"));
  assert_status(d, "200");
  close_all(fds);
}

/* Asked until the server has noticed. */
static void a_reader_that_leaves_makes_room(void **state) {
  debug_app_t *d = *state;
  int fds[DEBUG_STREAMS_MAX];
  bool refused = true;

  ask_full(d, fds);
  close(fds[0]);
  while (refused) {
    int fd = ask(d, "/debug");

    refused = memcmp(d->answer, "HTTP/1.1 503", 12) == 0;
    close(fd);
  }
  assert_status(d, "200");
  fds[0] = -1;
  close_all(fds);
}

#define cmocka_unit_test_debug(name) \
  cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_debug(one_reader_too_many_is_told_to_come_again),
      cmocka_unit_test_debug(others_are_served_while_the_readers_do_not_read),
      cmocka_unit_test_debug(a_reader_that_leaves_makes_room),
  };
  return test_main(tests, argc, argv);
}
