/* The text behind the last error of the calling thread. */
#ifndef ASYNCSCOPE_HOOKS_ERROR_H
#define ASYNCSCOPE_HOOKS_ERROR_H

#include "asyncscope/async_env.h"

/* Keeps the message for async_error_message() and returns `error`. */
#define asyncscope__fail async_error_set

#endif
