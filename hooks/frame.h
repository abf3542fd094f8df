/* A frame from the inside: a tree of up to three levels, eight slots each.
 *
 *   levels 1: frame.slots -> bindings          (keys in slots 0 to 7)
 *   levels 2: frame.slots -> nodes -> bindings (0 to 63)
 *   levels 3: frame.slots -> nodes -> nodes -> bindings (0 to 511)
 *
 * Nodes and bindings are shared between frames and never change. Each frame
 * has its first level to itself. */
#ifndef ASYNCSCOPE_HOOKS_FRAME_H
#define ASYNCSCOPE_HOOKS_FRAME_H

#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_request.h"
#include <stdatomic.h>

#define ASYNCSCOPE__FRAME_WIDTH  8u
#define ASYNCSCOPE__FRAME_LEVELS 3u

struct async_env_s;

typedef struct asyncscope__binding_s {
  _Atomic uint32_t references;
  uint64_t key; /* its id: a later key in the same slot does not match */
  void *store;
  void (*release)(void *store);
  uint64_t request;         /* 0: says nothing of requests */
  async_request_t *account; /* held; NULL where only the number is known */
  struct async_env_s *maker;
  struct asyncscope__binding_s *next; /* in the maker's inbox */
} asyncscope__binding_t;

typedef struct asyncscope__node_s {
  _Atomic uint32_t references;
  void *slots[ASYNCSCOPE__FRAME_WIDTH];
} asyncscope__node_t;

struct async_context_frame_s {
  uint32_t number; /* on its thread, from 1 on; wraps */
  uint32_t levels;
  /* Of the first 32 slots: bit n of `storages` says that slot n has a store, of
   * `exited` that it is bound to none, as by exit(). */
  uint32_t storages, exited;
  uint64_t request;
  async_request_t *account; /* borrowed from the binding that gave it */
  uint32_t request_slot;    /* of that binding; any without a request */
  struct async_env_s *maker;
  void *slots[ASYNCSCOPE__FRAME_WIDTH];
  /* Bit per slot: disabled for all who hold this frame. */
  _Atomic uint64_t disabled[ASYNC_CONTEXT_KEYS_MAX / 64];
  /* Last: other threads read what is above while this one counts. */
  _Atomic uint32_t references;
};

asyncscope__binding_t *asyncscope__binding_create(
    struct async_env_s *maker, const async_context_key_t *key,
    const async_context_value_t *value);
void asyncscope__binding_retain(asyncscope__binding_t *binding);
void asyncscope__binding_discard(asyncscope__binding_t *binding);
void asyncscope__binding_release(asyncscope__binding_t *binding);
/* The owner's: releases what came home. */
void asyncscope__bindings_return(struct async_env_s *env);

/* A tree of `levels` levels below, with every child's count raised; `child`
 * (a binding or NULL; its reference is taken over on success) stands at
 * `slot`. False without memory: nothing has changed. */
bool asyncscope__slots_copy(void *const from[ASYNCSCOPE__FRAME_WIDTH],
                            uint32_t levels, uint32_t slot, void *child,
                            void *ret_slots[ASYNCSCOPE__FRAME_WIDTH]);
/* Copies the first level with every count raised. */
void asyncscope__slots_retain(void *const slots[ASYNCSCOPE__FRAME_WIDTH],
                              void *ret_slots[ASYNCSCOPE__FRAME_WIDTH]);
/* Adds a level above: what `slots` held becomes the first child. False
 * without memory: nothing has changed. */
bool asyncscope__slots_wrap(void *slots[ASYNCSCOPE__FRAME_WIDTH]);
void asyncscope__slots_release(void *slots[ASYNCSCOPE__FRAME_WIDTH],
                               uint32_t levels);

/* Of the first 32 slots those, as bits, that hold the very keys they held at
 * `ns`: what was bound there then can still be read. */
uint32_t asyncscope__keys_since(uint64_t ns);

static inline uint32_t asyncscope__slot_index(uint32_t slot, uint32_t levels) {
  return slot >> 3 * (levels - 1) & (ASYNCSCOPE__FRAME_WIDTH - 1);
}

#endif
