#include "http_framing.h"

#include "http_host.h"

static http_refusal_t check_host(const http_head_t *head) {
  http_text_t host;
  unsigned count = http_head_find(head, "host", &host);

  if (count == 0 && head->version_minor == 0)
    return HTTP_ACCEPTED;
  return count == 1 && http_host_valid(host) ? HTTP_ACCEPTED : HTTP_REFUSE_HOST;
}

/* The coding of the list that is not `chunked`, if any, decides: unknown is
 * 501; known but not applied once is 400. */
static http_refusal_t check_codings(http_text_t list) {
  unsigned chunked = 0;

  while (list.at != NULL) {
    http_text_t coding = http_text_trim(http_text_cut(&list, ','));

    if (http_text_equals_nocase(coding, "chunked"))
      chunked++;
    else if (coding.size_bytes > 0)
      return HTTP_REFUSE_TRANSFER_CODING;
    else
      return HTTP_REFUSE_TRANSFER_ENCODING;
  }
  return chunked == 1 ? HTTP_ACCEPTED : HTTP_REFUSE_TRANSFER_ENCODING;
}

static http_refusal_t check_length(const http_head_t *head) {
  http_text_t value;
  unsigned lengths = http_head_find(head, "content-length", &value);
  unsigned codings = http_head_find(head, "transfer-encoding", &value);

  if (lengths > 1 || (lengths > 0 && codings > 0))
    return HTTP_REFUSE_CONTENT_LENGTH;
  if (codings == 0)
    return HTTP_ACCEPTED;
  if (codings > 1 || head->version_minor == 0)
    return HTTP_REFUSE_TRANSFER_ENCODING;
  return check_codings(value);
}

static http_refusal_t check_expect(const http_head_t *head,
                                   bool *ret_continue) {
  http_text_t value;
  unsigned count = http_head_find(head, "expect", &value);

  if (count == 0 || head->version_minor == 0)
    return HTTP_ACCEPTED;
  if (count > 1 || !http_text_equals_nocase(value, "100-continue"))
    return HTTP_REFUSE_EXPECT;
  *ret_continue = true;
  return HTTP_ACCEPTED;
}

http_refusal_t http_framing_check(const http_head_t *head, bool *ret_continue) {
  http_refusal_t refusal;

  *ret_continue = false;
  if (head->is_response)
    return check_length(head);
  refusal = check_host(head);
  if (refusal == HTTP_ACCEPTED)
    refusal = check_length(head);
  if (refusal == HTTP_ACCEPTED)
    refusal = check_expect(head, ret_continue);
  return refusal;
}
