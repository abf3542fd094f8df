/* parity_scenarios NAME: what NAME.js is to node. */
#include "scenario_run.h"
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
  for (const scenario_t *s = scenarios; argc == 2 && s->name != NULL; s++) {
    if (strcmp(s->name, argv[1]) == 0) {
      return scenario_run(s->top_level);
    }
  }
  fputs("usage: parity_scenarios NAME\n", stderr);
  return 2;
}
