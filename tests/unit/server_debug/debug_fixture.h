#ifndef DEBUG_FIXTURE_H
#define DEBUG_FIXTURE_H

/* Live resources, and whole answers about them. */

#include "asyncscope/async_env.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/asyncscope_debug.h"
#include "counting_allocator.h"
#include "test_main.h"

#include <jansson.h>
#include <stdbool.h>

/* -- Answers --------------------------------------------------------------- */

/* What a stream gave, NUL-terminated. */
typedef struct answer_s {
  int error;  /* of the open, or of the first next() that failed */
  int status; /* of HTTP */
  const char *content_type;
  char *text;
  size_t length, chunks, longest_chunk, waits;
} answer_t;

/* Asks for `target`, which is a path and perhaps a query, and reads it all. */
answer_t ask(asyncscope_debug_t *debug, const char *target);

/* The same of diagnostics that are made for it. */
answer_t ask_alone(const char *target);

/* The same with an Accept field. */
answer_t ask_accepting(asyncscope_debug_t *debug, const char *target,
                       const char *accept);

/* Reads `stream` to its end or error and destroys it. */
void read_stream(asyncscope_debug_stream_t *stream, answer_t *answer);
void answer_free(answer_t *answer);

/* Puts in place of a text that is one whole member of gzip what is in it. */
void answer_unzip(answer_t *answer);

/* The document; NULL when it is none or has a key twice. Frees the answer. */
json_t *answer_json(answer_t *answer);

/* -- A scene --------------------------------------------------------------- */

#define SCENE_MAX 20000

/* This thread has an environment, and resources that the test makes. */
typedef struct scene_s {
  asyncscope_debug_t *debug;
  uint32_t thread;
  async_id_t first; /* the id that the first resource will have */
  async_context_key_t key;
  size_t count;
  async_resource_t resources[SCENE_MAX];
} scene_t;

int scene_setup(void **state);
int scene_teardown(void **state);

#define cmocka_unit_test_of_scene(name) \
  cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

/* Makes a resource. Its cause is `trigger`, an id of this thread, which may be
 * one that has not been given yet: ids are given one after the other. */
async_resource_t *make(scene_t *scene, const char *type, async_id_t trigger);

/* The same, caused on another thread. */
async_resource_t *make_across(scene_t *scene, const char *type,
                              async_ref_t trigger);

/* The same, asyncscope's own. */
async_resource_t *make_internal(scene_t *scene, const char *type,
                                async_id_t trigger);

/* The same, a task of a pool, of type WORK. */
async_resource_t *make_task(scene_t *scene, async_id_t trigger);

/* The same, for that request: its context has a store named "request". */
async_resource_t *make_for(scene_t *scene, const char *type, async_id_t trigger,
                           uint64_t request);

/* Ends it, and delivers that. */
void end(scene_t *scene, async_resource_t *resource);

/* The id, and its key: the same memory for every fourth call. */
async_id_t id_of(const async_resource_t *resource);
const char *key_of(const async_resource_t *resource);

/* The answer, 200, and a document of the schema. `format` as printf()'s. */
__attribute__((format(printf, 2, 3))) json_t *ask_json(scene_t *scene,
                                                       const char *format, ...);

/* The answer, 200, as text. To be freed. */
__attribute__((format(printf, 2, 3))) answer_t ask_text(scene_t *scene,
                                                        const char *format,
                                                        ...);

/* The error of an answer of that status. */
__attribute__((format(printf, 3, 4))) json_t *ask_error(scene_t *scene,
                                                        int status,
                                                        const char *format,
                                                        ...);

/* -- Another thread -------------------------------------------------------- */

/* A thread with an environment of its own and one resource in it, which may be
 * running. It stays as it is until it is let go. */
typedef struct other_s {
  async_env_kind_t kind;
  const char *name, *type;
  async_ref_t cause; /* thread ASYNC_THREAD_NONE: none elsewhere */
  bool running;
  async_ref_t made;
  uv_thread_t id;
  uv_sem_t ready, go;
} other_t;

/* From what is set of `other`; `made` is then known. */
void other_start(other_t *other);
void other_stop(other_t *other);

/* -- Looking --------------------------------------------------------------- */

/* The element of the array `array` whose `key` is the text `value`. */
json_t *json_named(const json_t *document, const char *array, const char *key,
                   const char *value);
const char *json_text_of(const json_t *object, const char *key);
json_int_t json_integer_of(const json_t *object, const char *key);

/* The member names, each with a space behind it; the same memory for every
 * call. */
const char *json_keys(const json_t *object);

/* Number of times `part` stands in `text`. */
size_t occurrences(const char *text, const char *part);

/* The line of `text` that holds `part`, without its end; the same memory for
 * every call. "" when there is none. */
const char *line_with(const char *text, const char *part);

#endif
