#include "selection.h"

#include "asyncscope/async_allocator.h"
#include "heap.h"

bool asyncscope__debug_order_is_fickle(debug_order_t order) {
  return order.by == DEBUG_SORT_RUN_TIME || order.by == DEBUG_SORT_COUNT;
}

/* The thread of a cursor may have ended: what comes next stands behind it. */
static void begin_behind(debug_selection_t *selection,
                         const debug_cursor_t *cursor) {
  const debug_capture_t *capture = selection->capture;
  bool lives =
      asyncscope__debug_find_thread(capture, cursor->ref.thread) != NULL;
  selection->has_last = true;
  selection->last =
      (debug_pick_t){.value = cursor->value,
                     .thread = (uint32_t)asyncscope__debug_thread_index(
                         capture, cursor->ref.thread),
                     .async_id = lives ? cursor->ref.async_id : ASYNC_ID_UNSET};
}

int asyncscope__debug_selection_init(debug_selection_t *selection,
                                     const debug_capture_t *capture,
                                     const debug_query_t *query) {
  *selection = (debug_selection_t){
      .capture = capture,
      .filter = asyncscope__debug_filter(capture, query),
      .order = query->order,
      .window = DEBUG_WINDOW,
      .left = query->limit,
      .walk = asyncscope__debug_walk_all(capture),
  };
  if (asyncscope__debug_given(query, DEBUG_PARAM_CURSOR))
    begin_behind(selection, &query->cursor);
  selection->newest =
      async_calloc(capture->thread_count + 1, sizeof(*selection->newest));
  return selection->newest == NULL ? UV_ENOMEM : 0;
}

/* Smaller stands first; from great to small is the complement. */
static uint64_t value_of(const debug_selection_t *selection,
                         const debug_resource_t *resource) {
  uint64_t value = 0;
  bool descending = selection->order.descending;
  switch (selection->order.by) {
  case DEBUG_SORT_ID:
    break;
  case DEBUG_SORT_AGE:
    value = resource->info.created_ns;
    descending = !descending;
    break;
  case DEBUG_SORT_RUN_TIME:
    value = asyncscope__debug_run_us(selection->capture, resource);
    break;
  case DEBUG_SORT_COUNT:
    value = resource->info.callbacks;
    break;
  }
  return descending ? UINT64_MAX - value : value;
}

/* What the first pass has not seen is not taken later. */
static bool is_new(debug_selection_t *selection, size_t thread,
                   async_id_t async_id) {
  async_id_t *newest = &selection->newest[thread];
  if (selection->passed)
    return async_id > *newest;
  if (async_id > *newest)
    *newest = async_id;
  return false;
}

static size_t room(const debug_selection_t *selection) {
  return selection->left < selection->window ? (size_t)selection->left
                                             : selection->window;
}

/* Keeps the pick where it is among the first. */
static int keep(debug_selection_t *selection, const debug_pick_t *pick) {
  if (selection->count < room(selection)) {
    debug_pick_t *picks =
        asyncscope__debug_grow(selection->picks, selection->count,
                               &selection->capacity, sizeof(*picks));
    if (picks == NULL)
      return UV_ENOMEM;
    selection->picks = picks;
    asyncscope__debug_heap_add(picks, selection->count++, pick);
  } else if (selection->count > 0 &&
             asyncscope__debug_compare_picks(pick, selection->picks) < 0) {
    asyncscope__debug_heap_replace(selection->picks, selection->count, pick);
  }
  return 0;
}

static int consider(void *arg, size_t thread,
                    const async_resource_info_t *info) {
  debug_selection_t *selection = arg;
  debug_resource_t resource;
  asyncscope__debug_describe(selection->capture, thread, info, &resource);
  if (is_new(selection, thread, info->async_id) ||
      !asyncscope__debug_matches(&selection->filter, &resource))
    return 0;
  debug_pick_t pick = {value_of(selection, &resource), info->async_id,
                       (uint32_t)thread, info->place};
  if (selection->has_last &&
      asyncscope__debug_compare_picks(&pick, &selection->last) <= 0)
    return 0;
  selection->matched += !selection->passed;
  return keep(selection, &pick);
}

static int fill(debug_selection_t *selection) {
  int error =
      asyncscope__debug_walk_slice(&selection->walk, consider, selection);
  if (error != 0)
    return error;
  asyncscope__debug_heap_sort(selection->picks, selection->count);
  selection->filled = true;
  selection->passed = true;
  return 0;
}

/* Whether there is another pass to make: the last one filled the window. */
static bool refill(debug_selection_t *selection) {
  if (selection->count < selection->window || selection->left == 0)
    return false;
  selection->count = 0;
  selection->at = 0;
  selection->filled = false;
  selection->walk = asyncscope__debug_walk_all(selection->capture);
  return true;
}

int asyncscope__debug_selection_peek(debug_selection_t *selection,
                                     debug_resource_t *ret_resource) {
  while (true) {
    int error = selection->filled ? 0 : fill(selection);
    if (error != 0)
      return error;
    while (selection->at < selection->count) {
      const debug_pick_t *pick = &selection->picks[selection->at];
      if (asyncscope__debug_read(selection->capture, pick->thread, pick->place,
                                 pick->async_id, ret_resource))
        return 1;
      asyncscope__debug_selection_take(selection);
      if (asyncscope__debug_pace_is_spent(selection->capture->pace))
        return UV_EAGAIN;
    }
    if (!refill(selection))
      return 0;
  }
}

void asyncscope__debug_selection_take(debug_selection_t *selection) {
  selection->last = selection->picks[selection->at++];
  selection->has_last = true;
  selection->taken++;
  selection->left--;
}

bool asyncscope__debug_selection_cut(const debug_selection_t *selection,
                                     debug_cursor_t *ret_cursor) {
  const debug_pick_t *last = &selection->last;
  if (selection->left > 0 || selection->matched <= selection->taken)
    return false;
  *ret_cursor = (debug_cursor_t){.order = selection->order};
  if (selection->has_last && last->thread < selection->capture->thread_count) {
    ret_cursor->value = last->value;
    ret_cursor->ref = (async_ref_t){
        selection->capture->threads[last->thread].info.thread, last->async_id};
  }
  return true;
}

void asyncscope__debug_selection_finish(debug_selection_t *selection) {
  async_free(selection->picks);
  async_free(selection->newest);
  *selection = (debug_selection_t){.capture = NULL};
}
