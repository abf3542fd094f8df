/* The text behind the last error of the calling thread. */
#ifndef ASYNCSCOPE_HOOKS_ERROR_H
#define ASYNCSCOPE_HOOKS_ERROR_H

/* Keeps the message for async_error_message() and returns `error`. */
__attribute__((format(printf, 2, 3))) int asyncscope__fail(int error,
                                                           const char *format,
                                                           ...);

#endif
