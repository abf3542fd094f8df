/* A frame from the inside: the binding that it was made for, and a tree of all
 * others, sixteen slots to a node.
 *
 *   frame.own  -> binding
 *   frame.tree -> leaf -> bindings                 (slots 0 to 15)
 *                 node -> leaves -> bindings       (0 to 255)
 *                 node -> nodes -> leaves -> ...   (0 to 511)
 *
 * A frame and the binding that it was made with are one piece of memory, which
 * goes with the later of them: the frame is one of its binding's holders.
 *
 * Nodes and bindings never change and are shared between frames. A frame that
 * changes the same slot as the one it is made from has the same tree. Else its
 * tree is that one's with its own binding put in, which is made once: the frame
 * below keeps it. */
#ifndef ASYNCSCOPE_HOOKS_FRAME_H
#define ASYNCSCOPE_HOOKS_FRAME_H

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_request.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define ASYNCSCOPE__NODE_BITS  4u
#define ASYNCSCOPE__NODE_WIDTH (1u << ASYNCSCOPE__NODE_BITS)

/* The id of no key, and of no binding. */
#define ASYNCSCOPE__KEY_NONE UINT64_C(0)

struct async_env_s;

typedef struct asyncscope__binding_s {
  _Atomic uint32_t references;
  bool quick_release;
  /* Its id: a later key in the same slot does not match. KEY_NONE: the frame
   * was made with another's binding, or without. */
  uint64_t key;
  void *store;
  void (*release)(void *store);
  uint64_t request;         /* 0: says nothing of requests */
  async_request_t *account; /* held; NULL where only the number is known */
  struct asyncscope__binding_s *next; /* in the maker's inbox */
} asyncscope__binding_t;

/* Of the slots that have their last digits in common, the binding which was
 * read last, so that the next one finds it as fast whatever lies below the
 * frame; at first its own. Any thread that holds the frame may put another one
 * there: all that can be there are the frame's, and live as long. Atomic but
 * where the frame is made. */
typedef const asyncscope__binding_t *asyncscope__seen_t;
#define ASYNCSCOPE__SEEN 4u

typedef struct asyncscope__node_s {
  _Atomic uint32_t references;
  /* How many lower bits of a slot lead on below this node. 0, a leaf: the
   * children are bindings; else nodes of ASYNCSCOPE__NODE_BITS less. */
  uint32_t shift;
  void *children[ASYNCSCOPE__NODE_WIDTH];
} asyncscope__node_t;

struct async_context_frame_s {
  uint32_t number; /* on its thread, from 1 on; wraps */
  uint32_t own_slot;
  /* Of the first 32 slots: bit n of the low half says that slot n has a store,
   * of the high half that it is bound to none, as by exit(). */
  uint64_t exited_and_storages;
  uint64_t request;
  async_request_t *account; /* borrowed from the binding that gave it */
  uint32_t request_slot;    /* of that binding; any without a request */
  /* Whether anything is disabled; while it is not, `disabled` is all zero, also
   * of memory that is no frame's. */
  _Atomic uint32_t marked;
  struct async_env_s *maker;
  asyncscope__binding_t *own; /* `made` or another's, held; NULL: not bound */
  asyncscope__node_t *tree;   /* has nothing in own_slot; NULL: empty */
  /* The maker's alone: `tree` with `own`; NULL until it was needed. */
  asyncscope__node_t *folded;
  asyncscope__seen_t seen[ASYNCSCOPE__SEEN];
  /* Bit per slot: disabled for all who hold this frame. */
  _Atomic uint64_t disabled[ASYNC_CONTEXT_KEYS_MAX / 64];
  asyncscope__binding_t made;
  /* Last: other threads read what is above while this one counts. */
  _Atomic uint32_t references;
};

static inline async_context_frame_t *asyncscope__frame_of(
    asyncscope__binding_t *binding) {
  char *made = (char *)binding;
  /* Through void: a frame's `made` is aligned as its frame. */
  return (void *)(made - offsetof(async_context_frame_t, made));
}

/* Nobody holds it any more. */
void asyncscope__binding_last(asyncscope__binding_t *binding);
/* The owner's: releases what came home. */
void asyncscope__bindings_return(struct async_env_s *env);

/* A tree like `tree` (NULL: empty) with `binding` (NULL: none) in `slot`; both
 * stay the caller's. NULL without memory. */
asyncscope__node_t *asyncscope__tree_with(const asyncscope__node_t *tree,
                                          uint32_t slot,
                                          asyncscope__binding_t *binding);
/* NULL is left alone. */
void asyncscope__tree_release(asyncscope__node_t *tree);
void asyncscope__tree_share(asyncscope__node_t *tree);

/* The bindings that `base` shows, but for that in `slot`, held. The maker of
 * `base` keeps the tree for the next time. False without memory. */
bool asyncscope__frame_fold(const struct async_env_s *env,
                            async_context_frame_t *base, uint32_t slot,
                            asyncscope__node_t **ret_tree);

/* Of the first 32 slots those, as bits, that hold the very keys they held at
 * `ns`: what was bound there then can still be read. */
uint32_t asyncscope__keys_since(uint64_t ns);

/* The child of a node of `shift` that leads to `slot`. */
static inline uint32_t asyncscope__node_place(uint32_t slot, uint32_t shift) {
  return slot >> shift & (ASYNCSCOPE__NODE_WIDTH - 1);
}

static inline asyncscope__binding_t *asyncscope__tree_find(
    const asyncscope__node_t *tree, uint32_t slot) {
  if (tree == NULL || slot >> tree->shift >= ASYNCSCOPE__NODE_WIDTH)
    return NULL;
  uint32_t shift = tree->shift;
  void *child = tree->children[slot >> shift];
  while (shift > 0 && child != NULL) {
    shift -= ASYNCSCOPE__NODE_BITS;
    child = ((asyncscope__node_t *)child)
                ->children[asyncscope__node_place(slot, shift)];
  }
  return child;
}

#endif
