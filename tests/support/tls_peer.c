#include "tls_peer.h"

#include "raw_socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static bool set_options(tls_peer_t *peer) {
  const tls_peer_options_t *options = &peer->options;
  const unsigned char *protocols = (const unsigned char *)options->protocols;
  SSL_CTX_set_security_level(peer->context, 0);
  return SSL_CTX_set_min_proto_version(peer->context, options->min_version) ==
             1 &&
         SSL_CTX_set_max_proto_version(peer->context, options->max_version) ==
             1 &&
         (options->ciphers == NULL ||
          SSL_CTX_set_cipher_list(peer->context, options->ciphers) == 1) &&
         (protocols == NULL ||
          SSL_CTX_set_alpn_protos(peer->context, protocols,
                                  (unsigned)strlen(options->protocols)) == 0);
}

static bool make_ssl(tls_peer_t *peer) {
  BIO *in = BIO_new(BIO_s_mem());
  BIO *out = BIO_new(BIO_s_mem());
  peer->ssl = SSL_new(peer->context);
  if (peer->ssl == NULL || in == NULL || out == NULL) {
    BIO_free(in);
    BIO_free(out);
    return false;
  }
  SSL_set_bio(peer->ssl, in, out);
  SSL_set_connect_state(peer->ssl);
  return peer->options.name == NULL ||
         SSL_set_tlsext_host_name(peer->ssl, peer->options.name) == 1;
}

static bool connect_to(tls_peer_t *peer, uint16_t port) {
  const struct timeval patience = {.tv_sec = RAW_SOCKET_DEADLINE_MS / 1000};
  const int on = 1;
  peer->fd = raw_socket_connect(port);
  return peer->fd >= 0 &&
         setsockopt(peer->fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
                    sizeof(patience)) == 0 &&
         setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) == 0;
}

bool tls_peer_open(tls_peer_t *peer, uint16_t port,
                   const tls_peer_options_t *options) {
  *peer = (tls_peer_t){.fd = -1};
  if (options != NULL) {
    peer->options = *options;
  }
  peer->context = SSL_CTX_new(TLS_client_method());
  return peer->context != NULL && set_options(peer) && make_ssl(peer) &&
         connect_to(peer, port);
}

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* What is still to be sent of `size` bytes. */
static size_t allowed(tls_peer_t *peer, size_t size) {
  size_t max = peer->options.send_max_bytes;
  if (max != 0) {
    size = least(size, max - least(max, peer->sent_bytes));
  }
  peer->sent_bytes += size;
  return size;
}

/* Whom nobody reads any more is told so when it reads. */
static void send_pieces(tls_peer_t *peer, const char *bytes, size_t size) {
  size_t piece = peer->options.piece_bytes;
  for (size_t at = 0; at < size;) {
    size_t count = piece == 0 ? size - at : least(piece, size - at);
    if (raw_socket_write(peer->fd, bytes + at, count) != 0) {
      peer->send_failed = true;
      return;
    }
    at += count;
  }
}

static void flush(tls_peer_t *peer) {
  char bytes[16384];
  int size;
  while ((size = BIO_read(SSL_get_wbio(peer->ssl), bytes, sizeof(bytes))) > 0) {
    send_pieces(peer, bytes, allowed(peer, (size_t)size));
  }
}

static bool feed(tls_peer_t *peer) {
  char bytes[16384];
  if (peer->options.on_wait != NULL) {
    peer->options.on_wait(peer->fd);
  }
  ssize_t size = recv(peer->fd, bytes, sizeof(bytes), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
    peer->words = "nothing came";
  }
  return size > 0 &&
         BIO_write(SSL_get_rbio(peer->ssl), bytes, (int)size) == size;
}

/* After a call that answered `result`: true when it is to be made again. */
static bool again(tls_peer_t *peer, int result) {
  flush(peer);
  if (result > 0) {
    return false;
  }
  peer->words = NULL;
  switch (SSL_get_error(peer->ssl, result)) {
  case SSL_ERROR_WANT_READ:
    return feed(peer);
  case SSL_ERROR_SSL:
    peer->words = ERR_reason_error_string(ERR_peek_error());
    return false;
  default:
    return false;
  }
}

bool tls_peer_handshake(tls_peer_t *peer) {
  int result;
  do {
    ERR_clear_error();
    result = SSL_do_handshake(peer->ssl);
  } while (again(peer, result));
  return result == 1;
}

bool tls_peer_connect(tls_peer_t *peer, uint16_t port) {
  return tls_peer_open(peer, port, NULL) && tls_peer_handshake(peer);
}

bool tls_peer_write(tls_peer_t *peer, const char *bytes, size_t size) {
  while (size > 0) {
    ERR_clear_error();
    int result = SSL_write(peer->ssl, bytes, (int)least(size, 1 << 20));
    if (!again(peer, result) && result <= 0) {
      return false;
    }
    bytes += result > 0 ? result : 0;
    size -= result > 0 ? (size_t)result : 0;
  }
  return true;
}

bool tls_peer_send(tls_peer_t *peer, const char *text) {
  return tls_peer_write(peer, text, strlen(text));
}

static int read_some(tls_peer_t *peer, char *ret_bytes, size_t max) {
  int result;
  do {
    ERR_clear_error();
    result = SSL_read(peer->ssl, ret_bytes, (int)least(max, 1 << 20));
  } while (again(peer, result));
  return result;
}

size_t tls_peer_read_all(tls_peer_t *peer, char *ret_bytes, size_t max) {
  size_t at = 0;
  int count = 1;
  while (at < max && count > 0) {
    count = read_some(peer, ret_bytes + at, max - at);
    at += count > 0 ? (size_t)count : 0;
  }
  ret_bytes[at] = '\0';
  return at;
}

bool tls_peer_read_until(tls_peer_t *peer, const char *text, char *ret_bytes,
                         size_t max) {
  size_t length = strlen(text);
  size_t at = 0;
  int count = 1;
  ret_bytes[0] = '\0';
  while (at < max && count > 0) {
    count = read_some(peer, ret_bytes + at, max - at);
    at += count > 0 ? (size_t)count : 0;
    ret_bytes[at] = '\0';
    if (at >= length && strcmp(ret_bytes + at - length, text) == 0) {
      return true;
    }
  }
  return false;
}

bool tls_peer_was_told_the_end(const tls_peer_t *peer) {
  return (SSL_get_shutdown(peer->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
}

bool tls_peer_end(tls_peer_t *peer) {
  ERR_clear_error();
  int result = SSL_shutdown(peer->ssl);
  flush(peer);
  return result >= 0;
}

void tls_peer_finish(tls_peer_t *peer) {
  if (peer->context == NULL) {
    return;
  }
  if (peer->fd >= 0) {
    close(peer->fd);
  }
  SSL_free(peer->ssl);
  SSL_CTX_free(peer->context);
  *peer = (tls_peer_t){.fd = -1};
}
