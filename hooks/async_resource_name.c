/* Names lie in a slab of their own, as few resources have one; that of a
 * request's resource may be the one in its account. A name is changed while its
 * record's sequence is odd, so whoever reads record and name between two equal
 * numbers has read both whole. */
#include "asyncscope/async_resource.h"

#include "env.h"
#include "error.h"

/* The index + 1 of the record's name, taken now if it has none; 0 without
 * memory. */
static uint32_t name_of(async_env_t *env, asyncscope__record_t *record) {
  uint32_t name =
      asyncscope__record_name(asyncscope__get(&record->name_calls_flags));
  if (name != 0 && (name & ASYNCSCOPE__NAME_OF_REQUEST) == 0)
    return name;
  uint32_t index = asyncscope__slab_take(&env->names);
  return index == ASYNCSCOPE__SLAB_NONE ? 0 : index + 1;
}

static void write_name(async_env_t *env, asyncscope__record_t *record,
                       uint32_t name, const char *text, size_t text_bytes) {
  uint32_t rest = asyncscope__low(asyncscope__get(&record->name_calls_flags));
  asyncscope__name_t *place = asyncscope__slab_at(&env->names, name - 1);
  if (text_bytes > ASYNC_RESOURCE_NAME_BYTES - 1)
    text_bytes = ASYNC_RESOURCE_NAME_BYTES - 1;
  asyncscope__slot_begin(&record->slot);
  asyncscope__put_text(place->words, text, text_bytes);
  asyncscope__put(&record->name_calls_flags, asyncscope__pair(name, rest));
  asyncscope__slot_end(&record->slot);
}

int async_resource_set_name(async_resource_t *resource, const char *name,
                            size_t name_bytes) {
  async_env_t *env = asyncscope__env;
  if (env == NULL || resource->record == 0 || resource->thread != env->thread)
    return asyncscope__fail(UV_EINVAL, "not a live resource of this thread");
  asyncscope__record_t *record =
      asyncscope__slab_at(&env->records, resource->record - 1);
  uint32_t place = name_of(env, record);
  if (place == 0)
    return asyncscope__fail(UV_ENOMEM, "no memory for a resource's name");
  write_name(env, record, place, name, name_bytes);
  return 0;
}
