#include "json_turnover.h"

#include "ended.h"
#include "text.h"

static bool add(json_t *type, const char *key, uint64_t count) {
  json_int_t before = json_integer_value(json_object_get(type, key));
  return json_object_set_new(type, key,
                             json_integer(before + (json_int_t)count)) == 0;
}

static json_t *type_of(json_t *types, const char *name) {
  json_t *type = json_object_get(types, name);
  if (type == NULL && json_object_set_new(types, name, json_object()) == 0)
    type = json_object_get(types, name);
  return type;
}

static bool add_type(json_t *types, const async_type_info_t *info) {
  char name[DEBUG_UTF8_BYTES];
  asyncscope__debug_utf8(info->type, name);
  json_t *type = type_of(types, name);
  return type != NULL && add(type, "created", info->created) &&
         add(type, "destroyed", info->destroyed);
}

static bool add_thread(json_t *types, async_env_t *env) {
  async_type_info_t info;
  for (size_t i = 0; async_inspect_type(env, i, &info, NULL) == 0; i++)
    if (info.created > 0 && !add_type(types, &info))
      return false;
  return true;
}

static bool add_ended(json_t *types, const debug_type_runs_t *ended) {
  bool well = true;
  for (size_t i = 0; i < ended->count && well; i++)
    well = add_type(
        types, &(async_type_info_t){.type = ended->items[i].type,
                                    .created = ended->items[i].created,
                                    .destroyed = ended->items[i].destroyed});
  return well;
}

void asyncscope__json_put_turnover(json_fields_t *fields,
                                   const debug_capture_t *capture) {
  json_t *types = json_object();
  bool well = types != NULL;
  for (size_t i = 0; well && i < capture->thread_count; i++)
    well = add_thread(types, capture->threads[i].env);
  if (well && capture->ended != NULL)
    well = add_ended(types, &capture->ended->types);
  if (!well) {
    json_decref(types);
    types = NULL;
  }
  asyncscope__json_put(fields, "turnover", types);
}
