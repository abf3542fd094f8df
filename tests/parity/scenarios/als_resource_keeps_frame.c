#include "scenario.h"

static async_local_storage_t *storage;
static async_resource_t *resource;

static void make(void *arg) {
  (void)arg;
  resource = make_resource("R");
}

static void first(void *arg) {
  (void)arg;
  trace_store("in scope", storage);
  enter_with(storage, "entered");
}

static void again(void *arg) {
  (void)arg;
  trace_store("in scope again", storage);
}

static void caller(void *arg) {
  (void)arg;
  run_in(resource, first, NULL);
  trace_store("caller", storage);
  run_in(resource, again, NULL);
}

SCENARIO(als_resource_keeps_frame) {
  storage = make_storage();
  run_with(storage, "creation", make, NULL);
  run_with(storage, "caller", caller, NULL);
}
