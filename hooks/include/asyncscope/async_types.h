/* Ids, references and creation sites: the words every other header uses. */
#ifndef ASYNCSCOPE_ASYNC_TYPES_H
#define ASYNCSCOPE_ASYNC_TYPES_H

#include <stdint.h>

/* Marks what the shared library exports. */
#define ASYNC_EXTERN __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* Unique within one thread, below 2^53, never reused. Node: asyncId. */
typedef int64_t async_id_t;

#define ASYNC_ID_UNSET    ((async_id_t)-1) /* not given an id, or not yet */
#define ASYNC_ID_NONE     ((async_id_t)0)  /* no tracked code on the stack */
#define ASYNC_ID_ROOT     ((async_id_t)1)  /* the thread's top level */

#define ASYNC_THREAD_NONE UINT32_MAX /* no thread's number */

/* Names one resource among all threads: in JSON the key "thread:id".
 * Thread numbers count from 0 and are never reused. */
typedef struct async_ref_s {
  uint32_t thread;     /* its number */
  async_id_t async_id; /* on that thread */
} async_ref_t;

/* Where a resource was made. Sites are static: a record keeps the pointer. */
typedef struct async_site_s {
  const char *file;     /* __FILE__, as the compiler was given it */
  const char *function; /* __func__ */
  uint32_t line;        /* from 1 on */
} async_site_t;

/* The address of a static site for the line it stands on. */
#define ASYNC_SITE()                                                 \
  (__extension__({                                                   \
    static const async_site_t async_site_here = {__FILE__, __func__, \
                                                 __LINE__};          \
    &async_site_here;                                                \
  }))

#ifdef __cplusplus
}
#endif
#endif
