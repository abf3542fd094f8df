/* Requests that have ended while a frame still shows their account, which is
 * counted exactly; what holds it is seen from the records that belong to it. A
 * frame is often held for a moment longer than its request lives, so it is
 * warned of what was held for long. */
#include "warnings.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_request.h"
#include <stdlib.h>

#define RETAINED_MAX 1024 /* of one answer; more are named next time */
#define BATCH        16

typedef struct retained_s {
  uint64_t number, ended_ns, us;
  bool held; /* a record of it was met */
} retained_t;

typedef struct retained_list_s {
  size_t count;
  retained_t items[RETAINED_MAX]; /* by number */
} retained_list_t;

static void add_thread(retained_list_t *list, const debug_thread_t *thread,
                       uint64_t threshold_us) {
  async_request_info_t batch[BATCH];
  uint32_t cursor = 0;
  size_t count;
  while ((count = async_inspect_requests(thread->env, ASYNC_REQUESTS_RETAINED,
                                         &cursor, batch, BATCH)) > 0)
    for (size_t i = 0; i < count; i++) {
      uint64_t us =
          asyncscope__debug_elapsed_us(batch[i].ended_ns, thread->captured_ns);
      if (us >= threshold_us && list->count < RETAINED_MAX)
        list->items[list->count++] = (retained_t){
            .number = batch[i].number, .ended_ns = batch[i].ended_ns, .us = us};
    }
}

static int compare(const void *a, const void *b) {
  uint64_t left = ((const retained_t *)a)->number;
  uint64_t right = ((const retained_t *)b)->number;
  return (left > right) - (left < right);
}

static int begin(debug_warnings_t *warnings, void **ret_state) {
  const debug_capture_t *capture = warnings->capture;
  uint64_t threshold_us =
      asyncscope__debug_threshold(capture, DEBUG_CONTEXT_RETAINED);
  if (threshold_us == UINT64_MAX)
    return 0;
  retained_list_t *list = async_malloc(sizeof(*list));
  if (list == NULL)
    return UV_ENOMEM;
  list->count = 0;
  for (size_t i = 0; i < capture->thread_count; i++)
    add_thread(list, &capture->threads[i], threshold_us);
  if (list->count == 0)
    async_free(list);
  else
    *ret_state = list;
  if (*ret_state != NULL)
    qsort(list->items, list->count, sizeof(list->items[0]), compare);
  return 0;
}

static void warn(debug_warnings_t *warnings, const retained_t *retained,
                 debug_party_t of) {
  const debug_sighting_t sighting = {
      .of = of, .worst = retained->us, .since_ns = retained->ended_ns};
  asyncscope__debug_warn(warnings, DEBUG_CONTEXT_RETAINED, &sighting);
}

static void look(debug_warnings_t *warnings, void *state, size_t thread,
                 const async_resource_info_t *info) {
  retained_list_t *list = state;
  const retained_t key = {.number = info->request};
  (void)thread;
  if (info->request == 0)
    return;
  retained_t *retained =
      bsearch(&key, list->items, list->count, sizeof(list->items[0]), compare);
  if (retained == NULL)
    return;
  retained->held = true;
  warn(warnings, retained, asyncscope__debug_party(info));
}

static void end(debug_warnings_t *warnings, void *state) {
  const retained_list_t *list = state;
  for (size_t i = 0; i < list->count; i++)
    if (!list->items[i].held)
      warn(warnings, &list->items[i],
           (debug_party_t){.request = list->items[i].number});
}

const debug_detector_t asyncscope__debug_detect_retained = {begin, look, end};
