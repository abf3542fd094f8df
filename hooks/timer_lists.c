#include "timer_lists.h"

#include "asyncscope/async_allocator.h"

#define CAPACITY_FIRST 16u

/* The upper bits of the product depend on all bits of the duration. */
static asyncscope__timer_list_t **bucket_of(asyncscope__timer_list_t **buckets,
                                            uint32_t capacity,
                                            uint32_t duration_ms) {
  uint64_t product = (uint64_t)duration_ms * UINT32_C(2654435769);
  return &buckets[(product >> 16) & (capacity - 1)];
}

static asyncscope__timer_list_t *find(const asyncscope__timer_lists_t *lists,
                                      uint32_t duration_ms) {
  asyncscope__timer_list_t *list =
      lists->capacity == 0
          ? NULL
          : *bucket_of(lists->buckets, lists->capacity, duration_ms);
  while (list != NULL && list->duration_ms != duration_ms)
    list = list->next;
  return list;
}

static void move_all(const asyncscope__timer_lists_t *from,
                     asyncscope__timer_lists_t *to) {
  for (uint32_t i = 0; i < from->capacity; i++)
    while (from->buckets[i] != NULL) {
      asyncscope__timer_list_t *list = from->buckets[i];
      asyncscope__timer_list_t **bucket =
          bucket_of(to->buckets, to->capacity, list->duration_ms);
      from->buckets[i] = list->next;
      list->next = *bucket;
      *bucket = list;
    }
  for (uint32_t i = 0; i < from->queued; i++)
    to->heap[i] = from->heap[i];
}

/* Room for every list in the heap, so that queueing one cannot fail. */
static bool reserve(asyncscope__timer_lists_t *lists) {
  if (lists->count < lists->capacity)
    return true;
  asyncscope__timer_lists_t more = *lists;
  more.capacity = lists->capacity == 0 ? CAPACITY_FIRST : lists->capacity * 2;
  more.buckets =
      async_calloc(2 * more.capacity, sizeof(asyncscope__timer_list_t *));
  if (more.buckets == NULL)
    return false;
  more.heap = more.buckets + more.capacity;
  move_all(lists, &more);
  async_free(lists->buckets);
  *lists = more;
  return true;
}

static asyncscope__timer_list_t *create(asyncscope__timer_lists_t *lists,
                                        uint32_t duration_ms) {
  asyncscope__timer_list_t *list =
      reserve(lists) ? async_calloc(1, sizeof(*list)) : NULL;
  if (list == NULL)
    return NULL;
  asyncscope__timer_list_t **bucket =
      bucket_of(lists->buckets, lists->capacity, duration_ms);
  list->duration_ms = duration_ms;
  list->timeouts.next = list->timeouts.prev = &list->timeouts;
  list->next = *bucket;
  *bucket = list;
  lists->count++;
  return list;
}

static void free_if_over(asyncscope__timer_lists_t *lists,
                         asyncscope__timer_list_t *list) {
  if (list->holders > 0 || list->place > 0)
    return;
  asyncscope__timer_list_t **link =
      bucket_of(lists->buckets, lists->capacity, list->duration_ms);
  while (*link != list)
    link = &(*link)->next;
  *link = list->next;
  lists->count--;
  async_free(list);
}

asyncscope__timer_list_t *asyncscope__timer_list_hold(
    asyncscope__timer_lists_t *lists, uint32_t duration_ms) {
  asyncscope__timer_list_t *list = find(lists, duration_ms);
  if (list == NULL)
    list = create(lists, duration_ms);
  if (list != NULL)
    list->holders++;
  return list;
}

void asyncscope__timer_list_drop(asyncscope__timer_lists_t *lists,
                                 asyncscope__timer_list_t *list) {
  list->holders--;
  free_if_over(lists, list);
}

static bool is_before(const asyncscope__timer_list_t *a,
                      const asyncscope__timer_list_t *b) {
  return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->number < b->number;
}

static void put(asyncscope__timer_lists_t *lists,
                asyncscope__timer_list_t *list, uint32_t place) {
  lists->heap[place - 1] = list;
  list->place = place;
}

static void sift_up(asyncscope__timer_lists_t *lists,
                    asyncscope__timer_list_t *list, uint32_t place) {
  while (place > 1 && is_before(list, lists->heap[place / 2 - 1])) {
    put(lists, lists->heap[place / 2 - 1], place);
    place /= 2;
  }
  put(lists, list, place);
}

static void sift_down(asyncscope__timer_lists_t *lists,
                      asyncscope__timer_list_t *list, uint32_t place) {
  uint32_t child;
  while ((child = place * 2) <= lists->queued) {
    if (child < lists->queued &&
        is_before(lists->heap[child], lists->heap[child - 1]))
      child++;
    if (!is_before(lists->heap[child - 1], list))
      break;
    put(lists, lists->heap[child - 1], place);
    place = child;
  }
  put(lists, list, place);
}

void asyncscope__timer_list_queue(asyncscope__timer_lists_t *lists,
                                  asyncscope__timer_list_t *list,
                                  uint64_t due_ms) {
  list->due_ms = due_ms;
  list->number = lists->next_number++;
  sift_up(lists, list, ++lists->queued);
}

void asyncscope__timer_list_postpone(asyncscope__timer_lists_t *lists,
                                     asyncscope__timer_list_t *list,
                                     uint64_t due_ms) {
  list->due_ms = due_ms;
  list->number = lists->next_number++;
  sift_down(lists, list, list->place);
}

void asyncscope__timer_list_unqueue(asyncscope__timer_lists_t *lists,
                                    asyncscope__timer_list_t *list) {
  uint32_t place = list->place;
  asyncscope__timer_list_t *last = lists->heap[--lists->queued];
  list->place = 0;
  if (last != list) {
    sift_down(lists, last, place);
    sift_up(lists, last, last->place);
  }
  free_if_over(lists, list);
}

void asyncscope__timer_lists_finish(asyncscope__timer_lists_t *lists) {
  async_free(lists->buckets);
  *lists = (asyncscope__timer_lists_t){.capacity = 0};
}
