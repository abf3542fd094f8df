/* The two halves that every promise-returning call on files has in common. */
#ifndef ASYNCSCOPE_HOOKS_FS_PROMISE_H
#define ASYNCSCOPE_HOOKS_FS_PROMISE_H

#include "asyncscope/async_uv_fs.h"
#include "promise.h"

/* A request and its promise. It is held by libuv from the call to the callback,
 * and by every promise that its result fulfilled. */
typedef struct asyncscope__fs_promise_s {
  asyncscope__held_t held;  /* first */
  async_uv_fs_t req;        /* with a resource until the callback has run */
  async_promise_t *promise; /* owned, until it is settled */
  /* Fulfils the promise with what a request that succeeded gave. */
  void (*fulfil)(struct asyncscope__fs_promise_s *operation);
  asyncscope__held_t
      *of;    /* owned: the file or directory it works on, or NULL */
  bool *busy; /* of that: cleared when it is settled; or NULL */
} asyncscope__fs_promise_t;

/* Makes the promise, then the request's resource of `type`: FSREQPROMISE or
 * FILEHANDLECLOSEREQ. The promise will get the request, unless `fulfil` is
 * changed. On an error nothing is left and *ret_operation is NULL. */
int asyncscope__fs_promise_begin(const async_site_t *site, uv_loop_t *loop,
                                 const char *type,
                                 asyncscope__fs_promise_t **ret_operation);

/* For libuv. */
void asyncscope__on_fs_promise(uv_fs_t *uv);

/* `error` is libuv's answer, or that of begin, and what is returned: after an
 * error no promise is, and nothing is left. */
int asyncscope__fs_promise_end(asyncscope__fs_promise_t *operation, int error,
                               async_promise_t **ret_promise);

#endif
