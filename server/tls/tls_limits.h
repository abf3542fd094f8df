/* Every ceiling of TLS, in one list; its times are those of http_limits.h. */
#ifndef ASYNCSCOPE_SERVER_TLS_LIMITS_H
#define ASYNCSCOPE_SERVER_TLS_LIMITS_H

/* What a peer may send before the handshake is done, and what is kept for it
 * meanwhile. */
#define TLS_HANDSHAKE_MAX_BYTES 65536

/* What sealing adds to a record of 16384 bytes, and a little for what OpenSSL
 * may have to say between two. */
#define TLS_RECORD_PLAIN_BYTES 16384
#define TLS_RECORD_MORE_BYTES  64
#define TLS_SAYS_MAX_BYTES     1024

/* Of a file with certificates or a key. */
#define TLS_FILE_MAX_BYTES 1048576

/* Certificates between the server's own and its root. */
#define TLS_CHAIN_MAX 16

#endif
