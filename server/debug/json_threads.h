/* Threads in a JSON document. */
#ifndef ASYNCSCOPE_DEBUG_JSON_THREADS_H
#define ASYNCSCOPE_DEBUG_JSON_THREADS_H

#include "filter.h"
#include "json_fields.h"
#include "json_writer.h"
#include "thread_ids.h"

typedef struct debug_threads_s {
  const debug_capture_t *capture;
  const debug_query_t *query;
  debug_filter_t filter; /* for thread= */
  bool loops;            /* only threads that run a loop */
  size_t thread;         /* its turn */
  unsigned piece;        /* of this thread */
  size_t at;             /* in the array that is open */
  debug_thread_ids_t ids;
} debug_threads_t;

/* `capture` and `query` outlive it; there is nothing to finish. */
void asyncscope__debug_threads_begin(debug_threads_t *threads,
                                     const debug_capture_t *capture,
                                     const debug_query_t *query);

/* A part (document.h): the elements of an array that is open. */
int asyncscope__debug_write_threads(debug_threads_t *threads,
                                    json_writer_t *writer);

/* The members of one thread before its lists; `ids` has been read. With
 * `histograms` the lag has its buckets. A new reference, or NULL for want of
 * memory. */
json_t *asyncscope__json_thread(const debug_thread_t *thread,
                                const debug_thread_ids_t *ids, bool histograms);

/* An entry of its stack. The same. */
json_t *asyncscope__json_stack_entry(const debug_thread_t *thread, size_t entry,
                                     const debug_thread_ids_t *ids);

/* What asyncscope has made for itself, which no other count has: "internal". */
void asyncscope__json_put_internal(json_fields_t *fields,
                                   const async_env_info_t *info);

/* Memory of what is known: of records and names of resources, of accounts of
 * requests, of recorders. */
void asyncscope__json_put_memory(json_fields_t *fields,
                                 const async_env_info_t *info);

#endif
