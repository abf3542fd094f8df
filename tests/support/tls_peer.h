#ifndef ASYNCSCOPE_TEST_TLS_PEER_H
#define ASYNCSCOPE_TEST_TLS_PEER_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A client of TLS that lets its test decide what goes over the wire, and when.
 * It trusts anybody. It waits for RAW_SOCKET_DEADLINE_MS at most. No function
 * asserts.
 */
typedef struct tls_peer_options_s {
  int min_version, max_version; /* TLS1_VERSION ...; 0: all there are */
  const char *ciphers;          /* of TLS 1.2; NULL: OpenSSL's own */
  const char *protocols;        /* ALPN, as on the wire; NULL: none */
  const char *name;             /* SNI; NULL: none */
  size_t piece_bytes;           /* at most so many in a write; 0: all */
  size_t send_max_bytes;        /* what is behind is never sent; 0: all is */
  void (*on_wait)(int fd);      /* before each read of the socket; or NULL */
} tls_peer_options_t;

typedef struct tls_peer_s {
  int fd;
  SSL_CTX *context;
  SSL *ssl;
  const char *words; /* why the last thing failed; NULL: the end came */
  size_t sent_bytes;
  bool send_failed; /* the server takes no more */
  /* private */
  tls_peer_options_t options;
} tls_peer_t;

/* Connects to 127.0.0.1:`port`; the handshake is still to be done. */
bool tls_peer_open(tls_peer_t *peer, uint16_t port,
                   const tls_peer_options_t *options);

bool tls_peer_handshake(tls_peer_t *peer);

/* The two in one, without options. */
bool tls_peer_connect(tls_peer_t *peer, uint16_t port);

bool tls_peer_write(tls_peer_t *peer, const char *bytes, size_t size);
bool tls_peer_send(tls_peer_t *peer, const char *text);

/* Reads until the server ends or `max` bytes have come, and answers how many; a
 * NUL is put behind them. */
size_t tls_peer_read_all(tls_peer_t *peer, char *ret_bytes, size_t max);

/* Reads until what has come ends with `text`. */
bool tls_peer_read_until(tls_peer_t *peer, const char *text, char *ret_bytes,
                         size_t max);

/* Whether the server has said that it will send no more. */
bool tls_peer_was_told_the_end(const tls_peer_t *peer);

/* Says so itself, and goes on reading. */
bool tls_peer_end(tls_peer_t *peer);

/* A zeroed one is left alone. */
void tls_peer_finish(tls_peer_t *peer);

#endif
