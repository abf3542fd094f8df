#include "conformance.h"

#include "test_main.h"

#include <stdlib.h>

static const conformance_table_t *const TABLES[] = {
    &conformance_lines,      &conformance_targets,   &conformance_fields,
    &conformance_hosts,      &conformance_lengths,   &conformance_codings,
    &conformance_chunks,     &conformance_methods,   &conformance_expect,
    &conformance_connection, &conformance_fragments, &conformance_conditions,
    &conformance_ranges,     &conformance_limits,
};

enum { TABLE_COUNT = sizeof(TABLES) / sizeof(TABLES[0]) };

static struct CMUnitTest test_of(const conformance_case_t *row) {
  return (struct CMUnitTest){.name = row->name,
                             .test_func = conformance_run,
                             .setup_func = conformance_setup,
                             .teardown_func = conformance_teardown,
                             .initial_state = (void *)(uintptr_t)row};
}

static size_t count_cases(void) {
  size_t count = 0;
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    count += TABLES[i]->count;
  }
  return count;
}

int main(int argc, char **argv) {
  size_t count = 0;
  struct CMUnitTest *tests = calloc(count_cases(), sizeof(*tests));
  if (tests == NULL) {
    return 1;
  }
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (size_t row = 0; row < TABLES[i]->count; row++) {
      tests[count++] = test_of(&TABLES[i]->cases[row]);
    }
  }
  int failed = test_main_group(tests, count, NULL, NULL, argc, argv);
  free(tests);
  return failed;
}
