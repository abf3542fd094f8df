#ifndef ASYNCSCOPE_CONFORMANCE_H
#define ASYNCSCOPE_CONFORMANCE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What the server makes of one piece of input, held against a section of an
 * RFC. Each case is a row of a table and a test of its own, on a server of its
 * own, and is run twice: the bytes in one write, and one by one.
 *
 * Behind the input of every case comes a probe, a request that is well-formed.
 * It must be answered if the connection is to stay open, and must not be if
 * not: so each case also shows where the server thinks the input ends.
 */
typedef struct conformance_case_s {
  const char *name; /* a statement; by CASE() */
  const char *rfc;  /* "9112 2.2": the number of the RFC and the section */
  const char *request;
  size_t request_bytes; /* by SEND() */
  /* Sent when the server has seen `request`, and has answered `await`; when
   * that is NULL, has answered nothing. */
  const char *then;
  size_t then_bytes; /* by THEN() */
  const char *await;
  size_t filler_bytes; /* so many 'x' stand in the place of FILLER */
  /* The status codes of the answers, with '-' behind one whose body is left
   * out, as that of a HEAD: "100 200", "200-". */
  const char *answers;
  bool ends;        /* the connection is closed, and the probe not answered */
  bool in_one;      /* not byte by byte: it is about what comes together */
  bool hangs_up;    /* in place of the probe the client ends its side */
  const char *body; /* of the last answer before the probe's, NULL for any */
  const char *has[4], *lacks[4]; /* text somewhere in the answers */
} conformance_case_t;

#define CASE(name_) .name = #name_
#define SEND(text)  .request = (text), .request_bytes = sizeof(text) - 1
#define THEN(text)  .then = (text), .then_bytes = sizeof(text) - 1
#define FILLER      "\x01"

/* What most requests have. */
#define GET  "GET /echo HTTP/1.1\r\n"
#define POST "POST /echo HTTP/1.1\r\n"
#define HOST "Host: localhost\r\n"
#define END  "\r\n"

/* The server's root holds file.txt, with this text and tag, last modified at
 * Sun, 06 Nov 1994 08:49:37 GMT, and empty.txt. */
#define CONFORMANCE_FILE_TEXT     "0123456789abcdefghij"
#define CONFORMANCE_FILE_TAG      "\"2ebc98a1-0-14\""
#define CONFORMANCE_FILE_MODIFIED 784111777

typedef struct conformance_table_s {
  const conformance_case_t *cases;
  size_t count;
} conformance_table_t;

#define CONFORMANCE_TABLE(name, cases) \
  const conformance_table_t name = {cases, sizeof(cases) / sizeof(cases[0])}

extern const conformance_table_t conformance_lines;      /* 9112 2, 3 */
extern const conformance_table_t conformance_targets;    /* 9112 3.2 */
extern const conformance_table_t conformance_fields;     /* 9112 5 */
extern const conformance_table_t conformance_hosts;      /* 9110 7.2 */
extern const conformance_table_t conformance_lengths;    /* 9112 6 */
extern const conformance_table_t conformance_limits;     /* 6585 5 */
extern const conformance_table_t conformance_chunks;     /* 9112 7 */
extern const conformance_table_t conformance_codings;    /* 9112 6.1 */
extern const conformance_table_t conformance_connection; /* 9112 9 */
extern const conformance_table_t conformance_methods;    /* 9110 9 */
extern const conformance_table_t conformance_expect;     /* 9110 10.1.1 */
extern const conformance_table_t conformance_fragments;  /* 9112 2.2 */
extern const conformance_table_t conformance_conditions; /* 9110 13 */
extern const conformance_table_t conformance_ranges;     /* 9110 14 */

/* Runs one case; asserts. `state` is that of a cmocka test whose fixtures are
 * the two below and whose initial state is the case. */
void conformance_run(void **state);
int conformance_setup(void **state);
int conformance_teardown(void **state);

#endif
