/* The C half of the prelude: hooks that print one line an event, at once.
 *
 *   init ID TYPE TRIGGER EXECUTION      before ID      after ID
 *   destroy ID                          resolve ID
 *   print TEXT                          ids in TEXT are written #ID
 *
 * With more than one hook each line begins with the hook's name and a colon.
 * trace.js prints the same; the comparer gives the ids their own numbers. */
#ifndef ASYNCSCOPE_PARITY_TRACE_H
#define ASYNCSCOPE_PARITY_TRACE_H

#include "asyncscope/async_hooks.h"
#include "asyncscope/async_local_storage.h"
#include <stdbool.h>
#include <stddef.h>

enum trace_event_e {
  TRACE_INIT = 1 << 0,
  TRACE_BEFORE = 1 << 1,
  TRACE_AFTER = 1 << 2,
  TRACE_DESTROY = 1 << 3,
  TRACE_RESOLVE = 1 << 4,
  TRACE_ALL = (1 << 5) - 1
};

typedef struct trace_hook_s {
  async_hook_t hook;
  const char *name;
  const char *only; /* types between blanks, " Timeout Immediate "; or NULL */
  const char *without; /* likewise */
  unsigned char *seen; /* by id: 0 never made under this hook, 1 shown, 2 not */
  size_t seen_max;
  /* Called after a line was printed, with its event's bit; or NULL. */
  void (*on)(struct trace_hook_s *hook, unsigned event, async_id_t async_id);
  struct trace_hook_s *next;
} trace_hook_t;

/* `events` is a sum of trace_event_e: what is printed. Those callbacks are set,
 * and init, which learns the types. */
void trace_hook_make(trace_hook_t *hook, const char *name, unsigned events);
void trace_hook_enable(trace_hook_t *hook);
void trace_hook_disable(trace_hook_t *hook);

/* One hook without a name, for all types, for these, for all but these. */
void trace_start(void);
void trace_start_only(const char *only);
void trace_start_without(const char *without);
void trace_stop(void);
void trace_stop_all(void);

void trace_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void trace_where(const char *text);
void trace_store(const char *text, const async_local_storage_t *storage);
/* What a call that must be refused answered. */
void trace_refused(const char *text, int status);

#endif
