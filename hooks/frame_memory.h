/* Memory for frames with their bindings, and nodes, and the account of what a
 * thread made and has not seen go: its environment must outlive them. */
#ifndef ASYNCSCOPE_HOOKS_FRAME_MEMORY_H
#define ASYNCSCOPE_HOOKS_FRAME_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes are rounded to one of these; each has a free list per thread. */
enum asyncscope__piece_e {
  ASYNCSCOPE__PIECE_NODE,
  ASYNCSCOPE__PIECE_FRAME,
  ASYNCSCOPE__PIECE_KINDS
};

#define ASYNCSCOPE__PIECES_KEPT 256u /* free ones of a kind, per thread */

typedef struct asyncscope__free_list_s {
  void *first;
  uint32_t count;
} asyncscope__free_list_t;

typedef struct asyncscope__frame_memory_s {
  asyncscope__free_list_t free[ASYNCSCOPE__PIECE_KINDS];
  /* Made here minus dropped here, but for what the environment's counters of
   * frames with their stores say. */
  int64_t alive_here;
  /* Far above 0 while the environment lives, lowered by drops elsewhere; the
   * end adds what is outstanding, and then 0 says that nothing is. */
  _Atomic int64_t balance;
} asyncscope__frame_memory_t;

struct async_env_s;

void asyncscope__frame_memory_init(asyncscope__frame_memory_t *memory);
/* The owner's, at its end: the free lists go. True when nothing made here is
 * alive; otherwise the last asyncscope__piece_gone() gives up the
 * environment's reference. */
int asyncscope__frame_memory_finish(struct async_env_s *env);

/* All zero; what comes from a free list is as it was left, but for its first
 * word. */
void *asyncscope__piece_new(enum asyncscope__piece_e kind);
void asyncscope__piece_free(void *piece);

/* Memory for a piece from a free list that has one. */
static inline void *asyncscope__piece_reuse(asyncscope__frame_memory_t *memory,
                                            enum asyncscope__piece_e kind) {
  asyncscope__free_list_t *list = &memory->free[kind];
  void *piece = list->first;
  list->first = *(void **)piece;
  list->count--;
  return piece;
}

/* From the free list where it has one. `memory` is the calling thread's, NULL
 * where it has none. NULL without memory. */
static inline void *asyncscope__piece_take(asyncscope__frame_memory_t *memory,
                                           enum asyncscope__piece_e kind) {
  return memory == NULL || memory->free[kind].first == NULL
             ? asyncscope__piece_new(kind)
             : asyncscope__piece_reuse(memory, kind);
}

/* Any thread, whoever made what lay there; `memory` as above. */
static inline void asyncscope__piece_give(asyncscope__frame_memory_t *memory,
                                          enum asyncscope__piece_e kind,
                                          void *piece) {
  if (memory == NULL || memory->free[kind].count == ASYNCSCOPE__PIECES_KEPT) {
    asyncscope__piece_free(piece);
    return;
  }
  asyncscope__free_list_t *list = &memory->free[kind];
  *(void **)piece = list->first;
  list->first = piece;
  list->count++;
}

/* Frames point to their maker. */
void asyncscope__piece_gone_elsewhere(struct async_env_s *maker);

#endif
