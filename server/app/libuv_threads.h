/* libuv makes the threads for files and lookups where the first one is needed,
 * and aborts where they cannot be made. A server would end so at a request that
 * anybody may send; made at the start, they keep it from starting. */
#ifndef ASYNCSCOPE_SERVER_LIBUV_THREADS_H
#define ASYNCSCOPE_SERVER_LIBUV_THREADS_H

/* As many as UV_THREADPOOL_SIZE asks for, all there when this returns. Errors:
 * UV_EAGAIN where there cannot be so many, UV_ENOMEM and those of
 * uv_loop_init(); then there are none yet. Before other threads may make
 * libuv's. */
int app_libuv_threads_start(void);

#endif
