#include "counting_allocator.h"

#include "asyncscope/async_allocator.h"

#include <stdatomic.h>
#include <stdlib.h>

static atomic_long live, calls, countdown;
static atomic_bool failed;

static bool must_fail(void) {
  atomic_fetch_add(&calls, 1);
  if (atomic_load(&countdown) == 0 || atomic_fetch_sub(&countdown, 1) != 1) {
    return false;
  }
  atomic_store(&failed, true);
  return true;
}

static void *counted(void *memory) {
  if (memory != NULL) {
    atomic_fetch_add(&live, 1);
  }
  return memory;
}

static void *counting_malloc(size_t size_bytes) {
  return must_fail() ? NULL : counted(malloc(size_bytes));
}

static void *counting_calloc(size_t count, size_t size_bytes) {
  return must_fail() ? NULL : counted(calloc(count, size_bytes));
}

static void *counting_realloc(void *memory, size_t size_bytes) {
  if (must_fail()) {
    return NULL;
  }
  return memory == NULL ? counted(malloc(size_bytes))
                        : realloc(memory, size_bytes);
}

static void counting_free(void *memory) {
  if (memory != NULL) {
    atomic_fetch_sub(&live, 1);
  }
  free(memory);
}

int counting_allocator_install(void) {
  return async_replace_allocator(counting_malloc, counting_realloc,
                                 counting_calloc, counting_free);
}

void counting_allocator_fail_at(long nth) {
  atomic_store(&failed, false);
  atomic_store(&countdown, nth);
}

bool counting_allocator_disarm(void) {
  atomic_store(&countdown, 0);
  return atomic_load(&failed);
}

long counting_allocator_live(void) {
  return atomic_load(&live);
}

long counting_allocator_calls(void) {
  return atomic_load(&calls);
}
