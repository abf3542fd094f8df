#ifndef ASYNCSCOPE_DEBUG_SNAPSHOT_H
#define ASYNCSCOPE_DEBUG_SNAPSHOT_H

#include "e2e.h"

/* Reading the JSON of /debug. All that is answered is borrowed from it. */

json_t *debug_capture(e2e_t *e2e);

/* The resource with this key ("1:813"), NULL when there is none. */
json_t *debug_resource(const json_t *debug, const char *key);

/* The first resource of this type and request; a `request_id` of NULL is
 * any. NULL when there is none. */
json_t *debug_find(const json_t *debug, const char *type,
                   const char *request_id);

size_t debug_count(const json_t *debug, const char *type);

/* The thread with this number. */
json_t *debug_thread(const json_t *debug, json_int_t number);

/* The number of threads of this kind, "loop" or "worker". */
size_t debug_threads(const json_t *debug, const char *kind);

/* Stores made and not released, over all threads. */
json_int_t debug_stores_held(const json_t *debug);

/*
 * Asks the server for one thing after another until nothing is alive but its
 * `listeners` (who asks is not shown), and until as many stores were released
 * as made but for that of who asks. Fails with the last JSON when that has not
 * come after DEBUG_POLLS rounds.
 */
#define DEBUG_POLLS 400
void debug_assert_quiet(e2e_t *e2e, size_t listeners);

#endif
