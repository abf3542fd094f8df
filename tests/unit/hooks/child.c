#include "child.h"

#include "test_main.h"
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_all(int fd, char *text, size_t bytes) {
  size_t length = 0;
  ssize_t got;
  while ((got = read(fd, text + length, bytes - 1 - length)) > 0) {
    length += (size_t)got;
  }
  text[length] = '\0';
  close(fd);
}

static void become_child(int out[2], int err[2], void (*fn)(void)) {
  dup2(out[1], STDOUT_FILENO);
  dup2(err[1], STDERR_FILENO);
  fn();
  fflush(stdout);
  _exit(42);
}

child_t run_child(void (*fn)(void)) {
  child_t child;
  int out[2], err[2];
  assert_int_equal(pipe(out), 0);
  assert_int_equal(pipe(err), 0);
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    become_child(out, err, fn);
  }
  assert_true(pid > 0);
  close(out[1]);
  close(err[1]);
  read_all(out[0], child.out, sizeof(child.out));
  read_all(err[0], child.err, sizeof(child.err));
  assert_int_equal(waitpid(pid, &child.status, 0), pid);
  return child;
}
