/* From when on the diagnostics warn, each option under the code of what it is
 * about. */
#include "options_warnings.h"
#include "option.h"

#define MAX_MS    UINT64_C(2592000000) /* thirty days */
#define MAX_COUNT 1000000000

#define SECONDS(member_, name_, min_, help_)                                  \
  {                                                                           \
    .name = (name_), .value = "SECONDS", .help = (help_),                     \
    .set = app_option_set_seconds, .show = app_option_show_seconds,           \
    .at = offsetof(app_options_t, warn.member_), .min = (min_), .max = MAX_MS \
  }

#define COUNT(member_, name_, help_)                              \
  {                                                               \
    .name = (name_), .value = "N", .help = (help_),               \
    .set = app_option_set_count, .show = app_option_show_count,   \
    .at = offsetof(app_options_t, warn.member_), .max = MAX_COUNT \
  }

const app_warnings_t app_warnings_default = {.slow_callback_ms = 25,
                                             .loop_blocked_ms = 100,
                                             .pool_starved_ms = 1000,
                                             .long_pending_ms = 10000,
                                             .context_retained_ms = 10000,
                                             .context_foreign = 1,
                                             .context_lost = 1,
                                             .scope_unbalanced = 1,
                                             .destroyed_unrun = 1,
                                             .dropped_events = 1,
                                             .growth = 1000,
                                             .growth_window_ms = 60000,
                                             .past_ms = 3600000};

const app_option_t app_options_warnings[] = {
    SECONDS(slow_callback_ms, "--warn-slow-callback", 0,
            "duration of one callback of a loop"),
    SECONDS(loop_blocked_ms, "--warn-loop-blocked", 0,
            "how long a loop has been in one callback"),
    SECONDS(pool_starved_ms, "--warn-pool-starved", 0,
            "how long a task has waited while every worker is busy"),
    SECONDS(long_pending_ms, "--warn-long-pending", 0,
            "how long an operation has not called back"),
    SECONDS(context_retained_ms, "--warn-context-retained", 0,
            "how long the context of an ended request is held"),
    COUNT(context_foreign, "--warn-context-foreign",
          "operations on a handle of another request"),
    COUNT(context_lost, "--warn-context-lost",
          "callbacks that lost their context, if --context-loss is 1"),
    COUNT(scope_unbalanced, "--warn-scope-unbalanced",
          "scopes that were not left by the code that entered them"),
    COUNT(destroyed_unrun, "--warn-destroyed-unrun",
          "resources that ended without the callback they owed"),
    COUNT(dropped_events, "--warn-dropped-events",
          "events or findings that were lost"),
    COUNT(growth, "--warn-never-destroyed-growth",
          "resources made at one site in a window and alive after another"),
    SECONDS(growth_window_ms, "--warn-growth-window", 1,
            "length of that window; a second one is sixty times as long"),
    SECONDS(past_ms, "--warn-past", 0, "how long a past warning is shown"),
    {.name = NULL},
};

static uint64_t time_us(unsigned ms) {
  return ms == 0 ? ASYNCSCOPE_DEBUG_NEVER : UINT64_C(1000) * ms;
}

static uint64_t count_of(unsigned count) {
  return count == 0 ? ASYNCSCOPE_DEBUG_NEVER : count;
}

asyncscope_debug_thresholds_t app_options_thresholds(
    const app_options_t *options) {
  const app_warnings_t *warn = &options->warn;
  return (asyncscope_debug_thresholds_t){
      .slow_callback_us = time_us(warn->slow_callback_ms),
      .loop_blocked_us = time_us(warn->loop_blocked_ms),
      .pool_starved_us = time_us(warn->pool_starved_ms),
      .long_pending_us = time_us(warn->long_pending_ms),
      .context_retained_us = time_us(warn->context_retained_ms),
      .context_foreign = count_of(warn->context_foreign),
      .context_lost = count_of(warn->context_lost),
      .scope_unbalanced = count_of(warn->scope_unbalanced),
      .destroyed_unrun = count_of(warn->destroyed_unrun),
      .dropped_events = count_of(warn->dropped_events),
      .growth = count_of(warn->growth),
      .growth_window_us = time_us(warn->growth_window_ms),
      .past_us = warn->past_ms == 0 ? 1 : time_us(warn->past_ms)};
}
