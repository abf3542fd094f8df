#include "http_date.h"

#include "http_put.h"
#include <stdio.h>

static const char *const DAYS[] = {"Sun", "Mon", "Tue", "Wed",
                                   "Thu", "Fri", "Sat"};
static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* By hand, as strftime() would speak the language of the locale. */
void http_date_format(time_t second, char ret_text[HTTP_DATE_BYTES]) {
  struct tm tm = {0};

  (void)gmtime_r(&second, &tm); /* zeroes for a year that is no int */
  snprintf(ret_text, HTTP_DATE_BYTES, "%s, %02u %s %04u %02u:%02u:%02u GMT",
           DAYS[tm.tm_wday % 7], (unsigned)tm.tm_mday % 100,
           MONTHS[tm.tm_mon % 12], (unsigned)(tm.tm_year + 1900) % 10000,
           (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
           (unsigned)tm.tm_sec % 100);
}

void http_date_set(http_date_t *date, time_t now) {
  char text[HTTP_DATE_BYTES], *at = date->line;

  if (date->line[0] != '\0' && date->second == now)
    return;
  date->second = now;
  http_date_format(now, text);
  at = HTTP_PUT(at, "Date: ");
  at = http_put(at, text, HTTP_DATE_BYTES - 1);
  HTTP_PUT(at, "\r\n");
}
