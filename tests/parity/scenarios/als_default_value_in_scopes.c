#include "asyncscope/async_local_storage_scope.h"
#include "scenario.h"

static async_local_storage_t storage;

static void show(const char *text) {
  trace_store(text, &storage);
}

static void on_immediate(async_immediate_t *immediate) {
  show(immediate->resource.data);
}

static void later(const char *text) {
  set_immediate(on_immediate)->resource.data = (void *)(uintptr_t)text;
}

static int enter(void *arg) {
  (void)arg;
  enter_with(&storage, "entered");
  later("started where run() had nothing to do");
  return 0;
}

static void in_run(void *arg) {
  (void)arg;
  show("run in exit");
}

static int in_exit(void *arg) {
  (void)arg;
  show("in exit");
  later("started in exit");
  async_local_storage_disable(&storage);
  show("disabled in exit");
  return 0;
}

static int run_in_exit(void *arg) {
  run_with(&storage, "run", in_run, arg);
  return 0;
}

static void in_scope(void) {
  async_local_storage_scope_t scope = {0};
  MUST(async_local_storage_with_scope(&storage, NULL, &scope));
  show("in the scope");
  later("started in the scope");
  MUST(async_local_storage_scope_dispose(&scope));
  show("behind the scope");
}

static void in_run_of_nothing(void *arg) {
  (void)arg;
  enter_with(&storage, "in run of nothing");
}

static void finish(void *arg) {
  async_local_storage_finish(arg);
}

SCENARIO(als_default_value_in_scopes) {
  static char value[] = "default";
  async_local_storage_options_t options = {.default_value = value};
  MUST(async_local_storage_init(&storage, &options));
  scenario_at_end(finish, &storage);
  MUST(async_local_storage_run(&storage, value, enter, NULL));
  show("behind it");
  MUST(async_local_storage_exit(&storage, in_exit, NULL));
  show("behind exit");
  MUST(async_local_storage_exit(&storage, run_in_exit, NULL));
  async_local_storage_disable(&storage);
  show("disabled");
  in_scope();
  later("started behind the scope");
  enter_with(&storage, NULL);
  show("entered nothing");
  run_with(&storage, NULL, in_run_of_nothing, NULL);
  show("behind run of nothing");
}
