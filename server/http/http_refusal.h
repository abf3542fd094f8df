/* Why a request is answered by the server itself, and the connection closed.
 * The answers are fixed: nothing the peer sent is ever sent back. */
#ifndef ASYNCSCOPE_SERVER_HTTP_REFUSAL_H
#define ASYNCSCOPE_SERVER_HTTP_REFUSAL_H

/* X(name, status, text) */
#define HTTP_REFUSAL_MAP(X)                                            \
  X(SYNTAX, 400, "the request is not HTTP/1.1")                        \
  X(TARGET, 400, "the request target is not valid")                    \
  X(TARGET_LENGTH, 414, "the request target is too long")              \
  X(METHOD, 501, "the method is not known")                            \
  X(VERSION, 505, "only HTTP/1.1 and HTTP/1.0 are spoken here")        \
  X(HOST, 400, "exactly one valid Host is needed")                     \
  X(HEADER_LENGTH, 431, "the header section is too long")              \
  X(FIELDS, 431, "there are too many header fields")                   \
  X(CONTENT_LENGTH, 400, "Content-Length is not valid")                \
  X(TRANSFER_ENCODING, 400, "Transfer-Encoding is not valid")          \
  X(TRANSFER_CODING, 501, "the only transfer coding known is chunked") \
  X(EXPECT, 417, "the only expectation known is 100-continue")         \
  X(BODY_LENGTH, 413, "the body is too long")                          \
  X(CHUNK, 400, "the chunked body is not valid")                       \
  X(CHUNK_EXTENSIONS, 413, "the chunk extensions are too long")        \
  X(TRAILER_LENGTH, 431, "the trailer section is too long")            \
  X(HEADER_TIMEOUT, 408, "the header section took too long")           \
  X(BODY_TIMEOUT, 408, "the body took too long")                       \
  X(HANDLER_TIMEOUT, 503, "the answer took too long")                  \
  X(MEMORY, 503, "out of memory")

typedef enum http_refusal_e {
  HTTP_ACCEPTED = 0,
#define X(name, status, text) HTTP_REFUSE_##name,
  HTTP_REFUSAL_MAP(X)
#undef X
} http_refusal_t;

int http_refusal_status(http_refusal_t refusal);
const char *http_refusal_text(http_refusal_t refusal);

#endif
