#include "failing_allocator.h"

#include "asyncscope/async_allocator.h"
#include <stdlib.h>

/* Of a test with one thread. */
static int countdown;
static bool failed;

static bool fails(void) {
  if (countdown == 0 || --countdown > 0)
    return false;
  failed = true;
  return true;
}

static void *failing_malloc(size_t size_bytes) {
  return fails() ? NULL : malloc(size_bytes);
}

static void *failing_calloc(size_t count, size_t size_bytes) {
  return fails() ? NULL : calloc(count, size_bytes);
}

static void *failing_realloc(void *memory, size_t size_bytes) {
  return fails() ? NULL : realloc(memory, size_bytes);
}

int failing_allocator_install(void) {
  return async_replace_allocator(failing_malloc, failing_realloc,
                                 failing_calloc, free);
}

void failing_allocator_fail_at(int nth) {
  countdown = nth;
  failed = false;
}

bool failing_allocator_failed(void) {
  return failed;
}
