/* uv_tty_t, tracked: TTYWRAP from init on. Reading and writing:
 * async_uv_stream.h.
 *
 * Unless a function says otherwise:
 *   Thread: the loop's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL (on another thread, closing), UV_ECANCELED while the
 *     environment ends, UV_ENOMEM, and what libuv answers; then nothing has
 *     begun and no callback comes. What only asks or sets an option does not
 *     look at the thread.
 *   Memory: a handle is the caller's again in its close callback; what is
 *     passed besides is read during the call only.
 *   Node: where one is named; libuv: the function of the same name. */
#ifndef ASYNCSCOPE_ASYNC_UV_TTY_H
#define ASYNCSCOPE_ASYNC_UV_TTY_H

#include "asyncscope/async_uv_stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A terminal: uv_tty_t, tracked. */
typedef struct async_uv_tty_s {
  __extension__ union {
    uv_tty_t uv;
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  async_uv_stream_part_t stream;
} async_uv_tty_t;

/* TTYWRAP, until the close callback has returned. `readable` is not looked at,
 * as in libuv. On an error the memory is the caller's again, nothing is to be
 * closed: UV_EINVAL (another thread's loop, or no terminal), UV_EBADF,
 * UV_ENOMEM. Node: new tty.ReadStream(fd), new tty.WriteStream(fd). */
#define async_uv_tty_init(...) async_uv_tty_init_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_tty_init_at(const async_site_t *site, uv_loop_t *loop,
                                      async_uv_tty_t *tty, uv_file fd,
                                      int readable);

/* Give the terminal back by uv_tty_reset_mode() when the program ends.
 * Errors: UV_EINVAL (closing, another thread's loop) and what libuv answers. */
ASYNC_EXTERN int async_uv_tty_set_mode(async_uv_tty_t *tty, uv_tty_mode_t mode);

/* In columns and rows. */
ASYNC_EXTERN int async_uv_tty_get_winsize(async_uv_tty_t *tty, int *ret_width,
                                          int *ret_height);

#ifdef __cplusplus
}
#endif
#endif
