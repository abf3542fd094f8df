/* The diagnostics of a process, as they were configured. */
#ifndef ASYNCSCOPE_DEBUG_DEBUG_H
#define ASYNCSCOPE_DEBUG_DEBUG_H

#include "log_ring.h"

#define DEBUG_NAME_BYTES 64

/* The strings of `options` lie behind it. */
struct asyncscope_debug_s {
  asyncscope_debug_options_t options;
  char tool_name[DEBUG_NAME_BYTES];
  char command[DEBUG_NAME_BYTES];
  asyncscope_debug_pool_t *pools;
  char (*pool_names)[DEBUG_NAME_BYTES];
  debug_log_ring_t *log; /* NULL: no lines are kept */
};

#endif
