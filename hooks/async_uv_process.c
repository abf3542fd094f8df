/* The resources are made before the child: what cannot be tracked is never
 * started. Every way out leaves a handle that async_uv_close() takes; the ones
 * on which libuv's uv_spawn() is not reached let it refuse a file that is none,
 * which it does after it has made the handle and before it makes a child. */
#include "asyncscope/async_uv_process.h"

#include "env.h"
#include "error.h"
#include "uv_stream.h"
#include "uv_tracked.h"

ASYNCSCOPE__MIRRORS_HANDLE(async_uv_process_t, uv_process_t);
ASYNCSCOPE__MIRRORS(async_uv_stdio_container_t, uv_stdio_container_t, flags);
ASYNCSCOPE__MIRRORS(async_uv_stdio_container_t, uv_stdio_container_t, data);
static_assert(sizeof(async_uv_stdio_container_t) ==
                  sizeof(uv_stdio_container_t),
              "an array of containers is one of libuv's");

static async_uv_handle_t *pipe_of(const async_uv_stdio_container_t *container) {
  return (container->flags & UV_CREATE_PIPE) != 0
             ? (async_uv_handle_t *)container->data.stream
             : NULL;
}

static int check_pipe(const async_uv_handle_t *pipe, int at) {
  uv_os_fd_t fd;
  if (uv_handle_get_type(&pipe->uv) != UV_NAMED_PIPE)
    return asyncscope__fail(UV_EINVAL, "stdio[%d] is no tracked pipe", at);
  int error = asyncscope__check_handle(pipe);
  if (error == 0 && uv_is_closing(&pipe->uv))
    error = asyncscope__fail(UV_EINVAL, "the pipe of stdio[%d] is closing", at);
  if (error == 0 && uv_fileno(&pipe->uv, &fd) == 0)
    error = asyncscope__fail(UV_EBUSY, "the pipe of stdio[%d] is open", at);
  if (error == 0 && asyncscope__is_tracked(pipe))
    error = asyncscope__fail(UV_EBUSY, "the pipe of stdio[%d] is in use", at);
  return error;
}

static int check_container(const async_uv_stdio_container_t *container,
                           int at) {
  if ((container->flags & (UV_CREATE_PIPE | UV_INHERIT_STREAM)) == 0)
    return 0;
  if (container->data.stream == NULL)
    return asyncscope__fail(UV_EINVAL, "stdio[%d] has no stream", at);
  if (pipe_of(container) != NULL)
    return check_pipe(pipe_of(container), at);
  return asyncscope__check_stream(container->data.stream);
}

/* What libuv asserts, or would find out when the child runs. */
static int check_options(const async_uv_process_options_t *options) {
  int error = 0;
  if (options->file == NULL || options->args == NULL)
    return asyncscope__fail(UV_EINVAL, "a process needs a file and arguments");
  if (options->stdio_count < 0 ||
      (options->stdio_count > 0 && options->stdio == NULL))
    return asyncscope__fail(UV_EINVAL, "a process has %d standard files",
                            options->stdio_count);
  for (int i = 0; i < options->stdio_count && error == 0; i++)
    error = check_container(&options->stdio[i], i);
  return error;
}

/* The first `count` of the containers: their pipes had no resource before. */
static void finish_pipes(const async_uv_process_options_t *options, int count) {
  assert(count <= 0 || options->stdio != NULL);
  while (count-- > 0) {
    async_uv_handle_t *pipe = pipe_of(&options->stdio[count]);
    if (pipe != NULL)
      async_resource_finish(async_uv_handle_resource(pipe));
  }
}

static int track_pipe(const async_site_t *site, async_uv_handle_t *pipe,
                      int at) {
  async_resource_t none;
  if (asyncscope__is_tracked(pipe))
    return asyncscope__fail(UV_EBUSY, "the pipe of stdio[%d] is in use", at);
  return asyncscope__track(pipe, site, "PIPEWRAP", NULL, &none);
}

static int track_pipes(const async_site_t *site,
                       const async_uv_process_options_t *options) {
  for (int i = 0; i < options->stdio_count; i++) {
    async_uv_handle_t *pipe = pipe_of(&options->stdio[i]);
    int error = pipe == NULL ? 0 : track_pipe(site, pipe, i);
    if (error != 0) {
      finish_pipes(options, i);
      return error;
    }
  }
  return 0;
}

static void on_exit_of(uv_process_t *uv, int64_t exit_status, int term_signal) {
  async_uv_process_t *process = (async_uv_process_t *)uv;
  asyncscope__uv_scope_t scope =
      asyncscope__uv_scope_open(&process->tracked.resource);
  process->exit_cb(process, exit_status, term_signal);
  asyncscope__uv_scope_close(&scope);
}

static void make_closable(uv_loop_t *loop, async_uv_process_t *process) {
  char *args[] = {NULL};
  uv_stdio_container_t no_file = {.flags = UV_INHERIT_FD, .data.fd = -1};
  uv_process_options_t options = {
      .file = "", .args = args, .stdio_count = 1, .stdio = &no_file};
  uv_spawn(loop, &process->uv, &options);
  asyncscope__tracked_open(&process->tracked, process);
}

static int spawn(uv_loop_t *loop, async_uv_process_t *process,
                 const async_uv_process_options_t *options) {
  uv_process_options_t uv = {
      .exit_cb = options->exit_cb == NULL ? NULL : on_exit_of,
      .file = options->file,
      .args = options->args,
      .env = options->env,
      .cwd = options->cwd,
      .flags = options->flags,
      .stdio_count = options->stdio_count,
      .stdio = options->stdio == NULL ? NULL : &options->stdio->uv,
      .uid = options->uid,
      .gid = options->gid,
  };
  int error = uv_spawn(loop, &process->uv, &uv);
  asyncscope__tracked_open(&process->tracked, process);
  return error;
}

/* It was never begun: its close callback is nobody's. */
static int give_up(uv_loop_t *loop, async_uv_process_t *process, int error) {
  make_closable(loop, process);
  async_resource_finish(&process->tracked.resource);
  return error;
}

int async_uv_spawn_at(const async_site_t *site, uv_loop_t *loop,
                      async_uv_process_t *process,
                      const async_uv_process_options_t *options) {
  int error = asyncscope__check_given(loop);
  if (error != 0)
    return error;
  process->exit_cb = options->exit_cb;
  process->tracked = (async_uv_tracked_t){.close_cb = NULL};
  error = check_options(options);
  if (error == 0)
    error =
        asyncscope__tracked_begin(&process->tracked, site, loop, "PROCESSWRAP");
  if (error == 0)
    error = track_pipes(site, options);
  return error != 0 ? give_up(loop, process, error)
                    : spawn(loop, process, options);
}

int async_uv_process_kill(async_uv_process_t *process, int signum) {
  int error = asyncscope__check_handle((async_uv_handle_t *)process);
  return error != 0 ? error : uv_process_kill(&process->uv, signum);
}

uv_pid_t async_uv_process_get_pid(const async_uv_process_t *process) {
  return uv_process_get_pid(&process->uv);
}
