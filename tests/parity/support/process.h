/* Runs one side of a scenario and says what it did, as text. */
#ifndef ASYNCSCOPE_PARITY_PROCESS_H
#define ASYNCSCOPE_PARITY_PROCESS_H

#include <stdbool.h>

/* Runs argv in an empty directory of its own, and ends it after 30 seconds.
 * The answer, the caller's to free(): what it wrote to stdout; with
 * `with_stderr` the first line it wrote to stderr behind the word "stderr";
 * and how it ended, "exit 0" or "signal 6". With `pass_on` what it wrote to
 * stderr is written to ours. */
char *process_run(char *const argv[], bool with_stderr, bool pass_on);

#endif
