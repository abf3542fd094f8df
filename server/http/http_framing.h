/* What llhttp leaves to its embedder about the fields of a message. */
#ifndef ASYNCSCOPE_SERVER_HTTP_FRAMING_H
#define ASYNCSCOPE_SERVER_HTTP_FRAMING_H

#include "http_head.h"

typedef struct http_framing_s {
  bool chunked;         /* the body comes in chunks */
  bool expect_continue; /* the peer waits for a 100 before its body */
  bool keep_alive;      /* what the peer asks for */
} http_framing_t;

/* Host once and valid; no Content-Length beside Transfer-Encoding, neither
 * twice; Transfer-Encoding exactly `chunked`; Expect exactly `100-continue`.
 * Of a response only what says where its body ends is checked. */
http_refusal_t http_framing_check(const http_head_t *head,
                                  http_framing_t *ret_framing);

#endif
