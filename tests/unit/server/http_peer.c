#include "http_peer.h"

#include <stdlib.h>
#include <string.h>

typedef struct peer_connection_s {
  uv_tcp_t tcp;
  uv_timer_t next_byte;
  http_peer_t *peer;
  struct peer_connection_s *next;
  char *input;
  size_t input_bytes, input_room;
  bool answered_early; /* the body of the request is still to come */
  const peer_act_t *act;
  size_t said; /* bytes of a bytewise act */
  unsigned handles;
  bool closing;
} peer_connection_t;

typedef struct piece_s {
  uv_write_t req;
  peer_connection_t *connection;
  peer_then_t then;
  char bytes[];
} piece_t;

static void on_closed(uv_handle_t *handle) {
  peer_connection_t *connection = handle->data;

  if (--connection->handles > 0)
    return;
  connection->peer->open--;
  free(connection->input);
  free(connection);
}

static void forget(peer_connection_t *connection) {
  peer_connection_t **link = &connection->peer->first;

  while (*link != connection)
    link = &(*link)->next;
  *link = connection->next;
}

static void end(peer_connection_t *connection, bool reset) {
  if (connection->closing)
    return;
  connection->closing = true;
  forget(connection);
  uv_close((uv_handle_t *)&connection->next_byte, on_closed);
  if (!reset || uv_tcp_close_reset(&connection->tcp, on_closed) != 0)
    uv_close((uv_handle_t *)&connection->tcp, on_closed);
}

static void on_shut(uv_shutdown_t *req, int status) {
  (void)status;
  free(req);
}

static void finish_act(peer_connection_t *connection, peer_then_t then) {
  if (then == PEER_SHUT && !connection->closing)
    uv_shutdown(calloc(1, sizeof(uv_shutdown_t)),
                (uv_stream_t *)&connection->tcp, on_shut);
  else if (then != PEER_KEEP)
    end(connection, then == PEER_RESET);
}

static void on_written(uv_write_t *req, int status) {
  piece_t *piece = (piece_t *)req;

  if (status == 0)
    finish_act(piece->connection, piece->then);
  free(piece);
}

static void say(peer_connection_t *connection, const char *text, size_t size,
                peer_then_t then) {
  piece_t *piece = malloc(sizeof(*piece) + size);
  uv_buf_t buf = uv_buf_init(piece->bytes, (unsigned)size);

  piece->connection = connection;
  piece->then = then;
  memcpy(piece->bytes, text, size);
  if (uv_write(&piece->req, (uv_stream_t *)&connection->tcp, &buf, 1,
               on_written) != 0)
    free(piece);
}

static size_t size_of(const peer_act_t *act) {
  if (act->text == NULL)
    return 0;
  return act->size != 0 ? act->size : strlen(act->text);
}

static void say_byte(uv_timer_t *timer) {
  peer_connection_t *connection = timer->data;
  const peer_act_t *act = connection->act;
  bool last = connection->said + 1 == size_of(act);

  say(connection, act->text + connection->said++, 1,
      last ? act->then : PEER_KEEP);
  if (!last)
    uv_timer_start(timer, say_byte, 0, 0);
}

static void perform(peer_connection_t *connection, const peer_act_t *act) {
  size_t size = size_of(act);

  connection->act = act;
  connection->said = 0;
  if (size == 0)
    finish_act(connection, act->then);
  else if (act->bytewise)
    uv_timer_start(&connection->next_byte, say_byte, 0, 0);
  else
    say(connection, act->text, size, act->then);
}

static const peer_act_t *next_act(http_peer_t *peer) {
  size_t index = peer->requests++;

  if (peer->act_count == 0)
    return NULL;
  return &peer->acts[index < peer->act_count ? index : peer->act_count - 1];
}

/* Where the request that begins the input ends; 0: not yet. */
static size_t request_end(const peer_connection_t *connection, bool head_only) {
  const char *input = connection->input;
  const char *head_end = strstr(input, "\r\n\r\n");
  const char *length = strstr(input, "Content-Length: ");
  const char *end;
  size_t size;

  if (head_end == NULL)
    return 0;
  size = (size_t)(head_end + 4 - input);
  if (head_only)
    return size;
  if (length != NULL && length < head_end) {
    size += strtoul(length + strlen("Content-Length: "), NULL, 10);
    return size <= connection->input_bytes ? size : 0;
  }
  if (strstr(input, "chunked") == NULL || strstr(input, "chunked") > head_end)
    return size;
  end = strstr(head_end + 2, "\r\n0\r\n\r\n");
  return end == NULL ? 0 : (size_t)(end + 7 - input);
}

static void drop(peer_connection_t *connection, size_t size) {
  connection->input_bytes -= size;
  memmove(connection->input, connection->input + size,
          connection->input_bytes + 1);
}

static bool is_early(const http_peer_t *peer) {
  size_t index = peer->requests;

  if (peer->act_count == 0)
    return false;
  return peer->acts[index < peer->act_count ? index : peer->act_count - 1]
      .early;
}

/* What follows an early answer is the rest of a body nobody counts. */
static void serve(peer_connection_t *connection) {
  size_t size;

  while (!connection->closing && !connection->answered_early &&
         connection->input_bytes > 0 &&
         (size = request_end(connection, is_early(connection->peer))) > 0) {
    const peer_act_t *act = next_act(connection->peer);

    drop(connection, size);
    if (act != NULL) {
      connection->answered_early = act->early;
      perform(connection, act);
    }
  }
}

static void keep_received(http_peer_t *peer, const char *bytes, size_t size) {
  size_t room = PEER_RECEIVED_BYTES - 1;

  if (peer->received_bytes < room) {
    size_t kept =
        size < room - peer->received_bytes ? size : room - peer->received_bytes;

    memcpy(peer->received + peer->received_bytes, bytes, kept);
    peer->received[peer->received_bytes + kept] = '\0';
  }
  peer->received_bytes += size;
}

static void take_input(peer_connection_t *connection, const char *bytes,
                       size_t size) {
  size_t needed = connection->input_bytes + size + 1;

  if (needed > connection->input_room) {
    connection->input_room = needed * 2;
    connection->input = realloc(connection->input, connection->input_room);
  }
  memcpy(connection->input + connection->input_bytes, bytes, size);
  connection->input_bytes += size;
  connection->input[connection->input_bytes] = '\0';
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf) {
  static char memory[65536];

  (void)handle;
  (void)suggested;
  *buf = uv_buf_init(memory, sizeof(memory));
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf) {
  peer_connection_t *connection = stream->data;

  if (nread < 0) {
    end(connection, false);
    return;
  }
  keep_received(connection->peer, buf->base, (size_t)nread);
  take_input(connection, buf->base, (size_t)nread);
  serve(connection);
}

static void on_connection(uv_stream_t *listener, int status) {
  http_peer_t *peer = listener->data;
  peer_connection_t *connection = calloc(1, sizeof(*connection));

  (void)status;
  connection->peer = peer;
  connection->handles = 2;
  uv_tcp_init(peer->loop, &connection->tcp);
  uv_timer_init(peer->loop, &connection->next_byte);
  connection->tcp.data = connection->next_byte.data = connection;
  connection->next = peer->first;
  peer->first = connection;
  peer->connections++;
  peer->open++;
  uv_accept(listener, (uv_stream_t *)&connection->tcp);
  uv_tcp_nodelay(&connection->tcp, 1);
  if (!peer->deaf)
    uv_read_start((uv_stream_t *)&connection->tcp, on_alloc, on_read);
  if (peer->greeting != NULL)
    perform(connection, peer->greeting);
}

static int bind_to(http_peer_t *peer, const char *address) {
  struct sockaddr_storage bound = {0};
  int size = sizeof(bound);
  int error = uv_ip4_addr(address, 0, (struct sockaddr_in *)&bound);

  if (error != 0)
    error = uv_ip6_addr(address, 0, (struct sockaddr_in6 *)&bound);
  if (error == 0)
    error = uv_tcp_bind(&peer->listener, (const struct sockaddr *)&bound, 0);
  if (error == 0)
    error = uv_listen((uv_stream_t *)&peer->listener, 128, on_connection);
  if (error == 0)
    error =
        uv_tcp_getsockname(&peer->listener, (struct sockaddr *)&bound, &size);
  /* The port lies in the same place for both families. */
  peer->port = ntohs(((struct sockaddr_in *)&bound)->sin_port);
  return error;
}

int http_peer_start(http_peer_t *peer, uv_loop_t *loop, const char *address) {
  peer->loop = loop;
  uv_tcp_init(loop, &peer->listener);
  peer->listener.data = peer;
  return bind_to(peer, address);
}

void http_peer_say(http_peer_t *peer, const peer_act_t *act) {
  perform(peer->first, act);
}

void http_peer_listen(http_peer_t *peer) {
  peer->deaf = false;
  for (peer_connection_t *at = peer->first; at != NULL; at = at->next)
    uv_read_start((uv_stream_t *)&at->tcp, on_alloc, on_read);
}

void http_peer_stop(http_peer_t *peer) {
  while (peer->first != NULL)
    end(peer->first, false);
  uv_close((uv_handle_t *)&peer->listener, NULL);
}
