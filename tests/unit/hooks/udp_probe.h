#ifndef ASYNCSCOPE_UDP_PROBE_H
#define ASYNCSCOPE_UDP_PROBE_H

#include "uv_fixture.h"
#include <netinet/in.h>

/* Messages that are longer than what a small socket buffer holds at once. */
#define UDP_MESSAGE_BYTES 2048

/* A UDP handle and what its callbacks saw. */
typedef struct udp_probe_s {
  async_uv_udp_t udp;
  async_uv_udp_send_t req, second;
  uv_fixture_t *fixture;
  const context_t *context;
  seen_t received, returned, sent, second_sent, closed;
  ssize_t nread; /* of the last message */
  bool same;     /* it was the payload's beginning */
  char payload[UDP_MESSAGE_BYTES], buffer[UDP_MESSAGE_BYTES];
  int peer; /* of udp_probe_open_full(): the other end's descriptor, or -1 */
} udp_probe_t;

async_uv_handle_t *udp_handle(udp_probe_t *probe);

/* Makes the handle. */
void udp_probe_init(udp_probe_t *probe, uv_fixture_t *fixture);

/* Binds it to a free port of 127.0.0.1; the address it got. */
struct sockaddr_in udp_probe_bind(udp_probe_t *probe);

/* The handle is one end of a pair of sockets that takes no more messages until
 * udp_probe_drain() has read what is on its way. */
void udp_probe_open_full(udp_probe_t *probe);
void udp_probe_drain(udp_probe_t *probe);

/* Sends the payload's beginning with `req` or `second`. */
int udp_probe_send(udp_probe_t *probe, const struct sockaddr_in *addr,
                   size_t size_bytes);
int udp_probe_send_second(udp_probe_t *probe);

/* Callbacks: mark "received", "returned" (a buffer without a message), "sent",
 * "second sent" and "closed", and note what they see. */
void udp_probe_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf);
void udp_probe_received(async_uv_udp_t *udp, ssize_t nread, const uv_buf_t *buf,
                        const struct sockaddr *addr, unsigned int flags);
void udp_probe_sent(async_uv_udp_send_t *req, int status);
void udp_probe_second_sent(async_uv_udp_send_t *req, int status);

/* Runs the loop until that many calls were seen. */
void udp_probe_wait(udp_probe_t *probe, const seen_t *seen, unsigned calls);

/* Closes what is open and runs the loop to its end. */
void udp_probe_finish(udp_probe_t *probe);

#endif
