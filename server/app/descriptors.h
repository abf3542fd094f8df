/* How many connections the limit of descriptors leaves room for. */
#ifndef ASYNCSCOPE_SERVER_DESCRIPTORS_H
#define ASYNCSCOPE_SERVER_DESCRIPTORS_H

/* Raises the soft limit as far as it is of use and the hard one lets it, and
 * answers how many connections that allows at once, at least 1. `wanted` is
 * how many there shall be; 0: HTTP_CONNECTIONS_MAX, or less. */
unsigned app_descriptors_connections(unsigned wanted, unsigned loops);

#endif
