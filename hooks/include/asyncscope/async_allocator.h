/* One allocator for asyncscope; give the same functions to
 * uv_replace_allocator() and json_set_alloc_funcs() and one test can fail the
 * nth allocation of the whole program.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: yes.
 *   Errors: NULL without memory, as in C's library.
 *   Memory: as in C's library.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNC_ALLOCATOR_H
#define ASYNCSCOPE_ASYNC_ALLOCATOR_H

#include "asyncscope/async_types.h"
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* malloc(), realloc(), calloc() and free(), with their contracts. */
typedef void *(*async_malloc_func)(size_t size_bytes);
typedef void *(*async_realloc_func)(void *memory, size_t size_bytes);
typedef void *(*async_calloc_func)(size_t count, size_t size_bytes);
typedef void (*async_free_func)(void *memory);

/* Replaces the allocator of the whole process. Call it before any other
 * function of asyncscope, while there is one thread; memory taken before is
 * given to the new `free`.
 * Errors: UV_EINVAL when a function is NULL. Mirrors uv_replace_allocator(). */
ASYNC_EXTERN int async_replace_allocator(async_malloc_func malloc_func,
                                         async_realloc_func realloc_func,
                                         async_calloc_func calloc_func,
                                         async_free_func free_func);

/* As in C's library, through the allocator in force. Any thread. Memory given
 * out is the caller's until async_free(). */
ASYNC_EXTERN void *async_malloc(size_t size_bytes);
ASYNC_EXTERN void *async_realloc(void *memory, size_t size_bytes);
ASYNC_EXTERN void *async_calloc(size_t count, size_t size_bytes);
ASYNC_EXTERN void async_free(void *memory);

#ifdef __cplusplus
}
#endif
#endif
