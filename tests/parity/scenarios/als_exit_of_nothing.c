#include "scenario.h"

static async_local_storage_t *storage, other;
static char standard[] = "default";

static int enter(void *store) {
  enter_with(storage, store);
  return 0;
}

static int enter_other(void *store) {
  enter_with(&other, store);
  return 0;
}

static void finish(void *arg) {
  async_local_storage_finish(arg);
}

SCENARIO(als_exit_of_nothing) {
  async_local_storage_options_t options = {.default_value = standard};
  static char first[] = "entered in exit", second[] = "entered again";
  static char third[] = "entered in run";
  storage = make_storage();
  MUST(async_local_storage_exit(storage, enter, first));
  trace_store("after exit", storage);
  MUST(async_local_storage_exit(storage, enter, second));
  trace_store("after another", storage);
  MUST(async_local_storage_init(&other, &options));
  scenario_at_end(finish, &other);
  MUST(async_local_storage_run(&other, standard, enter_other, third));
  trace_store("after run", &other);
}
