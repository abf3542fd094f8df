#include "query.h"

#include <string.h>

/* Where a star has been met, going on from it one byte later is all that has
 * to be tried again: an earlier star never has to take more. */
static bool matches(const char *glob, const char *text) {
  const char *star = NULL;
  const char *again = NULL;
  while (*text != '\0') {
    if (*glob == '*') {
      star = ++glob;
      again = text;
    } else if (*glob == *text) {
      glob++;
      text++;
    } else if (star != NULL) {
      glob = star;
      text = ++again;
    } else {
      return false;
    }
  }
  return glob[strspn(glob, "*")] == '\0';
}

bool asyncscope__debug_globs_match(const debug_globs_t *globs,
                                   const char *text) {
  for (size_t i = 0; i < globs->count; i++)
    if (matches(globs->items[i], text))
      return true;
  return false;
}
