#include "conformance.h"

#include "answer.h"
#include "e2e_raw.h"
#include "raw_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANSWER_BYTES (1u << 20)

#define PROBE                                  \
  "POST /echo HTTP/1.1\r\nHost: localhost\r\n" \
  "Content-Length: 5\r\nConnection: close\r\n\r\nprobe"

typedef struct fixture_s {
  e2e_t e2e; /* first: the fixtures of e2e take it for theirs */
  const conformance_case_t *row;
  bool bytewise;
  int fd;
  char *answer;
  size_t answer_bytes;
} fixture_t;

static const char *delivery(const fixture_t *fixture) {
  return fixture->bytewise ? "byte by byte" : "at once";
}

#define fail_case(fixture, format, ...)                           \
  fail_msg("RFC %s, %s: " format ": \"%s\"", (fixture)->row->rfc, \
           delivery(fixture), __VA_ARGS__, (fixture)->answer)

/* A peer that refuses may be gone before all was sent. */
static void send_bytes(const fixture_t *fixture, const char *bytes,
                       size_t size) {
  size_t piece = fixture->bytewise ? 1 : size;
  for (size_t at = 0; at < size; at += piece) {
    int error = raw_socket_write(fixture->fd, bytes + at, piece);
    if (error != 0 && error != -EPIPE && error != -ECONNRESET) {
      fail_case(fixture, "cannot send: %s", strerror(-error));
    }
  }
}

static void send_filled(const fixture_t *fixture, const char *bytes,
                        size_t size) {
  size_t filler = fixture->row->filler_bytes;
  const char *place = filler == 0 ? NULL : memchr(bytes, FILLER[0], size);
  if (place == NULL) {
    send_bytes(fixture, bytes, size);
    return;
  }
  size_t before = (size_t)(place - bytes);
  char *text = malloc(filler);
  assert_non_null(text);
  memset(text, 'x', filler);
  send_bytes(fixture, bytes, before);
  send_bytes(fixture, text, filler);
  send_bytes(fixture, place + 1, size - before - 1);
  free(text);
}

/* The server has one loop: when it has answered somebody else, it has also
 * seen what was sent to it before. */
static void await_seen(fixture_t *fixture) {
  struct pollfd entry = {.fd = fixture->fd, .events = POLLIN};
  const char *await = fixture->row->await;
  e2e_get(&fixture->e2e, 200, "/hello");
  if (await == NULL) {
    if (poll(&entry, 1, 0) != 0) {
      fail_case(fixture, "it does not wait for %s", "the rest");
    }
    return;
  }
  long size = raw_socket_read_until(fixture->fd, await, 1, fixture->answer,
                                    ANSWER_BYTES);
  if (size < 0) {
    fail_case(fixture, "no \"%s\" comes: %s", await, strerror((int)-size));
  }
  fixture->answer_bytes = (size_t)size;
}

static void send_input(fixture_t *fixture) {
  const conformance_case_t *row = fixture->row;
  send_filled(fixture, row->request, row->request_bytes);
  if (row->then != NULL) {
    await_seen(fixture);
    send_filled(fixture, row->then, row->then_bytes);
  }
  if (row->hangs_up) {
    shutdown(fixture->fd, SHUT_WR);
  } else {
    send_bytes(fixture, PROBE, strlen(PROBE));
  }
}

static void read_rest(fixture_t *fixture) {
  long size =
      raw_socket_read_all(fixture->fd, fixture->answer + fixture->answer_bytes,
                          ANSWER_BYTES - fixture->answer_bytes);
  if (size < 0) {
    fail_case(fixture, "no end comes: %s", strerror((int)-size));
  }
  fixture->answer_bytes += (size_t)size;
}

/* The next status code of the row, with whether it has no body. */
static bool next_status(const char **statuses, int *ret_status,
                        bool *ret_no_body) {
  char *end = NULL;
  *ret_status = (int)strtol(*statuses, &end, 10);
  if (end == *statuses) {
    return false;
  }
  *ret_no_body = *end == '-';
  *statuses = end + *ret_no_body;
  return true;
}

/* Reads the answer at `*at`, which moves behind it. */
static answer_t take_answer(const fixture_t *fixture, size_t *at, int status,
                            bool no_body) {
  answer_t answer;
  const char *wrong = answer_parse(
      fixture->answer + *at, fixture->answer_bytes - *at, no_body, &answer);
  if (wrong != NULL) {
    fail_case(fixture, "no well-formed %d: %s", status, wrong);
  }
  if (answer.status != status) {
    fail_case(fixture, "%d in place of %d", answer.status, status);
  }
  *at += answer.answer_bytes;
  return answer;
}

static void check_body(const fixture_t *fixture, const answer_t *answer) {
  const char *body = fixture->row->body;
  if (body != NULL && (strlen(body) != answer->body_bytes ||
                       memcmp(body, answer->body, answer->body_bytes) != 0)) {
    fail_case(fixture, "the body is not \"%s\"", body);
  }
}

/* The answers of the row; whether the last of them closes. */
static bool check_answers(const fixture_t *fixture, size_t *at) {
  const char *statuses = fixture->row->answers;
  int status = 0;
  bool no_body = false, closes = false;
  while (next_status(&statuses, &status, &no_body)) {
    if (closes) {
      fail_case(fixture, "%d comes behind Connection: close", status);
    }
    answer_t answer = take_answer(fixture, at, status, no_body);
    closes = answer.closes;
    if (*statuses == '\0') {
      check_body(fixture, &answer);
    }
    answer_finish(&answer);
  }
  return closes;
}

static void check_probe(const fixture_t *fixture, size_t *at) {
  answer_t answer = take_answer(fixture, at, 200, false);
  if (answer.body_bytes != 5 || memcmp(answer.body, "probe", 5) != 0 ||
      !answer.closes) {
    fail_case(fixture, "not the answer to the %s", "probe");
  }
  answer_finish(&answer);
}

static void check_texts(const fixture_t *fixture) {
  const conformance_case_t *row = fixture->row;
  for (size_t i = 0; i < 4 && row->has[i] != NULL; i++) {
    if (strstr(fixture->answer, row->has[i]) == NULL) {
      fail_case(fixture, "no \"%s\"", row->has[i]);
    }
  }
  for (size_t i = 0; i < 4 && row->lacks[i] != NULL; i++) {
    if (strstr(fixture->answer, row->lacks[i]) != NULL) {
      fail_case(fixture, "\"%s\"", row->lacks[i]);
    }
  }
}

static void check_all(const fixture_t *fixture) {
  const conformance_case_t *row = fixture->row;
  size_t at = 0;
  bool closes = check_answers(fixture, &at);
  if (!row->ends && !row->hangs_up) {
    check_probe(fixture, &at);
  } else if (row->ends && *row->answers != '\0' && !closes) {
    fail_case(fixture, "it ends without %s", "Connection: close");
  }
  if (at != fixture->answer_bytes) {
    fail_case(fixture, "%zu bytes more than the answers",
              fixture->answer_bytes - at);
  }
  check_texts(fixture);
}

static void run_once(fixture_t *fixture, bool bytewise) {
  fixture->bytewise = bytewise;
  fixture->answer_bytes = 0;
  fixture->answer[0] = '\0';
  fixture->fd = e2e_raw_open(&fixture->e2e);
  send_input(fixture);
  read_rest(fixture);
  close(fixture->fd);
  check_all(fixture);
}

static void make_file(e2e_t *e2e, const char *name, const char *text) {
  const struct timespec times[2] = {{.tv_sec = CONFORMANCE_FILE_MODIFIED},
                                    {.tv_sec = CONFORMANCE_FILE_MODIFIED}};
  char path[128];
  e2e_write_file(e2e, name, text, strlen(text));
  snprintf(path, sizeof(path), "%s/%s", e2e_directory(e2e), name);
  assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

void conformance_run(void **state) {
  fixture_t *fixture = *state;
  assert_non_null(fixture->row->rfc);
  make_file(&fixture->e2e, "file.txt", CONFORMANCE_FILE_TEXT);
  make_file(&fixture->e2e, "empty.txt", "");
  e2e_start(&fixture->e2e, "--root", e2e_directory(&fixture->e2e));
  run_once(fixture, false);
  if (!fixture->row->in_one)
    run_once(fixture, true);
  e2e_get(&fixture->e2e, 200, "/hello");
}

int conformance_setup(void **state) {
  fixture_t *fixture = calloc(1, sizeof(*fixture));
  if (fixture == NULL) {
    return -1;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  fixture->row = *state;
  fixture->answer = malloc(ANSWER_BYTES + 1);
  *state = fixture;
  return fixture->answer == NULL ? -1 : 0;
}

int conformance_teardown(void **state) {
  fixture_t *fixture = *state;
  free(fixture->answer);
  return e2e_teardown(state);
}
