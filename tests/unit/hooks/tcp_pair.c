#include "tcp_pair.h"

#include <string.h>

async_uv_stream_t *stream_of(async_uv_tcp_t *tcp) {
  return (async_uv_stream_t *)tcp;
}

async_uv_handle_t *handle_of(async_uv_tcp_t *tcp) {
  return (async_uv_handle_t *)tcp;
}

async_id_t tcp_id(async_uv_tcp_t *tcp) {
  return async_resource_async_id(async_uv_handle_resource(handle_of(tcp)));
}

void tcp_pair_init(tcp_pair_t *pair, uv_fixture_t *fixture) {
  memset(pair, 0, sizeof(*pair));
  pair->fixture = fixture;
  async_uv_tcp_t *all[] = {&pair->server, &pair->client, &pair->accepted};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(async_uv_tcp_init(&fixture->loop, all[i]), 0);
    all[i]->data = pair;
  }
  pair->connect.data = pair;
  assert_int_equal(uv_ip4_addr("127.0.0.1", 0, &pair->address), 0);
}

static void on_connection(async_uv_stream_t *server, int status) {
  tcp_pair_t *pair = server->data;
  seen_note(&pair->connection, status, pair->context);
  if (pair->on_connection != NULL) {
    pair->on_connection(pair);
    return;
  }
  pair->accept_error = async_uv_accept(server, stream_of(&pair->accepted));
  if (pair->on_accepted != NULL) {
    pair->on_accepted(pair);
  }
}

void tcp_pair_listen(tcp_pair_t *pair) {
  int size_bytes = sizeof(pair->address);
  struct sockaddr *address = (struct sockaddr *)&pair->address;
  assert_int_equal(async_uv_tcp_bind(&pair->server, address, 0), 0);
  assert_int_equal(async_uv_listen(stream_of(&pair->server), 16, on_connection),
                   0);
  assert_int_equal(
      async_uv_tcp_getsockname(&pair->server, address, &size_bytes), 0);
}

static void on_connect(async_uv_connect_t *req, int status) {
  tcp_pair_t *pair = req->data;
  seen_note(&pair->connected, status, pair->context);
  if (pair->on_connected != NULL) {
    pair->on_connected(pair);
  }
}

void tcp_pair_connect(tcp_pair_t *pair) {
  assert_int_equal(async_uv_tcp_connect(&pair->connect, &pair->client,
                                        (const struct sockaddr *)&pair->address,
                                        on_connect),
                   0);
}

void tcp_pair_open(tcp_pair_t *pair) {
  tcp_pair_listen(pair);
  tcp_pair_connect(pair);
  while (pair->connected.calls == 0 || pair->connection.calls == 0) {
    uv_run(&pair->fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(pair->connected.status, 0);
  assert_int_equal(pair->connection.status, 0);
  assert_int_equal(pair->accept_error, 0);
}

static void on_closed(async_uv_handle_t *handle) {
  tcp_pair_t *pair = handle->data;
  seen_t *seen = &pair->accepted_closed;
  if (handle == handle_of(&pair->server)) {
    seen = &pair->server_closed;
  } else if (handle == handle_of(&pair->client)) {
    seen = &pair->client_closed;
    recorder_mark(&pair->fixture->recorder, "client closed");
  }
  seen_note(seen, 0, pair->context);
}

void tcp_pair_close(tcp_pair_t *pair) {
  async_uv_tcp_t *all[] = {&pair->server, &pair->client, &pair->accepted};
  for (size_t i = 0; i < 3; i++) {
    if (!async_uv_is_closing(handle_of(all[i]))) {
      async_uv_close(handle_of(all[i]), on_closed);
    }
  }
}

void tcp_pair_finish(tcp_pair_t *pair) {
  tcp_pair_close(pair);
  uv_fixture_run(pair->fixture);
}

void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
              uv_buf_t *buf) {
  static char memory[64 * 1024];
  (void)handle;
  (void)suggested_size_bytes;
  *buf = uv_buf_init(memory, sizeof(memory));
}
