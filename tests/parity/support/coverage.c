/* catalogue.list has a line "# SECTION title" before each of its sections and
 * a line "TEST yes" or "TEST no REASON" for each test. Which scenario stands
 * for which test is read from the scenarios' own heads. */
#include "coverage.h"
#include "text.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct coverage_s {
  const parity_t *parity;
  const list_t *scenarios;
  const parity_verdict_t *verdicts;
  size_t *uncovered;
  text_t out;
} coverage_t;

static const char introduction[] =
    "# Node's own tests, and the scenarios that stand for them\n\n"
    "Made by the parity test from `tests/parity/catalogue.list`, the heads of "
    "the\nscenarios and their results: `parity coverage` writes it, and the "
    "test "
    "fails when\nthis file is not what it writes. Each scenario is run by Node "
    "and in C; the\ncolumns 26 and 24 say how the C half compares with Node "
    "26.10.0 and 24.21.0.\n\n"
    "* passes: the same lines in the same order\n"
    "* differs: Node 24 itself differs from Node 26 here (`node-24.list`)\n"
    "* exception: asyncscope decides otherwise; why stands at the end\n"
    "* pending: Node's half is recorded, the C half is not written\n"
    "* no scenario: the two programs could not print the same lines, and why\n";

static bool names_row(const char *rows, const char *test) {
  char word[LIST_NAME_MAX];
  while (text_word(&rows, word, sizeof(word))) {
    if (strcmp(word, test) == 0) {
      return true;
    }
  }
  return false;
}

static const char *word_of(const parity_verdict_t *verdict, int version) {
  static const char *const words[] = {"passes", "exception", "pending",
                                      "FAILS"};
  parity_state_t state = verdict->state[version];
  if (state == PARITY_PASSES && version == PARITY_OLDER &&
      verdict->older_differs) {
    return "differs";
  }
  return words[state];
}

static size_t add_scenarios(coverage_t *coverage, const char *test) {
  size_t found = 0;
  char rows[2048];
  for (size_t i = 0; i < coverage->scenarios->count; i++) {
    const char *name = coverage->scenarios->entries[i].name;
    const parity_verdict_t *verdict = &coverage->verdicts[i];
    parity_header(coverage->parity, name, "rows", rows, sizeof(rows));
    if (names_row(rows, test)) {
      text_add(&coverage->out, "| %s | %s | %s | %s |\n",
               found++ == 0 ? test : "", name,
               word_of(verdict, PARITY_REFERENCE),
               word_of(verdict, PARITY_OLDER));
    }
  }
  return found;
}

static void add_row(coverage_t *coverage, const char *line) {
  char test[LIST_NAME_MAX], mark[8];
  if (!text_word(&line, test, sizeof(test)) ||
      !text_word(&line, mark, sizeof(mark))) {
    return;
  }
  line += strspn(line, " ");
  if (add_scenarios(coverage, test) > 0) {
    return;
  }
  if (strcmp(mark, "no") == 0) {
    text_add(&coverage->out, "| %s | no scenario: %s | | |\n", test, line);
  } else {
    text_add(&coverage->out, "| %s | MISSING | | |\n", test);
    ++*coverage->uncovered;
  }
}

static void add_line(coverage_t *coverage, const char *line) {
  if (strncmp(line, "# SECTION ", 10) == 0) {
    text_add(&coverage->out,
             "\n## %s\n\n| Node's test | scenario | 26 | 24 |\n"
             "| --- | --- | --- | --- |\n",
             line + 10);
  } else if (line[0] != '#') {
    add_row(coverage, line);
  }
}

/* A scenario for a test that the catalogue does not have is a slip. */
static void check_rows(coverage_t *coverage) {
  char rows[2048], word[LIST_NAME_MAX];
  list_t known = list_read(coverage->parity->directory, "catalogue.list");
  for (size_t i = 0; i < coverage->scenarios->count; i++) {
    const char *name = coverage->scenarios->entries[i].name;
    const char *at = rows;
    parity_header(coverage->parity, name, "rows", rows, sizeof(rows));
    while (text_word(&at, word, sizeof(word))) {
      if (list_find(&known, word) == NULL) {
        printf("%s: catalogue.list has no %s\n", name, word);
        ++*coverage->uncovered;
      }
    }
  }
  list_free(&known);
}

static void add_others(coverage_t *coverage) {
  char rows[2048];
  text_add(&coverage->out, "\n## Scenarios for no single test\n\n"
                           "| scenario | 26 | 24 |\n| --- | --- | --- |\n");
  for (size_t i = 0; i < coverage->scenarios->count; i++) {
    const char *name = coverage->scenarios->entries[i].name;
    const parity_verdict_t *verdict = &coverage->verdicts[i];
    parity_header(coverage->parity, name, "rows", rows, sizeof(rows));
    if (rows[0] == '\0') {
      text_add(&coverage->out, "| %s | %s | %s |\n", name,
               word_of(verdict, PARITY_REFERENCE),
               word_of(verdict, PARITY_OLDER));
    }
  }
}

/* Where asyncscope decides otherwise, and why. */
static void add_exceptions(coverage_t *coverage) {
  list_t exceptions = list_read(coverage->parity->directory, "exceptions.list");
  text_add(&coverage->out, "\n## Exceptions\n\n"
                           "| scenario | why |\n| --- | --- |\n");
  for (size_t i = 0; i < exceptions.count; i++) {
    text_add(&coverage->out, "| %s | %s |\n", exceptions.entries[i].name,
             exceptions.entries[i].reason);
  }
  list_free(&exceptions);
}

char *coverage_table(const parity_t *parity, const list_t *scenarios,
                     const parity_verdict_t *verdicts, size_t *ret_uncovered) {
  coverage_t coverage = {parity, scenarios, verdicts, ret_uncovered, {0}};
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/catalogue.list", parity->directory);
  char *text = text_read_file(path);
  const char *at = text;
  *ret_uncovered = text == NULL;
  text_add(&coverage.out, "%s", introduction);
  while (at != NULL && *at != '\0') {
    char *line = text_line(&at);
    add_line(&coverage, line);
    free(line);
  }
  check_rows(&coverage);
  add_others(&coverage);
  add_exceptions(&coverage);
  free(text);
  return coverage.out.bytes;
}
