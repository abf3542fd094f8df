#ifndef ASYNCSCOPE_E2E_RAW_H
#define ASYNCSCOPE_E2E_RAW_H

#include "e2e.h"

/*
 * Connections of a test's own, for bytes that libcurl would not send. All of
 * these assert.
 */

/* A descriptor connected to the server; close() it. */
int e2e_raw_open(const e2e_t *e2e);

/* All of `text`. */
void e2e_raw_send(int fd, const char *text);

/* What comes until the server ends the connection; to be freed. */
char *e2e_raw_rest(int fd);

/* The three in one, for a single exchange. */
char *e2e_raw_exchange(const e2e_t *e2e, const char *text);

/* Asserts that the next bytes to come are an answer of this status, and reads
 * up to the end of its head. */
void e2e_raw_await(int fd, const char *status);

/* Asserts that `answer` is one answer, with this status ("408"). */
void e2e_raw_assert_status(const char *answer, const char *status);

/* Sends `text` and asserts that one answer with this status comes, and then
 * the end of the connection. */
void e2e_raw_expect(const e2e_t *e2e, const char *text, const char *status);

#endif
