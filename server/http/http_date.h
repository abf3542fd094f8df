/* The value of the Date field, made once a second. */
#ifndef ASYNCSCOPE_SERVER_HTTP_DATE_H
#define ASYNCSCOPE_SERVER_HTTP_DATE_H

#include <time.h>

#define HTTP_DATE_BYTES 30 /* "Sun, 22 Nov 2026 03:03:38 GMT" and the NUL */

/* Zeroed is a date never made. */
typedef struct http_date_s {
  time_t second;
  char text[HTTP_DATE_BYTES];
} http_date_t;

/* The text for `now`, valid until the next call. */
const char *http_date_text(http_date_t *date, time_t now);

#endif
