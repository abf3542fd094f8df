/* Where the diagnostics listen, and how that ends. */
#include "listener_fixture.h"

#include "asyncscope/async_inspect.h"
#include "asyncscope/async_resource.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

static void refuse(listener_fixture_t *f, const char *address,
                   const char *token, int error) {
  const asyncscope_debug_listen_options_t options = {.token = token};

  assert_int_equal(
      asyncscope_debug_listen(NULL, address, &options, &f->listener), error);
  assert_null(f->listener);
}

static void assert_message_has(const char *text) {
  if (strstr(async_error_message(), text) == NULL)
    fail_msg("no \"%s\" in \"%s\"", text, async_error_message());
}

static void it_answers(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
  listener_assert_has(f, "\"schemaVersion\"");
  assert_int_equal(listener_status(f, "GET /debug/tree HTTP/1.1\r\n" END), 200);
}

static void its_health_is_for_everybody(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, "secret");
  assert_int_equal(listener_status(f, "GET /healthz HTTP/1.1\r\n" END), 200);
  listener_assert_has(f, "\r\n\r\nok\n");
  assert_int_equal(listener_status(f, "HEAD /healthz HTTP/1.1\r\n" END), 200);
}

static void off_is_no_listener(void **state) {
  listener_fixture_t *f = *state;

  assert_int_equal(asyncscope_debug_listen(NULL, "off", NULL, &f->listener), 0);
  assert_null(f->listener);
  assert_string_equal(asyncscope_debug_listener_url(f->listener), "");
}

static void a_unix_socket_answers_its_user_alone(void **state) {
  listener_fixture_t *f = *state;
  const char *address = listener_unix_address(f);
  struct stat status;

  assert_int_equal(asyncscope_debug_listen(NULL, address, NULL, &f->listener),
                   0);
  assert_string_equal(asyncscope_debug_listener_url(f->listener), address);
  assert_int_equal(lstat(address + 5, &status), 0);
  assert_int_equal(status.st_mode, S_IFSOCK | 0600);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
}

static void a_unix_socket_is_removed_at_the_end(void **state) {
  listener_fixture_t *f = *state;
  const char *address = listener_unix_address(f);

  assert_int_equal(asyncscope_debug_listen(NULL, address, NULL, &f->listener),
                   0);
  asyncscope_debug_listener_close(f->listener);
  f->listener = NULL;
  assert_int_equal(access(address + 5, F_OK), -1);
}

static void a_unix_socket_in_use_is_named(void **state) {
  listener_fixture_t *f = *state;
  const char *address = listener_unix_address(f);
  asyncscope_debug_listener_t *second = NULL;

  assert_int_equal(asyncscope_debug_listen(NULL, address, NULL, &f->listener),
                   0);
  assert_int_equal(asyncscope_debug_listen(NULL, address, NULL, &second),
                   UV_EADDRINUSE);
  assert_message_has(address);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
}

static void a_file_in_the_way_is_left_alone(void **state) {
  listener_fixture_t *f = *state;
  const char *address = listener_unix_address(f);
  int fd = open(address + 5, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

  assert_true(fd >= 0);
  close(fd);
  refuse(f, address, NULL, UV_EEXIST);
  assert_message_has("no socket");
  assert_int_equal(unlink(address + 5), 0);
}

static void a_taken_port_is_named(void **state) {
  listener_fixture_t *f = *state;
  uint16_t port;
  int fd = raw_socket_listen(&port);
  char address[32];

  assert_true(fd >= 0);
  snprintf(address, sizeof(address), "127.0.0.1:%u", port);
  refuse(f, address, NULL, UV_EADDRINUSE);
  close(fd);
  assert_message_has(address);
}

static void what_is_no_address_is_refused(void **state) {
  static const char *const bad[] = {
      "", "8081", "localhost", "unix:", "a:b:1", "on", "[::1]", ":8081"};
  listener_fixture_t *f = *state;

  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    refuse(f, bad[i], NULL, UV_EINVAL);
}

static void others_than_loopback_need_a_token(void **state) {
  listener_fixture_t *f = *state;

  refuse(f, "0.0.0.0:0", NULL, UV_EACCES);
  assert_message_has("0.0.0.0:0");
  assert_message_has("token");
  refuse(f, "0.0.0.0:0", "", UV_EACCES);
  refuse(f, "[::]:0", NULL, UV_EACCES);
  refuse(f, "192.0.2.1:0", NULL, UV_EACCES);
}

static void with_a_token_any_address_is_served(void **state) {
  const asyncscope_debug_listen_options_t options = {.token = "secret"};
  listener_fixture_t *f = *state;

  assert_int_equal(
      asyncscope_debug_listen(NULL, "0.0.0.0:0", &options, &f->listener), 0);
  assert_memory_equal(asyncscope_debug_listener_url(f->listener),
                      "http://0.0.0.0:", 15);
}

static void a_token_that_never_matches_is_refused(void **state) {
  listener_fixture_t *f = *state;
  char token[ASYNCSCOPE_DEBUG_TOKEN_MAX + 2];

  memset(token, 'x', sizeof(token) - 1);
  token[sizeof(token) - 1] = '\0';
  refuse(f, "127.0.0.1:0", token, UV_EINVAL);
}

/* The environment that the listener's thread has; released by the caller. */
static async_env_t *find_thread(async_env_info_t *ret_info) {
  async_env_t *env = NULL;

  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, ret_info);
    if (strcmp(ret_info->name, "debug") == 0)
      break;
  }
  return env;
}

static void its_thread_is_neither_loop_nor_worker(void **state) {
  listener_fixture_t *f = *state;
  async_env_info_t info;
  async_env_t *env;

  listener_start(f, NULL);
  env = find_thread(&info);
  async_inspect_release(env);
  assert_non_null(env);
  assert_int_equal(info.kind, ASYNC_ENV_OTHER);
}

static void all_that_it_makes_is_internal(void **state) {
  listener_fixture_t *f = *state;
  async_resource_info_t resource;
  async_env_info_t info;
  async_env_t *env;
  uint32_t cursor = 0;
  unsigned found = 0;
  bool internal = true;

  listener_start(f, NULL);
  env = find_thread(&info);
  assert_non_null(env);
  while (async_inspect_resources(env, &cursor, &resource, 1) == 1) {
    internal = internal && resource.internal;
    found++;
  }
  async_inspect_release(env);
  assert_true(internal);
  assert_true(found > 0);
}

static void its_own_resources_are_hidden(void **state) {
  listener_fixture_t *f = *state;
  async_resource_t resource;

  assert_int_equal(async_resource_init(&resource, "SHOWN", NULL), 0);
  listener_start(f, NULL);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
  async_resource_finish(&resource);
  listener_assert_has(f, "\"SHOWN\"");
  listener_assert_has(f, "\"debug\"");
  assert_null(strstr(f->answer, "TCPSERVERWRAP"));
  assert_null(strstr(f->answer, "HTTPINCOMINGMESSAGE"));
}

static void its_loop_is_shown_to_those_who_ask(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  assert_int_equal(
      listener_status(f, "GET /debug/loops?internal=1 HTTP/1.1\r\n" END), 200);
  listener_assert_has(f, "\"name\":\"debug\"");
  listener_assert_has(f, "\"lagUs\"");
  assert_int_equal(listener_status(f, "GET /debug/loops HTTP/1.1\r\n" END),
                   200);
  listener_assert_lacks(f, "\"name\":\"debug\"");
}

static void its_loop_has_a_name_for_those_who_ask(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  assert_int_equal(
      listener_status(
          f, "GET /debug/loops?internal=1&loop=debug HTTP/1.1\r\n" END),
      200);
  listener_assert_has(f, "\"name\":\"debug\"");
  assert_int_equal(
      listener_status(f, "GET /debug/loops?loop=debug HTTP/1.1\r\n" END), 400);
}

static void its_thread_shows_its_loop(void **state) {
  listener_fixture_t *f = *state;

  listener_start(f, NULL);
  assert_int_equal(
      listener_status(f, "GET /debug/threads?thread=debug HTTP/1.1\r\n" END),
      200);
  listener_assert_has(f, "\"lagUs\"");
}

static void the_diagnostics_given_are_served(void **state) {
  const asyncscope_debug_options_t options = {.tool_name = "given"};
  listener_fixture_t *f = *state;
  asyncscope_debug_t *debug;

  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  assert_int_equal(
      asyncscope_debug_listen(debug, "127.0.0.1:0", NULL, &f->listener), 0);
  f->port = (uint16_t)strtoul(asyncscope_debug_listener_url(f->listener) + 17,
                              NULL, 10);
  listener_ask(f, "GET /debug HTTP/1.1\r\n" END);
  asyncscope_debug_listener_close(f->listener);
  asyncscope_debug_destroy(debug);
  f->listener = NULL;
  listener_assert_has(f, "\"given\"");
}

static void two_do_not_disturb_each_other(void **state) {
  listener_fixture_t *f = *state;
  asyncscope_debug_listener_t *other = NULL;

  listener_start(f, NULL);
  assert_int_equal(asyncscope_debug_listen(NULL, "127.0.0.1:0", NULL, &other),
                   0);
  assert_string_not_equal(asyncscope_debug_listener_url(f->listener),
                          asyncscope_debug_listener_url(other));
  asyncscope_debug_listener_close(other);
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
}

/* Connections that wait, send half a request, or do not read. */
static void its_end_waits_for_nobody_long(void **state) {
  static const char *const starts[] = {"", "GET /deb",
                                       "GET /debug HTTP/1.1\r\n" END};
  listener_fixture_t *f = *state;
  int fds[3];

  listener_start(f, NULL);
  for (size_t i = 0; i < 3; i++) {
    fds[i] = listener_connect(f);
    assert_int_equal(raw_socket_write(fds[i], starts[i], strlen(starts[i])), 0);
  }
  assert_int_equal(listener_status(f, "GET /debug HTTP/1.1\r\n" END), 200);
  asyncscope_debug_listener_close(f->listener);
  f->listener = NULL;
  for (size_t i = 0; i < 3; i++)
    close(fds[i]);
}

static void on_signal(int number) {
  (void)number;
}

static bool blocks(const char *status, int number) {
  const char *line = strstr(status, "SigBlk:");
  unsigned long long mask =
      line == NULL ? 0 : strtoull(line + sizeof("SigBlk:"), NULL, 16);

  return (mask >> (number - 1) & 1) != 0;
}

static void the_programs_signals_are_not_for_its_thread(void **state) {
  listener_fixture_t *f = *state;
  char path[64], status[4096];
  async_env_info_t info;
  async_env_t *env;
  ssize_t size;
  int fd;

  signal(SIGUSR1, on_signal);
  listener_start(f, NULL);
  env = find_thread(&info);
  async_inspect_release(env);
  assert_non_null(env);
  snprintf(path, sizeof(path), "/proc/self/task/%lld/status",
           (long long)info.os_tid);
  fd = open(path, O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  size = read(fd, status, sizeof(status) - 1);
  close(fd);
  assert_true(size > 0);
  status[size] = '\0';
  assert_true(blocks(status, SIGUSR1));
  assert_true(blocks(status, SIGTERM));
  assert_true(blocks(status, SIGPIPE));
  assert_false(blocks(status, SIGSEGV));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_listener(it_answers),
      cmocka_unit_test_listener(its_health_is_for_everybody),
      cmocka_unit_test_listener(off_is_no_listener),
      cmocka_unit_test_listener(a_unix_socket_answers_its_user_alone),
      cmocka_unit_test_listener(a_unix_socket_is_removed_at_the_end),
      cmocka_unit_test_listener(a_unix_socket_in_use_is_named),
      cmocka_unit_test_listener(a_file_in_the_way_is_left_alone),
      cmocka_unit_test_listener(a_taken_port_is_named),
      cmocka_unit_test_listener(what_is_no_address_is_refused),
      cmocka_unit_test_listener(others_than_loopback_need_a_token),
      cmocka_unit_test_listener(with_a_token_any_address_is_served),
      cmocka_unit_test_listener(a_token_that_never_matches_is_refused),
      cmocka_unit_test_listener(its_thread_is_neither_loop_nor_worker),
      cmocka_unit_test_listener(all_that_it_makes_is_internal),
      cmocka_unit_test_listener(its_own_resources_are_hidden),
      cmocka_unit_test_listener(its_loop_is_shown_to_those_who_ask),
      cmocka_unit_test_listener(its_loop_has_a_name_for_those_who_ask),
      cmocka_unit_test_listener(its_thread_shows_its_loop),
      cmocka_unit_test_listener(the_diagnostics_given_are_served),
      cmocka_unit_test_listener(two_do_not_disturb_each_other),
      cmocka_unit_test_listener(its_end_waits_for_nobody_long),
      cmocka_unit_test_listener(the_programs_signals_are_not_for_its_thread),
  };
  return test_main(tests, argc, argv);
}
