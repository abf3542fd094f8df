/* The lists beside the scenarios: a name and a reason a line, # comments. */
#ifndef ASYNCSCOPE_PARITY_LIST_H
#define ASYNCSCOPE_PARITY_LIST_H

#include <stdbool.h>
#include <stddef.h>

enum { LIST_NAME_MAX = 128, LIST_REASON_MAX = 512 };

typedef struct list_entry_s {
  char name[LIST_NAME_MAX];
  char reason[LIST_REASON_MAX];
} list_entry_t;

typedef struct list_s {
  list_entry_t *entries;
  size_t count;
} list_t;

/* Reads DIRECTORY/FILE; a file that is not there is an empty list. */
list_t list_read(const char *directory, const char *file);
/* The names of the .js files in DIRECTORY/scenarios, in order. */
list_t list_scenarios(const char *directory);
const list_entry_t *list_find(const list_t *list, const char *name);
void list_free(list_t *list);

#endif
