/* The frame around a scenario: loop and environment, from start to end. */
#ifndef ASYNCSCOPE_PARITY_SCENARIO_RUN_H
#define ASYNCSCOPE_PARITY_SCENARIO_RUN_H

typedef struct scenario_s {
  const char *name;
  void (*top_level)(void);
} scenario_t;

/* All scenarios, by name, then one without a name: made by the build. */
extern const scenario_t scenarios[];

int scenario_run(void (*top_level)(void));

#endif
