/* What the files of the stream families share. */
#ifndef ASYNCSCOPE_HOOKS_UV_STREAM_H
#define ASYNCSCOPE_HOOKS_UV_STREAM_H

#include "asyncscope/async_uv_stream.h"

/* The stream's part of a handle, by its libuv type; NULL when it is no tracked
 * stream. */
async_uv_stream_part_t *asyncscope__stream_part(
    const async_uv_stream_t *stream);

/* Empties the stream's part of a handle that libuv has just initialised. */
void asyncscope__stream_part_init(async_uv_stream_part_t *part);

/* 0, or UV_EINVAL: no tracked stream, or another thread's loop. */
int asyncscope__check_stream(const async_uv_stream_t *stream);
/* The same for what is to begin on it: also UV_ECANCELED when the environment
 * is ending. */
int asyncscope__check_stream_begin(const async_uv_stream_t *stream);

/* A connect request gets its resource, triggered by the handle's. */
int asyncscope__connect_track(const async_site_t *site, async_uv_connect_t *req,
                              const async_uv_handle_t *handle,
                              const char *type);

/* `error` is libuv's answer: the request owes its callback, or ends. Returns
 * `error`. */
int asyncscope__connect_tracked(async_uv_connect_t *req, int error);

/* For libuv: calls req->cb in the request's scope and ends its resource. */
void asyncscope__on_connect(uv_connect_t *uv, int status);

#endif
