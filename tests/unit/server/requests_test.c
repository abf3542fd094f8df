/* The account of a request that the server has answered. */
#include "app.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_request.h"
#include "http_bind.h"
#include "raw_socket.h"
#include "request_context.h"
#include "test_main.h"

#include <arpa/inet.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct served_s {
  app_t app;
  app_loop_t app_loop;
  uv_loop_t uv_loop; /* the pool's */
  int log_fds[2];
  char answer[4096 + 1];
  long answer_bytes;
} served_t;

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

static int start(void **state, bool faults) {
  const struct sockaddr_in any = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
  static served_t served;
  uv_os_sock_t sock;

  signal(SIGPIPE, SIG_IGN);
  *state = &served;
  assert_int_equal(uv_loop_init(&served.uv_loop), 0);
  assert_int_equal(async_env_attach(&served.uv_loop), 0);
  assert_int_equal(pipe(served.log_fds), 0);
  open_app(&served.app, served.log_fds[1]);
  served.app.options.demo_faults = faults;
  assert_int_equal(app_faults_init(&served.app.faults), 0);
  assert_int_equal(
      http_bind((const struct sockaddr *)&any, HTTP_BIND_ALONE, &sock), 0);
  assert_int_equal(http_bound_address(sock, &served.app.address), 0);
  return app_loop_start(&served.app_loop, &served.app, 0, sock);
}

static int setup(void **state) {
  return start(state, false);
}

static int setup_with_faults(void **state) {
  return start(state, true);
}

static int teardown(void **state) {
  served_t *served = *state;

  atomic_store(&served->app.phase, APP_STOPPING);
  app_loop_wake(&served->app_loop);
  app_loop_join(&served->app_loop);
  asyncscope_debug_destroy(served->app.debug);
  debug_secret_finish(&served->app.secret);
  worker_pool_close(served->app.pool, false, NULL, NULL);
  uv_run(&served->uv_loop, UV_RUN_DEFAULT);
  async_local_storage_finish(&served->app.storage);
  app_log_finish(&served->app.log);
  app_faults_finish(&served->app.faults);
  close(served->app.ended_fd);
  close(served->log_fds[0]);
  close(served->log_fds[1]);
  async_env_detach();
  return uv_loop_close(&served->uv_loop);
}

static int connect_to(const served_t *served) {
  struct sockaddr_in address;
  int fd;

  memcpy(&address, &served->app.address, sizeof(address));
  fd = raw_socket_connect(ntohs(address.sin_port));
  assert_true(fd >= 0);
  return fd;
}

static void ask(served_t *served, const char *request) {
  int fd = connect_to(served);

  assert_int_equal(raw_socket_write(fd, request, strlen(request)), 0);
  served->answer_bytes = raw_socket_read_all(fd, served->answer, 4096);
  assert_true(served->answer_bytes > 0);
  close(fd);
}

static bool find(unsigned which, async_request_info_t *ret_info) {
  async_env_t *env = NULL;
  bool found = false;

  while (!found && (env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;
    found = async_inspect_requests(env, which, &cursor, ret_info, 1) == 1;
  }
  async_inspect_release(env);
  return found;
}

/* The answer may be read before its request has ended. */
static async_request_info_t wait_for_finished(void) {
  async_request_info_t info;

  while (!find(ASYNC_REQUESTS_FINISHED, &info))
    sched_yield();
  return info;
}

static void wait_for_bytes(uint64_t in_bytes) {
  async_request_info_t info = {0};

  while (!find(ASYNC_REQUESTS_ACTIVE, &info) || info.in_bytes < in_bytes)
    sched_yield();
  assert_int_equal(info.in_bytes, in_bytes);
}

static void a_body_is_counted_as_it_comes(void **state) {
  static const char head[] = "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                             "Connection: close\r\nContent-Length: 6\r\n\r\n";
  served_t *served = *state;
  int fd = connect_to(served);
  async_request_info_t info;

  assert_int_equal(raw_socket_write(fd, head, strlen(head)), 0);
  wait_for_bytes(strlen(head));
  assert_int_equal(raw_socket_write(fd, "abc", 3), 0);
  wait_for_bytes(strlen(head) + 3);
  assert_int_equal(raw_socket_write(fd, "def", 3), 0);
  info = wait_for_finished();
  assert_int_equal(info.in_bytes, strlen(head) + 6);
  close(fd);
}

static void an_answered_request_says_what_it_was_and_cost(void **state) {
  static const char request[] =
      "GET /sum?a=42&b=100 HTTP/1.1\r\nHost: localhost\r\n"
      "traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01\r\n"
      "Connection: close\r\n\r\n";
  served_t *served = *state;
  async_request_info_t info;

  ask(served, request);
  info = wait_for_finished();
  assert_int_equal(info.number, 1);
  assert_string_equal(info.name, "GET /sum");
  assert_string_equal(info.route, "/sum");
  assert_int_equal(info.status, 200);
  assert_false(info.failed);
  assert_int_equal(info.in_bytes, strlen(request));
  assert_int_equal(info.out_bytes, served->answer_bytes);
  assert_int_equal(info.trace.trace_id[0], 0x0123456789abcdef);
  assert_int_equal(info.trace.parent_span_id, 0x0123456789abcdef);
  assert_int_not_equal(info.trace.span_id, 0);
  assert_int_not_equal(info.root.async_id, 0);
  assert_string_equal(info.types[0].type, "HTTPINCOMINGMESSAGE");
  assert_true(info.loop_ns > 0);
  assert_true(info.worker_ns > 0);
}

static void a_request_with_a_body_in_both_directions_is_counted(void **state) {
  static const char request[] =
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  served_t *served = *state;
  async_request_info_t info;

  ask(served, request);
  info = wait_for_finished();
  assert_string_equal(info.route, "/echo");
  assert_int_equal(info.in_bytes, strlen(request));
  assert_int_equal(info.out_bytes, served->answer_bytes);
}

static void a_path_that_is_no_route_is_counted_under_none(void **state) {
  served_t *served = *state;
  async_request_info_t info;

  ask(served, "GET /no/such HTTP/1.1\r\nHost: localhost\r\n"
              "Connection: close\r\n\r\n");
  info = wait_for_finished();
  assert_string_equal(info.name, "GET /no/such");
  assert_string_equal(info.route, "");
  assert_int_equal(info.status, 404);
}

/* One that is answered at once ends in the scope of its handler. */
static void a_request_takes_as_long_as_its_handler(void **state) {
  served_t *served = *state;
  async_request_info_t info;

  ask(served, "GET /block?ms=20 HTTP/1.1\r\nHost: localhost\r\n"
              "Connection: close\r\n\r\n");
  info = wait_for_finished();
  assert_int_equal(info.status, 200);
  assert_true(info.ended_ns - info.started_ns >= 20000000);
}

static void a_body_that_is_refused_takes_no_room(void **state) {
  served_t *served = *state;

  atomic_store(&served->app.echo_bytes, APP_ECHO_MAX_BYTES);
  ask(served, "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
              "Connection: close\r\nContent-Length: 6\r\n\r\nabcdef");
  assert_int_equal(wait_for_finished().status, 503);
  assert_int_equal(atomic_load(&served->app.echo_bytes), APP_ECHO_MAX_BYTES);
}

/* "r1 GET "/hello" 200 6 0.123ms trace=..." */
static void the_log_has_the_time_of_the_request(void **state) {
  served_t *served = *state;
  uint64_t begun_ns = uv_hrtime();
  unsigned long ms, us;
  char line[1024] = "";
  const char *at;

  ask(served, "GET /hello HTTP/1.1\r\nHost: localhost\r\n"
              "Connection: close\r\n\r\n");
  assert_true(read(served->log_fds[0], line, sizeof(line) - 1) > 0);
  at = strstr(line, " 200 ");
  assert_non_null(at);
  assert_int_equal(sscanf(at, " 200 %*u %lu.%3lums ", &ms, &us), 2);
  assert_true(ms * 1000 + us <= (uv_hrtime() - begun_ns) / 1000 + 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(
          an_answered_request_says_what_it_was_and_cost, setup, teardown),
      cmocka_unit_test_setup_teardown(
          a_request_with_a_body_in_both_directions_is_counted, setup, teardown),
      cmocka_unit_test_setup_teardown(a_body_is_counted_as_it_comes, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(
          a_path_that_is_no_route_is_counted_under_none, setup, teardown),
      cmocka_unit_test_setup_teardown(a_body_that_is_refused_takes_no_room,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(the_log_has_the_time_of_the_request,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(a_request_takes_as_long_as_its_handler,
                                      setup_with_faults, teardown),
  };
  return test_main(tests, argc, argv);
}
