/* How long a peer keeps a connection that it is not asked anything on, as it
 * says by `Keep-Alive: timeout=5`. What comes in the last moment may be lost,
 * so the socket is given up a little earlier. */
#include "http_client_exchange.h"

#define TIMEOUT_MAX_S 86400u

/* Of `timeout=5`; TIMEOUT_MAX_S for what is no such thing. */
static unsigned seconds_of(http_text_t parameter) {
  http_text_t value = http_text_trim(parameter);
  http_text_t name = http_text_cut(&value, '=');
  unsigned seconds = 0;

  if (!http_text_equals_nocase(name, "timeout") || value.at == NULL ||
      value.size_bytes == 0)
    return TIMEOUT_MAX_S;
  for (size_t i = 0; i < value.size_bytes; i++) {
    if (value.at[i] < '0' || value.at[i] > '9')
      return TIMEOUT_MAX_S;
    seconds = seconds * 10 + (unsigned)(value.at[i] - '0');
    if (seconds > TIMEOUT_MAX_S)
      return TIMEOUT_MAX_S;
  }
  return seconds;
}

static unsigned granted_ms(const http_client_request_t *request) {
  unsigned granted_s = TIMEOUT_MAX_S;
  http_text_t list;

  if (http_client_response_field(&request->response, "keep-alive", &list) == 0)
    return UINT_MAX;
  while (list.at != NULL) {
    unsigned seconds = seconds_of(http_text_cut(&list, ','));

    if (seconds < granted_s)
      granted_s = seconds;
  }
  if (granted_s == TIMEOUT_MAX_S)
    return UINT_MAX;
  return granted_s * 1000 <= HTTP_AGENT_KEEP_MARGIN_MS
             ? 0
             : granted_s * 1000 - HTTP_AGENT_KEEP_MARGIN_MS;
}

unsigned http_client_exchange_keep_ms(const http_client_request_t *request) {
  unsigned own_ms = request->agent->options.limits.free_socket_timeout_ms;
  unsigned peers_ms = granted_ms(request);

  if (own_ms == 0)
    own_ms = UINT_MAX;
  return own_ms < peers_ms ? own_ms : peers_ms;
}
