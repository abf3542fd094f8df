/* Numbers are ids in the places that trace.h names (after the word of an
 * event, at the end of an init), after a # in the text of a print, and in the
 * message about a corrupted stack; nowhere else. */
#include "compare.h"
#include "text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ids_s {
  long *known;
  size_t count;
} ids_t;

static long number_of(ids_t *ids, long id) {
  if (id <= 1) {
    return id;
  }
  for (size_t i = 0; i < ids->count; i++) {
    if (ids->known[i] == id) {
      return (long)i + 2;
    }
  }
  ids->known = text_grow(ids->known, (ids->count + 1) * sizeof(*ids->known));
  ids->known[ids->count++] = id;
  return (long)ids->count + 1;
}

static const char *put_id(ids_t *ids, const char *at, text_t *out) {
  char *end;
  long id = strtol(at, &end, 10);
  if (end == at) {
    return at;
  }
  text_add(out, "%ld", number_of(ids, id));
  return end;
}

static int count_blanks(const char *line) {
  int blanks = 0;
  for (; *line != '\0'; line++) {
    blanks += *line == ' ';
  }
  return blanks;
}

/* The first word behind the event's, and of an init the last two: a type may
 * have blanks of its own. */
static void renumber_event(ids_t *ids, const char *line, bool init,
                           text_t *out) {
  int left = count_blanks(line), blanks = 0;
  while (*line != '\0') {
    bool blank = *line == ' ';
    text_add(out, "%c", *line++);
    blanks += blank;
    left -= blank;
    if (blank && (blanks == 1 || (init && left < 2))) {
      line = put_id(ids, line, out);
    }
  }
}

static bool marks_id(const char *start, const char *at) {
  static const char *const marks[] = {"#", "(actual: ", "expected: "};
  for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
    size_t length = strlen(marks[i]);
    if ((size_t)(at - start) >= length &&
        strncmp(at - length, marks[i], length) == 0) {
      return true;
    }
  }
  return false;
}

static void renumber_print(ids_t *ids, const char *line, text_t *out) {
  const char *start = line;
  while (*line != '\0') {
    const char *after = marks_id(start, line) ? put_id(ids, line, out) : line;
    if (after == line) {
      text_add(out, "%c", *line++);
    } else {
      line = after;
    }
  }
}

static bool is_event(const char *line, const char *word) {
  const char *colon = strchr(line, ':');
  const char *blank = strchr(line, ' ');
  if (colon != NULL && blank != NULL && colon < blank) {
    line = colon + 1;
  }
  return strncmp(line, word, strlen(word)) == 0 && line[strlen(word)] == ' ';
}

static void renumber_line(ids_t *ids, const char *line, text_t *out) {
  static const char *const events[] = {"before", "after", "destroy", "resolve"};
  if (is_event(line, "init")) {
    renumber_event(ids, line, true, out);
    return;
  }
  for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
    if (is_event(line, events[i])) {
      renumber_event(ids, line, false, out);
      return;
    }
  }
  renumber_print(ids, line, out);
}

char *compare_renumber(const char *text) {
  ids_t ids = {0};
  text_t out = {0};
  text_add(&out, "%s", "");
  while (*text != '\0') {
    char *line = text_line(&text);
    renumber_line(&ids, line, &out);
    text_add(&out, "\n");
    free(line);
  }
  free(ids.known);
  return out.bytes;
}

static void print_context(const char *name, const char *from, const char *until,
                          const char *next) {
  char *line = text_line(&next);
  printf("--- %s\n%.*s>>> %s\n", name, (int)(until - from), from,
         line[0] == '\0' ? "(nothing more)" : line);
  free(line);
}

bool compare_texts(const char *expected_name, const char *expected,
                   const char *actual_name, const char *actual) {
  const char *e = expected, *a = actual, *same = expected;
  const char *until = actual;
  while (*e != '\0' && *e == *a) {
    if (*e == '\n') {
      same = e + 1;
      until = a + 1;
    }
    e++, a++;
  }
  if (*e == *a) {
    return true;
  }
  print_context(expected_name, expected, same, same);
  print_context(actual_name, until, until, until);
  printf("--- the rest of %s\n%s--- the rest of %s\n%s", expected_name, same,
         actual_name, until);
  return false;
}
