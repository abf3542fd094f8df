#include "scenario.h"
#include <stdio.h>

static void show(const char *text, const async_local_storage_t *storage) {
  char line[96];
  snprintf(line, sizeof(line), "%s name=%s", text,
           async_local_storage_name(storage));
  trace_store(line, storage);
}

static async_local_storage_t storage;

static void in_run(void *arg) {
  (void)arg;
  show("in run", &storage);
}

static int say(void *arg) {
  trace_store(arg, &storage);
  return 0;
}

static void say_in_run(void *arg) {
  trace_store(arg, &storage);
}

static void finish(void *arg) {
  async_local_storage_finish(arg);
}

SCENARIO(als_default_value) {
  static char default_value[] = "default", in_exit[] = "in exit";
  static char in_undefined[] = "in run(undefined)";
  async_local_storage_options_t options = {
      .name = "test",
      .default_value = default_value,
  };
  show("no options", make_storage());
  MUST(async_local_storage_init(&storage, &options));
  scenario_at_end(finish, &storage);
  show("outside", &storage);
  run_with(&storage, "set", in_run, NULL);
  show("after run", &storage);
  MUST(async_local_storage_exit(&storage, say, in_exit));
  run_with(&storage, NULL, say_in_run, in_undefined);
  enter_with(&storage, "entered");
  trace_store("entered", &storage);
  async_local_storage_disable(&storage);
  trace_store("disabled", &storage);
}
