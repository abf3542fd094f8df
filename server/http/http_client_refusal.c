#include "http_client_refusal.h"

#include <stddef.h>
#include <uv.h>

static const struct {
  http_refusal_t refusal;
  int error;
  const char *reason;
} REASONS[] = {
    {HTTP_REFUSE_VERSION, UV_EPROTO, "the response is not of HTTP/1"},
    {HTTP_REFUSE_TARGET_LENGTH, UV_EMSGSIZE, "the status-line is too long"},
    {HTTP_REFUSE_HEADER_LENGTH, UV_EMSGSIZE, "the header section is too long"},
    {HTTP_REFUSE_FIELDS, UV_EMSGSIZE, "there are too many header fields"},
    {HTTP_REFUSE_CONTENT_LENGTH, UV_EPROTO, "Content-Length is not valid"},
    {HTTP_REFUSE_TRANSFER_ENCODING, UV_EPROTO,
     "Transfer-Encoding is not valid"},
    {HTTP_REFUSE_TRANSFER_CODING, UV_EPROTO,
     "the only transfer coding known is chunked"},
    {HTTP_REFUSE_BODY_LENGTH, UV_EMSGSIZE, "the body is too long"},
    {HTTP_REFUSE_CHUNK, UV_EPROTO, "the chunked body is not valid"},
    {HTTP_REFUSE_CHUNK_EXTENSIONS, UV_EMSGSIZE,
     "the chunk extensions are too long"},
    {HTTP_REFUSE_TRAILER_LENGTH, UV_EMSGSIZE,
     "the trailer section is too long"},
    {HTTP_REFUSE_MEMORY, UV_ENOMEM, "no memory for the response"},
};

int http_client_refusal_error(http_refusal_t refusal, const char **ret_reason) {
  for (size_t i = 0; i < sizeof(REASONS) / sizeof(REASONS[0]); i++) {
    if (REASONS[i].refusal == refusal) {
      *ret_reason = REASONS[i].reason;
      return REASONS[i].error;
    }
  }
  *ret_reason = "the response is not HTTP/1.1";
  return UV_EPROTO;
}
