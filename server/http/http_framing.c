#include "http_framing.h"

#include "http_apart.h"
#include "http_host.h"

static http_refusal_t check_host(const http_head_t *head) {
  if (head->host_count == 0 && head->version_minor == 0)
    return HTTP_ACCEPTED;
  return head->host_count == 1 &&
                 http_host_valid(head->raw.bytes,
                                 http_head_text(head, head->host))
             ? HTTP_ACCEPTED
             : HTTP_REFUSE_HOST;
}

/* The last coding decides where the body ends, so it must be `chunked`, and
 * only it; one before it that is not known is 501 (RFC 9112 6.1, 6.3). */
static http_refusal_t check_codings(http_text_t list) {
  http_refusal_t refusal = HTTP_ACCEPTED;
  for (;;) {
    http_text_t coding = http_text_trim(http_text_cut(&list, ','));
    bool chunked = http_text_equals_nocase(coding, "chunked");
    if (list.at == NULL)
      return chunked ? refusal : HTTP_REFUSE_TRANSFER_ENCODING;
    if (chunked || coding.size_bytes == 0)
      return HTTP_REFUSE_TRANSFER_ENCODING;
    refusal = HTTP_REFUSE_TRANSFER_CODING;
  }
}

HTTP_APART static http_refusal_t check_length(const http_head_t *head,
                                              http_framing_t *framing) {
  http_text_t value;
  unsigned lengths = http_head_find(head, "content-length", &value);
  unsigned codings = http_head_find(head, "transfer-encoding", &value);
  if (lengths > 1 || (lengths > 0 && codings > 0))
    return HTTP_REFUSE_CONTENT_LENGTH;
  if (codings == 0)
    return HTTP_ACCEPTED;
  if (codings > 1 || head->version_minor == 0)
    return HTTP_REFUSE_TRANSFER_ENCODING;
  framing->chunked = true;
  return check_codings(value);
}

HTTP_APART static http_refusal_t check_expect(const http_head_t *head,
                                              http_framing_t *framing) {
  http_text_t value;
  unsigned count = http_head_find(head, "expect", &value);
  if (count == 0 || head->version_minor == 0)
    return HTTP_ACCEPTED;
  if (count > 1 || !http_text_equals_nocase(value, "100-continue"))
    return HTTP_REFUSE_EXPECT;
  framing->expect_continue = true;
  return HTTP_ACCEPTED;
}

/* llhttp counts Proxy-Connection among the Connection fields, which means
 * nothing (RFC 9112 C.2.2). */
static bool asks_to_keep_alive(const http_head_t *head) {
  if (http_head_has_token(head, "connection", "close"))
    return false;
  return head->version_minor == 1 ||
         http_head_has_token(head, "connection", "keep-alive");
}

/* False: no field says where a body ends, so a request has none (RFC 9112 6.3).
 */
static bool may_have_body(const http_head_t *head) {
  return http_head_may_have(head, "content-length") ||
         http_head_may_have(head, "transfer-encoding");
}

http_refusal_t http_framing_check(const http_head_t *head,
                                  http_framing_t *ret_framing) {
  *ret_framing = (http_framing_t){.keep_alive = asks_to_keep_alive(head)};
  if (head->is_response)
    return check_length(head, ret_framing);
  http_refusal_t refusal = check_host(head);
  if (refusal == HTTP_ACCEPTED && may_have_body(head))
    refusal = check_length(head, ret_framing);
  if (refusal == HTTP_ACCEPTED && http_head_may_have(head, "expect"))
    refusal = check_expect(head, ret_framing);
  return refusal;
}
