#include "asyncscope/async_uv_tty.h"

#include "error.h"
#include "uv_stream.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_tty_t, uv_tty_t);

int async_uv_tty_init_at(const async_site_t *site, uv_loop_t *loop,
                         async_uv_tty_t *tty, uv_file fd, int readable) {
  int error = asyncscope__tracked_begin(&tty->tracked, site, loop, "TTYWRAP");
  if (error != 0)
    return error;
  asyncscope__stream_part_init(&tty->stream);
  error = uv_tty_init(loop, &tty->uv, fd, readable);
  return asyncscope__tracked_begun(&tty->tracked, tty, error);
}

static int check_usable(const async_uv_tty_t *tty) {
  int error = asyncscope__check_handle((const async_uv_handle_t *)tty);
  if (error == 0 && uv_is_closing((const uv_handle_t *)&tty->uv))
    error = asyncscope__fail(UV_EINVAL, "the terminal is closing");
  return error;
}

int async_uv_tty_set_mode(async_uv_tty_t *tty, uv_tty_mode_t mode) {
  int error = check_usable(tty);
  return error != 0 ? error : uv_tty_set_mode(&tty->uv, mode);
}

int async_uv_tty_get_winsize(async_uv_tty_t *tty, int *ret_width,
                             int *ret_height) {
  int error = check_usable(tty);
  if (error != 0)
    return error;
  return uv_tty_get_winsize(&tty->uv, ret_width, ret_height);
}
