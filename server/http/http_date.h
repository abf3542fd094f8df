/* Dates as fields have them. */
#ifndef ASYNCSCOPE_SERVER_HTTP_DATE_H
#define ASYNCSCOPE_SERVER_HTTP_DATE_H

#include "http_text.h"
#include <time.h>

#define HTTP_DATE_BYTES 30 /* "Sun, 22 Nov 2026 03:03:38 GMT" and the NUL */

/* "Sun, 06 Nov 1994 08:49:37 GMT" for `second`. */
void http_date_format(time_t second, char ret_text[HTTP_DATE_BYTES]);

/* Reads any of the three forms there are; `now` tells the century of the one
 * that leaves it out. False for everything else. */
bool http_date_parse(http_text_t text, time_t now, time_t *ret_time);

/* "Date: Sun, 22 Nov 2026 03:03:38 GMT" CRLF */
#define HTTP_DATE_LINE_BYTES (HTTP_DATE_BYTES - 1 + sizeof("Date: \r\n") - 1)

/* The field Date, made once a second; zeroed it was never made. */
typedef struct http_date_s {
  time_t second;
  char line[HTTP_DATE_LINE_BYTES];
} http_date_t;

void http_date_set(http_date_t *date, time_t now);

#endif
