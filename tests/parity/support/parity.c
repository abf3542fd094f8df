/* parity COMMAND DIRECTORY SCENARIOS NODES [ARGUMENT...]
 *
 *   run NAME         judges one scenario; 77 when it is pending, or needs what
 *                    is not here
 *   lists            fails when a list names what is no scenario
 *   coverage FILE    fails when FILE is not the table, or a row has none; 77
 *                    when a scenario needs what is not here
 *   write FILE       writes the table
 *   summary          what passes per version of Node, by name what does not
 *   record [NAME...] writes the recordings from runs of node
 *   expect NAME...   writes expected/NAME.txt from a run of the C half
 *
 * DIRECTORY is tests/parity, SCENARIOS the program of the C halves, NODES
 * where scripts/setup lays the node binaries, "" for none. */
#include "compare.h"
#include "coverage.h"
#include "judge.h"
#include "list.h"
#include "text.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SKIPPED = 77 };

typedef struct call_s {
  parity_t parity;
  list_t scenarios;
  char **arguments;
} call_t;

/* What the head of a scenario says it needs: a file to read and write. */
static bool is_left_out(const call_t *call, const char *name) {
  char path[PATH_MAX];
  parity_header(&call->parity, name, "needs", path, sizeof(path));
  if (path[0] == '\0') {
    return false;
  }
  int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0) {
    close(fd);
    return false;
  }
  printf("left out: %s needs %s: %s\n", name, path, strerror(errno));
  return true;
}

static int run(call_t *call) {
  const char *name = call->arguments[0];
  if (name == NULL || list_find(&call->scenarios, name) == NULL) {
    printf("no scenario %s\n", name == NULL ? "given" : name);
    return 2;
  }
  if (is_left_out(call, name)) {
    return SKIPPED;
  }
  parity_verdict_t verdict = parity_judge(&call->parity, name, true, true);
  if (verdict.state[PARITY_REFERENCE] == PARITY_PENDING) {
    printf("pending: %s has no C half yet\n", name);
    return SKIPPED;
  }
  return verdict.state[PARITY_REFERENCE] == PARITY_FAILS ||
         verdict.state[PARITY_OLDER] == PARITY_FAILS;
}

static int check_lists(call_t *call) {
  static const char *const files[] = {"pending.list", "exceptions.list",
                                      "node-24.list"};
  int stale = 0;
  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
    list_t list = list_read(call->parity.directory, files[i]);
    for (size_t j = 0; j < list.count; j++) {
      const list_entry_t *entry = &list.entries[j];
      if (list_find(&call->scenarios, entry->name) == NULL ||
          entry->reason[0] == '\0') {
        printf("%s: %s: no such scenario, or no reason\n", files[i],
               entry->name);
        stale = 1;
      }
    }
    list_free(&list);
  }
  return stale;
}

static parity_verdict_t *judge_all(call_t *call) {
  size_t count = call->scenarios.count;
  parity_verdict_t *verdicts = text_grow(NULL, (count + 1) * sizeof(*verdicts));
  for (size_t i = 0; i < count; i++) {
    const char *name = call->scenarios.entries[i].name;
    verdicts[i] = parity_judge(&call->parity, name, false, false);
  }
  return verdicts;
}

static char *make_table(call_t *call, size_t *ret_uncovered) {
  parity_verdict_t *verdicts = judge_all(call);
  char *table =
      coverage_table(&call->parity, &call->scenarios, verdicts, ret_uncovered);
  free(verdicts);
  return table;
}

static int coverage(call_t *call) {
  size_t uncovered;
  for (size_t i = 0; i < call->scenarios.count; i++) {
    if (is_left_out(call, call->scenarios.entries[i].name)) {
      return SKIPPED;
    }
  }
  char *table = make_table(call, &uncovered);
  char *committed = text_read_file(call->arguments[0]);
  bool stale =
      committed == NULL ||
      !compare_texts("the committed table", committed, "the table now", table);
  if (stale) {
    printf("%s is stale\n", call->arguments[0]);
  }
  if (uncovered > 0) {
    printf("%zu tests of Node have no scenario\n", uncovered);
  }
  free(table);
  free(committed);
  return stale || uncovered > 0;
}

static int write_coverage(call_t *call) {
  size_t uncovered;
  char *table = make_table(call, &uncovered);
  bool written = text_write_file(call->arguments[0], table);
  printf("%zu tests of Node have no scenario\n", uncovered);
  free(table);
  return !written;
}

static size_t count_state(const call_t *call, const parity_verdict_t *verdicts,
                          int version, parity_state_t state) {
  size_t count = 0;
  for (size_t i = 0; i < call->scenarios.count; i++) {
    bool differs = version == PARITY_OLDER && verdicts[i].older_differs;
    count += verdicts[i].state[version] == state &&
             !(state == PARITY_PASSES && differs);
  }
  return count;
}

static void print_version(const call_t *call, const parity_verdict_t *verdicts,
                          int version) {
  size_t differ = 0;
  for (size_t i = 0; i < call->scenarios.count; i++) {
    differ += version == PARITY_OLDER && verdicts[i].older_differs;
  }
  printf("Node %s: %zu of %zu scenarios pass", parity_versions[version],
         count_state(call, verdicts, version, PARITY_PASSES),
         call->scenarios.count);
  printf(", %zu exceptions, %zu pending, %zu fail",
         count_state(call, verdicts, version, PARITY_EXCEPTION),
         count_state(call, verdicts, version, PARITY_PENDING),
         count_state(call, verdicts, version, PARITY_FAILS));
  if (differ > 0) {
    printf("; in %zu it differs from Node %s", differ,
           parity_versions[PARITY_REFERENCE]);
  }
  putchar('\n');
}

static void print_list(const call_t *call, const char *file, const char *word) {
  list_t list = list_read(call->parity.directory, file);
  for (size_t i = 0; i < list.count; i++) {
    printf("%s: %s: %s\n", word, list.entries[i].name, list.entries[i].reason);
  }
  list_free(&list);
}

static int summary(call_t *call) {
  parity_verdict_t *verdicts = judge_all(call);
  print_list(call, "node-24.list", "differs in Node 24");
  print_list(call, "exceptions.list", "exception");
  print_list(call, "pending.list", "pending");
  for (int version = 0; version < PARITY_VERSIONS; version++) {
    print_version(call, verdicts, version);
  }
  for (int version = 0; version < PARITY_VERSIONS; version++) {
    if (!parity_has_node(&call->parity, version)) {
      printf("Node %s is not here: compared with its recordings only\n",
             parity_versions[version]);
    }
  }
  free(verdicts);
  return 0;
}

static bool wanted(call_t *call, const char *name) {
  for (char **argument = call->arguments; *argument != NULL; argument++) {
    if (strcmp(*argument, name) == 0) {
      return true;
    }
  }
  return call->arguments[0] == NULL;
}

static int record(call_t *call) {
  int status = 0;
  for (size_t i = 0; i < call->scenarios.count; i++) {
    const char *name = call->scenarios.entries[i].name;
    for (int version = 0; version < PARITY_VERSIONS; version++) {
      if (wanted(call, name) && !parity_record(&call->parity, name, version)) {
        printf("%s: cannot record node %s\n", name, parity_versions[version]);
        status = 1;
      }
    }
  }
  return status;
}

static int expect(call_t *call) {
  int status = 0;
  for (char **argument = call->arguments; *argument != NULL; argument++) {
    status |= !parity_expect(&call->parity, *argument);
  }
  return status;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    int (*command)(call_t *call);
    int arguments;
  } commands[] = {
      {"run", run, 1},           {"lists", check_lists, 0},
      {"coverage", coverage, 1}, {"write", write_coverage, 1},
      {"summary", summary, 0},   {"record", record, 0},
      {"expect", expect, 1},
  };
  for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
    if (argc >= 5 + commands[i].arguments &&
        strcmp(argv[1], commands[i].name) == 0) {
      call_t call = {
          {argv[2], argv[3], argv[4]}, list_scenarios(argv[2]), argv + 5};
      int status = commands[i].command(&call);
      list_free(&call.scenarios);
      return status;
    }
  }
  fputs("usage: parity COMMAND DIRECTORY SCENARIOS NODES [ARGUMENT...]\n",
        stderr);
  return 2;
}
