/* Each test has a directory of its own, in which nothing may be left. Locks
 * belong to open files, not to processes: this process is its own rival. */
#include "test_main.h"
#include "unix_socket.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define RACERS 4
#define RACES  100

typedef struct place_s {
  char directory[32];
  char path[64];
  char lock[72];
} place_t;

static int setup(void **state) {
  place_t *place = calloc(1, sizeof(*place));

  *state = place;
  snprintf(place->directory, sizeof(place->directory),
           "/tmp/asyncscope.XXXXXX");
  if (mkdtemp(place->directory) == NULL)
    return -1;
  snprintf(place->path, sizeof(place->path), "%s/debug", place->directory);
  snprintf(place->lock, sizeof(place->lock), "%s.lock", place->path);
  return 0;
}

static int teardown(void **state) {
  place_t *place = *state;
  int error = rmdir(place->directory);

  free(place);
  return error;
}

/* As a process that was killed leaves it. */
static void leave_deserted(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_true(fd >= 0);
  snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
  assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)),
                   0);
  close(fd);
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_true(fd >= 0);
  snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
  if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
    return fd;
  close(fd);
  return -1;
}

static void remove_and_close(unix_socket_t *sock) {
  unix_socket_remove(sock);
  close(sock->sock);
}

static void assert_missing(const char *path) {
  struct stat status;

  assert_int_equal(lstat(path, &status), -1);
}

static void its_file_is_for_its_user_alone(void **state) {
  place_t *place = *state;
  mode_t mask = umask(0);
  unix_socket_t sock;
  struct stat status;
  int error = unix_socket_open(&sock, place->path);

  umask(mask);
  assert_int_equal(error, 0);
  assert_int_equal(lstat(place->path, &status), 0);
  assert_int_equal(status.st_mode, S_IFSOCK | 0600);
  remove_and_close(&sock);
}

static void it_listens(void **state) {
  place_t *place = *state;
  unix_socket_t sock;
  int fd;

  assert_int_equal(unix_socket_open(&sock, place->path), 0);
  fd = connect_to(place->path);
  assert_true(fd >= 0);
  close(fd);
  remove_and_close(&sock);
}

static void nothing_is_left_of_it(void **state) {
  place_t *place = *state;
  unix_socket_t sock;

  assert_int_equal(unix_socket_open(&sock, place->path), 0);
  assert_int_equal(access(place->lock, F_OK), 0);
  remove_and_close(&sock);
  assert_missing(place->path);
  assert_missing(place->lock);
}

static void a_deserted_one_is_replaced(void **state) {
  place_t *place = *state;
  unix_socket_t sock;
  int fd;

  leave_deserted(place->path);
  assert_int_equal(unix_socket_open(&sock, place->path), 0);
  fd = connect_to(place->path);
  assert_true(fd >= 0);
  close(fd);
  remove_and_close(&sock);
}

static void a_deserted_lock_is_no_hindrance(void **state) {
  place_t *place = *state;
  unix_socket_t sock;
  int fd = open(place->lock, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

  assert_true(fd >= 0);
  close(fd);
  leave_deserted(place->path);
  assert_int_equal(unix_socket_open(&sock, place->path), 0);
  remove_and_close(&sock);
}

static void one_that_is_served_is_in_use(void **state) {
  place_t *place = *state;
  unix_socket_t first, second;
  int fd;

  assert_int_equal(unix_socket_open(&first, place->path), 0);
  assert_int_equal(unix_socket_open(&second, place->path), UV_EADDRINUSE);
  fd = connect_to(place->path);
  assert_true(fd >= 0);
  close(fd);
  remove_and_close(&first);
}

/* By a program that knows nothing of the lock. */
static void one_that_anybody_serves_is_in_use(void **state) {
  place_t *place = *state;
  unix_socket_t first, second;

  assert_int_equal(unix_socket_open(&first, place->path), 0);
  assert_int_equal(unlink(place->lock), 0);
  assert_int_equal(unix_socket_open(&second, place->path), UV_EADDRINUSE);
  assert_missing(place->lock);
  assert_int_equal(access(place->path, F_OK), 0);
  remove_and_close(&first);
}

static void a_file_is_left_alone(void **state) {
  place_t *place = *state;
  unix_socket_t sock;
  int fd = open(place->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

  assert_true(fd >= 0);
  close(fd);
  assert_int_equal(unix_socket_open(&sock, place->path), UV_EEXIST);
  assert_missing(place->lock);
  assert_int_equal(unlink(place->path), 0);
}

static void a_link_is_not_followed(void **state) {
  place_t *place = *state;
  unix_socket_t sock;
  char target[72];

  snprintf(target, sizeof(target), "%s/target", place->directory);
  leave_deserted(target);
  assert_int_equal(symlink(target, place->path), 0);
  assert_int_equal(unix_socket_open(&sock, place->path), UV_EEXIST);
  assert_int_equal(access(target, F_OK), 0);
  assert_int_equal(unlink(place->path), 0);
  assert_int_equal(unlink(target), 0);
}

static void a_lock_that_is_a_link_is_not_followed(void **state) {
  place_t *place = *state;
  unix_socket_t sock;
  char target[72];

  snprintf(target, sizeof(target), "%s/target", place->directory);
  assert_int_equal(symlink(target, place->lock), 0);
  assert_int_equal(unix_socket_open(&sock, place->path), UV_ELOOP);
  assert_missing(target);
  assert_int_equal(unlink(place->lock), 0);
}

static void what_took_its_place_is_left_alone(void **state) {
  place_t *place = *state;
  unix_socket_t sock;

  assert_int_equal(unix_socket_open(&sock, place->path), 0);
  assert_int_equal(unlink(place->path), 0);
  leave_deserted(place->path);
  remove_and_close(&sock);
  assert_int_equal(unlink(place->path), 0);
}

static void a_directory_that_is_missing_is_told(void **state) {
  unix_socket_t sock;

  (void)state;
  assert_int_equal(unix_socket_open(&sock, "/nonexistent/debug"), UV_ENOENT);
}

static void a_path_that_is_empty_or_too_long_is_refused(void **state) {
  unix_socket_t sock;
  char path[sizeof(sock.path) + 1];

  (void)state;
  memset(path, 'x', sizeof(path) - 1);
  path[sizeof(path) - 1] = '\0';
  assert_int_equal(unix_socket_open(&sock, path), UV_ENAMETOOLONG);
  assert_int_equal(unix_socket_open(&sock, ""), UV_EINVAL);
}

typedef struct race_s {
  const char *path;
  uv_barrier_t *line;
  unix_socket_t socket;
  int error;
} race_t;

static void run_race(void *arg) {
  race_t *race = arg;

  uv_barrier_wait(race->line);
  race->error = unix_socket_open(&race->socket, race->path);
}

/* How many have it; they are ended. */
static unsigned run_races(race_t races[RACERS]) {
  uv_thread_t threads[RACERS];
  unsigned winners = 0;

  for (size_t i = 0; i < RACERS; i++)
    assert_int_equal(uv_thread_create(&threads[i], run_race, &races[i]), 0);
  for (size_t i = 0; i < RACERS; i++)
    assert_int_equal(uv_thread_join(&threads[i]), 0);
  for (size_t i = 0; i < RACERS; i++) {
    if (races[i].error == 0) {
      remove_and_close(&races[i].socket);
      winners++;
    } else {
      assert_int_equal(races[i].error, UV_EADDRINUSE);
    }
  }
  return winners;
}

static void of_many_at_once_exactly_one_has_it(void **state) {
  place_t *place = *state;
  uv_barrier_t line;
  race_t races[RACERS];

  for (size_t round = 0; round < RACES; round++) {
    assert_int_equal(uv_barrier_init(&line, RACERS), 0);
    for (size_t i = 0; i < RACERS; i++)
      races[i] = (race_t){.path = place->path, .line = &line};
    leave_deserted(place->path);
    assert_int_equal(run_races(races), 1);
    uv_barrier_destroy(&line);
  }
}

#define cmocka_unit_test_place(name) \
  cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_place(its_file_is_for_its_user_alone),
      cmocka_unit_test_place(it_listens),
      cmocka_unit_test_place(nothing_is_left_of_it),
      cmocka_unit_test_place(a_deserted_one_is_replaced),
      cmocka_unit_test_place(a_deserted_lock_is_no_hindrance),
      cmocka_unit_test_place(one_that_is_served_is_in_use),
      cmocka_unit_test_place(one_that_anybody_serves_is_in_use),
      cmocka_unit_test_place(a_file_is_left_alone),
      cmocka_unit_test_place(a_link_is_not_followed),
      cmocka_unit_test_place(a_lock_that_is_a_link_is_not_followed),
      cmocka_unit_test_place(what_took_its_place_is_left_alone),
      cmocka_unit_test_place(a_directory_that_is_missing_is_told),
      cmocka_unit_test_place(a_path_that_is_empty_or_too_long_is_refused),
      cmocka_unit_test_place(of_many_at_once_exactly_one_has_it),
  };
  return test_main(tests, argc, argv);
}
