#include "json.h"

#include "asyncscope/async_allocator.h"
#include <jansson.h>

void json_prepare(void) {
  json_set_alloc_funcs(async_malloc, async_free);
  json_object_seed(0);
}
