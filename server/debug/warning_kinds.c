/* All kinds of warnings, and from when on they are raised. A new one is an id
 * in warnings.h, a row here, and a detector that raises it. */
#include "warnings.h"

#include <stddef.h>
#include <string.h>

#define TIME(member, us) \
  offsetof(asyncscope_debug_thresholds_t, member), (us), false
#define COUNT(member, count) \
  offsetof(asyncscope_debug_thresholds_t, member), (count), true

const debug_warning_kind_t
    asyncscope__debug_warning_kinds[DEBUG_WARNING_KINDS] = {
        [DEBUG_SLOW_CALLBACK] =
            {"slow-callback", "warn",
             "a callback of an event loop took long: what came meanwhile had "
             "to wait",
             "do the work in parts, or give it to a thread pool",
             TIME(slow_callback_us, 25000)},
        [DEBUG_LOOP_BLOCKED] =
            {"loop-blocked", "error",
             "an event loop has been in one callback for too long: nothing "
             "else of it can go on",
             "give the work to a thread pool, or do it in parts",
             TIME(loop_blocked_us, 100000)},
        [DEBUG_POOL_STARVED] =
            {"pool-starved", "error",
             "every worker of a pool is busy, and tasks have waited for one "
             "for too long",
             "see what its workers are in; bound that, or give the pool more "
             "threads",
             TIME(pool_starved_us, 1000000)},
        [DEBUG_LONG_PENDING] =
            {"long-pending", "warn",
             "an operation was started long ago and has not called back",
             "where a loop is blocked see to that first, as its callbacks wait "
             "for it; else cancel it or give it a deadline; its /why tells who "
             "waits for it",
             TIME(long_pending_us, 10000000)},
        [DEBUG_CONTEXT_RETAINED] =
            {"context-retained", "warn",
             "a request has ended, and its context with all its stores is "
             "still held",
             "end what holds it, or start that in no request's context; where "
             "none is named it is a promise, a bound function or an open scope",
             TIME(context_retained_us, 10000000)},
        [DEBUG_CONTEXT_FOREIGN] =
            {"context-foreign", "error",
             "inside one request an operation was started on a handle that "
             "belongs to another: data of one goes to the other",
             "park a handle that goes from request to request in between "
             "(async_uv_reset.h), or make it in no context",
             COUNT(context_foreign, 1)},
        [DEBUG_CONTEXT_LOST] =
            {"context-lost", "warn",
             "a callback ran without a store that its cause has",
             "make the resource where it is asked for, or bind its callback "
             "there",
             COUNT(context_lost, 1)},
        [DEBUG_SCOPE_UNBALANCED] =
            {"scope-unbalanced", "error",
             "a scope was entered and not left by who entered it",
             "leave a scope in the function that enters it, or use "
             "async_resource_run_in_async_scope()",
             COUNT(scope_unbalanced, 1)},
        [DEBUG_GROWTH] =
            {"never-destroyed-growth", "warn",
             "what is made at one site stays, and more of it comes all the "
             "time",
             "end it when it is done with; the one that is named has lived "
             "longest",
             COUNT(growth, 1000)},
        [DEBUG_DESTROYED_UNRUN] =
            {"destroyed-unrun", "warn",
             "something ended that owed a callback and never ran it: who waits "
             "for that waits forever",
             "settle or cancel it before it is given up",
             COUNT(destroyed_unrun, 1)},
        [DEBUG_DROPPED_EVENTS] =
            {"dropped-events", "warn",
             "events, findings or spans were lost before they could be told",
             "read /debug/events faster or less of it, or make the recorders "
             "larger; of many findings, mend the first; of spans, see what "
             "`exporters` says of their collector",
             COUNT(dropped_events, 1)},
};

#define GROWTH_WINDOW_US UINT64_C(60000000)
#define PAST_US          UINT64_C(3600000000)

static uint64_t or_default(uint64_t configured, uint64_t standard) {
  return configured == 0 ? standard : configured;
}

uint64_t asyncscope__debug_threshold(const debug_capture_t *capture,
                                     debug_warning_id_t id) {
  const debug_warning_kind_t *kind = &asyncscope__debug_warning_kinds[id];
  uint64_t configured;
  memcpy(&configured,
         (const char *)&capture->debug->options.thresholds + kind->threshold,
         sizeof(configured));
  return or_default(configured, kind->threshold_default);
}

uint64_t asyncscope__debug_growth_window_us(const debug_capture_t *capture) {
  return or_default(capture->debug->options.thresholds.growth_window_us,
                    GROWTH_WINDOW_US);
}

uint64_t asyncscope__debug_past_us(const debug_capture_t *capture) {
  return or_default(capture->debug->options.thresholds.past_us, PAST_US);
}
