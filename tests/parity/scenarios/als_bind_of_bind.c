#include "scenario.h"

static async_local_storage_t *storage, *other;
static async_local_storage_bound_t inner, outer;

static int show(void *arg) {
  (void)arg;
  trace_store("storage", storage);
  trace_store("other", other);
  return 0;
}

static int in_outer(void *arg) {
  show(arg);
  MUST(async_local_storage_bound_call(&inner, NULL));
  enter_with(storage, "entered");
  return show(arg);
}

static void bind_inner(void *arg) {
  (void)arg;
  MUST(async_local_storage_bind(&inner, show));
}

static void bind_outer(void *arg) {
  (void)arg;
  MUST(async_local_storage_bind(&outer, in_outer));
}

static void caller(void *arg) {
  MUST(async_local_storage_bound_call(&outer, NULL));
  MUST(async_local_storage_bound_call(&outer, NULL));
  show(arg);
}

static void finish(void *bound) {
  async_local_storage_bound_finish(bound);
}

SCENARIO(als_bind_of_bind) {
  storage = make_storage();
  other = make_storage();
  run_with(storage, "inner", bind_inner, NULL);
  run_with(other, "outer", bind_outer, NULL);
  scenario_at_end(finish, &inner);
  scenario_at_end(finish, &outer);
  run_with(storage, "caller", caller, NULL);
}
