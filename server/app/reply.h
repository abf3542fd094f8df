/* Answers as all routes give them. Like everything that sends, each may close
 * the request before it returns. */
#ifndef ASYNCSCOPE_SERVER_REPLY_H
#define ASYNCSCOPE_SERVER_REPLY_H

#include "http_query.h"
#include "http_request.h"
#include "http_response.h"
#include <jansson.h>
#include <string.h>

#define REPLY_TEXT_TYPE "text/plain; charset=utf-8"

/* One line of text, at most 255 bytes. */
__attribute__((format(printf, 3, 4))) void reply_text(http_response_t *response,
                                                      int status,
                                                      const char *format, ...);

/* A line that is ready, with its newline. */
static inline void reply_line(http_response_t *response, int status,
                              const char *line) {
  http_response_send(response, status, REPLY_TEXT_TYPE, line, strlen(line));
}

/* 400 with what is wrong with the query. */
void reply_bad_query(http_response_t *response, const http_query_t *query);

/* Of a route without parameters. False: it was given some, and has answered. */
bool reply_takes_no_query(const http_request_t *request,
                          http_response_t *response);

/* For what could not be started: 503, with Retry-After when it is worth it. */
void reply_unavailable(http_response_t *response, int error);

/* `value` is taken over; NULL is a failed allocation. */
void reply_json(http_response_t *response, int status, json_t *value);

#endif
