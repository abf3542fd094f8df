#include "json_included.h"

#include "json_account.h"
#include "json_resource.h"
#include "json_times.h"

static bool is_asked_for(const debug_included_t *included, unsigned what) {
  return (included->filter.query->include & what) != 0;
}

static int add_types(debug_included_t *included) {
  const debug_capture_t *capture = included->capture;
  int error = 0;
  for (size_t i = 0; i < capture->thread_count && error == 0; i++)
    if (asyncscope__debug_thread_matches(&included->filter, i))
      error = asyncscope__debug_type_runs_add(&included->types,
                                              capture->threads[i].env);
  return error;
}

int asyncscope__debug_included_init(debug_included_t *included,
                                    const debug_capture_t *capture,
                                    const debug_query_t *query, bool masks) {
  *included =
      (debug_included_t){.capture = capture,
                         .filter = asyncscope__debug_filter(capture, query),
                         .masked = masks ? query : NULL};
  int error = 0;
  if (is_asked_for(included, DEBUG_INCLUDE_FINISHED))
    error = asyncscope__debug_account_list_init(
        &included->finished, &included->filter,
        ASYNC_REQUESTS_FINISHED | ASYNC_REQUESTS_SLOW);
  if (error == 0 && is_asked_for(included, DEBUG_INCLUDE_HISTOGRAMS))
    error = add_types(included);
  if (error != 0)
    asyncscope__debug_included_finish(included);
  return error;
}

/* Opens the array, closes it behind the last of `count`, or writes the element
 * that `make` makes. */
static int write_array(debug_included_t *included, const char *name,
                       size_t count,
                       json_t *(*make)(const debug_included_t *included),
                       json_writer_t *writer) {
  int error;
  if (!included->open) {
    error = asyncscope__json_open_array(writer, name);
    included->open = error == 0;
    included->at = 0;
    return error == 0 ? 1 : error;
  }
  if (included->at == count) {
    error = asyncscope__json_close(writer);
    included->open = error != 0;
    return error;
  }
  error = asyncscope__json_write(writer, NULL, make(included));
  included->at += error == 0;
  return error == 0 ? 1 : error;
}

static json_t *finished(const debug_included_t *included) {
  json_t *account = asyncscope__json_account(
      included->capture, &included->finished.items[included->at]);
  return included->masked == NULL
             ? account
             : asyncscope__json_masked(account, included->masked);
}

int asyncscope__debug_write_finished(debug_included_t *included,
                                     json_writer_t *writer) {
  return is_asked_for(included, DEBUG_INCLUDE_FINISHED)
             ? write_array(included, "finished", included->finished.shown,
                           finished, writer)
             : 0;
}

static json_t *callbacks(const debug_included_t *included) {
  const debug_type_run_t *type = &included->types.items[included->at];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(&fields, "type", type->type);
  asyncscope__json_put_unsigned(&fields, "created", type->created);
  asyncscope__json_put_unsigned(&fields, "destroyed", type->destroyed);
  asyncscope__json_put(&fields, "runUs",
                       asyncscope__json_times(&type->run, true));
  return asyncscope__json_end(&fields);
}

int asyncscope__debug_write_callbacks(debug_included_t *included,
                                      json_writer_t *writer) {
  return is_asked_for(included, DEBUG_INCLUDE_HISTOGRAMS)
             ? write_array(included, "callbacks", included->types.count,
                           callbacks, writer)
             : 0;
}

void asyncscope__debug_included_finish(debug_included_t *included) {
  asyncscope__debug_account_list_finish(&included->finished);
  asyncscope__debug_type_runs_finish(&included->types);
}
