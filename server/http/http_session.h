/* What lies between a connection and its socket where it is not the socket
 * alone: a session that opens what came and seals what goes, of TLS for one.
 *
 *   socket -> bytes -> unseal() -> plain bytes -> parser
 *   socket <- sealed <-  seal() <- output      <- answers
 *
 * A session does no I/O. It is given what was read, and leaves what is to be
 * written in `sealed`; the connection sends that before anything it seals
 * later. So deadlines, back-pressure and ceilings are the connection's, and the
 * same as without a session. */
#ifndef ASYNCSCOPE_SERVER_HTTP_SESSION_H
#define ASYNCSCOPE_SERVER_HTTP_SESSION_H

#include "asyncscope/async_resource.h"
#include "http_buffer.h"
#include <stdbool.h>
#include <sys/types.h>

typedef struct http_session_s http_session_t;
typedef struct http_transport_s http_transport_t;

/* What makes sessions. Its functions are called on any loop's thread, those of
 * one session on the thread that opened it. */
struct http_transport_s {
  /* For a connection that was just accepted; `trigger_async_id` is its
   * handle's. Errors: UV_ENOMEM. */
  int (*open)(http_transport_t *transport, async_id_t trigger_async_id,
              http_session_t **ret_session);

  /* Opens what it can of `*bytes`, which moves behind what was used. Answers
   * how many plain bytes there are now; 0: it has used all there is; UV_EOF:
   * the peer has said that it will send no more; any other error: the session
   * is of no use any more, and `words` may say why. */
  ssize_t (*unseal)(http_session_t *session, http_buffer_t *bytes,
                    char *ret_plain, size_t max_bytes);

  /* Appends `size` bytes, sealed, to `sealed`. Errors: UV_ENOMEM, UV_EPROTO. */
  int (*seal)(http_session_t *session, const char *bytes, size_t size);

  /* Appends what tells the peer that no more will come; once. */
  void (*end)(http_session_t *session);

  void (*close)(http_session_t *session);
};

/* What a session begins with. */
struct http_session_s {
  const http_transport_t *transport;
  async_resource_t resource; /* requests are caused by it */
  http_buffer_t sealed;
  const char *words; /* static; NULL for none */
  bool established;  /* plain bytes may come and go */
  bool broken;       /* nothing more is opened or sealed */
  bool ended;
};

#endif
