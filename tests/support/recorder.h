#ifndef ASYNCSCOPE_RECORDER_H
#define ASYNCSCOPE_RECORDER_H

#include "asyncscope/async_hooks.h"
#include <stdbool.h>
#include <stddef.h>

/*
 * A hook that keeps every event of the calling thread in an array, so that a
 * test can assert on the list after uv_run() has returned.
 *
 *   recorder_start(&recorder);
 *   ... uv_run() ...
 *   assert_int_equal(recorder_count(&recorder, RECORDED_INIT, "Timeout"), 1);
 *   recorder_finish(&recorder);
 */
typedef enum recorded_kind_e {
  RECORDED_INIT,
  RECORDED_BEFORE,
  RECORDED_AFTER,
  RECORDED_DESTROY,
  RECORDED_RESOLVE,
  RECORDED_MARK /* not an event: see recorder_mark() */
} recorded_kind_t;

typedef struct recorded_event_s {
  recorded_kind_t kind;
  async_id_t async_id;
  /* As init reported it, also in the later events of the same id; "?" when
   * init was not seen; of a mark its text. */
  const char *type;
  /* Of init the trigger it reported, of the others that in force. */
  async_id_t trigger_async_id;
  async_id_t execution_async_id; /* in force at the event */
  /* Of init the resource it reported, of the others the running one. */
  const async_resource_t *resource;
} recorded_event_t;

typedef struct recorder_s {
  async_hook_t hook;
  recorded_event_t *events;
  size_t count;
  size_t capacity;
  size_t lost; /* events there was no memory for: assert that it is 0 */
} recorder_t;

/* Clears the recorder and enables its hook; 0 or what async_hook_enable()
 * answers. Thread: the one whose events it is to keep. */
int recorder_start(recorder_t *recorder);

/* Disables the hook; what was recorded stays. */
void recorder_stop(recorder_t *recorder);

/* Stops, and frees what was recorded. */
void recorder_finish(recorder_t *recorder);

/* Adds a line of the test's own, to see what came before and after it. `text`
 * must live as long as the recorder; the ids are those in force. */
void recorder_mark(recorder_t *recorder, const char *text);

/* The number of events of that kind with that type, NULL for any type. */
size_t recorder_count(const recorder_t *recorder, recorded_kind_t kind,
                      const char *type);

/* The same for one id. */
size_t recorder_count_id(const recorder_t *recorder, recorded_kind_t kind,
                         async_id_t async_id);

/* The nth event (from 0) of that kind with that type, or NULL. */
const recorded_event_t *recorder_find(const recorder_t *recorder,
                                      recorded_kind_t kind, const char *type,
                                      size_t nth);

/* The nth resource of that type: its id, or ASYNC_ID_UNSET. */
async_id_t recorder_id(const recorder_t *recorder, const char *type,
                       size_t nth);

/* Where the nth event of that kind with that type stands in the array, or
 * SIZE_MAX: to compare what came first. */
size_t recorder_position(const recorder_t *recorder, recorded_kind_t kind,
                         const char *type, size_t nth);

/* Whether one id had exactly these numbers of init, before, after, destroy. */
bool recorder_has_counts(const recorder_t *recorder, async_id_t async_id,
                         size_t inits, size_t befores, size_t afters,
                         size_t destroys);

/* The number of ids with an init and no destroy yet, of any type if NULL. */
size_t recorder_alive(const recorder_t *recorder, const char *type);

/* "init Timeout, before Timeout, after Timeout, destroy Timeout": the events
 * of the types that `types` names, separated by spaces (NULL: all), in order.
 * Marks are always part of it. The text is the caller's to free(); NULL
 * without memory. */
char *recorder_text(const recorder_t *recorder, const char *types);

/* One line per event on stderr, to find out why a test fails. */
void recorder_print(const recorder_t *recorder);

#endif
