/* Request targets: origin-form, absolute-form, and `*` for OPTIONS. */
#include "http_head.h"

#include "http_bytes.h"
#include "http_host.h"
#include <string.h>

static http_span_t span_of(const http_head_t *head, http_text_t text) {
  return (http_span_t){(uint32_t)(text.at - head->raw.bytes),
                       (uint32_t)text.size_bytes};
}

static bool bytes_valid(http_text_t target) {
  return target.size_bytes > 0 &&
         http_bytes_span(target.at, target.at + target.size_bytes,
                         HTTP_BYTE_TARGET) == target.size_bytes;
}

const char *http_target_read(http_head_t *head, const char *text,
                             const char *at, const char *end) {
  size_t path = http_bytes_path_span(text, at, end);
  size_t query;

  head->path = (http_span_t){(uint32_t)(at - text), (uint32_t)path};
  at += path;
  if (at == end || *at != '?')
    return at;
  at++;
  query = http_bytes_span(at, end, HTTP_BYTE_TARGET);
  head->query = (http_span_t){(uint32_t)(at - text), (uint32_t)query};
  return at + query;
}

static http_refusal_t parse_path(http_head_t *head, http_text_t target) {
  const char *end = target.at + target.size_bytes;

  return http_target_read(head, head->raw.bytes, target.at, end) == end
             ? HTTP_ACCEPTED
             : HTTP_REFUSE_TARGET;
}

/* The authority ends at the path or at the query. An empty path is `/`, of
 * which this target has two before its authority. */
static http_refusal_t parse_absolute(http_head_t *head, http_text_t target,
                                     size_t scheme) {
  http_text_t rest = {target.at + scheme, target.size_bytes - scheme};
  http_refusal_t refusal;
  size_t end = 0;

  while (end < rest.size_bytes && rest.at[end] != '/' && rest.at[end] != '?')
    end++;
  head->authority = span_of(head, (http_text_t){rest.at, end});
  if (!http_host_valid(target.at, (http_text_t){rest.at, end}))
    return HTTP_REFUSE_TARGET;
  refusal =
      parse_path(head, (http_text_t){rest.at + end, rest.size_bytes - end});
  if (head->path.size_bytes == 0)
    head->path = span_of(head, (http_text_t){target.at + scheme - 1, 1});
  return refusal;
}

/* The length of a scheme that may be served here, with what follows it, or 0.
 * https is for secured connections alone (RFC 9110 7.4). */
static size_t scheme_bytes(const http_head_t *head, http_text_t target) {
  if (target.size_bytes > 7 &&
      http_text_equals_nocase((http_text_t){target.at, 7}, "http://"))
    return 7;
  if (head->secured && target.size_bytes > 8 &&
      http_text_equals_nocase((http_text_t){target.at, 8}, "https://"))
    return 8;
  return 0;
}

http_refusal_t http_target_parse(http_head_t *head) {
  http_text_t target = http_head_text(head, head->target);
  size_t scheme;

  if (target.size_bytes > 0 && target.at[0] == '/')
    return parse_path(head, target);
  if (!bytes_valid(target))
    return HTTP_REFUSE_TARGET;
  scheme = scheme_bytes(head, target);
  if (scheme > 0)
    return parse_absolute(head, target, scheme);
  if (http_text_equals(target, "*") && head->method == HTTP_METHOD_OPTIONS)
    return parse_path(head, target);
  return HTTP_REFUSE_TARGET;
}
