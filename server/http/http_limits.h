/* Every ceiling and every time of the HTTP layer, in one list. What a program
 * may choose stands in http_limits_t, for what it asks of others in
 * http_client_limits_t, what it may not in the constants. */
#ifndef ASYNCSCOPE_SERVER_HTTP_LIMITS_H
#define ASYNCSCOPE_SERVER_HTTP_LIMITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct http_limits_s {
  size_t header_max_bytes; /* of the target, and of the header section */
  unsigned fields_max;     /* header fields in a request, at most 100 */
  size_t body_max_bytes;
  unsigned header_timeout_ms;     /* accept or first byte to end of head */
  unsigned request_timeout_ms;    /* end of head to end of body */
  unsigned keep_alive_timeout_ms; /* end of a request to the next one */
  unsigned write_timeout_ms;      /* no byte taken by the peer */
  unsigned handler_timeout_ms;    /* request complete to progress of answer */
  unsigned requests_max;          /* on one connection */
  size_t connections_max;         /* on one server, that is, on one loop */
} http_limits_t;

/* clang-format off */
#define HTTP_LIMITS_DEFAULT                                                    \
  {                                                                            \
    .header_max_bytes = 16384, .fields_max = HTTP_FIELDS_MAX,                  \
    .body_max_bytes = 1048576, .header_timeout_ms = 10000,                     \
    .request_timeout_ms = 30000, .keep_alive_timeout_ms = 15000,               \
    .write_timeout_ms = 10000, .handler_timeout_ms = 30000,                    \
    .requests_max = 1000, .connections_max = HTTP_CONNECTIONS_MAX              \
  }
/* clang-format on */

#define HTTP_FIELDS_MAX           100
#define HTTP_CONNECTIONS_MAX      10000 /* in all, whatever the descriptors */
#define HTTP_DESCRIPTORS_RESERVED 64    /* never used for connections */
#define HTTP_DESCRIPTORS_PER_LOOP 8     /* the same, for each loop */
#define HTTP_DESCRIPTORS_LEAST    16    /* without the loops', for one client */

/* Between these a program may choose. */
#define HTTP_HEADER_MAX_FLOOR        8192    /* RFC 9112 3: 8,000 and more */
#define HTTP_HEADER_MAX_CEILING      1048576 /* offsets into a head are 32 bits */
#define HTTP_BODY_MAX_CEILING        1073741824
#define HTTP_REQUESTS_MAX_CEILING    1000000000
#define HTTP_CONNECTIONS_MAX_CEILING 1000000
#define HTTP_TIMEOUT_MIN_MS          100
#define HTTP_TIMEOUT_MAX_MS          3600000

/* Framing of a chunked body beyond HTTP_CHUNK_HEADER_BYTES a chunk counts as
 * chunk extensions, over the whole request. */
#define HTTP_CHUNK_EXTENSIONS_MAX_BYTES 4096
#define HTTP_CHUNK_HEADER_BYTES         16

/* One for each loop, shared. What a connection keeps of its input while the
 * answer before it is pending is at most what one read gave. */
#define HTTP_READ_BUFFER_BYTES 65536

/* The part of it for what a session has opened: a record of TLS. */
#define HTTP_SESSION_PLAIN_BYTES 16384

/* Unread output of a connection: beyond it nothing more is read or produced.
 * One answer given at once may pass it by its own size. */
#define HTTP_OUTPUT_HIGH_BYTES 65536

/* What a source may produce, and how long it may take, before the loop's other
 * work has its turn. */
#define HTTP_PULL_TURN_BYTES 262144
#define HTTP_PULL_TURN_US    1000

/* A peer that takes less for as long as the write timeout takes nothing. */
#define HTTP_WRITE_MIN_BYTES_PER_S 256

/* After an error or a last answer: what is still read, and dropped. */
#define HTTP_LINGER_MS        1000
#define HTTP_LINGER_MAX_BYTES 1048576

/* Ranges that one request may ask for. */
#define HTTP_RANGES_MAX                16

#define HTTP_RESPONSE_FIELDS_MAX_BYTES 4096
#define HTTP_HEAD_FIRST_BYTES          1024 /* of a request's buffer */
#define HTTP_OUTPUT_FIRST_BYTES        1024

/* Kept for reuse by each server, so that a busy one allocates nothing. */
#define HTTP_SPARE_REQUESTS_MAX     64
#define HTTP_SPARE_HEAD_MAX_BYTES   4096
#define HTTP_SPARE_OUTPUT_MAX_BYTES 65536

#define HTTP_SWEEP_MS               250 /* the grain of every timeout */
#define HTTP_WHEEL_SLOTS            256 /* times HTTP_SWEEP_MS: 64 s in one turn */
#define HTTP_BACKLOG                1024
#define HTTP_ERROR_LOG_MS           1000 /* accept errors are reported this often */

/* A listener from which nothing can be taken is noticed after so many turns of
 * its loop: so often it is looked at, once in so many turns. */
#define HTTP_ACCEPT_LOOKS      4
#define HTTP_ACCEPT_LOOK_TURNS 256

/* What a client may choose: for all requests of an agent. A time of 0 is
 * none. */
typedef struct http_client_limits_s {
  size_t header_max_bytes;   /* of the status-line, and of the header section */
  unsigned fields_max;       /* header fields in a response, at most 100 */
  size_t body_max_bytes;     /* of a response; nothing of it is kept */
  unsigned sockets_max;      /* to one host and port */
  unsigned free_sockets_max; /* of them kept while nobody uses them */
  size_t queued_max;         /* requests waiting for a socket, in all */
  unsigned connect_timeout_ms; /* lookup, and all addresses */
  unsigned idle_timeout_ms;    /* no byte from the peer, and none to it */
  unsigned free_socket_timeout_ms;
} http_client_limits_t;

/* clang-format off */
#define HTTP_CLIENT_LIMITS_DEFAULT                                             \
  {                                                                            \
    .header_max_bytes = 16384, .fields_max = HTTP_FIELDS_MAX,                  \
    .body_max_bytes = SIZE_MAX, .sockets_max = 64, .free_sockets_max = 16,     \
    .queued_max = 1024, .connect_timeout_ms = 10000,                           \
    .idle_timeout_ms = 30000, .free_socket_timeout_ms = 4000                   \
  }
/* clang-format on */

/* A request of ours: its head, and the body that is given as a whole. */
#define HTTP_CLIENT_HEAD_MAX_BYTES 16384
#define HTTP_CLIENT_BODY_MAX_BYTES 16777216
#define HTTP_CLIENT_HOST_MAX_BYTES 255
/* Interim responses (1xx) passed over before a response. */
#define HTTP_CLIENT_INTERIMS_MAX 16
/* Addresses of one name that are tried. */
#define HTTP_CLIENT_ADDRESSES_MAX 16
/* Hosts and ports that an agent knows at once. */
#define HTTP_AGENT_HOSTS_MAX    1024
#define HTTP_AGENT_HOST_BUCKETS 64
/* A kept socket is not used again in the last second that its peer grants. */
#define HTTP_AGENT_KEEP_MARGIN_MS 1000

#endif
