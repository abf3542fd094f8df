/* Streams as the scenarios use them: what handles.js is to node. */
#ifndef ASYNCSCOPE_PARITY_STREAM_H
#define ASYNCSCOPE_PARITY_STREAM_H

#include "scenario.h"

/* Listens on a free port of 127.0.0.1; *ret_port may be NULL. */
async_uv_stream_t *tcp_listen(async_uv_connection_cb cb, int *ret_port);
async_uv_stream_t *tcp_accept(async_uv_stream_t *server);
/* The request's data is the client. */
async_uv_stream_t *tcp_connect(int port, async_uv_connect_cb cb);

/* The same on a pipe of that name in the scenario's directory. */
async_uv_stream_t *pipe_listen(const char *name, async_uv_connection_cb cb);
async_uv_stream_t *pipe_accept(async_uv_stream_t *server);
async_uv_stream_t *pipe_connect(const char *name, async_uv_connect_cb cb);

void stream_read(async_uv_stream_t *stream, async_uv_read_cb cb);
/* The requests' data is the stream. */
void stream_write(async_uv_stream_t *stream, const char *text,
                  async_uv_write_cb cb);
void stream_shutdown(async_uv_stream_t *stream, async_uv_shutdown_cb cb);
void stream_close(async_uv_stream_t *stream, async_uv_close_cb cb);

#endif
