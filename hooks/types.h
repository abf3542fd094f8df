/* Interned names of resource types: a type is a small number that any thread
 * can turn back into its name. */
#ifndef ASYNCSCOPE_HOOKS_TYPES_H
#define ASYNCSCOPE_HOOKS_TYPES_H

#include "hot.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ASYNCSCOPE__TYPE_NONE 0u /* no name yet, or no memory for one */

/* A thread's short cut to the table, so that the same string literal is looked
 * up under the lock once. */
#define ASYNCSCOPE__TYPE_CACHE 64u
typedef struct asyncscope__type_entry_s {
  const char *key;  /* the caller's pointer; NULL: a free entry */
  const char *name; /* the interned copy, which lives with the process */
  /* The thread's row for the type; NULL until it is looked up. */
  struct asyncscope__type_count_s *row;
  uint32_t type;
  bool constant; /* what stands at `key` stays so */
} asyncscope__type_entry_t;

typedef struct asyncscope__type_cache_s {
  asyncscope__type_entry_t entries[ASYNCSCOPE__TYPE_CACHE];
} asyncscope__type_cache_t;

/* Whether the entry is that of `name`. The key alone does not decide, but where
 * it is of a constant: a caller's buffer may hold another name by now. */
static inline bool asyncscope__type_matches(
    const asyncscope__type_entry_t *entry, const char *name) {
  return entry->key == name && (ASYNCSCOPE__LIKELY(entry->constant) ||
                                strcmp(entry->name, name) == 0);
}

/* The entry at so many places behind the first for `name`. */
static inline asyncscope__type_entry_t *asyncscope__type_place(
    asyncscope__type_cache_t *cache, const char *name, uint32_t behind) {
  uintptr_t key = (uintptr_t)name;
  uint32_t first = (uint32_t)(key ^ key >> 6);
  return &cache->entries[(first + behind) % ASYNCSCOPE__TYPE_CACHE];
}

/* The entry of `name`, or NULL. Only the first two places are looked at:
 * asyncscope__type_intern() searches on. */
static inline asyncscope__type_entry_t *asyncscope__type_cached(
    asyncscope__type_cache_t *cache, const char *name) {
  for (uint32_t behind = 0; behind < 2; behind++) {
    asyncscope__type_entry_t *entry =
        asyncscope__type_place(cache, name, behind);
    if (asyncscope__type_matches(entry, name))
      return entry;
  }
  return NULL;
}

/* The entry of `name`, which is given a number now if it is new; NULL without
 * memory or after 65,535 names. Good until the next call. */
asyncscope__type_entry_t *asyncscope__type_intern(
    asyncscope__type_cache_t *cache, const char *name);

/* Any thread. "" for a number never given out. */
const char *asyncscope__type_name(uint32_t type);

#endif
