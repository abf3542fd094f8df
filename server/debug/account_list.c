#include "account_list.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>

#define BATCH 16
#define ALL                                                                    \
  (ASYNC_REQUESTS_ACTIVE | ASYNC_REQUESTS_RETAINED | ASYNC_REQUESTS_FINISHED | \
   ASYNC_REQUESTS_SLOW)

uint64_t asyncscope__debug_account_us(const debug_capture_t *capture,
                                      const async_request_info_t *info) {
  const debug_thread_t *thread =
      asyncscope__debug_find_thread(capture, info->thread);
  uint64_t now_ns = thread == NULL ? capture->begun_ns : thread->captured_ns;
  return asyncscope__debug_elapsed_us(
      info->started_ns, info->ended_ns == 0 ? now_ns : info->ended_ns);
}

static bool is_wanted(const debug_filter_t *filter,
                      const async_request_info_t *info) {
  const debug_query_t *query = filter->query;
  bool wanted = !asyncscope__debug_given(query, DEBUG_PARAM_REQUEST);
  for (size_t i = 0; i < query->requests.count; i++)
    wanted = wanted || query->requests.items[i] == info->number;
  if (asyncscope__debug_given(query, DEBUG_PARAM_SINCE) &&
      (info->ended_ns == 0 ? info->started_ns : info->ended_ns) / 1000 <
          query->since_us)
    return false;
  return wanted && (!asyncscope__debug_given(query, DEBUG_PARAM_OLDER_THAN) ||
                    asyncscope__debug_account_us(filter->capture, info) >=
                        query->older_than_ns / 1000);
}

static int add(debug_account_list_t *list, const async_request_info_t *info) {
  if (list->count == DEBUG_ACCOUNTS_MAX)
    return 0;
  async_request_info_t *items = asyncscope__debug_grow(
      list->items, list->count, &list->capacity, sizeof(*items));
  if (items == NULL)
    return UV_ENOMEM;
  list->items = items;
  items[list->count++] = *info;
  return 0;
}

static int add_thread(debug_account_list_t *list, const debug_filter_t *filter,
                      async_env_t *env, unsigned which) {
  async_request_info_t infos[BATCH];
  uint32_t cursor = 0;
  size_t count;
  int error = 0;
  while (error == 0 && (count = async_inspect_requests(env, which, &cursor,
                                                       infos, BATCH)) > 0)
    for (size_t i = 0; i < count && error == 0; i++)
      if (is_wanted(filter, &infos[i]))
        error = add(list, &infos[i]);
  return error;
}

static int compare_numbers(const void *a, const void *b) {
  uint64_t left = ((const async_request_info_t *)a)->number;
  uint64_t right = ((const async_request_info_t *)b)->number;
  return (left > right) - (left < right);
}

/* A slow one is among the last ended, too. */
static void drop_repeated(debug_account_list_t *list) {
  size_t kept = 0;
  if (list->count > 1)
    qsort(list->items, list->count, sizeof(*list->items), compare_numbers);
  for (size_t i = 0; i < list->count; i++)
    if (kept == 0 || list->items[kept - 1].number != list->items[i].number)
      list->items[kept++] = list->items[i];
  list->count = kept;
}

/* The latest end first, where nothing else was asked for. */
static uint64_t value_of(const debug_filter_t *filter,
                         const async_request_info_t *info) {
  debug_order_t order = filter->query->order;
  if (!asyncscope__debug_given(filter->query, DEBUG_PARAM_SORT))
    return UINT64_MAX - info->ended_ns;
  uint64_t value = order.by == DEBUG_SORT_AGE ? UINT64_MAX - info->started_ns
                   : order.by == DEBUG_SORT_RUN_TIME
                       ? info->loop_ns + info->worker_ns
                   : order.by == DEBUG_SORT_COUNT ? info->resources
                                                  : info->number;
  return order.descending ? UINT64_MAX - value : value;
}

static int compare(const void *a, const void *b, void *arg) {
  uint64_t left = value_of(arg, a);
  uint64_t right = value_of(arg, b);
  return left != right ? (left > right) - (left < right)
                       : compare_numbers(a, b);
}

static void apply_limit(debug_account_list_t *list,
                        const debug_filter_t *filter) {
  uint64_t limit = filter->query->limit;
  list->shown = list->count < limit ? list->count : (size_t)limit;
}

int asyncscope__debug_account_list_init(debug_account_list_t *list,
                                        debug_filter_t *filter,
                                        unsigned which) {
  const debug_capture_t *capture = filter->capture;
  int error = 0;
  *list = (debug_account_list_t){.items = NULL};
  for (size_t i = 0; i < capture->thread_count && error == 0; i++)
    if (asyncscope__debug_thread_matches(filter, i))
      error = add_thread(list, filter, capture->threads[i].env, which);
  if (error != 0) {
    asyncscope__debug_account_list_finish(list);
    return error;
  }
  drop_repeated(list);
  if (list->count > 1)
    qsort_r(list->items, list->count, sizeof(*list->items), compare, filter);
  apply_limit(list, filter);
  return 0;
}

static bool is_behind(const debug_filter_t *filter,
                      const async_request_info_t *info,
                      const debug_cursor_t *cursor) {
  uint64_t value = value_of(filter, info);
  return value != cursor->value ? value > cursor->value
                                : info->number > (uint64_t)cursor->ref.async_id;
}

void asyncscope__debug_account_list_skip(debug_account_list_t *list,
                                         const debug_filter_t *filter,
                                         const debug_cursor_t *cursor) {
  size_t kept = 0;
  for (size_t i = 0; i < list->count; i++)
    if (is_behind(filter, &list->items[i], cursor))
      list->items[kept++] = list->items[i];
  list->count = kept;
  apply_limit(list, filter);
}

/* The number of a request stands for the id. */
bool asyncscope__debug_account_list_cut(const debug_account_list_t *list,
                                        const debug_filter_t *filter,
                                        debug_cursor_t *ret_cursor) {
  if (list->shown == list->count)
    return false;
  *ret_cursor = (debug_cursor_t){.order = filter->query->order};
  if (list->shown == 0)
    return true;
  const async_request_info_t *last = &list->items[list->shown - 1];
  ret_cursor->value = value_of(filter, last);
  ret_cursor->ref = (async_ref_t){last->thread, (async_id_t)last->number};
  return true;
}

/* By id the value is a number; by its end it is what a time lacks of the
 * greatest one. */
bool asyncscope__debug_account_cursor_fits(const debug_query_t *query) {
  bool by_end = !asyncscope__debug_given(query, DEBUG_PARAM_SORT);
  bool of_end = query->cursor.value > UINT64_MAX / 2;
  return query->order.by != DEBUG_SORT_ID || by_end == of_end ||
         query->cursor.value == 0;
}

bool asyncscope__debug_find_account(const debug_capture_t *capture,
                                    uint64_t number,
                                    async_request_info_t *ret_info) {
  async_request_info_t infos[BATCH];
  for (size_t i = 0; i < capture->thread_count; i++) {
    uint32_t cursor = 0;
    size_t count;
    while ((count = async_inspect_requests(capture->threads[i].env, ALL,
                                           &cursor, infos, BATCH)) > 0)
      for (size_t j = 0; j < count; j++)
        if (infos[j].number == number) {
          *ret_info = infos[j];
          return true;
        }
  }
  return false;
}

void asyncscope__debug_account_list_finish(debug_account_list_t *list) {
  async_free(list->items);
  *list = (debug_account_list_t){.items = NULL};
}
