#ifndef WARNING_PROBE_H
#define WARNING_PROBE_H

/* Asking for warnings with thresholds of a test's own. */

#include "debug_fixture.h"

#define WARNING_NONE                               \
  (asyncscope_debug_thresholds_t) {                \
    .slow_callback_us = ASYNCSCOPE_DEBUG_NEVER,    \
    .loop_blocked_us = ASYNCSCOPE_DEBUG_NEVER,     \
    .pool_starved_us = ASYNCSCOPE_DEBUG_NEVER,     \
    .long_pending_us = ASYNCSCOPE_DEBUG_NEVER,     \
    .context_retained_us = ASYNCSCOPE_DEBUG_NEVER, \
    .context_foreign = ASYNCSCOPE_DEBUG_NEVER,     \
    .context_lost = ASYNCSCOPE_DEBUG_NEVER,        \
    .scope_unbalanced = ASYNCSCOPE_DEBUG_NEVER,    \
    .destroyed_unrun = ASYNCSCOPE_DEBUG_NEVER,     \
    .dropped_events = ASYNCSCOPE_DEBUG_NEVER,      \
    .growth = ASYNCSCOPE_DEBUG_NEVER,              \
  }

/* The answer of `target` to diagnostics made for it, of the schema where it is
 * JSON. `options` may be NULL. To be freed by json_decref(), answer_free(). */
json_t *warnings_json(const asyncscope_debug_options_t *options,
                      const char *target);
answer_t warnings_text(const asyncscope_debug_options_t *options,
                       const char *target);

/* The answer of /debug/warnings, where nothing may assert; NULL without memory.
 */
json_t *warnings_looked_at(const asyncscope_debug_options_t *options);

/* The options with these thresholds. */
asyncscope_debug_options_t with_thresholds(
    asyncscope_debug_thresholds_t thresholds);

/* The first warning of that code, NULL for none; and how many there are. */
json_t *warning_of(const json_t *document, const char *code);
size_t warning_count(const json_t *document);

/* The key that stands at `at` of its keys, "" for none. */
const char *warning_key(const json_t *warning, size_t at);

/* What is asked for in these options has no warning of any code. */
void assert_no_warnings(const asyncscope_debug_options_t *options);

/* At least so long. */
void pass_us(uint64_t us);

#endif
