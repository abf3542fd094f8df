#ifndef ASYNCSCOPE_SERVER_PROCESS_H
#define ASYNCSCOPE_SERVER_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/*
 * The server under test as a child process, on a port of its own.
 *
 * Three variables choose what is run:
 *   ASYNCSCOPE_SERVER_BINARY  the server that was built (set by CTest)
 *   ASYNCSCOPE_TEST_SERVER    another binary in its place
 *   ASYNCSCOPE_TEST_WRAPPER   words put before it: "valgrind --quiet"
 * The child sees none of the caller's ASYNCSCOPE_ variables, and dies with the
 * thread that spawned it. No function asserts. Errors are negative errno
 * values; whatever waits gives up with -ETIMEDOUT after
 * SERVER_PROCESS_DEADLINE_MS.
 */
#define SERVER_PROCESS_DEADLINE_MS 50000

typedef struct server_process_s {
  /* read-only */
  pid_t pid; /* 0 when there is no process */
  uint16_t port;
  char url[64];        /* as it says it: http://127.0.0.1:PORT */
  uint16_t debug_port; /* these two after server_process_await_debug() */
  char debug_url[160]; /* or unix:PATH, then without a port */
  /* private */
  int out_fd; /* the reading end of its stdout */
  int err_fd; /* a file without a name that its stderr goes to */
} server_process_t;

/* `arguments` and `environment` ("NAME=value") end with NULL; either may be
 * NULL. Nothing is added to them. */
int server_process_spawn(server_process_t *server, const char *const *arguments,
                         const char *const *environment);

/* Waits for the line that says where the server listens and fills in `port`
 * and `url`. -EPIPE: it exited instead. -EPROTO: its first line is another. */
int server_process_await_listening(server_process_t *server);

/* After that, waits for the line that says where its diagnostics listen. */
int server_process_await_debug(server_process_t *server);

/* Waits for the process to end. Its exit code goes to `*ret_code`, of one that
 * a signal ended 128 and the signal's number. */
int server_process_await_exit(server_process_t *server, int *ret_code);

/* SIGTERM, then server_process_await_exit(). */
int server_process_stop(server_process_t *server, int *ret_code);

/* All that it has written to stderr up to now; to be freed, NULL for want of
 * memory. */
char *server_process_stderr(const server_process_t *server);

/* What is left of its stdout, up to the end of the process; to be freed, NULL
 * when that does not come. */
char *server_process_stdout(server_process_t *server);

/* Kills what still runs and closes the files. A zeroed struct is left alone. */
void server_process_finish(server_process_t *server);

#endif
