#ifndef E2E_WARNINGS_H
#define E2E_WARNINGS_H

#include <stdbool.h>

/* No server of these tests is to be warned of by its own diagnostics, but for
 * what a test provokes. */

#define E2E_WARNINGS_ENVIRONMENT_MAX 32

/* `environment` (may be NULL) with what the server is to look for in `ret`:
 * what counts is exact everywhere; what goes by time has two minutes, which no
 * machine needs for what the tests do; for contexts that are held behind their
 * requests any time is too long, at the end. What the environment says wins. */
void e2e_warnings_environment(
    const char *const *environment,
    const char *ret_environment[E2E_WARNINGS_ENVIRONMENT_MAX + 1]);

/* Asks the server at `url` until it has no warnings beyond the codes of
 * `provoked`, a comma list, may be NULL. False when it still has some; they are
 * printed. One that does not answer, or not to this visitor, has none. */
bool e2e_warnings_none(const char *url, const char *provoked);

#endif
