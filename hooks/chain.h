/* Who caused whom, for what is printed about a resource. */
#ifndef ASYNCSCOPE_HOOKS_CHAIN_H
#define ASYNCSCOPE_HOOKS_CHAIN_H

#include "asyncscope/async_inspect.h"
#include <stdbool.h>

/* What is known of a resource, live or remembered. */
typedef struct asyncscope__known_s {
  const char *type;
  const async_site_t *site; /* may be NULL */
  async_ref_t trigger;
  uint64_t created_ns;
  uint32_t storages;
} asyncscope__known_t;

/* Searches all that there is of the thread: for messages, not for work. */
bool asyncscope__chain_find(async_ref_t ref, asyncscope__known_t *ret_known);

/* To standard error: `what`, then the resource and what caused it, also on
 * other threads, one a line and at most 32 of them. */
void asyncscope__chain_print(const char *what, async_id_t async_id);

#endif
