/* The comparer: two runs of a scenario, one by node, one in C, are the same
 * when their lines are, after the ids of each were numbered by their first
 * appearance. -1, 0 and 1 are names of their own and stay. */
#ifndef ASYNCSCOPE_PARITY_COMPARE_H
#define ASYNCSCOPE_PARITY_COMPARE_H

#include <stdbool.h>

/* A copy of `text` with its ids renumbered, for the caller to free(). */
char *compare_renumber(const char *text);

/* Prints the first line in which they differ, with what came before it. */
bool compare_texts(const char *expected_name, const char *expected,
                   const char *actual_name, const char *actual);

#endif
