#include "asyncscope/async_local_storage_scope.h"
#include "scenario.h"

SCENARIO(als_with_scope_out_of_order) {
  static char one[] = "first", two[] = "second";
  async_local_storage_scope_t first = {0}, second = {0};
  async_local_storage_t *storage = make_storage();
  MUST(async_local_storage_with_scope(storage, one, &first));
  MUST(async_local_storage_with_scope(storage, two, &second));
  trace_refused("dispose first", async_local_storage_scope_dispose(&first));
  trace_store("first disposed", storage);
  trace_refused("dispose second", async_local_storage_scope_dispose(&second));
  trace_store("second disposed", storage);
}
