#ifndef ALS_FIXTURE_H
#define ALS_FIXTURE_H

/* A loop with two storages, and a line of text in which steps write what they
 * saw: "inside:a after:-". Stores are strings, "-" stands for NULL. */

#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_uv_timer.h"
#include "test_main.h"

#include <stdbool.h>

#define FIXTURE_DEFERRED_MAX 16

typedef struct fixture_s fixture_t;
typedef void (*step_cb)(fixture_t *fixture);

typedef struct deferred_s {
  fixture_t *fixture;
  step_cb step;
  async_immediate_t immediate;
  async_uv_timer_t timer;
} deferred_t;

struct fixture_s {
  uv_loop_t loop;
  async_local_storage_t als, other;
  char text[1024];
  size_t length;
  int times; /* for steps that are run again */
  async_local_storage_snapshot_t snapshot;
  deferred_t deferred[FIXTURE_DEFERRED_MAX];
  size_t deferred_count;
};

/* cmocka fixtures. At the end every store that was set must have been
 * released and every frame be gone, before the environment ends. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Named so that the build finds the function in it. */
#define cmocka_unit_test_als(test) \
  cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/* Writes "label:store", of `als` or of `other`. */
void see(fixture_t *fixture, const char *label);
void see_other(fixture_t *fixture, const char *label);

/* Steps for what is started somewhere: "LABEL:store". */
void sees_inside(fixture_t *fixture);
void sees_later(fixture_t *fixture);

/* `step` in a run of `als`, of `other`, in an exit of `als`; what the step
 * leads to when the run cannot be made fails the test by the missing text. */
void als_run(fixture_t *fixture, const char *store, step_cb step);
void other_run(fixture_t *fixture, const char *store, step_cb step);
void als_exit(fixture_t *fixture, step_cb step);
void als_enter(fixture_t *fixture, const char *store);
void other_enter(fixture_t *fixture, const char *store);

/* Starts what runs `step` later. in_interval: three times. */
void in_tick(fixture_t *fixture, step_cb step);
void in_microtask(fixture_t *fixture, step_cb step);
void in_immediate(fixture_t *fixture, step_cb step);
void in_timer(fixture_t *fixture, step_cb step);
void in_interval(fixture_t *fixture, step_cb step);
/* In the scope of a resource made now. */
void in_scope(fixture_t *fixture, step_cb step);

void run_loop(fixture_t *fixture);

/* Of the calling thread. */
async_env_info_t own_env_info(void);

/* A store that counts how often it was set and let go. */
typedef struct counted_s {
  int retained, released;
  async_id_t released_in; /* the execution id in force */
} counted_t;
void counted_retain(void *store);
void counted_release(void *store);

#endif
