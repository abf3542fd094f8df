/* Room for a handle or request of which only the type is known. */
#include "asyncscope/async_uv.h"

static const size_t HANDLES[UV_HANDLE_TYPE_MAX] = {
    [UV_ASYNC] = sizeof(async_uv_async_t),
    [UV_CHECK] = sizeof(async_uv_check_t),
    [UV_FS_EVENT] = sizeof(async_uv_fs_event_t),
    [UV_FS_POLL] = sizeof(async_uv_fs_poll_t),
    [UV_HANDLE] = sizeof(async_uv_handle_t),
    [UV_IDLE] = sizeof(async_uv_idle_t),
    [UV_NAMED_PIPE] = sizeof(async_uv_pipe_t),
    [UV_POLL] = sizeof(async_uv_poll_t),
    [UV_PREPARE] = sizeof(async_uv_prepare_t),
    [UV_PROCESS] = sizeof(async_uv_process_t),
    [UV_STREAM] = sizeof(async_uv_stream_t),
    [UV_TCP] = sizeof(async_uv_tcp_t),
    [UV_TIMER] = sizeof(async_uv_timer_t),
    [UV_TTY] = sizeof(async_uv_tty_t),
    [UV_UDP] = sizeof(async_uv_udp_t),
    [UV_SIGNAL] = sizeof(async_uv_signal_t),
};

static const size_t REQUESTS[UV_REQ_TYPE_MAX] = {
    [UV_REQ] = sizeof(async_uv_req_t),
    [UV_CONNECT] = sizeof(async_uv_connect_t),
    [UV_WRITE] = sizeof(async_uv_write_t),
    [UV_SHUTDOWN] = sizeof(async_uv_shutdown_t),
    [UV_UDP_SEND] = sizeof(async_uv_udp_send_t),
    [UV_FS] = sizeof(async_uv_fs_t),
    [UV_WORK] = sizeof(async_uv_work_t),
    [UV_GETADDRINFO] = sizeof(async_uv_getaddrinfo_t),
    [UV_GETNAMEINFO] = sizeof(async_uv_getnameinfo_t),
    [UV_RANDOM] = sizeof(async_uv_random_t),
};

static size_t size_of(const size_t *sizes, unsigned type, unsigned end) {
  size_t size = type < end ? sizes[type] : 0;
  return size == 0 ? (size_t)-1 : size;
}

size_t async_uv_handle_size(uv_handle_type type) {
  return size_of(HANDLES, (unsigned)type, UV_HANDLE_TYPE_MAX);
}

size_t async_uv_req_size(uv_req_type type) {
  return size_of(REQUESTS, (unsigned)type, UV_REQ_TYPE_MAX);
}
