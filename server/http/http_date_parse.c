/* The three forms of a date (RFC 9110 5.6.7), and nothing near them: a date
 * that is not understood is no date, and its field is left out. */
#include "http_date.h"

#include <stdlib.h>
#include <string.h>

/* What is left of the text, "" at its end. */
typedef struct rest_s {
  const char *at, *end;
  bool wrong;
} rest_t;

static void take(rest_t *rest, const char *text) {
  size_t size = strlen(text);
  if ((size_t)(rest->end - rest->at) < size ||
      memcmp(rest->at, text, size) != 0) {
    rest->wrong = true;
    return;
  }
  rest->at += size;
}

/* `digits` of them; the first may be a space where `padded`. */
static int take_number(rest_t *rest, int digits, bool padded) {
  int number = 0;
  if (rest->end - rest->at < digits)
    rest->wrong = true;
  for (int i = 0; i < digits && !rest->wrong; i++) {
    char byte = *rest->at++;
    bool space = padded && i == 0 && byte == ' ';
    rest->wrong = !space && (byte < '0' || byte > '9');
    number = space ? 0 : number * 10 + (byte - '0');
  }
  return number;
}

/* Which of the names it is, of which there are `count`. */
static int take_name(rest_t *rest, const char *const names[], int count) {
  for (int i = 0; i < count; i++) {
    size_t size = strlen(names[i]);
    if ((size_t)(rest->end - rest->at) >= size &&
        memcmp(rest->at, names[i], size) == 0) {
      rest->at += size;
      return i;
    }
  }
  rest->wrong = true;
  return 0;
}

static int take_month(rest_t *rest) {
  static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return take_name(rest, names, 12);
}

static void take_time(rest_t *rest, struct tm *tm) {
  tm->tm_hour = take_number(rest, 2, false);
  take(rest, ":");
  tm->tm_min = take_number(rest, 2, false);
  take(rest, ":");
  tm->tm_sec = take_number(rest, 2, false);
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", from the comma on. */
static void take_fixed(rest_t *rest, struct tm *tm) {
  take(rest, ", ");
  tm->tm_mday = take_number(rest, 2, false);
  take(rest, " ");
  tm->tm_mon = take_month(rest);
  take(rest, " ");
  tm->tm_year = take_number(rest, 4, false) - 1900;
  take(rest, " ");
  take_time(rest, tm);
  take(rest, " GMT");
}

/* A year of two digits is never more than 50 years in the future. */
static int full_year(int year, time_t now) {
  struct tm today = {0};
  (void)gmtime_r(&now, &today);
  int century = today.tm_year / 100 * 100;
  return century + year > today.tm_year + 50 ? century + year - 100
                                             : century + year;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT", from the comma on. */
static void take_rfc850(rest_t *rest, struct tm *tm, time_t now) {
  take(rest, ", ");
  tm->tm_mday = take_number(rest, 2, false);
  take(rest, "-");
  tm->tm_mon = take_month(rest);
  take(rest, "-");
  tm->tm_year = full_year(take_number(rest, 2, false), now);
  take(rest, " ");
  take_time(rest, tm);
  take(rest, " GMT");
}

/* "Sun Nov  6 08:49:37 1994", from the first space on. */
static void take_asctime(rest_t *rest, struct tm *tm) {
  take(rest, " ");
  tm->tm_mon = take_month(rest);
  take(rest, " ");
  tm->tm_mday = take_number(rest, 2, true);
  take(rest, " ");
  take_time(rest, tm);
  take(rest, " ");
  tm->tm_year = take_number(rest, 4, false) - 1900;
}

/* timegm() would make a day of February 30. A leap second is the one behind the
 * last of its minute. */
static bool is_time(struct tm *tm, time_t *ret_time) {
  int month = tm->tm_mon, day = tm->tm_mday;
  bool leap = tm->tm_sec == 60;
  if (tm->tm_hour > 23 || tm->tm_min > 59 || tm->tm_sec > 60)
    return false;
  tm->tm_sec -= leap;
  *ret_time = timegm(tm) + leap;
  return tm->tm_mon == month && tm->tm_mday == day;
}

/* The long names begin with the short ones, so they come first. */
bool http_date_parse(http_text_t text, time_t now, time_t *ret_time) {
  static const char *const long_days[] = {"Sunday",    "Monday",   "Tuesday",
                                          "Wednesday", "Thursday", "Friday",
                                          "Saturday"};
  static const char *const days[] = {"Sun", "Mon", "Tue", "Wed",
                                     "Thu", "Fri", "Sat"};
  rest_t rest = {.at = text.at, .end = text.at + text.size_bytes};
  struct tm tm = {0};
  take_name(&rest, long_days, 7);
  if (!rest.wrong) {
    take_rfc850(&rest, &tm, now);
  } else {
    rest.wrong = false;
    take_name(&rest, days, 7);
    if (rest.at < rest.end && *rest.at == ',')
      take_fixed(&rest, &tm);
    else
      take_asctime(&rest, &tm);
  }
  return !rest.wrong && rest.at == rest.end && is_time(&tm, ret_time);
}
