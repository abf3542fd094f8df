/* The watch on a loop that turns without pause, beside a socket of which the
 * loop knows nothing: so no version of libuv takes what is waiting there. */
#include "http_accept_watch.h"

#include "asyncscope/async_env.h"
#include "http_limits.h"
#include "http_response.h"
#include "http_server.h"
#include "raw_socket.h"
#include "test_main.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NOTICED_TURNS (HTTP_ACCEPT_LOOKS * HTTP_ACCEPT_LOOK_TURNS)

typedef struct fixture_s {
  uv_loop_t loop;
  uv_idle_t idle;
  http_accept_watch_t watch;
  uv_os_sock_t sock;
  uint16_t port;
  int visitor; /* -1: none */
  unsigned turns, turns_max, reset_every;
  unsigned stuck;
} fixture_t;

static void on_idle(uv_idle_t *idle) {
  fixture_t *f = idle->data;

  f->turns++;
  if (f->reset_every > 0 && f->turns % f->reset_every == 0)
    http_accept_watch_reset(&f->watch);
  if (f->turns == f->turns_max)
    uv_idle_stop(idle);
}

static void on_stuck(http_accept_watch_t *watch) {
  fixture_t *f = watch->data;

  f->stuck++;
}

static int setup(void **state) {
  static fixture_t fixture;
  fixture_t *f = &fixture;

  *f = (fixture_t){.visitor = -1};
  *state = f;
  f->sock = raw_socket_listen(&f->port);
  if (f->sock < 0 || uv_loop_init(&f->loop) != 0)
    return -1;
  uv_idle_init(&f->loop, &f->idle);
  f->idle.data = f;
  http_accept_watch_init(&f->watch, &f->loop, on_stuck);
  f->watch.data = f;
  return 0;
}

static int teardown(void **state) {
  fixture_t *f = *state;

  if (f->visitor >= 0)
    close(f->visitor);
  close(f->sock);
  http_accept_watch_close(&f->watch, NULL);
  uv_close((uv_handle_t *)&f->idle, NULL);
  uv_run(&f->loop, UV_RUN_DEFAULT);
  return uv_loop_close(&f->loop);
}

static void visit(fixture_t *f) {
  f->visitor = raw_socket_connect(f->port);
  assert_true(f->visitor >= 0);
}

static void turn(fixture_t *f, unsigned turns) {
  f->turns = 0;
  f->turns_max = turns;
  uv_idle_start(&f->idle, on_idle);
  assert_int_equal(uv_run(&f->loop, UV_RUN_DEFAULT), 0);
}

static void who_is_never_taken_is_noticed(void **state) {
  fixture_t *f = *state;

  visit(f);
  http_accept_watch_start(&f->watch, f->sock);
  turn(f, NOTICED_TURNS - 1);
  assert_int_equal(f->stuck, 0);
  turn(f, 1);
  assert_int_equal(f->stuck, 1);
}

static void it_is_told_again_while_it_lasts(void **state) {
  fixture_t *f = *state;

  visit(f);
  http_accept_watch_start(&f->watch, f->sock);
  turn(f, 3 * NOTICED_TURNS);
  assert_int_equal(f->stuck, 3);
}

static void where_nobody_waits_nothing_is_stuck(void **state) {
  fixture_t *f = *state;

  http_accept_watch_start(&f->watch, f->sock);
  turn(f, 3 * NOTICED_TURNS);
  assert_int_equal(f->stuck, 0);
}

/* The last look of four is the first that finds something. */
static void who_came_a_moment_ago_is_not_stuck(void **state) {
  fixture_t *f = *state;

  http_accept_watch_start(&f->watch, f->sock);
  turn(f, NOTICED_TURNS - 1);
  visit(f);
  turn(f, HTTP_ACCEPT_LOOK_TURNS);
  assert_int_equal(f->stuck, 0);
}

/* Others wait meanwhile at every look. */
static void where_some_are_taken_nothing_is_stuck(void **state) {
  fixture_t *f = *state;

  visit(f);
  http_accept_watch_start(&f->watch, f->sock);
  f->reset_every = NOTICED_TURNS - 1;
  turn(f, 8 * NOTICED_TURNS);
  assert_int_equal(f->stuck, 0);
}

/* Nobody was kept waiting through all looks. */
static void what_was_taken_between_two_looks_counts_no_more(void **state) {
  fixture_t *f = *state;

  visit(f);
  http_accept_watch_start(&f->watch, f->sock);
  turn(f, (HTTP_ACCEPT_LOOKS - 1) * HTTP_ACCEPT_LOOK_TURNS);
  close(accept(f->sock, NULL, NULL));
  turn(f, HTTP_ACCEPT_LOOK_TURNS);
  close(f->visitor);
  visit(f);
  turn(f, (HTTP_ACCEPT_LOOKS - 1) * HTTP_ACCEPT_LOOK_TURNS);
  assert_int_equal(f->stuck, 0);
}

static void a_watch_that_was_stopped_does_not_look(void **state) {
  fixture_t *f = *state;

  visit(f);
  http_accept_watch_start(&f->watch, f->sock);
  http_accept_watch_stop(&f->watch);
  turn(f, 3 * NOTICED_TURNS);
  assert_int_equal(f->stuck, 0);
}

static void on_request(void *data, http_request_t *request,
                       http_response_t *response) {
  (void)data;
  (void)request;
  http_response_abort(response, UV_ECANCELED);
}

/* A turn of the loop costs nothing where libuv tells of errors by itself. */
static void a_server_watches_where_libuv_is_silent(void **state) {
  const http_server_options_t options = {
      .limits = HTTP_LIMITS_DEFAULT, .callbacks = {.on_request = on_request}};
  fixture_t *f = *state;
  http_server_t server;
  bool silent = strcmp(uv_version_string(), "1.45") >= 0;
  bool watches;

  assert_int_equal(async_env_attach(&f->loop), 0);
  assert_int_equal(http_server_init(&server, &f->loop, &options), 0);
  assert_int_equal(http_server_listen(&server, dup(f->sock)), 0);
  watches = uv_is_active((uv_handle_t *)&server.accept_watch.check) != 0;
  http_server_stop(&server, NULL);
  uv_run(&f->loop, UV_RUN_DEFAULT);
  http_server_finish(&server);
  async_env_detach();
  assert_int_equal(watches, silent);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(who_is_never_taken_is_noticed, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(it_is_told_again_while_it_lasts, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(where_nobody_waits_nothing_is_stuck,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(who_came_a_moment_ago_is_not_stuck, setup,
                                      teardown),
      cmocka_unit_test_setup_teardown(where_some_are_taken_nothing_is_stuck,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(
          what_was_taken_between_two_looks_counts_no_more, setup, teardown),
      cmocka_unit_test_setup_teardown(a_watch_that_was_stopped_does_not_look,
                                      setup, teardown),
      cmocka_unit_test_setup_teardown(a_server_watches_where_libuv_is_silent,
                                      setup, teardown),
  };
  return test_main(tests, argc, argv);
}
