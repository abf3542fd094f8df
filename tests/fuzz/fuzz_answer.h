#ifndef FUZZ_ANSWER_H
#define FUZZ_ANSWER_H

/* Answers of /debug about a thread with some resources and requests, and
 * whether what was answered is what its type says. */

#include <stddef.h>

#include "asyncscope/asyncscope_debug.h"

/* The text that nothing in a page is but what a client wrote: each name given
 * to fuzz_scene_rename() begins so. */
#define FUZZ_MARK "<x "

/* Made once in the process. */
asyncscope_debug_t *fuzz_scene(void);

/* Gives what the scene has of names this one: `text` goes up to its end or to
 * `size`. */
void fuzz_scene_rename(const char *text, size_t size);

/* Asks, reads a part of it that is long enough for most, and looks at it. */
void fuzz_answer(const asyncscope_debug_request_t *request);

#endif
