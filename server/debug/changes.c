#include "changes.h"

#include "parameter.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>
#include <uv.h>

#define BATCH 64
#define SLOTS (4 * DEBUG_CHANGES_MAX) /* a power of two */

int asyncscope__debug_changes_init(debug_changes_t *changes) {
  *changes = (debug_changes_t){
      .items = async_malloc(DEBUG_CHANGES_MAX * sizeof(*changes->items)),
      .slots = async_calloc(SLOTS, sizeof(*changes->slots))};
  if (changes->items != NULL && changes->slots != NULL)
    return 0;
  asyncscope__debug_changes_finish(changes);
  return UV_ENOMEM;
}

void asyncscope__debug_changes_finish(debug_changes_t *changes) {
  async_free(changes->follows);
  async_free(changes->items);
  async_free(changes->slots);
  *changes = (debug_changes_t){.items = NULL};
}

static size_t slot_of(async_ref_t ref) {
  uint64_t hash = ((uint64_t)ref.async_id ^ (uint64_t)ref.thread << 40) *
                  UINT64_C(0x9e3779b97f4a7c15);
  return (size_t)(hash >> 32) % SLOTS;
}

/* The place of `ref`, or the free one where it belongs. */
static uint32_t *find_slot(debug_changes_t *changes, async_ref_t ref) {
  size_t at = slot_of(ref);
  while (changes->slots[at] != 0) {
    async_ref_t other = changes->items[changes->slots[at] - 1].ref;
    if (other.thread == ref.thread && other.async_id == ref.async_id)
      break;
    at = (at + 1) % SLOTS;
  }
  return &changes->slots[at];
}

/* NULL when there are too many. */
static debug_change_t *change_of(debug_changes_t *changes, async_ref_t ref) {
  uint32_t *slot = find_slot(changes, ref);
  if (*slot == 0 && changes->count == DEBUG_CHANGES_MAX)
    return NULL;
  if (*slot == 0) {
    changes->items[changes->count] = (debug_change_t){.ref = ref};
    *slot = (uint32_t)++changes->count;
  }
  return &changes->items[*slot - 1];
}

static void clear(debug_changes_t *changes) {
  for (size_t i = 0; i < SLOTS && changes->count > 0; i++)
    changes->slots[i] = 0;
  changes->count = 0;
  changes->lost = false;
}

static void note(debug_change_t *change, const async_event_t *event) {
  change->created = change->created || event->kind == ASYNC_EVENT_INIT;
  if (event->kind != ASYNC_EVENT_RUN) /* it may end with one and go on */
    change->destroyed = event->kind == ASYNC_EVENT_DESTROY;
  if (event->kind == ASYNC_EVENT_INIT)
    change->made = *event;
  if (event->kind == ASYNC_EVENT_DESTROY)
    change->ended_ns = event->at_ns;
  if (event->kind == ASYNC_EVENT_RUN) {
    change->callbacks++;
    change->run_ns += event->duration_ns;
  }
}

static bool is_of_a_resource(const async_event_t *event) {
  return event->kind == ASYNC_EVENT_INIT || event->kind == ASYNC_EVENT_RUN ||
         event->kind == ASYNC_EVENT_DESTROY;
}

static void take(debug_changes_t *changes, debug_filter_t *filter,
                 size_t thread, const async_event_t *event) {
  async_ref_t ref = {filter->capture->threads[thread].info.thread,
                     event->async_id};
  if (!is_of_a_resource(event) ||
      !asyncscope__debug_matches_event(filter, thread, event))
    return;
  debug_change_t *change = change_of(changes, ref);
  if (change == NULL)
    changes->lost = true;
  else
    note(change, event);
}

/* NULL for want of memory. A thread that was not there begins with its first
 * event. */
static debug_follow_t *follow(debug_changes_t *changes, uint32_t thread) {
  for (size_t i = 0; i < changes->follow_count; i++)
    if (changes->follows[i].thread == thread)
      return &changes->follows[i];
  debug_follow_t *items =
      asyncscope__debug_grow(changes->follows, changes->follow_count,
                             &changes->follow_capacity, sizeof(*items));
  if (items == NULL)
    return NULL;
  changes->follows = items;
  items[changes->follow_count] = (debug_follow_t){.thread = thread};
  return &items[changes->follow_count++];
}

/* What was written up to now, and no more: a thread may write as fast as it is
 * read. */
static int read_thread(debug_changes_t *changes, debug_filter_t *filter,
                       size_t index) {
  const debug_thread_t *thread = &filter->capture->threads[index];
  debug_follow_t *place = follow(changes, thread->info.thread);
  async_event_t batch[BATCH];
  async_recorder_info_t info;
  uint64_t lost;
  size_t count = 1;
  if (place == NULL)
    return UV_ENOMEM;
  async_inspect_recorder(thread->env, &info);
  while (place->next < info.written && count > 0 && !changes->lost) {
    count =
        async_inspect_events(thread->env, &place->next, batch, BATCH, &lost);
    changes->dropped += lost;
    changes->lost = changes->lost || lost > 0;
    for (size_t i = 0; i < count; i++)
      take(changes, filter, index, &batch[i]);
  }
  if (changes->lost) /* nobody will be told: the rest need not be read */
    place->next = info.written;
  return 0;
}

int asyncscope__debug_changes_read(debug_changes_t *changes,
                                   debug_filter_t *filter) {
  const debug_capture_t *capture = filter->capture;
  int error = 0;
  clear(changes);
  for (size_t i = 0; i < capture->thread_count && error == 0; i++)
    error = read_thread(changes, filter, i);
  return error;
}

int asyncscope__debug_changes_begin(debug_changes_t *changes,
                                    const debug_capture_t *capture) {
  changes->follow_count = 0;
  for (size_t i = 0; i < capture->thread_count; i++) {
    debug_follow_t *place = follow(changes, capture->threads[i].info.thread);
    async_recorder_info_t info;
    if (place == NULL)
      return UV_ENOMEM;
    async_inspect_recorder(capture->threads[i].env, &info);
    place->next = info.written;
  }
  return 0;
}

void asyncscope__debug_changes_place(const debug_changes_t *changes,
                                     char ret_place[DEBUG_PLACE_BYTES]) {
  size_t used = 0;
  ret_place[0] = '\0';
  for (size_t i = 0; i < changes->follow_count; i++) {
    int size = snprintf(ret_place + used, DEBUG_PLACE_BYTES - used,
                        "%s%" PRIu32 ".%" PRIu64, i > 0 ? "," : "",
                        changes->follows[i].thread, changes->follows[i].next);
    if ((size_t)size >= DEBUG_PLACE_BYTES - used) {
      ret_place[0] = '\0';
      return;
    }
    used += (size_t)size;
  }
}

/* A thread that has ended is none to come back to. */
static bool resume_thread(debug_changes_t *changes,
                          const debug_capture_t *capture, uint32_t number,
                          uint64_t next) {
  const debug_thread_t *thread = asyncscope__debug_find_thread(capture, number);
  async_recorder_info_t info;
  if (thread == NULL)
    return true;
  async_inspect_recorder(thread->env, &info);
  debug_follow_t *place = next > info.written ? NULL : follow(changes, number);
  if (place == NULL)
    return false;
  place->next = next;
  return true;
}

bool asyncscope__debug_changes_resume(debug_changes_t *changes,
                                      const debug_capture_t *capture,
                                      const char *place) {
  uint64_t thread, next;
  changes->follow_count = 0;
  do {
    if (!asyncscope__debug_cut_number(&place, UINT32_MAX, &thread) ||
        *place++ != '.' ||
        !asyncscope__debug_cut_number(&place, UINT64_MAX, &next) ||
        !resume_thread(changes, capture, (uint32_t)thread, next))
      return false;
  } while (*place++ == ',');
  return place[-1] == '\0';
}
