#ifndef SCHEMA_CHECK_H
#define SCHEMA_CHECK_H

/* Holds a document against docs/debug.schema.json, as far as that uses JSON
 * Schema; a keyword that is not known here fails, so that no rule of the schema
 * is passed over. */

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The published schema; NULL when it cannot be read. */
json_t *schema_load(void);

/* Whether `document` conforms; else what is wrong first, and where, stands in
 * `ret_reason`. */
bool schema_check(const json_t *schema, const json_t *document,
                  char *ret_reason, size_t reason_bytes);

/* Fails the test where the document does not conform to the published one. */
void assert_schema(const json_t *document);

#endif
