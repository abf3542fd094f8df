/* Content negotiation by Accept (RFC 9110, 12.5.1): of the ranges that cover a
 * format the most specific one weighs it; the format that weighs most wins,
 * the earlier one of equals. What is malformed weighs nothing. */
#include "endpoint.h"

#include <string.h>
#include <strings.h>

typedef struct accept_text_s {
  const char *at;
  size_t length;
} accept_text_t;

/* How a format is weighed: how exactly the range names it (0: not at all), and
 * q in thousandths. */
typedef struct accept_weight_s {
  unsigned precision, q;
} accept_weight_t;

/* What stands before the next `separator`, without white space around it;
 * `rest` goes on behind. */
static accept_text_t cut(accept_text_t *rest, char separator) {
  const char *end = memchr(rest->at, separator, rest->length);
  accept_text_t part = *rest;
  if (end != NULL)
    part.length = (size_t)(end - part.at);
  rest->at += part.length + (end != NULL);
  rest->length -= part.length + (end != NULL);
  while (part.length > 0 && strchr(" \t", part.at[0]) != NULL) {
    part.at++;
    part.length--;
  }
  while (part.length > 0 && strchr(" \t", part.at[part.length - 1]) != NULL)
    part.length--;
  return part;
}

static bool is(accept_text_t text, const char *other) {
  return text.length == strlen(other) &&
         strncasecmp(text.at, other, text.length) == 0;
}

/* "0", "0.5", "1.000": thousandths; malformed: 0. */
static unsigned parse_q(accept_text_t text) {
  unsigned q = 0;
  unsigned unit = 100;
  if (text.length == 0 || text.length > 5 || strchr("01", text.at[0]) == NULL ||
      (text.length > 1 && text.at[1] != '.'))
    return 0;
  q = text.at[0] == '1' ? 1000 : 0;
  for (size_t i = 2; i < text.length; i++) {
    if (text.at[i] < '0' || text.at[i] > '9')
      return 0;
    q += (unsigned)(text.at[i] - '0') * unit;
    unit /= 10;
  }
  return q > 1000 ? 0 : q;
}

/* The parameter of that name among those of a type; an empty one where it is
 * not there. */
static accept_text_t parameter(accept_text_t rest, const char *name) {
  while (rest.length > 0) {
    accept_text_t value = cut(&rest, ';');
    accept_text_t found = cut(&value, '=');
    if (is(found, name))
      return value;
  }
  return rest;
}

static accept_text_t of(const char *text) {
  return (accept_text_t){text, strlen(text)};
}

static bool same(accept_text_t a, accept_text_t b) {
  return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0;
}

/* A version that is asked for has to be the format's. */
static unsigned precision_of(accept_text_t range, accept_text_t parameters,
                             const char *content_type) {
  accept_text_t type = of(content_type);
  accept_text_t name = cut(&type, ';');
  accept_text_t version = parameter(parameters, "version");
  accept_text_t group = cut(&name, '/');
  accept_text_t range_group = cut(&range, '/');
  if (version.length > 0)
    return same(group, range_group) && same(name, range) &&
                   same(version, parameter(type, "version"))
               ? 4
               : 0;
  if (same(group, range_group) && same(name, range))
    return 3;
  if (!is(range, "*"))
    return 0;
  return is(range_group, "*") ? 1 : same(group, range_group) ? 2 : 0;
}

static accept_weight_t weigh(const char *accept, const char *content_type) {
  accept_text_t rest = of(accept);
  accept_weight_t best = {0, 0};
  while (rest.length > 0) {
    accept_text_t parameters = cut(&rest, ',');
    accept_text_t range = cut(&parameters, ';');
    accept_text_t q = parameter(parameters, "q");
    unsigned precision = precision_of(range, parameters, content_type);
    if (precision > best.precision)
      best = (accept_weight_t){precision, q.length == 0 ? 1000 : parse_q(q)};
  }
  return best;
}

const debug_format_t *asyncscope__debug_format_accepted(
    const debug_endpoint_t *endpoint, const char *accept) {
  const debug_format_t *best = endpoint->formats[0];
  unsigned most = 0;
  for (size_t i = 0; accept != NULL && endpoint->formats[i] != NULL; i++) {
    unsigned q = weigh(accept, endpoint->formats[i]->content_type).q;
    if (q > most) {
      most = q;
      best = endpoint->formats[i];
    }
  }
  return best;
}

const debug_format_t *asyncscope__debug_format_named(
    const debug_endpoint_t *endpoint, const char *name) {
  for (size_t i = 0; endpoint->formats[i] != NULL; i++)
    if (strcmp(endpoint->formats[i]->name, name) == 0)
      return endpoint->formats[i];
  return NULL;
}
