#ifndef DEBUG_FIXTURE_H
#define DEBUG_FIXTURE_H

/* Snapshots by hand, and whole answers out of a stream. */

#include "counting_allocator.h"
#include "debug.h"
#include "formats.h"
#include "snapshot.h"
#include "stream.h"
#include "test_main.h"

#include <jansson.h>
#include <stdbool.h>

#define MADE_NS 1000000000ull /* when everything made by hand was captured */

/* An empty one, begun and ended at MADE_NS; NULL for want of memory. */
debug_snapshot_t *made_snapshot(void);

/* Adds the thread; the resources added next are its own. Threads are added in
 * the order of their numbers. */
debug_thread_t *made_thread(debug_snapshot_t *snapshot, uint32_t thread,
                            async_env_kind_t kind, const char *name);

/* Adds a resource to the last thread, made 1 ms before the capture with
 * `trigger` as its cause on the same thread. Valid until the next one. */
async_resource_info_t *made_resource(debug_snapshot_t *snapshot, async_id_t id,
                                     const char *type, async_id_t trigger);

/* As above, caused by another thread. */
async_resource_info_t *made_across(debug_snapshot_t *snapshot, async_id_t id,
                                   const char *type, async_ref_t trigger);

void made_name(async_resource_info_t *info, const char *name);

/* Remembers an ancestor of the last thread. */
void made_ancestor(debug_snapshot_t *snapshot, async_id_t id, const char *type,
                   async_id_t trigger);

/* Puts the id on the last thread's stack, entered `since_us` before. */
void made_entry(debug_snapshot_t *snapshot, async_id_t id, uint64_t since_us);

/* What a stream gave, NUL-terminated. */
typedef struct answer_s {
  int status; /* of create or of the first next() that failed */
  char *text;
  size_t length, chunks, longest_chunk;
} answer_t;

/* Relates and formats the snapshot, and frees it. */
answer_t made_answer(debug_snapshot_t *snapshot, const debug_format_t *format);

/* The stream alone, of a snapshot that is related. */
int made_stream(debug_snapshot_t *snapshot, const debug_format_t *format,
                asyncscope_debug_stream_t **ret_stream);

/* Of the live state. */
answer_t live_answer(const asyncscope_debug_options_t *options,
                     const debug_format_t *format);

/* Reads `stream` to its end or error and destroys it. */
answer_t read_answer(asyncscope_debug_stream_t *stream);
void answer_free(answer_t *answer);

/* The document; NULL when it is none or has a key twice. Frees the answer. */
json_t *answer_json(answer_t *answer);

/* The element of the array `array` whose `key` is the text `value`. */
json_t *json_named(const json_t *document, const char *array, const char *key,
                   const char *value);
const char *json_text_of(const json_t *object, const char *key);

/* Number of times `part` stands in `text`. */
size_t occurrences(const char *text, const char *part);

/* The line of `text` that holds `part`, without its end; the same memory for
 * every call. "" when there is none. */
const char *line_with(const char *text, const char *part);

#endif
