#include "promise.h"
#include "random_program.h"

typedef struct known_promise_s {
  async_promise_t *promise;
  bool resolvable; /* not one that then() answered, unless held */
  bool answering;  /* a finally() whose callback runs: settling is its answer */
  char *names[2];  /* of its callbacks */
} known_promise_t;

/* Answers its name, another promise, what it was given, nothing. */
static void *on_promise(known_promise_t *derived, const char *name, void *value,
                        bool finally) {
  derived->answering = finally;
  random_called(name, value);
  derived->answering = false;
  unsigned answer = random_now.thrown ? 3 : random_draw(4);
  known_promise_t *other =
      answer == 1 ? random_pick(&random_now.promises) : NULL;
  if (other != NULL && !(finally && other == derived))
    MUST(async_promise_resolve_with(derived->promise, other->promise));
  return answer == 0 ? (void *)(uintptr_t)name : answer == 2 ? value : NULL;
}

static void *on_fulfilled(async_promise_t *derived, void *value, void *known) {
  (void)derived;
  return on_promise(known, ((known_promise_t *)known)->names[0], value, false);
}

static void *on_rejected(async_promise_t *derived, void *value, void *known) {
  (void)derived;
  return on_promise(known, ((known_promise_t *)known)->names[1], value, false);
}

static void on_finally(async_promise_t *derived, void *known) {
  (void)derived;
  on_promise(known, ((known_promise_t *)known)->names[0], NULL, true);
}

static void add_promise(known_promise_t *known, async_promise_t *promise) {
  known->promise = promise_keep(promise);
  random_add(&random_now.promises, known);
}

void random_make_promise(void) {
  known_promise_t *known = scenario_alloc(sizeof(*known));
  async_promise_t *promise;
  known->resolvable = true;
  MUST(async_promise_create(&promise));
  add_promise(known, promise);
}

static bool may_settle(const known_promise_t *known) {
  return known != NULL && known->resolvable && !known->answering;
}

void random_settle(int (*as)(async_promise_t *promise, void *result),
                   const char *kind) {
  known_promise_t *known = random_pick(&random_now.promises);
  if (may_settle(known))
    MUST(as(known->promise, random_label(kind)));
}

void random_adopt(void) {
  known_promise_t *waiting = random_pick(&random_now.promises);
  known_promise_t *other = random_pick(&random_now.promises);
  if (may_settle(waiting))
    MUST(async_promise_resolve_with(waiting->promise, other->promise));
}

void random_derive(const char *fulfilled, const char *rejected, bool finally) {
  known_promise_t *from = random_pick(&random_now.promises), *known;
  async_promise_t *derived;
  if (from == NULL)
    return;
  known = scenario_alloc(sizeof(*known));
  known->names[0] = fulfilled == NULL ? NULL : random_label(fulfilled);
  known->names[1] = rejected == NULL ? NULL : random_label(rejected);
  known->resolvable = random_now.held;
  if (finally)
    MUST(async_promise_finally(from->promise, on_finally, known, &derived));
  else
    MUST(async_promise_then(
        from->promise, fulfilled == NULL ? NULL : on_fulfilled,
        rejected == NULL ? NULL : on_rejected, known, &derived));
  add_promise(known, derived);
}
