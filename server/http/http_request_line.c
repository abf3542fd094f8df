/* request-line = method SP request-target SP HTTP-version CRLF, with exactly
 * these two spaces: what others are read as differs from server to server. */
#include "http_head.h"

#include "http_bytes.h"
#include <string.h>

static http_refusal_t parse_method(http_head_t *head, http_text_t name) {
  head->method = http_method_parse(name);
  return head->method == HTTP_METHOD_NONE ? HTTP_REFUSE_METHOD : HTTP_ACCEPTED;
}

/* Where the target begins, behind a method that is known; NULL: nowhere. Most
 * are this one. */
static const char *read_method(http_head_t *head, const char *at,
                               const char *end) {
  size_t name;

  if (end - at > 4 && memcmp(at, "GET ", 4) == 0) {
    head->method = HTTP_METHOD_GET;
    return at + 4;
  }
  name = http_bytes_span(at, end, HTTP_BYTE_TOKEN);
  head->method = http_method_parse((http_text_t){at, name});
  at += name;
  return head->method != HTTP_METHOD_NONE && end - at > 1 && *at == ' ' ? at + 1
                                                                        : NULL;
}

static bool read_version(http_head_t *head, const char *at, const char *end) {
  if (end - at < 11 || memcmp(at, " HTTP/1.", 8) != 0 ||
      memcmp(at + 9, "\r\n", 2) != 0 || (at[8] != '1' && at[8] != '0'))
    return false;
  head->version_minor = (unsigned)(at[8] - '0');
  return true;
}

const char *http_request_line_read(http_head_t *head, const char *text,
                                   const char *end) {
  const char *at = read_method(head, text, end);

  if (at == NULL || *at != '/')
    return NULL;
  head->target.at = (uint32_t)(at - text);
  at = http_target_read(head, text, at, end);
  head->target.size_bytes = (uint32_t)(at - text) - head->target.at;
  return read_version(head, at, end) ? at + 11 : NULL;
}

static bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/* A minor version that is higher than ours is read as ours (RFC 9110 6.2), by
 * llhttp too, which knows of none. */
http_refusal_t http_version_parse(http_head_t *head, http_text_t version) {
  char *at = head->raw.bytes + (version.at - head->raw.bytes);

  if (version.size_bytes != 8 || memcmp(at, "HTTP/", 5) != 0 ||
      !is_digit(at[5]) || at[6] != '.' || !is_digit(at[7]))
    return HTTP_REFUSE_SYNTAX;
  if (at[5] != '1')
    return HTTP_REFUSE_VERSION;
  if (at[7] > '1')
    at[7] = '1';
  head->version_minor = (unsigned)(at[7] - '0');
  return HTTP_ACCEPTED;
}

/* `GET /` and no more is HTTP/0.9. */
static http_refusal_t parse_parts(http_head_t *head, http_text_t name,
                                  http_text_t target, http_text_t version) {
  http_refusal_t refusal;

  if (version.at == NULL)
    return HTTP_REFUSE_VERSION;
  refusal = http_version_parse(head, version);
  if (refusal == HTTP_ACCEPTED)
    refusal = parse_method(head, name);
  if (refusal == HTTP_ACCEPTED) {
    head->target.at = (uint32_t)(target.at - head->raw.bytes);
    head->target.size_bytes = (uint32_t)target.size_bytes;
    refusal = http_target_parse(head);
  }
  return refusal;
}

http_refusal_t http_request_line_parse(http_head_t *head) {
  const char *begin = head->raw.bytes;
  const char *end = begin + head->line_bytes - 2;
  size_t name = http_bytes_span(begin, end, HTTP_BYTE_TOKEN);
  http_text_t rest = {begin + name + 1, (size_t)(end - begin) - name - 1};
  http_text_t target;

  if (name == 0 || begin + name == end || begin[name] != ' ')
    return HTTP_REFUSE_SYNTAX;
  target = http_text_cut(&rest, ' ');
  return parse_parts(head, (http_text_t){begin, name}, target, rest);
}
