/* /debug/resources?group_by= as JSON. */
#include "document.h"
#include "formats.h"
#include "grouping.h"
#include "json_resource.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>

#define PATH_SHOWN 64 /* steps of a path, the last ones */

typedef struct groups_json_s {
  debug_document_t document;
  debug_grouping_t grouping;
  size_t at;
  bool begun;                /* the group's object is open */
  uint32_t path[PATH_SHOWN]; /* of that group */
  size_t path_at;
} groups_json_t;

static int prepare(void *state, json_writer_t *writer) {
  groups_json_t *json = state;
  (void)writer;
  return asyncscope__debug_grouping_build(&json->grouping);
}

static json_t *totals(const debug_grouping_t *grouping) {
  static const char *const names[] = {"type", "site", "path", "request",
                                      "thread"};
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(&fields, "groupBy", names[grouping->groups.by]);
  asyncscope__json_put_unsigned(&fields, "matched", grouping->matched);
  asyncscope__json_put_unsigned(&fields, "others", grouping->groups.others);
  return asyncscope__json_end(&fields);
}

static int begin_list(void *state, json_writer_t *writer) {
  groups_json_t *json = state;
  int error = asyncscope__json_write_members(writer, totals(&json->grouping));
  return error == 0 ? asyncscope__json_open_array(writer, "groups") : error;
}

static json_t *step_of(const debug_group_t *group) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_name(&fields, "type", group->key.type);
  asyncscope__json_put_site(&fields, "site", group->key.site);
  return asyncscope__json_end(&fields);
}

static void put_key(json_fields_t *fields, const debug_group_t *group) {
  asyncscope__json_put_name(fields, "type", group->key.type);
  asyncscope__json_put_site(fields, "site", group->key.site);
  asyncscope__json_put_request(fields, "requestId", group->key.request);
  if (group->key.thread != ASYNC_THREAD_NONE)
    asyncscope__json_put_unsigned(fields, "thread", group->key.thread);
}

static json_t *element(const debug_group_t *group) {
  json_fields_t fields = asyncscope__json_begin();
  put_key(&fields, group);
  asyncscope__json_put_unsigned(&fields, "count", group->count);
  asyncscope__json_put(&fields, "states",
                       asyncscope__json_states(group->states));
  asyncscope__json_put_key(&fields, "oldest", group->oldest);
  asyncscope__json_put_unsigned(&fields, "oldestAgeUs", group->oldest_us);
  asyncscope__json_put_unsigned(&fields, "newestAgeUs", group->newest_us);
  asyncscope__json_put_unsigned(&fields, "runUs", group->run_us);
  asyncscope__json_put_unsigned(&fields, "callbacks", group->callbacks);
  return asyncscope__json_end(&fields);
}

/* The last steps of its path, from the root. */
static void find_path(groups_json_t *json, uint32_t group) {
  json->path_at = PATH_SHOWN;
  while (json->path_at > 0 && group != DEBUG_GROUP_LOST) {
    json->path[--json->path_at] = group;
    group = json->grouping.groups.items[group].key.parent;
  }
}

static int begin_group(groups_json_t *json, json_writer_t *writer,
                       uint32_t group) {
  bool path = json->grouping.groups.by == DEBUG_GROUP_PATH;
  int error = asyncscope__json_open_object(writer, NULL);
  json->path_at = PATH_SHOWN;
  if (error != 0 || !path)
    return error;
  find_path(json, group);
  return asyncscope__json_open_array(writer, "path");
}

static int end_group(const groups_json_t *json, json_writer_t *writer,
                     uint32_t group) {
  const debug_groups_t *groups = &json->grouping.groups;
  int error = 0;
  if (groups->by == DEBUG_GROUP_PATH)
    error = asyncscope__json_close(writer);
  if (error == 0)
    error =
        asyncscope__json_write_members(writer, element(&groups->items[group]));
  return error == 0 ? asyncscope__json_close(writer) : error;
}

/* A path may be long: its steps are pieces of their own. */
static int write_group(void *state, json_writer_t *writer) {
  groups_json_t *json = state;
  const debug_grouping_t *grouping = &json->grouping;
  int error;
  if (json->at == grouping->shown)
    return 0;
  uint32_t group = grouping->order[json->at];
  if (!json->begun) {
    error = begin_group(json, writer, group);
    json->begun = error == 0;
  } else if (json->path_at < PATH_SHOWN) {
    error = asyncscope__json_write(
        writer, NULL,
        step_of(&grouping->groups.items[json->path[json->path_at]]));
    json->path_at += error == 0;
  } else {
    error = end_group(json, writer, group);
    json->begun = error != 0;
    json->at += error == 0;
  }
  return error == 0 ? 1 : error;
}

static int end_list(void *state, json_writer_t *writer) {
  groups_json_t *json = state;
  bool cut = json->grouping.shown < json->grouping.found;
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_write(writer, "truncated", json_boolean(cut));
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {prepare,    asyncscope__debug_write_head,
                                      begin_list, write_group,
                                      end_list,   NULL};

static int begin(void *state, debug_call_t *call) {
  groups_json_t *json = state;
  json->document = asyncscope__debug_document(
      parts, "groups", &json->grouping.capture, call->query);
  return asyncscope__debug_grouping_init(&json->grouping, call);
}

static void json_close(void *state) {
  groups_json_t *json = state;
  asyncscope__debug_grouping_finish(&json->grouping);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(groups_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_groups_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
