/* For clang's analyzer, which looks at one file at a time: this answers the
 * error it is given, under either name, so that what it is used in never goes
 * on as if all were well. Read before each file but the one that defines it. */
#include "../../hooks/error.h"

void asyncscope__model(const char *format, ...);

#define async_error_set(error, ...) (asyncscope__model(__VA_ARGS__), (error))
