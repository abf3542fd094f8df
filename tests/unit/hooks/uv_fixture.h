#ifndef ASYNCSCOPE_UV_FIXTURE_H
#define ASYNCSCOPE_UV_FIXTURE_H

/* What the tests of the libuv families share: a loop attached to the test's
 * thread, and a recorder of all that happens there. */

#include "asyncscope/async_env.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_uv.h"
#include "recorder.h"
#include "test_main.h"

typedef struct uv_fixture_s {
  uv_loop_t loop;
  recorder_t recorder;
} uv_fixture_t;

/* cmocka fixtures: `*state` is a uv_fixture_t. The tear-down asserts that the
 * environment detaches, that the loop closes, and that every resource that was
 * made has been destroyed exactly once. */
int uv_fixture_setup(void **state);
int uv_fixture_teardown(void **state);

/* Named so that the build finds the function in it. */
#define cmocka_unit_test_uv(test) \
  cmocka_unit_test_setup_teardown(test, uv_fixture_setup, uv_fixture_teardown)

/* Runs the loop until nothing is left to do. */
void uv_fixture_run(uv_fixture_t *fixture);

/* Asserts that recorder_text() of these types is `expected`. */
void assert_events(const uv_fixture_t *fixture, const char *types,
                   const char *expected);

/* Asserts the numbers of init, before, after and destroy of the nth resource
 * of that type. */
#define assert_counts(fixture, type, nth, inits, befores, afters, destroys)   \
  assert_true(recorder_has_counts(                                            \
      &(fixture)->recorder, recorder_id(&(fixture)->recorder, (type), (nth)), \
      (inits), (befores), (afters), (destroys)))

/* Which storage callbacks see: a frame with one binding. */
typedef struct context_s {
  async_context_key_t key;
  async_context_frame_t *around;
} context_t;

/* Between the two, `store` is in the current frame under `context->key`. */
void context_enter(context_t *context, void *store);
void context_leave(context_t *context);
/* The store in the current frame, or NULL. Callable in callbacks. */
void *context_store(const context_t *context);

/* What a callback saw of itself. */
typedef struct seen_s {
  unsigned calls;
  int status;
  async_id_t execution_async_id;
  async_id_t trigger_async_id;
  const async_resource_t *resource;
  void *store;
} seen_t;

/* Counts the call and keeps the last one's ids; `context` may be NULL. */
void seen_note(seen_t *seen, int status, const context_t *context);

/* What diagnostics of the own thread know of a live resource; false when they
 * know nothing. */
bool inspect(async_id_t async_id, async_resource_info_t *ret_info);

/* Runs `fn` on a thread of its own and waits for its end; the second opens an
 * environment for that thread first. */
void on_other_thread(void (*fn)(void *arg), void *arg);
void on_other_environment(void (*fn)(void *arg), void *arg);

#endif
