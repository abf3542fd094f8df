/* UDP handles as the scenarios use them. */
#ifndef ASYNCSCOPE_PARITY_UDP_H
#define ASYNCSCOPE_PARITY_UDP_H

#include "scenario.h"

/* Bound to a free port of 127.0.0.1; *ret_port may be NULL. */
async_uv_udp_t *udp_bind(int *ret_port);
void udp_receive(async_uv_udp_t *udp, async_uv_udp_recv_cb cb);
/* What async_uv_udp_try_send() answers. */
int udp_try_send(async_uv_udp_t *udp, const char *text, int port);
void udp_close(async_uv_udp_t *udp, async_uv_close_cb cb);

#endif
