/* All of /debug for any program, with one call: diagnostics on an address of
 * their own, served by a thread of their own.
 *
 * That thread shares nothing with the program's but what they publish: it
 * answers while every event loop is stuck in a callback and every worker is
 * busy. It is shown as the thread "debug" of kind other; its connections and
 * requests are asyncscope's own, hidden unless asked for (internal=1).
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: no.
 *   Errors: as said.
 *   Memory: a listener is the caller's to close; what is passed is copied, but
 *     for `debug`.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNCSCOPE_DEBUG_LISTEN_H
#define ASYNCSCOPE_ASYNCSCOPE_DEBUG_LISTEN_H

#include "asyncscope/async_types.h"
#include "asyncscope/asyncscope_debug.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A listener and its thread. */
typedef struct asyncscope_debug_listener_s asyncscope_debug_listener_t;

/* Zeroed is a valid set of options. */
typedef struct asyncscope_debug_listen_options_s {
  /* Whoever shows it as a bearer token is let in, wherever they are; NULL and
   * "" mean there is none. Copied. At most ASYNCSCOPE_DEBUG_TOKEN_MAX bytes. */
  const char *token;
  /* Whose peers need no token. Copied; may be NULL with network_count 0. */
  const asyncscope_debug_network_t *networks;
  size_t network_count; /* at most ASYNCSCOPE_DEBUG_NETWORKS_MAX */
  /* From when on diagnostics that are made for it warn; others have their own.
   * Copied; may be NULL. */
  const asyncscope_debug_thresholds_t *thresholds;
  /* What is kept of what is over, where diagnostics are made for it. Read
   * during the call alone; NULL: as it stands. */
  const asyncscope_debug_kept_t *kept;
} asyncscope_debug_listen_options_t;

#define ASYNCSCOPE_DEBUG_NETWORKS_MAX 16 /* in `networks` */

/* Where it listens when nothing is said. */
#define ASYNCSCOPE_DEBUG_ADDRESS "127.0.0.1:8081"

/* Serves `debug` (NULL: one made with default options) on `address`:
 *   HOST:PORT   an IPv6 address in brackets; port 0 takes a free one
 *   unix:PATH   a unix socket that only this user may connect to (mode 0600);
 *               one that a process that is gone has left there is replaced.
 *               "PATH.lock" beside it keeps others away meanwhile
 *   off         nothing: `*ret_listener` is NULL
 *   NULL        ASYNCSCOPE_DEBUG_ADDRESS
 * `options` may be NULL. Who is let in: asyncscope_debug_access(). An address
 * that is not on the loopback takes a token or a network.
 * Returns when it is served; on success `*ret_listener` is the caller's to
 * close, before `debug` is destroyed. Waits for a host name to be looked up.
 * Errors: UV_EINVAL (address, token, networks), UV_EACCES (not on the loopback,
 * and nobody who could be let in there), UV_EADDRINUSE, UV_EEXIST (at PATH is
 * something else than a socket), UV_ENAMETOOLONG, UV_EAI_*, UV_ENOMEM, and what
 * the system answers; async_error_message() names the address. Thread: any; not
 * inside a hook. */
ASYNC_EXTERN
int asyncscope_debug_listen(asyncscope_debug_t *debug, const char *address,
                            const asyncscope_debug_listen_options_t *options,
                            asyncscope_debug_listener_t **ret_listener);

/* Where it listens: "http://127.0.0.1:8081", with the port that was taken, or
 * "unix:PATH". Borrowed until it is closed; "" for NULL. Thread: any. */
ASYNC_EXTERN
const char *asyncscope_debug_listener_url(
    const asyncscope_debug_listener_t *listener);

/* Exchanges the token, or gives one to a listener that had none: from here on
 * `token` opens it and the one before does not. It cannot be taken away. What
 * is being read goes on. NULL as listener is left alone. Errors: UV_EINVAL
 * (NULL, "", longer than ASYNCSCOPE_DEBUG_TOKEN_MAX), and nothing is changed.
 * Thread: any. */
ASYNC_EXTERN
int asyncscope_debug_listener_set_token(asyncscope_debug_listener_t *listener,
                                        const char *token);

/* Stops listening, removes the unix socket, and waits for the thread to end:
 * at most ASYNCSCOPE_DEBUG_CLOSE_MS for answers that are being read. NULL is
 * left alone. Thread: any but its own; not inside a hook. */
#define ASYNCSCOPE_DEBUG_CLOSE_MS 500
ASYNC_EXTERN
void asyncscope_debug_listener_close(asyncscope_debug_listener_t *listener);

#ifdef __cplusplus
}
#endif
#endif
