/* A server that has no descriptor left for a connection. The limit is this
 * process's, so the clients' descriptors are made before. */
#include "http_fixture.h"

#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

typedef struct limit_change_s {
  rlim_t count; /* the one wanted, then the one before */
  int error;
} limit_change_t;

static void change_limit(void *arg) {
  limit_change_t *change = arg;
  struct rlimit limit = {0};
  change->error = prlimit(gettid(), RLIMIT_NOFILE, NULL, &limit);
  rlim_t before = limit.rlim_cur;
  limit.rlim_cur = change->count;
  if (change->error == 0)
    change->error = prlimit(gettid(), RLIMIT_NOFILE, &limit, NULL);
  change->count = before;
}

/* By a thread that names itself, though the limit is the whole process's. That
 * of a process that names itself is kept by valgrind: it takes the connection
 * that is one too many and closes it, where the kernel lets it wait. */
static rlim_t limit_descriptors(rlim_t count) {
  limit_change_t change = {.count = count};
  uv_thread_t thread;
  assert_int_equal(uv_thread_create(&thread, change_limit, &change), 0);
  uv_thread_join(&thread);
  assert_int_equal(change.error, 0);
  return change.count;
}

/* The number that the next descriptor would have. */
static rlim_t next_descriptor(void) {
  int fd = dup(STDERR_FILENO);
  assert_true(fd >= 0);
  close(fd);
  return (rlim_t)fd;
}

static void connect_to(int fd, uint16_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  assert_int_equal(
      connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
}

static void ask(http_fixture_t *f, int fd, const char *target) {
  http_send(fd, "GET ");
  http_send(fd, target);
  http_send(fd, " HTTP/1.1\r\n" KEEP);
  assert_true(raw_socket_read_until(fd, "hello", 1, f->answer, 4096) > 0);
}

/* Were accept tried again at once, nobody else would have a turn. */
static void whoever_is_there_is_served(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  int there = raw_socket_connect(f->port);
  ask(f, there, "/blind");
  int more = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(more >= 0);
  rlim_t before = limit_descriptors(next_descriptor());
  connect_to(more, f->port);
  uv_sem_wait(&f->accept_errors);
  ask(f, there, "/hello");
  ask(f, there, "/hello");
  limit_descriptors(before);
  close(there);
  close(more);
}

static void who_waited_is_served_when_there_are_some_again(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  int there = raw_socket_connect(f->port);
  ask(f, there, "/blind");
  int more = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(more >= 0);
  rlim_t before = limit_descriptors(next_descriptor());
  connect_to(more, f->port);
  uv_sem_wait(&f->accept_errors);
  limit_descriptors(before);
  ask(f, more, "/hello");
  close(there);
  close(more);
}

/* The fixture asserts that nothing is left. */
static void a_server_without_descriptors_can_be_stopped(void **state) {
  http_fixture_t *f = *state;
  http_fixture_start(f);
  int there = raw_socket_connect(f->port);
  ask(f, there, "/blind");
  int more = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(more >= 0);
  rlim_t before = limit_descriptors(next_descriptor());
  connect_to(more, f->port);
  uv_sem_wait(&f->accept_errors);
  http_fixture_stop(f);
  assert_int_equal(raw_socket_read_all(there, f->answer, 4096), 0);
  limit_descriptors(before);
  close(there);
  close(more);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(whoever_is_there_is_served),
      cmocka_unit_test_http(who_waited_is_served_when_there_are_some_again),
      cmocka_unit_test_http(a_server_without_descriptors_can_be_stopped),
  };
  return test_main(tests, argc, argv);
}
