/* A thread is written in pieces: its members, its stack where that was asked
 * for, its ids, its requests. Each list is cut at the limit of the query. */
#include "json_threads.h"

#include "json_fields.h"

enum {
  READ,
  MEMBERS,
  STACK,
  STACK_END,
  IDS,
  IDS_END,
  REQUESTS,
  REQUESTS_END,
  PIECES
};

void asyncscope__debug_threads_begin(debug_threads_t *threads,
                                     const debug_capture_t *capture,
                                     const debug_query_t *query) {
  threads->capture = capture;
  threads->query = query;
  threads->filter = asyncscope__debug_filter(capture, query);
  threads->loops = false;
  threads->thread = 0;
  threads->piece = READ;
  threads->at = 0;
}

static bool is_shown(debug_threads_t *threads) {
  const debug_thread_t *thread = &threads->capture->threads[threads->thread];
  return (!threads->loops ||
          asyncscope__debug_turns_loop(thread->env, &thread->info,
                                       threads->filter.internal)) &&
         asyncscope__debug_thread_matches(&threads->filter, threads->thread);
}

static size_t under_limit(const debug_threads_t *threads, size_t count) {
  return count < threads->query->limit ? count : (size_t)threads->query->limit;
}

static bool includes(const debug_threads_t *threads, unsigned what) {
  return (threads->query->include & what) != 0;
}

static size_t stack_shown(const debug_threads_t *threads) {
  size_t depth = threads->capture->threads[threads->thread].info.stack_depth;
  if (!includes(threads, DEBUG_INCLUDE_STACKS))
    return 0;
  return depth < ASYNC_STACK_PUBLISHED ? depth : ASYNC_STACK_PUBLISHED;
}

static int write_members(debug_threads_t *threads, json_writer_t *writer) {
  const debug_thread_t *thread = &threads->capture->threads[threads->thread];
  bool stacks = includes(threads, DEBUG_INCLUDE_STACKS);
  bool histograms = includes(threads, DEBUG_INCLUDE_HISTOGRAMS);
  int error = asyncscope__json_open_object(writer, NULL);
  if (error == 0)
    error = asyncscope__json_write_members(
        writer, asyncscope__json_thread(thread, &threads->ids, histograms));
  if (error != 0 || !stacks)
    return error;
  return asyncscope__json_open_array(writer, "stack");
}

/* What the piece is about: an element of the list that is open, or its end. */
static size_t list_count(const debug_threads_t *threads) {
  switch (threads->piece) {
  case STACK:
    return stack_shown(threads);
  case IDS:
    return under_limit(threads, threads->ids.id_count);
  default:
    return under_limit(threads, threads->ids.request_count);
  }
}

static json_t *list_element(const debug_threads_t *threads) {
  size_t at = threads->at;
  switch (threads->piece) {
  case STACK:
    return asyncscope__json_stack_entry(
        &threads->capture->threads[threads->thread], at, &threads->ids);
  case IDS:
    return json_integer(threads->ids.ids[at]);
  default:
    return asyncscope__json_request_id(threads->ids.requests[at]);
  }
}

static bool is_truncated(const debug_threads_t *threads) {
  const debug_thread_ids_t *ids = &threads->ids;
  return under_limit(threads, ids->id_count) < ids->live || ids->requests_cut ||
         under_limit(threads, ids->request_count) < ids->request_count;
}

static int end_thread(const debug_threads_t *threads, json_writer_t *writer) {
  int error = asyncscope__json_write(writer, "truncated",
                                     json_boolean(is_truncated(threads)));
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static int end_list(debug_threads_t *threads, json_writer_t *writer) {
  bool stacks = includes(threads, DEBUG_INCLUDE_STACKS);
  int error = 0;
  if (threads->piece != STACK_END || stacks)
    error = asyncscope__json_close(writer);
  if (error != 0)
    return error;
  if (threads->piece == STACK_END)
    return asyncscope__json_open_array(writer, "asyncIds");
  if (threads->piece == IDS_END)
    return asyncscope__json_open_array(writer, "requestIds");
  return end_thread(threads, writer);
}

static int write_piece(debug_threads_t *threads, json_writer_t *writer) {
  switch (threads->piece) {
  case READ:
    return asyncscope__debug_thread_ids_read(&threads->ids);
  case MEMBERS:
    return write_members(threads, writer);
  case STACK_END:
  case IDS_END:
  case REQUESTS_END:
    return end_list(threads, writer);
  default:
    return threads->at == list_count(threads)
               ? 0
               : asyncscope__json_write(writer, NULL, list_element(threads));
  }
}

/* To the next piece, or within a list to its next element. */
static void move_on(debug_threads_t *threads) {
  bool list = threads->piece == STACK || threads->piece == IDS ||
              threads->piece == REQUESTS;
  if (list && threads->at < list_count(threads)) {
    threads->at++;
    return;
  }
  threads->at = 0;
  if (++threads->piece == PIECES) {
    threads->piece = READ;
    threads->thread++;
  }
}

int asyncscope__debug_write_threads(debug_threads_t *threads,
                                    json_writer_t *writer) {
  const debug_capture_t *capture = threads->capture;
  while (threads->piece == READ && threads->thread < capture->thread_count &&
         !is_shown(threads))
    threads->thread++;
  if (threads->thread == capture->thread_count)
    return 0;
  if (threads->piece == READ && threads->at++ == 0)
    asyncscope__debug_thread_ids_begin(&threads->ids, capture, threads->thread,
                                       threads->filter.internal);
  int error = write_piece(threads, writer);
  if (error == 0)
    move_on(threads);
  return error == 0 ? 1 : error;
}
