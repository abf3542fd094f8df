#include "udp_probe.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

async_uv_handle_t *udp_handle(udp_probe_t *probe) {
  return (async_uv_handle_t *)&probe->udp;
}

void udp_probe_init(udp_probe_t *probe, uv_fixture_t *fixture) {
  memset(probe, 0, sizeof(*probe));
  probe->fixture = fixture;
  probe->peer = -1;
  for (size_t i = 0; i < sizeof(probe->payload); i++) {
    probe->payload[i] = (char)(i * 7 % 251);
  }
  assert_int_equal(async_uv_udp_init(&fixture->loop, &probe->udp), 0);
  probe->udp.data = probe->req.data = probe->second.data = probe;
}

struct sockaddr_in udp_probe_bind(udp_probe_t *probe) {
  struct sockaddr_in addr;
  int length = sizeof(addr);
  assert_int_equal(uv_ip4_addr("127.0.0.1", 0, &addr), 0);
  assert_int_equal(
      async_uv_udp_bind(&probe->udp, (const struct sockaddr *)&addr, 0), 0);
  assert_int_equal(
      async_uv_udp_getsockname(&probe->udp, (struct sockaddr *)&addr, &length),
      0);
  return addr;
}

void udp_probe_open_full(udp_probe_t *probe) {
  int fds[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds), 0);
  assert_int_equal(async_uv_udp_open(&probe->udp, fds[0]), 0);
  probe->peer = fds[1];
  while (send(fds[0], probe->payload, sizeof(probe->payload), 0) > 0) {
  }
}

void udp_probe_drain(udp_probe_t *probe) {
  char message[UDP_MESSAGE_BYTES];
  while (recv(probe->peer, message, sizeof(message), 0) > 0) {
  }
}

int udp_probe_send(udp_probe_t *probe, const struct sockaddr_in *addr,
                   size_t size_bytes) {
  uv_buf_t buf = uv_buf_init(probe->payload, (unsigned)size_bytes);
  return async_uv_udp_send(&probe->req, &probe->udp, &buf, 1,
                           (const struct sockaddr *)addr, udp_probe_sent);
}

int udp_probe_send_second(udp_probe_t *probe) {
  uv_buf_t buf = uv_buf_init(probe->payload, UDP_MESSAGE_BYTES);
  return async_uv_udp_send(&probe->second, &probe->udp, &buf, 1, NULL,
                           udp_probe_second_sent);
}

void udp_probe_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  udp_probe_t *probe = handle->data;
  (void)suggested_size_bytes;
  *buf = uv_buf_init(probe->buffer, sizeof(probe->buffer));
}

void udp_probe_received(async_uv_udp_t *udp, ssize_t nread, const uv_buf_t *buf,
                        const struct sockaddr *addr, unsigned int flags) {
  udp_probe_t *probe = udp->data;
  (void)flags;
  if (nread == 0 && addr == NULL) {
    seen_note(&probe->returned, 0, probe->context);
    return;
  }
  recorder_mark(&probe->fixture->recorder, "received");
  seen_note(&probe->received, nread < 0 ? (int)nread : 0, probe->context);
  probe->nread = nread;
  probe->same =
      nread >= 0 && memcmp(buf->base, probe->payload, (size_t)nread) == 0;
}

void udp_probe_sent(async_uv_udp_send_t *req, int status) {
  udp_probe_t *probe = req->data;
  recorder_mark(&probe->fixture->recorder, "sent");
  seen_note(&probe->sent, status, probe->context);
}

void udp_probe_second_sent(async_uv_udp_send_t *req, int status) {
  udp_probe_t *probe = req->data;
  recorder_mark(&probe->fixture->recorder, "second sent");
  seen_note(&probe->second_sent, status, probe->context);
}

static void on_closed(async_uv_handle_t *handle) {
  udp_probe_t *probe = handle->data;
  recorder_mark(&probe->fixture->recorder, "closed");
  seen_note(&probe->closed, 0, probe->context);
}

void udp_probe_wait(udp_probe_t *probe, const seen_t *seen, unsigned calls) {
  while (seen->calls < calls) {
    uv_run(&probe->fixture->loop, UV_RUN_ONCE);
  }
}

void udp_probe_finish(udp_probe_t *probe) {
  if (!async_uv_is_closing(udp_handle(probe))) {
    async_uv_close(udp_handle(probe), on_closed);
  }
  uv_fixture_run(probe->fixture);
  if (probe->peer != -1) {
    close(probe->peer);
  }
}
