#ifndef ASYNCSCOPE_HTTP_CLIENT_H
#define ASYNCSCOPE_HTTP_CLIENT_H

#include <curl/curl.h>
#include <stddef.h>

/*
 * libcurl, one transfer after another: a client keeps one connection alive
 * and is the only user of it. Whom it trusts is in the file that CURL_CA_BUNDLE
 * names, as with the program curl. No function asserts.
 */

typedef struct http_buffer_s {
  char *bytes; /* NUL behind the last; NULL while empty */
  size_t length;
  size_t capacity; /* private */
} http_buffer_t;

typedef struct http_answer_s {
  CURLcode code; /* of the transfer; what follows means nothing otherwise */
  long status;
  long new_connections; /* made for this transfer: 0 when one was reused */
  curl_off_t total_us;  /* from its start to its end */
  http_buffer_t header; /* status line and fields as they came */
  http_buffer_t body;
} http_answer_t;

typedef struct http_request_s {
  const char *method;        /* GET when NULL */
  const char *target;        /* sent as it stands: "/hello?x=1" */
  const char *const *fields; /* "Name: value", ends with NULL; may be NULL */
  const void *body;
  size_t body_bytes;
} http_request_t;

typedef struct http_client_s {
  /* private */
  CURL *easy;
  char url[64];
  char unix_path[128];
} http_client_t;

#define HTTP_CLIENT_DEADLINE_MS 50000L

/* `url` without a path: http://127.0.0.1:8080, or unix:PATH of a socket, where
 * localhost is asked for. CURLE_OUT_OF_MEMORY. */
CURLcode http_client_init(http_client_t *client, const char *url);

/* Fills `answer` in any case; what it held before is lost, so it is zeroed or
 * finished. Answers its code. */
CURLcode http_client_send(http_client_t *client, const http_request_t *request,
                          http_answer_t *ret_answer);
CURLcode http_client_get(http_client_t *client, const char *target,
                         http_answer_t *ret_answer);

/* Closes the connection. A zeroed struct is left alone. */
void http_client_finish(http_client_t *client);

/* Copies the value of the field `name` (case does not matter) and answers
 * its length; -1 when the answer has no such field. */
int http_answer_field(const http_answer_t *answer, const char *name,
                      char *ret_value, size_t value_bytes);

void http_answer_finish(http_answer_t *answer);

/* What every transfer of these tests has set; `answer` takes header and body
 * and must outlive the transfer. */
void http_answer_attach(http_answer_t *answer, CURL *easy);

#endif
