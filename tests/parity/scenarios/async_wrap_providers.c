#include "scenario.h"

SCENARIO(async_wrap_providers) {
  size_t count;
  const async_wrap_provider_t *table = async_hooks_async_wrap_providers(&count);
  for (size_t i = 0; i < count; i++) {
    trace_print("%s %u", table[i].name, table[i].number);
  }
}
