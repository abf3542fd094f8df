/* The table of docs/node-coverage.md: one row per test of Node's own. */
#ifndef ASYNCSCOPE_PARITY_COVERAGE_H
#define ASYNCSCOPE_PARITY_COVERAGE_H

#include "judge.h"
#include "list.h"

/* The whole text, the caller's to free(). `ret_uncovered` counts the rows that
 * can exist in C and have no scenario, and the rows that scenarios name but
 * catalogue.list does not. */
char *coverage_table(const parity_t *parity, const list_t *scenarios,
                     const parity_verdict_t *verdicts, size_t *ret_uncovered);

#endif
