#include "fault_calls.h"

#include "asyncscope/async_allocator.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_int armed_kind = FAULT_KINDS;
static atomic_long countdown, to_fail, fired, live;
static _Thread_local bool spared;

const char *fault_name(fault_kind_t kind) {
  static const char *const names[FAULT_KINDS] = {
      "allocations", "accept", "read", "write", "open", "threads", "timers"};
  return names[kind];
}

void fault_spare_thread(void) {
  spared = true;
}

void fault_arm(fault_kind_t kind, long nth, bool lasting) {
  atomic_store(&fired, 0);
  atomic_store(&to_fail, lasting ? LONG_MAX / 2 : 1);
  atomic_store(&countdown, nth);
  atomic_store(&armed_kind, kind);
}

long fault_disarm(void) {
  atomic_store(&armed_kind, FAULT_KINDS);
  return atomic_load(&fired);
}

void fault_relieve(void) {
  if (atomic_load(&fired) > 0) {
    fault_disarm();
  }
}

bool fault_here(fault_kind_t kind) {
  if (spared || atomic_load(&armed_kind) != (int)kind) {
    return false;
  }
  long left = atomic_fetch_sub(&countdown, 1);
  if (left > 1 || left <= 1 - atomic_load(&to_fail)) {
    return false;
  }
  atomic_fetch_add(&fired, 1);
  return true;
}

bool fault_is_libuvs(const void *address) {
  Dl_info info;
  return dladdr(address, &info) != 0 && info.dli_fname != NULL &&
         strstr(info.dli_fname, "libuv") != NULL;
}

static void *counted(void *memory) {
  if (memory != NULL) {
    atomic_fetch_add(&live, 1);
  }
  return memory;
}

static void *failing_malloc(size_t size_bytes) {
  return fault_here(FAULT_ALLOC) ? NULL : counted(malloc(size_bytes));
}

static void *failing_calloc(size_t count, size_t size_bytes) {
  return fault_here(FAULT_ALLOC) ? NULL : counted(calloc(count, size_bytes));
}

static void *failing_realloc(void *memory, size_t size_bytes) {
  if (!fault_is_libuvs(__builtin_return_address(0)) &&
      fault_here(FAULT_ALLOC)) {
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

int fault_install(void) {
  return async_replace_allocator(failing_malloc, failing_realloc,
                                 failing_calloc, counting_free);
}

long fault_live_blocks(void) {
  return atomic_load(&live);
}
