#ifndef ASYNCSCOPE_E2E_H
#define ASYNCSCOPE_E2E_H

#include "http_client.h"
#include "server_process.h"
#include "test_main.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * One server, one client, one temporary directory. The tear-down stops the
 * server by SIGTERM and fails the test unless its exit code is 0: that is also
 * how a leak or a race that a sanitizer or valgrind saw comes to light. Before
 * that the diagnostics must have no warnings but those the test has said that
 * it provokes.
 *
 * The functions below assert, so they are for the test's own thread, outside
 * of libcurl's callbacks.
 */
typedef struct e2e_s {
  server_process_t server;
  http_client_t client;
  http_answer_t answer; /* the last one; valid until the next */
  json_t *json;         /* the last one parsed, in the same way */
  char directory[64];   /* "" until e2e_directory() */
  const char *provoked; /* set by the test: codes of warnings, comma list */
  bool unasked;         /* set by the test: its log is whole without that */
} e2e_t;

int e2e_setup(void **state);
int e2e_teardown(void **state);

#define cmocka_unit_test_of_server(function) \
  cmocka_unit_test_setup_teardown(function, e2e_setup, e2e_teardown)

/* Runs the server with the options given, after `--listen 127.0.0.1:0`, and
 * connects the client to it: e2e_start(e2e, "--loops", "2"). The options end
 * at the first NULL. The server looks for lost contexts; one that it reports
 * fails the test when the server is stopped. Its times are longer than any
 * test may take, so that it loses patience only where an option says so. */
#define e2e_start(e2e, ...)                                                   \
  e2e_start_with(                                                             \
      (e2e),                                                                  \
      (const char *const[]){"--listen", "127.0.0.1:0", __VA_ARGS__, NULL},    \
      (const char *const[]){                                                  \
          "ASYNCSCOPE_CONTEXT_LOSS=1", "ASYNCSCOPE_HEADER_TIMEOUT=3600",      \
          "ASYNCSCOPE_REQUEST_TIMEOUT=3600",                                  \
          "ASYNCSCOPE_HANDLER_TIMEOUT=3600", "ASYNCSCOPE_WRITE_TIMEOUT=3600", \
          "ASYNCSCOPE_KEEP_ALIVE_TIMEOUT=3600",                               \
          "ASYNCSCOPE_DRAIN_TIMEOUT=3600", NULL})
void e2e_start_with(e2e_t *e2e, const char *const *arguments,
                    const char *const *environment);

/* The same for a server that must not come up: answers its exit code, and
 * what it wrote to stderr in `*ret_text` (to be freed). */
#define e2e_refused(e2e, ret_text, ...)                                   \
  e2e_refused_with((e2e), (const char *const[]){__VA_ARGS__, NULL}, NULL, \
                   (ret_text))
int e2e_refused_with(e2e_t *e2e, const char *const *arguments,
                     const char *const *environment, char **ret_text);

/* SIGTERM; asserts that the server exits with 0. */
void e2e_stop(e2e_t *e2e);

/* Sends and asserts that an answer with this status came. The body (never
 * NULL) is borrowed from `answer`. */
const char *e2e_get(e2e_t *e2e, long status, const char *target);
const char *e2e_send(e2e_t *e2e, long status, const http_request_t *request);

/* GET, 200, application/json. The value is borrowed from `json`. */
json_t *e2e_get_json(e2e_t *e2e, const char *target);

/* Ends the client's connection; the next request makes another. */
void e2e_reconnect(e2e_t *e2e);

/* From here on the client speaks to the listener of the diagnostics, on a new
 * connection after each call. */
void e2e_ask_debug(e2e_t *e2e);

/* Asserts that the last answer has the field, and that it has this value. */
void e2e_assert_field(e2e_t *e2e, const char *name, const char *value);

/* Members that must be there, of the right kind. */
json_int_t e2e_integer(const json_t *object, const char *name);
const char *e2e_string(const json_t *object, const char *name);
json_t *e2e_array(const json_t *object, const char *name);

/* Asserts that `text` contains `part`. */
void e2e_assert_contains(const char *text, const char *part);

/* Makes a directory that the tear-down removes with all that is in it. */
const char *e2e_directory(e2e_t *e2e);

/* Makes a file below it from `length` bytes. */
void e2e_write_file(e2e_t *e2e, const char *name, const void *bytes,
                    size_t length);

/* `count` reduced to ASYNCSCOPE_TEST_SCALE percent, at least 4. Without that
 * variable to 10 where ASYNCSCOPE_TEST_LOAD is "reduced". */
size_t e2e_scaled(size_t count);

#endif
