#include "asyncscope/async_local_storage_scope.h"
#include "scenario.h"

static async_local_storage_t storage;

static void finish(void *arg) {
  async_local_storage_finish(arg);
}

static void open_scope(async_local_storage_t *in, const char *store,
                       async_local_storage_scope_t *scope) {
  MUST(async_local_storage_with_scope(in, (void *)(uintptr_t)store, scope));
}

static void dispose(async_local_storage_scope_t *scope) {
  MUST(async_local_storage_scope_dispose(scope));
}

static void end_scopes(async_local_storage_t *other,
                       async_local_storage_scope_t *inner,
                       async_local_storage_scope_t *beside,
                       async_local_storage_scope_t *outer) {
  dispose(inner);
  trace_store("outer again", &storage);
  trace_store("the other", other);
  dispose(beside);
  dispose(outer);
  trace_store("outside", &storage);
  trace_store("the other", other);
}

SCENARIO(als_with_scope) {
  static char default_value[] = "default";
  async_local_storage_options_t options = {.default_value = default_value};
  async_local_storage_scope_t outer = {0}, inner = {0}, beside = {0};
  async_local_storage_t *other = make_storage();
  MUST(async_local_storage_init(&storage, &options));
  scenario_at_end(finish, &storage);
  open_scope(&storage, "outer", &outer);
  trace_store("outer", &storage);
  open_scope(&storage, "inner", &inner);
  open_scope(other, "beside", &beside);
  trace_store("inner", &storage);
  end_scopes(other, &inner, &beside, &outer);
  enter_with(&storage, "entered");
  dispose(&outer);
  trace_store("disposed twice", &storage);
}
