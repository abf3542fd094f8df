/* status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF. Where
 * there is no reason, many leave out the space before it, too. */
#include "http_head.h"

static bool is_status(http_text_t code) {
  if (code.size_bytes != 3 || code.at[0] == '0')
    return false;
  for (size_t i = 0; i < 3; i++)
    if (code.at[i] < '0' || code.at[i] > '9')
      return false;
  return true;
}

static http_span_t rest_of_line(const http_head_t *head, http_text_t rest) {
  if (rest.at == NULL)
    return (http_span_t){0, 0};
  return (http_span_t){(uint32_t)(rest.at - head->raw.bytes),
                       (uint32_t)rest.size_bytes};
}

http_refusal_t http_status_line_parse(http_head_t *head) {
  http_text_t rest = {head->raw.bytes, head->line_bytes - 2};
  http_refusal_t refusal = http_version_parse(head, http_text_cut(&rest, ' '));
  http_text_t code;

  if (refusal != HTTP_ACCEPTED)
    return refusal;
  if (rest.at == NULL)
    return HTTP_REFUSE_SYNTAX;
  code = http_text_cut(&rest, ' ');
  if (!is_status(code))
    return HTTP_REFUSE_SYNTAX;
  head->status = (unsigned)(code.at[0] - '0') * 100 +
                 (unsigned)(code.at[1] - '0') * 10 +
                 (unsigned)(code.at[2] - '0');
  head->reason = rest_of_line(head, rest);
  return HTTP_ACCEPTED;
}
