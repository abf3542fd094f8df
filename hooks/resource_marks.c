/* What becomes of a resource beside its callbacks: marks on its record, set by
 * the families, for diagnostics and for those who come after it. */
#include "resource.h"

#include "env.h"

void asyncscope__resource_is_cause(const async_resource_t *resource) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  if (record == NULL)
    return;
  asyncscope__flags_add(record, ASYNCSCOPE__CAUSED);
  asyncscope__ancestors_reserve(&asyncscope__env->ancestors);
}

static void set_flag(const async_resource_t *resource, uint32_t flag) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  if (record != NULL)
    asyncscope__flags_add(record, flag);
}

void asyncscope__resource_is_closing(const async_resource_t *resource) {
  set_flag(resource, ASYNCSCOPE__CLOSING);
}

void asyncscope__resource_owes(const async_resource_t *resource) {
  set_flag(resource, ASYNCSCOPE__OWES);
}

void asyncscope__resource_has_paid(const async_resource_t *resource) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  if (record != NULL)
    asyncscope__flags_remove(record, ASYNCSCOPE__OWES);
}

void asyncscope__resource_set_ref(async_resource_t *resource, bool ref) {
  asyncscope__record_t *record = asyncscope__record_of(resource);
  if (record == NULL)
    return;
  if (ref)
    asyncscope__flags_remove(record, ASYNCSCOPE__UNREF);
  else
    asyncscope__flags_add(record, ASYNCSCOPE__UNREF);
}
