#include "udp.h"
#include <sys/socket.h>
#include <unistd.h>

/* Node is told to hold each send back; here the kernel does so, because the
 * handle is one of a pair of sockets that is full. */
static int ends[2];
static char filling[2048];

static void fill(void) {
  while (send(ends[0], filling, sizeof(filling), 0) > 0) {
  }
}

static void drain(void) {
  while (recv(ends[1], filling, sizeof(filling), 0) > 0) {
  }
}

static void close_peer(void *arg) {
  (void)arg;
  close(ends[1]);
}

static void on_sent(async_uv_udp_send_t *req, int status) {
  (void)status;
  trace_where("sent");
  udp_close(req->data, NULL);
}

SCENARIO(udp_send_that_waits) {
  static async_uv_udp_t udp;
  static async_uv_udp_send_t req;
  uv_buf_t buf = uv_buf_init(filling, sizeof(filling));
  trace_start();
  MUST(async_uv_udp_init(scenario_loop(), &udp));
  MUST(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends));
  scenario_at_end(close_peer, NULL);
  MUST(async_uv_udp_open(&udp, ends[0]));
  fill();
  req.data = &udp;
  MUST(async_uv_udp_send(&req, &udp, &buf, 1, NULL, on_sent));
  trace_print("send returned");
  drain();
}
