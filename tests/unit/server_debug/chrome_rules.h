#ifndef CHROME_RULES_H
#define CHROME_RULES_H

#include <jansson.h>

/* What a reader of the Trace Event Format counts on: slices of a thread nest,
 * pairs are pairs, flows begin and end inside slices. NULL, or what is wrong
 * with `trace`, in static memory. */
const char *chrome_rules_broken(const json_t *trace);

#endif
