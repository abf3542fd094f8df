/* For clang's analyzer, which looks at one file at a time: these two answer the
 * error they are given, so that what they are used in never goes on as if all
 * were well. Read before each file but the one that defines them. */
#include "../../hooks/error.h"
#include "asyncscope/async_env.h"

void asyncscope__model(const char *format, ...);

#define asyncscope__fail(error, ...) (asyncscope__model(__VA_ARGS__), (error))
#define async_error_set(error, ...)  (asyncscope__model(__VA_ARGS__), (error))
