/* Lists of tasks, linked through the tasks. */
#ifndef ASYNCSCOPE_WORKER_LIST_H
#define ASYNCSCOPE_WORKER_LIST_H

#include "asyncscope/worker_pool.h"

/* First in, first out. Zeroed memory is an empty one. The `prev` of the head is
 * not looked at, so taking the head off does not touch the task behind it. */
typedef struct asyncscope__task_list_s {
  worker_task_t *head, *tail;
} asyncscope__task_list_t;

static inline void asyncscope__task_list_push(asyncscope__task_list_t *list,
                                              worker_task_t *task) {
  task->next = NULL;
  task->prev = list->tail;
  if (list->head == NULL)
    list->head = task;
  else
    list->tail->next = task;
  list->tail = task;
}

/* NULL when empty. */
static inline worker_task_t *asyncscope__task_list_pop(
    asyncscope__task_list_t *list) {
  worker_task_t *task = list->head;
  if (task != NULL)
    list->head = task->next;
  return task;
}

static inline void asyncscope__task_list_remove(asyncscope__task_list_t *list,
                                                worker_task_t *task) {
  if (task == list->head) {
    asyncscope__task_list_pop(list);
    return;
  }
  task->prev->next = task->next;
  if (task->next == NULL)
    list->tail = task->prev;
  else
    task->next->prev = task->prev;
}

/* `task`, or NULL, is wanted soon, and another core has written it last: its
 * lines are on their way while this one is busy with something else. What comes
 * before the message is as long as two of them, and lies in three where it does
 * not begin with one. The task need not be there any more. */
static inline void asyncscope__task_prefetch(const worker_task_t *task) {
  if (task == NULL)
    return;
  const char *first = (const char *)task;
  __builtin_prefetch(first, 1);
  __builtin_prefetch(first + 64, 1);
  __builtin_prefetch(first + offsetof(worker_task_t, message) - 1, 1);
}

/* All of `from` behind `to`. */
static inline void asyncscope__task_list_move(asyncscope__task_list_t *to,
                                              asyncscope__task_list_t *from) {
  if (from->head == NULL)
    return;
  from->head->prev = to->tail;
  if (to->head == NULL)
    to->head = from->head;
  else
    to->tail->next = from->head;
  to->tail = from->tail;
  from->head = NULL;
}

#endif
