#include "scenario.h"

static async_local_storage_t *storage;

static void in_string(void *arg) {
  (void)arg;
  trace_store("string", storage);
}

static int in_object(void *arg) {
  bool same = async_local_storage_get_store(storage) == arg;
  trace_print("same object %s", same ? "true" : "false");
  return 0;
}

SCENARIO(als_misc_stores) {
  struct {
    int name;
  } object = {1};
  storage = make_storage();
  run_with(storage, "a string", in_string, NULL);
  MUST(async_local_storage_run(storage, &object, in_object, &object));
}
