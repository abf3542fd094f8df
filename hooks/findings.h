/* The table of a thread's findings from the inside. Detectors call
 * asyncscope__finding_report() with all they know. */
#ifndef ASYNCSCOPE_HOOKS_FINDINGS_H
#define ASYNCSCOPE_HOOKS_FINDINGS_H

#include "asyncscope/async_finding.h"
#include "asyncscope/async_resource.h"
#include "counter.h"
#include "slab.h"
#include <stdbool.h>

/* Published; only the owner writes. Types are kept by their names' addresses,
 * which live as long as the process. */
typedef struct asyncscope__finding_row_s {
  asyncscope__slot_t slot;
  _Atomic uint64_t code; /* 0: free */
  _Atomic uint64_t count, first_ns, last_ns, value;
  _Atomic uint64_t async_id, type, site, request;
  _Atomic uint64_t other_async_id, other_type, other_site, other_request;
  _Atomic uint64_t threads_and_internal; /* 32: other's thread, 1: internal */
} asyncscope__finding_row_t;

typedef struct asyncscope__findings_s {
  asyncscope__counter_t dropped;
  asyncscope__counter_t slow_ns; /* UINT64_MAX: never */
  asyncscope__finding_row_t rows[ASYNC_FINDINGS_MAX];
} asyncscope__findings_t;

struct async_env_s;

/* Count, first and last time are filled in. The owner's; allocates nothing. */
void asyncscope__finding_report(struct async_env_s *env,
                                const async_finding_t *finding);

/* The running scope as `other`. */
void asyncscope__finding_set_scope(struct async_env_s *env,
                                   async_finding_t *finding);

/* The topmost scope was not left by who entered it. */
void asyncscope__finding_unbalanced(struct async_env_s *env);

/* env_list.c: of every loop's thread, now and opened from now on. */
void asyncscope__env_list_set_slow(uint64_t slow_ns);

#endif
