/* libuv, tracked: every family, and what works on handles of any family.
 *
 * async_uv_x() takes the arguments of uv_x(), in the same order and units. A
 * tracked handle or request begins with the libuv one and shows its public
 * fields by the same names, so handle->data works and a pointer to it may be
 * cast to uv_handle_t * (uv_stream_t *, uv_req_t *). What initialises, starts,
 * stops or closes a tracked handle is async_uv_*() only: given to uv_close(),
 * or to uv_walk() with it, the handle stays in a list of its environment when
 * its memory is the caller's again. Callbacks get the tracked type and run in
 * the resource's scope.
 *
 * A handle or request belongs to the thread that runs its loop. What begins,
 * changes, cancels or ends something answers UV_EINVAL elsewhere or, where it
 * answers nothing, does nothing; async_error_message() names both threads. What
 * only asks for a value may not be called elsewhere either, and does not look.
 * Closing, ref, unref and cancelling also work when the environment of the loop
 * has ended. While it ends, what would begin on the loop answers UV_ECANCELED;
 * so does the start of a handle that an init hook of it stops.
 *
 * Creation sites are taken by macros of the function's name; each macro calls
 * the function of the same name with `_at` and the site first. Any argument may
 * have commas, as a compound literal has. The name has no address: where a
 * pointer to such a function is needed, a function of the program calls it. */
#ifndef ASYNCSCOPE_ASYNC_UV_H
#define ASYNCSCOPE_ASYNC_UV_H

#include "asyncscope/async_uv_async.h"
#include "asyncscope/async_uv_dns.h"
#include "asyncscope/async_uv_fs.h"
#include "asyncscope/async_uv_fs_event.h"
#include "asyncscope/async_uv_fs_poll.h"
#include "asyncscope/async_uv_handle.h"
#include "asyncscope/async_uv_loop_watcher.h"
#include "asyncscope/async_uv_pipe.h"
#include "asyncscope/async_uv_poll.h"
#include "asyncscope/async_uv_process.h"
#include "asyncscope/async_uv_random.h"
#include "asyncscope/async_uv_req.h"
#include "asyncscope/async_uv_reset.h"
#include "asyncscope/async_uv_signal.h"
#include "asyncscope/async_uv_stream.h"
#include "asyncscope/async_uv_tcp.h"
#include "asyncscope/async_uv_timer.h"
#include "asyncscope/async_uv_tty.h"
#include "asyncscope/async_uv_udp.h"
#include "asyncscope/async_uv_work.h"

/* union uv_any_handle: room for a tracked handle of any type, which is named at
 * its member. */
union async_uv_any_handle {
  async_uv_async_t async;       /* UV_ASYNC */
  async_uv_check_t check;       /* UV_CHECK */
  async_uv_fs_event_t fs_event; /* UV_FS_EVENT */
  async_uv_fs_poll_t fs_poll;   /* UV_FS_POLL */
  async_uv_handle_t handle;     /* UV_HANDLE */
  async_uv_idle_t idle;         /* UV_IDLE */
  async_uv_pipe_t pipe;         /* UV_NAMED_PIPE */
  async_uv_poll_t poll;         /* UV_POLL */
  async_uv_prepare_t prepare;   /* UV_PREPARE */
  async_uv_process_t process;   /* UV_PROCESS */
  async_uv_stream_t stream;     /* UV_STREAM */
  async_uv_tcp_t tcp;           /* UV_TCP */
  async_uv_timer_t timer;       /* UV_TIMER */
  async_uv_tty_t tty;           /* UV_TTY */
  async_uv_udp_t udp;           /* UV_UDP */
  async_uv_signal_t signal;     /* UV_SIGNAL */
};

/* union uv_any_req: room for a tracked request of any type. */
union async_uv_any_req {
  async_uv_req_t req;                 /* UV_REQ */
  async_uv_connect_t connect;         /* UV_CONNECT */
  async_uv_write_t write;             /* UV_WRITE */
  async_uv_shutdown_t shutdown;       /* UV_SHUTDOWN */
  async_uv_udp_send_t udp_send;       /* UV_UDP_SEND */
  async_uv_fs_t fs;                   /* UV_FS */
  async_uv_work_t work;               /* UV_WORK */
  async_uv_getaddrinfo_t getaddrinfo; /* UV_GETADDRINFO */
  async_uv_getnameinfo_t getnameinfo; /* UV_GETNAMEINFO */
  async_uv_random_t random;           /* UV_RANDOM */
};

#endif
