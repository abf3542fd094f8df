/* The functions in force are set before any thread but the first exists, so
 * reading them needs no order. */
#include "asyncscope/async_allocator.h"

#include "error.h"
#include <stdlib.h>
#include <uv.h>

static struct {
  async_malloc_func malloc_func;
  async_realloc_func realloc_func;
  async_calloc_func calloc_func;
  async_free_func free_func;
} allocator = {malloc, realloc, calloc, free};

int async_replace_allocator(async_malloc_func malloc_func,
                            async_realloc_func realloc_func,
                            async_calloc_func calloc_func,
                            async_free_func free_func) {
  if (malloc_func == NULL || realloc_func == NULL || calloc_func == NULL ||
      free_func == NULL)
    return asyncscope__fail(UV_EINVAL, "an allocator function is NULL");
  allocator.malloc_func = malloc_func;
  allocator.realloc_func = realloc_func;
  allocator.calloc_func = calloc_func;
  allocator.free_func = free_func;
  return 0;
}

void *async_malloc(size_t size_bytes) {
  return allocator.malloc_func(size_bytes);
}

void *async_realloc(void *memory, size_t size_bytes) {
  return allocator.realloc_func(memory, size_bytes);
}

void *async_calloc(size_t count, size_t size_bytes) {
  return allocator.calloc_func(count, size_bytes);
}

void async_free(void *memory) {
  allocator.free_func(memory);
}
