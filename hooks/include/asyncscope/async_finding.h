/* Findings: what is wrong and only the thread itself can see, exactly.
 *
 * slow-callback: a scope on a loop's thread took longer than the threshold,
 *   without the scopes inside it; not one inside of which the loop itself was
 *   run.
 * context-foreign: in the context of one request an operation was started on a
 *   handle that belongs to another: the one in whose context the handle's
 *   resource was made. Data of one goes to the other. Looked at where handles
 *   keep their resource: writes, reads, connects and shutdowns of streams, and
 *   UDP. A handle that goes from one to the next is parked in between
 *   (async_uv_reset.h) or made in no context.
 * context-lost: as async_context_loss.h says, while detection is on.
 * scope-unbalanced: a scope was entered and not left by who entered it: a C++
 *   exception or the end of its thread went through and it was left on the way;
 *   or it was open when a poll phase of the loop ended that had begun without
 *   it, or when its environment was to be detached.
 * destroyed-unrun: something that owes a callback ended and never ran one: a
 *   resource made with ASYNC_RESOURCE_OWES_CALLBACK; a promise that somebody
 *   waited for and that went unsettled. A timer that was stopped, a handle that
 *   was closed, an operation that was cancelled and told its callback so have
 *   ended as they should.
 *
 * Findings of one code and site are one, with a count. Each thread has a table
 * of ASYNC_FINDINGS_MAX; what finds no place there is counted.
 *
 * Unless a function says otherwise:
 *   Thread: any, as all of async_inspect.h.
 *   In hooks: yes.
 *   Errors: UV_EINVAL without an environment.
 *   Memory: what is copied is the caller's; types and sites live as long as the
 *     process.
 *   Node: has none. */
#ifndef ASYNCSCOPE_ASYNC_FINDING_H
#define ASYNCSCOPE_ASYNC_FINDING_H

#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Findings that a thread keeps, each of one code and site; what finds no room
 * is counted. */
#define ASYNC_FINDINGS_MAX 32

/* What may be found. The code of a warning is that of its finding. */
typedef enum async_finding_code_e {
  ASYNC_FINDING_SLOW_CALLBACK = 1, /* a callback took longer than it may */
  ASYNC_FINDING_CONTEXT_FOREIGN,   /* a handle of another request's was used */
  ASYNC_FINDING_CONTEXT_LOST,      /* a callback lost the store of its cause */
  ASYNC_FINDING_SCOPE_UNBALANCED,  /* a scope was not left by who entered it */
  ASYNC_FINDING_DESTROYED_UNRUN    /* a callback was owed and never ran */
} async_finding_code_t;

/* "slow-callback"; "" for no code. Static. */
ASYNC_EXTERN const char *async_finding_code_name(async_finding_code_t code);

/* What was found at one site, and how often. */
typedef struct async_finding_s {
  async_finding_code_t code;  /* what was found */
  uint64_t count;             /* how often, since the environment was opened */
  uint64_t first_ns, last_ns; /* in the scale of async_inspect_now_ns() */
  /* Of the last one. The resource that is meant: whose scope it was, whose
   * handle it is, who has lost the context, who never ran. */
  async_ref_t resource;
  const char *type;         /* lives as long as the process */
  const async_site_t *site; /* where it was made; may be NULL */
  uint64_t request;         /* of the resource; 0 for none */
  /* The other one, id 0 for none: in whose scope a foreign handle was used; the
   * trigger that had the context. */
  async_ref_t other;
  const char *other_type;         /* "" for none */
  const async_site_t *other_site; /* NULL for none */
  uint64_t other_request;         /* 0 for none */
  uint64_t value; /* slow-callback: the longest, in nanoseconds */
  bool internal;  /* the resource is asyncscope's own */
} async_finding_t;

/* Copies up to `max` findings of the thread of `env` from `*cursor` on (0 to
 * begin), moves the cursor behind them and returns how many; 0 at the end. */
struct async_env_s;
ASYNC_EXTERN size_t async_inspect_findings(struct async_env_s *env,
                                           uint32_t *cursor,
                                           async_finding_t *ret_findings,
                                           size_t max);

/* How many found no place in the table. Thread: any. */
ASYNC_EXTERN uint64_t async_inspect_findings_dropped(struct async_env_s *env);

/* What slow is for a loop's callback where nobody says otherwise. */
#define ASYNC_SLOW_CALLBACK_NS UINT64_C(25000000)

/* From how long on a callback of the calling thread is slow, 0 for never. A
 * thread of kind ASYNC_ENV_LOOP begins with ASYNC_SLOW_CALLBACK_NS, others with
 * never.
 * Errors: UV_EINVAL without an environment. */
ASYNC_EXTERN int async_env_set_slow_callback_ns(uint64_t slow_ns);

/* The same for every thread of kind ASYNC_ENV_LOOP: those there are, whatever
 * they have set, and those that open their environment from now on.
 * Thread: any, with an environment or without; inside hooks too. */
ASYNC_EXTERN void async_slow_callback_set_ns(uint64_t slow_ns);

#ifdef __cplusplus
}
#endif
#endif
