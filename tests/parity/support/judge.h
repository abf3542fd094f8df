/* One scenario, judged: against each version's recording, against node itself
 * where the binary is there, and against the lists. */
#ifndef ASYNCSCOPE_PARITY_JUDGE_H
#define ASYNCSCOPE_PARITY_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

enum { PARITY_REFERENCE, PARITY_OLDER, PARITY_VERSIONS };

/* 26.10.0 is the reference, 24.21.0 the other one. */
extern const char *const parity_versions[PARITY_VERSIONS];

typedef struct parity_s {
  const char *directory; /* tests/parity of the checkout */
  const char *scenarios; /* the program made of the C halves */
  const char *nodes;     /* where scripts/setup lays node; "" for nowhere */
} parity_t;

typedef enum parity_state_e {
  PARITY_PASSES,
  PARITY_EXCEPTION, /* differs from node, as the list says */
  PARITY_PENDING,   /* no C half yet, as the list says */
  PARITY_FAILS
} parity_state_t;

typedef struct parity_verdict_s {
  parity_state_t state[PARITY_VERSIONS];
  bool older_differs; /* from the reference, as the list says */
} parity_verdict_t;

/* `loud`: says what is wrong. `fresh`: runs node too, where it is there. */
parity_verdict_t parity_judge(const parity_t *parity, const char *name,
                              bool loud, bool fresh);

/* Writes recorded/VERSION/NAME.txt from a run of node; expected/NAME.txt from
 * a run of the C half. False when they cannot be had. */
bool parity_record(const parity_t *parity, const char *name, int version);
bool parity_expect(const parity_t *parity, const char *name);

bool parity_has_node(const parity_t *parity, int version);

/* The value of "// KEY: value" at the head of NAME.js, "" without one. */
void parity_header(const parity_t *parity, const char *name, const char *key,
                   char *value, size_t size);

#endif
