/* Memory for frames, their nodes and bindings, and the account of what a
 * thread made and has not seen go: its environment must outlive them. */
#ifndef ASYNCSCOPE_HOOKS_FRAME_MEMORY_H
#define ASYNCSCOPE_HOOKS_FRAME_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes are rounded to one of these; each has a free list per thread. */
enum asyncscope__piece_e {
  ASYNCSCOPE__PIECE_BINDING,
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
  int64_t alive_here; /* made here minus dropped here */
  /* Far above 0 while the environment lives, lowered by drops elsewhere; the
   * end adds what is outstanding, and then 0 says that nothing is. */
  _Atomic int64_t balance;
} asyncscope__frame_memory_t;

struct async_env_s;

void asyncscope__frame_memory_init(asyncscope__frame_memory_t *memory);
/* The owner's, at its end: the free lists go. True when nothing made here is
 * alive; otherwise the last asyncscope__piece_gone() gives up the
 * environment's reference. */
int asyncscope__frame_memory_finish(asyncscope__frame_memory_t *memory);

/* Memory for a piece, from the calling thread's free list where it has one.
 * NULL without memory. */
void *asyncscope__piece_take(enum asyncscope__piece_e kind);
/* Any thread; `maker` made what lay there. */
void asyncscope__piece_give(enum asyncscope__piece_e kind, void *piece);

/* Frames and bindings point to their maker. */
void asyncscope__piece_made(struct async_env_s *maker);
void asyncscope__piece_gone(struct async_env_s *maker);

#endif
