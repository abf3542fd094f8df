/* What the program is doing right now, and why: every thread, every live
 * resource and every request in flight, in several formats, and who may see
 * it.
 *
 * Nothing here knows HTTP: a server asks for access, hands over path and query
 * of a request, then pulls chunks and writes them wherever it likes. Nothing
 * here waits for another thread.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: no, unless it says so.
 *   Errors: UV_ENOMEM, UV_EINVAL; then nothing is left behind.
 *   Memory: what is created is the caller's to destroy; what is passed is
 *     copied, but for pools.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNCSCOPE_DEBUG_H
#define ASYNCSCOPE_ASYNCSCOPE_DEBUG_H

#include "asyncscope/async_request.h"
#include "asyncscope/async_types.h"
#include "asyncscope/worker_pool.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sockaddr;

/* -- The diagnostics of a process ---------------------------------------- */

/* A pool to report. */
typedef struct asyncscope_debug_pool_s {
  const worker_pool_t *pool; /* closed after asyncscope_debug_destroy() */
  const char *name;          /* of it in the answers; copied */
} asyncscope_debug_pool_t;

#define ASYNCSCOPE_DEBUG_TARGET_BYTES  512 /* with the final NUL */
#define ASYNCSCOPE_DEBUG_PROBLEM_BYTES 128 /* with the final NUL */

/* How somebody is doing who sends elsewhere what is seen here. All but
 * `queued` since the start. */
typedef struct asyncscope_debug_export_s {
  uint64_t queued, queue_max; /* waiting or on their way, and how many may be */
  uint64_t exported;          /* taken by the other side */
  uint64_t rejected;          /* of what it took, refused */
  uint64_t failed;            /* given up after a failure */
  uint64_t dropped;           /* the queue was full, or the time over */
  uint64_t missed;            /* requests overwritten before they were read */
  uint64_t missed_events;     /* parts of them, the same */
  uint64_t batches, retries;  /* sent, each once; attempts beyond these */
  bool failing;               /* the last attempt was none that was taken */
  /* When something was rejected, failed, dropped or missed for the first and
   * the last time, in the scale of async_inspect_now_ns(); 0: never. It is
   * warned of as dropped-events. */
  uint64_t first_lost_ns, last_lost_ns;         /* both, or neither */
  char target[ASYNCSCOPE_DEBUG_TARGET_BYTES];   /* where it sends to */
  char problem[ASYNCSCOPE_DEBUG_PROBLEM_BYTES]; /* the last; "" for none */
} asyncscope_debug_export_t;

/* An exporter to report. */
typedef struct asyncscope_debug_exporter_s {
  const char *name; /* static */
  /* Fills a zeroed struct, on any thread, and does not wait. */
  void (*read)(void *data, asyncscope_debug_export_t *ret_export);
  void *data; /* lives until asyncscope_debug_destroy() */
} asyncscope_debug_exporter_t;

#define ASYNCSCOPE_DEBUG_EXPORTERS_MAX 4 /* in asyncscope_debug_options_t */

/* As a threshold: it is never warned of. */
#define ASYNCSCOPE_DEBUG_NEVER UINT64_MAX

/* From when on something is warned of, each under its code: slow_callback_us
 * is that of slow-callback. 0: as it stands at each. */
typedef struct asyncscope_debug_thresholds_s {
  /* Microseconds. */
  uint64_t slow_callback_us; /* 25 ms on a loop's thread. When it is set, every
                              * loop's thread looks for callbacks that long:
                              * async_slow_callback_set_ns() */
  uint64_t loop_blocked_us;  /* 100 ms: a loop is in one callback now */
  uint64_t pool_starved_us;  /* 1 s: a task waits, every worker is busy */
  uint64_t long_pending_us;  /* 10 s: an operation has not called back */
  uint64_t context_retained_us; /* 10 s: since the request has ended */
  /* How often it has happened. */
  uint64_t context_foreign, context_lost; /* once */
  uint64_t scope_unbalanced;              /* once */
  uint64_t destroyed_unrun;               /* once */
  uint64_t dropped_events;                /* one event or finding */
  /* never-destroyed-growth: so many of those made at one site in a time of
   * growth_window_us live at least as long, some of each quarter of it. */
  uint64_t growth;           /* 1000 */
  uint64_t growth_window_us; /* one minute; and also in sixty times that */
  /* How long a warning of what is over is shown, from the last time it was so:
   * one hour. */
  uint64_t past_us;
} asyncscope_debug_thresholds_t;

/* What each thread keeps of what is over. It holds for the whole process: see
 * async_recorder_set_bytes() and async_requests_set_kept(). */
typedef struct asyncscope_debug_kept_s {
  size_t recorder_bytes;    /* 0: no events */
  uint32_t requests;        /* finished ones */
  uint32_t slow_requests;   /* of those that failed or were slow */
  uint64_t slow_request_us; /* from when on it is one of those */
} asyncscope_debug_kept_t;

/* What holds where nothing is said. */
#define ASYNCSCOPE_DEBUG_KEPT \
  { 1048576, 256, 64, 1000000 }

/* Zeroed is a valid set of options; what it means stands at each field. All
 * of it is copied, but for the pools themselves. */
typedef struct asyncscope_debug_options_s {
  const char *tool_name; /* NULL: "asyncscope" */
  const char *command;   /* the program's name; NULL: as it was invoked */
  /* When the process began, in the scale of async_inspect_now_ns(); 0: when
   * the oldest environment still open was opened. */
  uint64_t started_ns;
  const asyncscope_debug_pool_t *pools; /* may be NULL with pool_count 0 */
  size_t pool_count;                    /* of `pools` */
  /* At most ASYNCSCOPE_DEBUG_EXPORTERS_MAX. */
  const asyncscope_debug_exporter_t *exporters;
  size_t exporter_count; /* of `exporters` */
  bool internal;         /* show asyncscope's own resources too, unasked */
  /* The last lines of asyncscope_debug_log() that are kept for /debug/log, at
   * most ASYNCSCOPE_DEBUG_LOG_LINES_MAX of 1 KiB each; 0: none are. */
  size_t log_lines;
  asyncscope_debug_thresholds_t thresholds; /* zeroed: as it stands at each */
  const asyncscope_debug_kept_t *kept;      /* NULL: as it stands */
} asyncscope_debug_options_t;

/* The diagnostics of a process. */
typedef struct asyncscope_debug_s asyncscope_debug_t;

/* `options` may be NULL. On success `*ret_debug` is the caller's to destroy.
 * Errors: UV_ENOMEM, UV_EINVAL (too many lines or
 * exporters). Thread: any. */
ASYNC_EXTERN
int asyncscope_debug_create(const asyncscope_debug_options_t *options,
                            asyncscope_debug_t **ret_debug);

/* Measures what it costs to make, run and end a tracked resource on this
 * machine, which the answers then tell, by some hundreds of asyncscope's own:
 * less than a millisecond. Hooks of this thread hear of them.
 * Errors: UV_EINVAL without an environment, UV_ENOMEM. Thread: any that has one
 * and is in no scope; asyncscope_debug_listen() does so on its own. */
ASYNC_EXTERN
int asyncscope_debug_measure_cost(asyncscope_debug_t *debug);

/* How often asyncscope_debug_sample() is meant to be called. */
#define ASYNCSCOPE_DEBUG_SAMPLE_MS 1000

/* Notes how the process is doing, for /debug/history, which has a point for
 * each of the last 60 seconds and of the last 60 minutes. It reads counters,
 * allocates nothing, and costs some ten microseconds whatever lives. One that
 * comes sooner than half a second after another is left out.
 * asyncscope_debug_listen() does so on its own, once a second. Thread: any; not
 * inside a hook. */
ASYNC_EXTERN
void asyncscope_debug_sample(asyncscope_debug_t *debug);

/* All its streams are destroyed before. NULL is left alone. Thread: any. */
ASYNC_EXTERN
void asyncscope_debug_destroy(asyncscope_debug_t *debug);

/* -- Asking ---------------------------------------------------------------- */

/* Where the answers are: this path, all below it, and /metrics. */
#define ASYNCSCOPE_DEBUG_PATH "/debug"

/* What a client asks for. All is NUL-terminated and read during the call
 * alone; bytes of any value are fine. Every endpoint is read by GET and HEAD,
 * and none changes anything. */
typedef struct asyncscope_debug_request_s {
  const char *path;          /* as sent, without the query */
  const char *query;         /* as sent, behind the '?'; NULL: none */
  const char *accept;        /* the field's value; NULL: none */
  const char *last_event_id; /* the field's value; NULL: none */
} asyncscope_debug_request_t;

/* The body of an answer, pulled a chunk at a time. */
typedef struct asyncscope_debug_stream_s asyncscope_debug_stream_t;

/* A header field that goes with the answer. */
typedef struct asyncscope_debug_field_s {
  const char *name, *value; /* without line ends */
} asyncscope_debug_field_t;

#define ASYNCSCOPE_DEBUG_FIELDS_MAX 4 /* of an answer */

/* Strings live as long as the stream. */
typedef struct asyncscope_debug_answer_s {
  int status;               /* of HTTP: 200, 400, 404, ... */
  const char *content_type; /* its value */
  asyncscope_debug_field_t fields[ASYNCSCOPE_DEBUG_FIELDS_MAX]; /* besides */
  size_t field_count; /* of `fields` */
  /* Nothing comes before the time that was asked for is over: one that serves
   * a few answers at once keeps room for others, as with streams of events. */
  bool waits;
  asyncscope_debug_stream_t *stream; /* the body, the caller's to destroy */
} asyncscope_debug_answer_t;

/* Begins the answer to a request: what is wrong with it is an answer too, with
 * a body that says so. `debug` outlives the stream. JSON elements are made
 * with jansson: a program that wants their memory counted calls
 * json_set_alloc_funcs() itself, at its start.
 * Errors: UV_ENOMEM; then there is no answer and nothing is left behind.
 * Thread: any, also one without an environment; not inside a hook. */
ASYNC_EXTERN
int asyncscope_debug_open(asyncscope_debug_t *debug,
                          const asyncscope_debug_request_t *request,
                          asyncscope_debug_answer_t *ret_answer);

/* No chunk is longer. */
#define ASYNCSCOPE_DEBUG_CHUNK_BYTES 16384

/* The next chunk: at most ASYNCSCOPE_DEBUG_CHUNK_BYTES bytes, not
 * NUL-terminated, borrowed until the next call on this stream. The end is 0
 * bytes, for this and every later call; an answer that ends is one whose last
 * byte is '\n', unless its format is binary.
 * Errors: UV_EAGAIN when there is nothing to give yet: ask again after
 * asyncscope_debug_stream_wait_ms(). UV_ENOMEM; the stream then stays at its
 * error and what was delivered is incomplete: end the connection instead of
 * the body.
 * Thread: any, one at a time; inside a callback of a loop is fine: one call
 * costs the formatting of one chunk, or a turn of looking for what to show. */
ASYNC_EXTERN
int asyncscope_debug_stream_next(asyncscope_debug_stream_t *stream,
                                 const char **ret_chunk,
                                 size_t *ret_chunk_bytes);

/* How long to wait after UV_EAGAIN, in milliseconds. 0: only let others have
 * their turn. */
ASYNC_EXTERN
uint64_t asyncscope_debug_stream_wait_ms(
    const asyncscope_debug_stream_t *stream);

/* Frees the stream, at its end or before it. NULL is left alone. */
ASYNC_EXTERN
void asyncscope_debug_stream_destroy(asyncscope_debug_stream_t *stream);

/* -- The log --------------------------------------------------------------- */

typedef enum asyncscope_debug_level_e {
  ASYNCSCOPE_DEBUG_LEVEL_DEBUG, /* for who looks for something */
  ASYNCSCOPE_DEBUG_LEVEL_INFO,  /* what is as it should be */
  ASYNCSCOPE_DEBUG_LEVEL_WARN,  /* what may be wrong */
  ASYNCSCOPE_DEBUG_LEVEL_ERROR  /* what is */
} asyncscope_debug_level_t;

#define ASYNCSCOPE_DEBUG_LOG_LINES     1024    /* enough for most programs */
#define ASYNCSCOPE_DEBUG_LOG_LINES_MAX 1048576 /* with room for 1 KiB each */
#define ASYNCSCOPE_DEBUG_LOG_BYTES     960 /* of a line; a longer one is cut */

/* A line of the program's log: any bytes, without the line's end. */
typedef struct asyncscope_debug_log_line_s {
  asyncscope_debug_level_t level; /* how much it matters */
  const char *text;               /* copied */
  size_t text_bytes;              /* cut at ASYNCSCOPE_DEBUG_LOG_BYTES */
  /* Whose it is; 0: of the request in whose context this runs, if any, and
   * `trace` is then that one's. */
  uint64_t request;
  async_request_trace_t trace; /* all 0: none */
} asyncscope_debug_log_line_t;

/* Keeps the line for /debug/log, in place of the oldest one. Where none are
 * kept, nothing happens. It neither waits nor allocates nor writes anywhere.
 * Thread: any; inside hooks too. */
ASYNC_EXTERN
void asyncscope_debug_log(asyncscope_debug_t *debug,
                          const asyncscope_debug_log_line_t *line);

/* -- Access -------------------------------------------------------------- */

/* Peers that need no token, besides those on this machine. */
typedef struct asyncscope_debug_network_s {
  unsigned char address[16]; /* an IPv4 one as ::ffff:a.b.c.d */
  unsigned prefix_bits;      /* of the 128 */
} asyncscope_debug_network_t;

/* "192.0.2.0/24", "2001:db8::/32", or one address. Errors: UV_EINVAL, also for
 * an address with bits behind the prefix: which of the two is meant? */
ASYNC_EXTERN
int asyncscope_debug_network_parse(const char *text,
                                   asyncscope_debug_network_t *ret_network);

/* `peer` NULL, or of another family than the two: false. */
ASYNC_EXTERN
bool asyncscope_debug_network_has(const asyncscope_debug_network_t *network,
                                  const struct sockaddr *peer);

/* What came with the request. Header values are NUL-terminated, without
 * leading and trailing white space, NULL where the header is absent; a
 * request with two Host headers must have been refused before. */
typedef struct asyncscope_debug_visitor_s {
  const struct sockaddr *peer; /* NULL: unknown, never local */
  bool allowed;                /* the peer is in a network that was allowed */
  const char *host;            /* Host */
  const char *authorization;   /* Authorization */
  const char *origin;          /* Origin */
  const char *sec_fetch_site;  /* Sec-Fetch-Site */
  /* A field that a proxy has added (Forwarded, X-Forwarded-For, Via, ...),
   * whichever is there: the peer stands for somebody else. */
  const char *forwarded;
} asyncscope_debug_visitor_t;

/* A longer token never matches: refuse it where it is configured. */
#define ASYNCSCOPE_DEBUG_TOKEN_MAX 512

/* The value of WWW-Authenticate that belongs to a 401. */
#define ASYNCSCOPE_DEBUG_CHALLENGE "Bearer realm=\"asyncscope debug\""

/* Who may see /debug. Returns the HTTP status to answer with: 200, 401 or
 * 403, and for the last two sets `*ret_reason` (NULL for 200) to one static
 * line, without line end, that says how to get in.
 *
 * `token` is the configured one; NULL and "" mean there is none. In order:
 *   1. The right bearer token is let in, wherever it comes from: no page of
 *      another origin knows it.
 *   2. A wrong bearer token is 401, also on loopback: whoever shows one wants
 *      to know that it is wrong before relying on it elsewhere. Where no token
 *      is configured, and for other schemes than Bearer, the header says
 *      nothing.
 *   3. A browser page of another origin is 403 (Sec-Fetch-Site other than
 *      same-origin and none; Origin other than http(s)://Host).
 *   4. A local peer (127.0.0.0/8, ::1, their IPv4-mapped forms, a unix
 *      socket) with a local Host (localhost, 127.0.0.0/8, [::1], any port) is
 *      let in, unless it says that it forwards for another. The Host is what
 *      DNS rebinding cannot forge. A proxy on this machine that neither says
 *      so nor keeps the visitor's Host cannot be told from a local visitor:
 *      behind one, configure a token or do not forward.
 *   5. A peer of an allowed network is let in under a local Host or one that is
 *      an address: a name could have been rebound to it. Not one that forwards
 *      for another.
 *   6. Everybody else is 401 where a token would help, 403 where none is
 *      configured.
 * The time taken does not depend on the configured token, nor on how much of
 * it was right. Thread: any. */
ASYNC_EXTERN
int asyncscope_debug_access(const asyncscope_debug_visitor_t *visitor,
                            const char *token, const char **ret_reason);

#ifdef __cplusplus
}
#endif
#endif
