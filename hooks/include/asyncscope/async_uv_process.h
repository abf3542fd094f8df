/* uv_process_t, tracked as PROCESSWRAP, and the pipes to its standard files.
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
#ifndef ASYNCSCOPE_ASYNC_UV_PROCESS_H
#define ASYNCSCOPE_ASYNC_UV_PROCESS_H

#include "asyncscope/async_uv_pipe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A child process: uv_process_t, tracked. */
typedef struct async_uv_process_s {
  __extension__ union {
    uv_process_t uv; /* uv.pid: the child */
    struct {
      ASYNC_UV_HANDLE_FIELDS /* public */
    };
  };
  /* private */
  async_uv_tracked_t tracked;
  void (*exit_cb)(struct async_uv_process_s *process, int64_t exit_status,
                  int term_signal);
} async_uv_process_t;

/* The child has ended, by `term_signal` where that is not 0. */
typedef void (*async_uv_exit_cb)(async_uv_process_t *process,
                                 int64_t exit_status, int term_signal);

/* uv_stdio_container_t for tracked streams; all fields public. With
 * UV_CREATE_PIPE the stream is an async_uv_pipe_t that was only initialised;
 * with UV_INHERIT_STREAM any tracked stream. */
typedef struct async_uv_stdio_container_s {
  __extension__ union {
    uv_stdio_container_t uv;
    struct {
      uv_stdio_flags flags;
      union {
        async_uv_stream_t *stream;
        int fd;
      } data;
    };
  };
} async_uv_stdio_container_t;

/* uv_process_options_t, by the same names. */
typedef struct async_uv_process_options_s {
  async_uv_exit_cb exit_cb; /* NULL: the exit is not told */
  const char *file;         /* the program, looked up in PATH */
  char **args;              /* its argv, NULL at the end */
  char **env;               /* its environment, NULL at the end; NULL: ours */
  const char *cwd;          /* where it begins; NULL: where we are */
  unsigned int flags;       /* of enum uv_process_flags */
  int stdio_count;          /* of `stdio`: descriptors 0, 1, 2 and on */
  async_uv_stdio_container_t *stdio; /* what it gets as those */
  uv_uid_t uid;                      /* with UV_PROCESS_SETUID */
  uv_gid_t gid;                      /* with UV_PROCESS_SETGID */
} async_uv_process_options_t;

/* PROCESSWRAP, then a PIPEWRAP for each UV_CREATE_PIPE, in the order of stdio,
 * all made before the child is. exit_cb runs in the PROCESSWRAP's scope, which
 * stays until the close callback has returned. `options` is only read here.
 * Errors: UV_EINVAL (another thread's loop; no file or args; a stream that is
 * not what is said above), UV_EBUSY for a pipe in use, UV_ENOMEM: then these
 * resources have ended; and what uv_spawn() answers, such as UV_ENOENT: then
 * they stay until what they stand for is closed. Also after an error `process`
 * is to be closed, unless the loop is another thread's, and so are the pipes.
 * Node: child_process.spawn(). */
#define async_uv_spawn(...) async_uv_spawn_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_uv_spawn_at(const async_site_t *site, uv_loop_t *loop,
                                   async_uv_process_t *process,
                                   const async_uv_process_options_t *options);

/* Errors: UV_ESRCH when it has ended, UV_EINVAL, UV_EPERM. */
ASYNC_EXTERN int async_uv_process_kill(async_uv_process_t *process, int signum);

/* The number of the child. */
ASYNC_EXTERN uv_pid_t
async_uv_process_get_pid(const async_uv_process_t *process);

#ifdef __cplusplus
}
#endif
#endif
