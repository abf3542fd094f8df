/* The tree as text: a line that says what program this is, a block for each
 * thread, the pools, and a line of counts. What writes a line answers 1 when
 * its stage has another, 0 when not, or an error, and then nothing moved. */
#include "debug.h"
#include "formats.h"
#include "text.h"
#include "tree_line.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_version.h"
#include <inttypes.h>
#include <unistd.h>

/* The columns are laid out by the first lines, so that the first chunk does
 * not cost a walk over a million; and a long name does not push them away. */
#define MEASURED_LINES 1000
#define COLUMNS_MAX    64

enum stage_e { STAGE_TITLE, STAGE_NODES, STAGE_POOLS, STAGE_COUNTS, STAGE_END };

typedef struct debug_text_s {
  debug_snapshot_t *snapshot;
  debug_tree_t tree;
  debug_tree_place_t place;
  size_t columns;
  size_t pool;
  enum stage_e stage;
} debug_text_t;

static void measure(debug_text_t *text) {
  debug_tree_place_t place;
  asyncscope__debug_tree_begin(&text->tree, &place);
  for (size_t i = 0; i < MEASURED_LINES; i++) {
    if (place.node < text->tree.first_root) {
      size_t columns = asyncscope__debug_line_columns(&text->tree, &place);
      columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
      text->columns = columns > text->columns ? columns : text->columns;
    }
    if (!asyncscope__debug_tree_next(&text->tree, &place)) {
      return;
    }
  }
}

int asyncscope__debug_tree_create(debug_snapshot_t *snapshot,
                                  void **ret_state) {
  debug_text_t *text = async_calloc(1, sizeof(*text));
  int error = text == NULL ? UV_ENOMEM
                           : asyncscope__debug_tree_init(&text->tree, snapshot);
  if (error != 0) {
    asyncscope__debug_snapshot_destroy(snapshot);
    async_free(text);
    return error;
  }
  text->snapshot = snapshot;
  measure(text);
  asyncscope__debug_tree_begin(&text->tree, &text->place);
  *ret_state = text;
  return 0;
}

static int put_title(debug_text_t *text, debug_buffer_t *buffer) {
  const debug_snapshot_t *snapshot = text->tree.snapshot;
  char tool[DEBUG_PRINTABLE_BYTES];
  char command[DEBUG_PRINTABLE_BYTES];
  char up[DEBUG_DURATION_BYTES];
  char now[DEBUG_TIME_BYTES];
  asyncscope__debug_printable(snapshot->tool_name, tool);
  asyncscope__debug_printable(snapshot->command, command);
  asyncscope__debug_duration(
      asyncscope__debug_elapsed_us(snapshot->started_ns, snapshot->begun_ns),
      up);
  asyncscope__debug_time(&snapshot->time, now);
  return asyncscope__debug_appendf(buffer, "%s %s  %s, pid %d, up %s  %s\n",
                                   tool, ASYNCSCOPE_VERSION_STRING, command,
                                   (int)getpid(), up, now);
}

static int put_node(debug_text_t *text, debug_buffer_t *buffer) {
  uint32_t node = text->place.node;
  int err = node >= text->tree.first_root
                ? asyncscope__debug_root_line(&text->tree, node, buffer)
                : asyncscope__debug_line(&text->tree, &text->place,
                                         text->columns, buffer);
  return err != 0 ? err
                  : asyncscope__debug_tree_next(&text->tree, &text->place);
}

static int put_pool(debug_text_t *text, debug_buffer_t *buffer) {
  const debug_snapshot_t *snapshot = text->tree.snapshot;
  if (text->pool == snapshot->pool_count) {
    return 0;
  }
  const debug_pool_t *pool = &snapshot->pools[text->pool];
  char name[DEBUG_PRINTABLE_BYTES];
  asyncscope__debug_printable(pool->name, name);
  int err = asyncscope__debug_appendf(
      buffer,
      "%spool \"%s\"  %zu of %zu threads busy, %zu queued (at most %zu), "
      "%" PRIu64 " completed, %" PRIu64 " rejected, %" PRIu64 " cancelled\n",
      text->pool == 0 ? "\n" : "", name, pool->info.active, pool->info.threads,
      pool->info.queued, pool->info.queued_peak, pool->info.completed,
      pool->info.rejected, pool->info.cancelled);
  if (err != 0) {
    return err;
  }
  text->pool++;
  return 1;
}

typedef struct text_counts_s {
  size_t requests, running, queued;
  uint64_t created, destroyed;
} text_counts_t;

static text_counts_t count(const debug_snapshot_t *snapshot) {
  text_counts_t counts = {0, 0, 0, 0, 0};
  for (size_t i = 0; i < snapshot->resource_count; i++) {
    const debug_resource_t *resource = &snapshot->resources[i];
    bool shown = !resource->hidden;
    counts.requests += asyncscope__debug_is_request(resource);
    counts.running += shown && resource->state == DEBUG_RUNNING;
    counts.queued += shown && resource->state == DEBUG_QUEUED;
  }
  for (size_t i = 0; i < snapshot->thread_count; i++) {
    counts.created += snapshot->threads[i].info.resources_created;
    counts.destroyed += snapshot->threads[i].info.resources_destroyed;
  }
  return counts;
}

static int put_counts(debug_text_t *text, debug_buffer_t *buffer) {
  const debug_snapshot_t *snapshot = text->tree.snapshot;
  text_counts_t counts = count(snapshot);
  return asyncscope__debug_appendf(
      buffer,
      "\nlive %zu, running %zu, queued %zu, gone %zu, hidden %zu; "
      "requests in flight %zu; threads %zu; "
      "created %" PRIu64 ", destroyed %" PRIu64 "\n",
      snapshot->resource_count - snapshot->hidden_count, counts.running,
      counts.queued, snapshot->gone_count, snapshot->hidden_count,
      counts.requests, snapshot->thread_count, counts.created,
      counts.destroyed);
}

static int text_step(void *state, debug_buffer_t *buffer) {
  static int (*const stages[])(debug_text_t *, debug_buffer_t *) = {
      [STAGE_TITLE] = put_title,
      [STAGE_NODES] = put_node,
      [STAGE_POOLS] = put_pool,
      [STAGE_COUNTS] = put_counts,
  };
  debug_text_t *text = state;
  int status = stages[text->stage](text, buffer);
  text->stage += status == 0;
  return status < 0 ? status : text->stage != STAGE_END;
}

static int tree_open(const debug_call_t *call, void **ret_state) {
  debug_snapshot_t *snapshot;
  int error = asyncscope__debug_snapshot_take(&call->debug->options, &snapshot);
  return error != 0 ? error
                    : asyncscope__debug_tree_create(snapshot, ret_state);
}

static void tree_close(void *state) {
  debug_text_t *text = state;
  asyncscope__debug_tree_finish(&text->tree);
  asyncscope__debug_snapshot_destroy(text->snapshot);
  async_free(text);
}

const debug_format_t asyncscope__debug_tree_text = {
    "text", DEBUG_TEXT_TYPE, tree_open, text_step, tree_close, NULL};
