#include "asyncscope/async_local_storage_scope.h"
#include "scenario.h"

static async_local_storage_t *storage, *other;

static const char *store_of(const async_local_storage_t *of) {
  const char *store = async_local_storage_get_store(of);
  return store == NULL ? "undefined" : store;
}

static void show(const char *text) {
  trace_print("%s %s %s", text, store_of(storage), store_of(other));
}

static void on_immediate(async_immediate_t *immediate) {
  show(immediate->resource.data);
}

static void later(const char *text) {
  set_immediate(on_immediate)->resource.data = (void *)(uintptr_t)text;
}

static void in_inner(void *arg) {
  (void)arg;
  later("started in inner");
  async_local_storage_disable(storage);
  show("disabled in inner");
  later("started when disabled");
}

static void in_scope(void) {
  static char store[] = "scope";
  async_local_storage_scope_t scope = {0};
  MUST(async_local_storage_with_scope(storage, store, &scope));
  async_local_storage_disable(storage);
  show("disabled in the scope");
  MUST(async_local_storage_scope_dispose(&scope));
  show("behind the scope");
}

static void in_outer(void *arg) {
  (void)arg;
  later("started in outer");
  run_with(storage, "inner", in_inner, NULL);
  show("behind inner");
  in_scope();
  async_local_storage_disable(other);
  show("other disabled");
  later("started when other is disabled");
}

static void in_other(void *arg) {
  (void)arg;
  run_with(storage, "outer", in_outer, NULL);
  show("behind outer");
}

SCENARIO(als_disable_in_run) {
  storage = make_storage();
  other = make_storage();
  run_with(other, "other", in_other, NULL);
  show("behind other");
}
