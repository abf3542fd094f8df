#ifndef FS_PROMISE_PROBE_H
#define FS_PROMISE_PROBE_H

/* Waiting for promises of calls on files. */
#include "asyncscope/async_fs_promises.h"
#include "fs_directory.h"

/* What a call came to. */
typedef struct settled_s {
  uv_fs_type fs_type; /* of a fulfilled one */
  ssize_t result;     /* the request's, or the status */
} settled_t;

/* Asserts that the call was begun (`error` 0), runs the loop, asserts that the
 * promise is settled and gives it up. */
settled_t settle_request(uv_fixture_t *fixture, int error,
                         async_promise_t *promise);

/* The same for one that must be fulfilled: its value. The promise stays the
 * caller's. */
void *settle_value(uv_fixture_t *fixture, int error, async_promise_t *promise);

/* The settled async_uv_fs_<name>_promise(). */
#define PROMISED(fixture, name, ...)                                        \
  (begun.error = async_uv_fs_##name##_promise(&(fixture)->uv.loop,          \
                                              __VA_ARGS__, &begun.promise), \
   settle_request(&(fixture)->uv, begun.error, begun.promise))
#define ASSERT_DONE(fixture, name, TYPE, ...)                  \
  do {                                                         \
    settled_t settled_ = PROMISED(fixture, name, __VA_ARGS__); \
    assert_int_equal(settled_.result, 0);                      \
    assert_int_equal(settled_.fs_type, UV_FS_##TYPE);          \
  } while (0)

/* Of the macros: what the last call answered. */
extern struct begun_s {
  int error;
  async_promise_t *promise;
} begun;

#endif
