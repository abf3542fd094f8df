/* /debug/tree: a line that says what program this is, a block for each thread,
 * the pools, and a line of counts. What writes a line answers 1 when its stage
 * has another, 0 when not, or an error, and then nothing moved. */
#include "ended.h"
#include "formats.h"
#include "opening.h"
#include "recorded.h"
#include "subtree.h"
#include "survey.h"
#include "text.h"
#include "tree_line.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_version.h"
#include <inttypes.h>
#include <unistd.h>

/* The columns are laid out by the first lines, so that the first chunk does
 * not cost a walk over all of them; and a long name does not push them away. */
#define MEASURED_LINES 1000
#define COLUMNS_MAX    64

enum stage_e {
  STAGE_SURVEY,
  STAGE_SUBTREE,
  STAGE_BUILD,
  STAGE_MEASURE,
  STAGE_TITLE,
  STAGE_NODES,
  STAGE_CUT,
  STAGE_POOLS,
  STAGE_COUNTS,
  STAGE_END
};

typedef struct tree_text_s {
  const debug_query_t *query;
  debug_capture_t capture;
  debug_survey_t survey;
  debug_filter_t filter;
  debug_subtree_t subtree;
  debug_tree_t tree;
  debug_tree_place_t place;
  uint64_t depth;
  uint64_t lines; /* of resources */
  size_t columns;
  size_t pool;
  enum stage_e stage;
} tree_text_t;

static int survey(tree_text_t *text, debug_buffer_t *buffer) {
  (void)buffer;
  return asyncscope__debug_survey_take(&text->survey);
}

static int build_subtree(tree_text_t *text, debug_buffer_t *buffer) {
  (void)buffer;
  return text->filter.subtree == NULL
             ? 0
             : asyncscope__debug_subtree_build(&text->subtree);
}

static int build(tree_text_t *text, debug_buffer_t *buffer) {
  int error = asyncscope__debug_tree_build(&text->tree);
  (void)buffer;
  if (error == 0)
    asyncscope__debug_tree_first(&text->tree, &text->place);
  return error;
}

static bool is_root(const tree_text_t *text) {
  return text->place.node >= text->tree.first_root;
}

static int measure(tree_text_t *text, debug_buffer_t *buffer) {
  (void)buffer;
  if (!is_root(text) && text->lines++ < MEASURED_LINES) {
    size_t columns = asyncscope__debug_line_columns(&text->tree, &text->place);
    columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
    text->columns = columns > text->columns ? columns : text->columns;
  }
  int status =
      text->lines >= MEASURED_LINES
          ? 0
          : asyncscope__debug_tree_next(&text->tree, &text->place, text->depth);
  if (status == 0) {
    text->lines = 0;
    asyncscope__debug_tree_first(&text->tree, &text->place);
  }
  return status;
}

static int put_title(tree_text_t *text, debug_buffer_t *buffer) {
  const debug_capture_t *capture = &text->capture;
  char tool[DEBUG_PRINTABLE_BYTES];
  char command[DEBUG_PRINTABLE_BYTES];
  char up[DEBUG_DURATION_BYTES];
  char now[DEBUG_TIME_BYTES];
  asyncscope__debug_printable(capture->debug->tool_name, tool);
  asyncscope__debug_printable(capture->debug->command, command);
  asyncscope__debug_duration(
      asyncscope__debug_elapsed_us(capture->started_ns, capture->begun_ns), up);
  asyncscope__debug_time(&capture->time, now);
  int error = asyncscope__debug_appendf(
      buffer, "%s %s  %s, pid %d, up %s  %s\n", tool, ASYNCSCOPE_VERSION_STRING,
      command, (int)getpid(), up, now);
  return error == 0 ? asyncscope__debug_append_recorded(capture, "", buffer)
                    : error;
}

static int put_node(tree_text_t *text, debug_buffer_t *buffer) {
  if (!is_root(text) && text->lines == text->query->limit)
    return 0;
  int error =
      is_root(text)
          ? asyncscope__debug_root_line(&text->tree, text->place.node, buffer)
          : asyncscope__debug_line(&text->tree, &text->place, text->columns,
                                   buffer);
  bool line = !is_root(text);
  if (error == 0)
    error = asyncscope__debug_tree_next(&text->tree, &text->place, text->depth);
  text->lines += error >= 0 && line;
  return error;
}

static int put_cut(tree_text_t *text, debug_buffer_t *buffer) {
  return text->lines < text->query->limit || is_root(text)
             ? 0
             : asyncscope__debug_appendf(buffer,
                                         "\n(cut at %" PRIu64
                                         " lines: limit= asks for more; type=, "
                                         "site=, request=, root= for less)\n",
                                         text->lines);
}

static int put_pool(tree_text_t *text, debug_buffer_t *buffer) {
  const asyncscope_debug_options_t *options = &text->capture.debug->options;
  char name[DEBUG_PRINTABLE_BYTES];
  worker_pool_info_t info;
  if (text->pool == options->pool_count)
    return 0;
  asyncscope__debug_printable(options->pools[text->pool].name, name);
  worker_pool_info(options->pools[text->pool].pool, &info);
  int error = asyncscope__debug_appendf(
      buffer,
      "%spool \"%s\"  %zu of %zu threads busy, %zu queued (at most %zu), "
      "%" PRIu64 " completed, %" PRIu64 " rejected, %" PRIu64 " cancelled\n",
      text->pool == 0 ? "\n" : "", name, info.active, info.threads, info.queued,
      info.queued_peak, info.completed, info.rejected, info.cancelled);
  text->pool += error == 0;
  return error == 0 ? 1 : error;
}

static int put_counts(tree_text_t *text, debug_buffer_t *buffer) {
  const debug_survey_t *survey = &text->survey;
  async_env_info_t sum = asyncscope__debug_total(&text->capture);
  return asyncscope__debug_appendf(
      buffer,
      "\nlive %" PRIu64 ", running %" PRIu64 ", queued %" PRIu64
      ", hidden %" PRIu64 "; requests in flight %" PRIu64 "; threads %zu; "
      "created %" PRIu64 ", destroyed %" PRIu64 "\n",
      survey->live, survey->states[DEBUG_RUNNING], survey->states[DEBUG_QUEUED],
      survey->hidden, survey->requests, text->capture.thread_count,
      sum.resources_created, sum.resources_destroyed);
}

static int step(void *state, debug_buffer_t *buffer) {
  static int (*const stages[])(tree_text_t *, debug_buffer_t *) = {
      [STAGE_SURVEY] = survey,     [STAGE_SUBTREE] = build_subtree,
      [STAGE_BUILD] = build,       [STAGE_MEASURE] = measure,
      [STAGE_TITLE] = put_title,   [STAGE_NODES] = put_node,
      [STAGE_CUT] = put_cut,       [STAGE_POOLS] = put_pool,
      [STAGE_COUNTS] = put_counts,
  };
  tree_text_t *text = state;
  int status = stages[text->stage](text, buffer);
  text->stage += status == 0;
  return status < 0 ? status : text->stage != STAGE_END;
}

static void begin_parts(tree_text_t *text) {
  const debug_query_t *query = text->query;
  bool apart = asyncscope__debug_given(query, DEBUG_PARAM_GROUP_BY);
  asyncscope__debug_survey_begin(&text->survey, &text->capture,
                                 query->internal);
  text->filter = asyncscope__debug_filter(&text->capture, query);
  text->survey.internal = text->filter.internal;
  text->depth = asyncscope__debug_given(query, DEBUG_PARAM_DEPTH)
                    ? query->depth + 1
                    : UINT64_MAX;
  if (asyncscope__debug_given(query, DEBUG_PARAM_ROOT)) {
    text->depth = UINT64_MAX; /* it counts from there */
    asyncscope__debug_subtree_begin(&text->subtree, &text->capture, query);
    text->filter.subtree = &text->subtree;
  }
  asyncscope__debug_tree_begin(&text->tree, &text->capture, &text->filter,
                               apart);
}

static void tree_close(void *state) {
  tree_text_t *text = state;
  asyncscope__debug_survey_finish(&text->survey);
  asyncscope__debug_subtree_finish(&text->subtree);
  asyncscope__debug_tree_finish(&text->tree);
  asyncscope__debug_capture_finish(&text->capture);
  async_free(text);
}

static int begin(void *state, debug_call_t *call) {
  tree_text_t *text = state;
  const debug_query_t *query = call->query;
  if (asyncscope__debug_given(query, DEBUG_PARAM_GROUP_BY) &&
      query->group_by != DEBUG_GROUP_NONE)
    return asyncscope__debug_refuse(
        call, 400, "group_by= is none here: siblings that are alike are one");
  text->query = query;
  int error = asyncscope__debug_open_capture(&text->capture, call);
  if (error == 0)
    begin_parts(text);
  return error;
}

static int tree_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(tree_text_t), begin,
                                      tree_close, ret_state);
}

const debug_format_t asyncscope__debug_tree_text = {
    "text", DEBUG_TEXT_TYPE, tree_open, step, tree_close, NULL};
