/*
 * More than the server can take: whoever is refused is told so and may come
 * again, and whoever was let in is served.
 */
#include "debug_snapshot.h"

#include "e2e_raw.h"
#include "raw_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define GET(target) "GET " target " HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* The first of them that has an answer. */
static int await_any(const int *fds, nfds_t count) {
  struct pollfd entries[8];
  for (nfds_t i = 0; i < count; i++) {
    entries[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
  }
  assert_true(poll(entries, count, RAW_SOCKET_DEADLINE_MS) > 0);
  for (nfds_t i = 0; i < count; i++) {
    if (entries[i].revents != 0) {
      return entries[i].fd;
    }
  }
  return -1;
}

static void await_sum(e2e_t *e2e) {
  for (size_t i = 0; i < DEBUG_POLLS; i++) {
    http_answer_finish(&e2e->answer);
    http_client_get(&e2e->client, "/sum?a=1&b=2", &e2e->answer);
    if (e2e->answer.status == 200) {
      return;
    }
    assert_int_equal(e2e->answer.status, 503);
    e2e_assert_field(e2e, "Retry-After", "1");
    e2e_get(e2e, 200, "/timer?ms=5");
  }
  fail_msg("no answer but %ld", e2e->answer.status);
}

/* One that runs, one that waits: a third is too many. Which it is depends on
 * when the worker took the first. */
static void a_full_pool_is_503_with_retry_after(void **state) {
  e2e_t *e2e = *state;
  char answer[4097];
  int fds[3];
  e2e_start(e2e, "--workers", "1", "--worker-queue", "1", "--demo-faults");
  for (size_t i = 0; i < 3; i++) {
    fds[i] = e2e_raw_open(e2e);
    e2e_raw_send(fds[i], GET("/spin?ms=25000"));
  }
  int refused = await_any(fds, 3);
  assert_true(raw_socket_read_until(refused, "\r\n\r\n", 1, answer, 4096) > 0);
  e2e_raw_assert_status(answer, "503");
  e2e_assert_contains(answer, "\r\nRetry-After: 1\r\n");
  e2e_get(e2e, 200, "/hello");
  for (size_t i = 0; i < 3; i++) {
    close(fds[i]);
  }
  await_sum(e2e);
  debug_assert_quiet(e2e, 1);
}

/* Of the answer to a body of so many bytes; of the body all is sent. */
static int begin_echo(e2e_t *e2e, size_t length, size_t sent) {
  static char piece[1 << 20];
  char head[128];
  int fd = e2e_raw_open(e2e);
  snprintf(head, sizeof(head),
           "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
           "%zu\r\n\r\n",
           length);
  e2e_raw_send(fd, head);
  for (size_t i = 0; i < sent; i += sizeof(piece)) {
    assert_int_equal(raw_socket_write(fd, piece, sizeof(piece)), 0);
  }
  return fd;
}

static long echo_status(e2e_t *e2e, size_t length) {
  char answer[4097];
  int fd = begin_echo(e2e, length, length);
  assert_true(raw_socket_read_until(fd, "\r\n\r\n", 1, answer, 4096) > 0);
  close(fd);
  return strtol(answer + strlen("HTTP/1.1 "), NULL, 10);
}

/* 64 MiB are there for all. Of what was sent last some may still be with the
 * kernel. */
static void bodies_that_are_held_do_not_take_all_memory(void **state) {
  e2e_t *e2e = *state;
  const size_t mib = 1 << 20;
  e2e_start(e2e, "--max-body-bytes", "64M");
  int fd = begin_echo(e2e, 61 * mib, 60 * mib);
  assert_int_equal(echo_status(e2e, 24 * mib), 503);
  e2e_get(e2e, 200, "/hello");
  close(fd);
  long status = 503;
  for (size_t i = 0; i < 1000 && status == 503; i++) {
    status = echo_status(e2e, 24 * mib);
  }
  assert_int_equal(status, 200);
  debug_assert_quiet(e2e, 1);
}

/* The number that the server's next descriptor would have. */
static rlim_t next_descriptor(const e2e_t *e2e) {
  char path[64];
  for (rlim_t number = 0;; number++) {
    snprintf(path, sizeof(path), "/proc/%d/fd/%u", (int)e2e->server.pid,
             (unsigned)number);
    if (faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
      return number;
    }
  }
}

/* The server keeps the descriptors that it has, and gets no other. Nothing
 * that it still has to close may be among them. */
static struct rlimit exhaust_descriptors(e2e_t *e2e) {
  struct rlimit before, limit;
  debug_assert_quiet(e2e, 1);
  assert_int_equal(prlimit(e2e->server.pid, RLIMIT_NOFILE, NULL, &before), 0);
  limit = before;
  limit.rlim_cur = next_descriptor(e2e);
  assert_int_equal(prlimit(e2e->server.pid, RLIMIT_NOFILE, &limit, NULL), 0);
  return before;
}

static void restore_descriptors(e2e_t *e2e, const struct rlimit *limit) {
  assert_int_equal(prlimit(e2e->server.pid, RLIMIT_NOFILE, limit, NULL), 0);
}

/* One more connects, and is not let in. */
static void knock(e2e_t *e2e) {
  int fd = e2e_raw_open(e2e);
  e2e_get(e2e, 200, "/hello");
  close(fd);
}

static void without_descriptors_whoever_is_there_is_served(void **state) {
  e2e_t *e2e = *state;
  e2e_write_file(e2e, "file", "text", 4);
  e2e_start(e2e, "--root", e2e_directory(e2e));
  assert_string_equal(e2e_get(e2e, 200, "/file?path=file"), "text");
  struct rlimit before = exhaust_descriptors(e2e);
  knock(e2e);
  e2e_get(e2e, 503, "/file?path=file");
  e2e_assert_field(e2e, "Retry-After", "1");
  e2e_get(e2e, 200, "/hello");
  assert_int_equal(e2e->answer.new_connections, 0);
  restore_descriptors(e2e, &before);
  e2e_reconnect(e2e);
  assert_string_equal(e2e_get(e2e, 200, "/file?path=file"), "text");
  debug_assert_quiet(e2e, 1);
}

static json_int_t loop_turns(e2e_t *e2e) {
  size_t i = 0;
  json_t *thread = NULL;
  json_int_t turns = 0;
  json_array_foreach(e2e_array(debug_capture(e2e), "threads"), i, thread) {
    if (strcmp(e2e_string(thread, "kind"), "loop") == 0) {
      turns += e2e_integer(json_object_get(thread, "loop"), "iterations");
    }
  }
  return turns;
}

/* One that tried again for ever would turn thousands of times while a timer
 * runs. What there is to do takes few turns: the sweeps, the requests, the
 * ends of those who were not let in. */
static void without_descriptors_it_does_not_spin(void **state) {
  e2e_t *e2e = *state;
  e2e_start(e2e, NULL);
  struct rlimit before = exhaust_descriptors(e2e);
  int more = e2e_raw_open(e2e);
  json_int_t turns = loop_turns(e2e);
  e2e_get(e2e, 200, "/timer?ms=1000");
  assert_in_range(loop_turns(e2e) - turns, 1, 300);
  close(more);
  restore_descriptors(e2e, &before);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_server(a_full_pool_is_503_with_retry_after),
      cmocka_unit_test_of_server(bodies_that_are_held_do_not_take_all_memory),
      cmocka_unit_test_of_server(
          without_descriptors_whoever_is_there_is_served),
      cmocka_unit_test_of_server(without_descriptors_it_does_not_spin),
  };
  return test_main(tests, argc, argv);
}
