/* Every ceiling and every time of the diagnostics' way out, in one list. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_LIMITS_H
#define ASYNCSCOPE_SERVER_DEBUG_LIMITS_H

/* Answers at once on one loop, and of them those that take as long as their
 * reader likes, which are streams of events and profiles of a time: each costs
 * the loop a part of every turn, and the memory of its stream. A loop that has
 * other work has fewer. */
#define DEBUG_STREAMS_MAX          4
#define DEBUG_LASTING_MAX          2
#define DEBUG_LISTENER_STREAMS_MAX 24
#define DEBUG_LISTENER_LASTING_MAX 16

/* How long a reader may take to make room for the next chunk, of at most
 * ASYNCSCOPE_DEBUG_CHUNK_BYTES. */
#define DEBUG_READER_MS 5000

/* A stream that has nothing to give is asked again after this time at the
 * latest: well below the handler's deadline of the HTTP layer, which begins
 * again each time. */
#define DEBUG_WAIT_MAX_MS 5000

/* Of a field that decides who is let in; with the NUL. */
#define DEBUG_FIELD_BYTES 1024

/* Of the listener's own server. */
#define DEBUG_CONNECTIONS_MAX 32 /* below HTTP_DESCRIPTORS_RESERVED */
#define DEBUG_BODY_MAX_BYTES  4096
#define DEBUG_HEADER_MS       5000
#define DEBUG_KEEP_ALIVE_MS   5000

#define DEBUG_URL_BYTES       320 /* "https://" and an address */

#endif
