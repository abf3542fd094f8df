/* Both streams go to files, so that a child that writes much to one of them
 * is never stuck while the other is read. */
#include "process.h"
#include "text.h"
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_S = 30, DEADLINE_SLOW_S = 300 };

static const char *temporary_directory(void) {
  const char *directory = getenv("TMPDIR");
  return directory == NULL ? "/tmp" : directory;
}

/* Into a file of the current directory. */
static void redirect(int fd, const char *name) {
  int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || dup2(file, fd) < 0) {
    _exit(126);
  }
  close(file);
}

/* Under valgrind everything takes its time. */
static unsigned deadline_s(void) {
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  bool slow = load != NULL && strcmp(load, "reduced") == 0;
  return slow ? DEADLINE_SLOW_S : DEADLINE_S;
}

static void child(char *const argv[], const char *base) {
  if (chdir(base) != 0) {
    _exit(126);
  }
  redirect(STDOUT_FILENO, "stdout");
  redirect(STDERR_FILENO, "stderr");
  if (chdir("cwd") != 0) {
    _exit(126);
  }
  unsetenv("NODE_OPTIONS");
  alarm(deadline_s());
  execv(argv[0], argv);
  perror(argv[0]);
  _exit(127);
}

static int run(char *const argv[], const char *base) {
  int status = -1;
  fflush(NULL);
  pid_t pid = fork();
  if (pid == 0) {
    child(argv, base);
  }
  if (pid < 0 || waitpid(pid, &status, 0) < 0) {
    perror(argv[0]);
  }
  return status;
}

static char *read_stream(const char *base, const char *name) {
  char path[PATH_MAX + 16];
  snprintf(path, sizeof(path), "%s/%s", base, name);
  char *text = text_read_file(path);
  return text == NULL ? strdup("") : text;
}

/* The first line that says something: node puts the place in its own source
 * before the message of an exception. */
static void add_stderr(text_t *out, const char *said) {
  const char *error = strstr(said, "Error: ");
  const char *at = error == NULL ? said : error;
  char *line = text_line(&at);
  if (line[0] != '\0') {
    text_add(out, "stderr %s\n", line);
  }
  free(line);
}

static char *describe(const char *base, int status, bool with_stderr,
                      bool pass_on) {
  char *written = read_stream(base, "stdout");
  char *said = read_stream(base, "stderr");
  text_t out = {0};
  text_add(&out, "%s", written);
  if (with_stderr) {
    add_stderr(&out, said);
  }
  if (pass_on) {
    fputs(said, stderr);
  }
  if (WIFSIGNALED(status)) {
    text_add(&out, "signal %d\n", WTERMSIG(status));
  } else {
    text_add(&out, "exit %d\n", WEXITSTATUS(status));
  }
  free(written);
  free(said);
  return out.bytes;
}

static int remove_entry(const char *path, const struct stat *stat, int flag,
                        struct FTW *ftw) {
  (void)stat;
  (void)flag;
  (void)ftw;
  return remove(path);
}

char *process_run(char *const argv[], bool with_stderr, bool pass_on) {
  char base[PATH_MAX], directory[PATH_MAX + 8];
  snprintf(base, sizeof(base), "%s/parity.XXXXXX", temporary_directory());
  if (mkdtemp(base) == NULL) {
    perror(base);
    exit(2);
  }
  snprintf(directory, sizeof(directory), "%s/cwd", base);
  mkdir(directory, 0700);
  char *text = describe(base, run(argv, base), with_stderr, pass_on);
  nftw(base, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
  return text;
}
