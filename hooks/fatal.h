/* The end of a program whose bookkeeping cannot be trusted any more. */
#ifndef ASYNCSCOPE_HOOKS_FATAL_H
#define ASYNCSCOPE_HOOKS_FATAL_H

#include "asyncscope/async_types.h"

/* Says on stderr which scope was current and which was to be left, with type,
 * site and chain of causes of both, and ends the process with code 1 without
 * running exit handlers. */
_Noreturn void asyncscope__fatal_corrupted(async_id_t actual,
                                           async_id_t expected);

/* A failure that nobody can take: "Error: " and the message, a stack trace and
 * the chain of causes; then exit handlers and code 1, or abort(). */
_Noreturn void asyncscope__fatal_failure(const char *message);

#endif
