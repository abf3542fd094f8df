/* The table only grows. A name is published (release) before its number can
 * reach a record, so a reader that has the number finds the name. The lock is
 * taken for a name's first sight on a thread, never afterwards. */
#include "types.h"

#include "asyncscope/async_allocator.h"
#include "constant_text.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#define BUCKETS    256u
#define PAGES      256u
#define PAGE_TYPES 256u
#define REACH      16u /* of a look-up in a thread's cache */

typedef struct type_s {
  struct type_s *next; /* in its bucket */
  uint32_t number;
  char name[];
} type_t;

typedef struct page_s {
  _Atomic(type_t *) types[PAGE_TYPES];
} page_t;

static struct {
  pthread_mutex_t lock;
  type_t *buckets[BUCKETS];
  uint32_t count;
  _Atomic(page_t *) pages[PAGES];
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint32_t hash(const char *name) {
  uint32_t value = 2166136261u;
  for (; *name != '\0'; name++)
    value = (value ^ (unsigned char)*name) * 16777619u;
  return value;
}

static type_t *find_locked(const char *name, uint32_t bucket) {
  type_t *type = table.buckets[bucket];
  while (type != NULL && strcmp(type->name, name) != 0)
    type = type->next;
  return type;
}

static page_t *page_locked(uint32_t number) {
  _Atomic(page_t *) *place = &table.pages[number / PAGE_TYPES];
  page_t *page = atomic_load_explicit(place, memory_order_relaxed);
  if (page == NULL) {
    page = async_calloc(1, sizeof(*page));
    atomic_store_explicit(place, page, memory_order_release);
  }
  return page;
}

static type_t *add_locked(const char *name, uint32_t bucket) {
  uint32_t number = table.count + 1;
  if (number >= PAGES * PAGE_TYPES)
    return NULL;
  page_t *page = page_locked(number);
  size_t name_bytes = strlen(name) + 1;
  type_t *type = page ? async_malloc(sizeof(*type) + name_bytes) : NULL;
  if (type == NULL)
    return NULL;
  memcpy(type->name, name, name_bytes);
  type->number = number;
  type->next = table.buckets[bucket];
  table.buckets[bucket] = type;
  table.count = number;
  atomic_store_explicit(&page->types[number % PAGE_TYPES], type,
                        memory_order_release);
  return type;
}

static type_t *intern(const char *name) {
  uint32_t bucket = hash(name) % BUCKETS;
  pthread_mutex_lock(&table.lock);
  type_t *type = find_locked(name, bucket);
  if (type == NULL)
    type = add_locked(name, bucket);
  pthread_mutex_unlock(&table.lock);
  return type;
}

/* The entry of `name`, or the one to put it in: a free one of the few in its
 * reach, else the first. */
static asyncscope__type_entry_t *find_entry(asyncscope__type_cache_t *cache,
                                            const char *name) {
  asyncscope__type_entry_t *vacant = NULL;
  for (uint32_t i = 0; i < REACH; i++) {
    asyncscope__type_entry_t *entry = asyncscope__type_place(cache, name, i);
    if (asyncscope__type_matches(entry, name))
      return entry;
    if (vacant == NULL && (entry->key == NULL || entry->key == name))
      vacant = entry;
  }
  return vacant != NULL ? vacant : asyncscope__type_place(cache, name, 0);
}

static bool fill(asyncscope__type_entry_t *entry, const char *name) {
  const type_t *type = intern(name);
  if (type == NULL)
    return false;
  /* Not asked for anew where more names than there are entries take turns. */
  bool constant = name == type->name ||
                  (entry->key == NULL && asyncscope__is_constant_text(name));
  *entry = (asyncscope__type_entry_t){.key = name,
                                      .name = type->name,
                                      .type = type->number,
                                      .constant = constant};
  return true;
}

asyncscope__type_entry_t *asyncscope__type_intern(
    asyncscope__type_cache_t *cache, const char *name) {
  asyncscope__type_entry_t *entry = find_entry(cache, name);
  return asyncscope__type_matches(entry, name) || fill(entry, name) ? entry
                                                                    : NULL;
}

const char *asyncscope__type_name(uint32_t type) {
  if (type >= PAGES * PAGE_TYPES)
    return "";
  page_t *page = atomic_load_explicit(&table.pages[type / PAGE_TYPES],
                                      memory_order_acquire);
  if (page == NULL)
    return "";
  type_t *entry = atomic_load_explicit(&page->types[type % PAGE_TYPES],
                                       memory_order_acquire);
  return entry == NULL ? "" : entry->name;
}
