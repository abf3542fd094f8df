/* Which descriptors are free, and for how many connections they are enough. */
#ifndef ASYNCSCOPE_SERVER_DESCRIPTORS_H
#define ASYNCSCOPE_SERVER_DESCRIPTORS_H

#include <stdbool.h>

/* Opens /dev/null in place of each standard file that is closed, as Node does:
 * what the process opens itself never gets its number, and so never what is
 * written to stdout and stderr. False, with errno, where it cannot be opened.
 * Call it before anything else is opened. */
bool app_descriptors_open_standard(void);

/* Raises the soft limit as far as it is of use and the hard one lets it, and
 * answers how many connections that allows at once; 0: the server itself would
 * take all. `wanted` is how many there shall be; 0: HTTP_CONNECTIONS_MAX, or
 * less. */
unsigned app_descriptors_connections(unsigned wanted, unsigned loops);

#endif
