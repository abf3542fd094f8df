#include "debug_fixture.h"

#include "asyncscope/async_allocator.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const async_site_t made_site = {"room/made.c", "make", 7};

debug_snapshot_t *made_snapshot(void) {
  debug_snapshot_t *snapshot = async_calloc(1, sizeof(*snapshot));
  if (snapshot != NULL) {
    snprintf(snapshot->tool_name, DEBUG_NAME_BYTES, "asyncscope");
    snprintf(snapshot->command, DEBUG_NAME_BYTES, "made");
    snapshot->begun_ns = MADE_NS;
    snapshot->ended_ns = MADE_NS;
  }
  return snapshot;
}

debug_thread_t *made_thread(debug_snapshot_t *snapshot, uint32_t thread,
                            async_env_kind_t kind, const char *name) {
  snapshot->threads = asyncscope__debug_grow(
      snapshot->threads, snapshot->thread_count, &snapshot->thread_capacity,
      sizeof(*snapshot->threads));
  debug_thread_t *made = &snapshot->threads[snapshot->thread_count++];
  *made = (debug_thread_t){.first = snapshot->resource_count,
                           .captured_ns = MADE_NS};
  made->info.thread = thread;
  made->info.kind = kind;
  snprintf(made->info.name, ASYNC_ENV_NAME_BYTES, "%s", name);
  return made;
}

async_resource_info_t *made_across(debug_snapshot_t *snapshot, async_id_t id,
                                   const char *type, async_ref_t trigger) {
  debug_thread_t *thread = &snapshot->threads[snapshot->thread_count - 1];
  snapshot->resources = asyncscope__debug_grow(
      snapshot->resources, snapshot->resource_count,
      &snapshot->resource_capacity, sizeof(*snapshot->resources));
  debug_resource_t *made = &snapshot->resources[snapshot->resource_count++];
  *made = (debug_resource_t){.hidden = false};
  made->info.thread = thread->info.thread;
  made->info.async_id = id;
  made->info.trigger = trigger;
  made->info.type = type;
  made->info.site = &made_site;
  made->info.created_ns = MADE_NS - 1000000;
  made->info.ref = true;
  thread->count++;
  return &made->info;
}

async_resource_info_t *made_resource(debug_snapshot_t *snapshot, async_id_t id,
                                     const char *type, async_id_t trigger) {
  uint32_t thread = snapshot->threads[snapshot->thread_count - 1].info.thread;
  async_resource_info_t *info =
      made_across(snapshot, id, type, (async_ref_t){thread, trigger});
  info->trigger_async_id = trigger;
  info->execution_async_id = trigger;
  return info;
}

void made_name(async_resource_info_t *info, const char *name) {
  snprintf(info->name, sizeof(info->name), "%s", name);
}

void made_ancestor(debug_snapshot_t *snapshot, async_id_t id, const char *type,
                   async_id_t trigger) {
  uint32_t thread = snapshot->threads[snapshot->thread_count - 1].info.thread;
  snapshot->gone =
      asyncscope__debug_grow(snapshot->gone, snapshot->gone_count,
                             &snapshot->gone_capacity, sizeof(*snapshot->gone));
  snapshot->gone[snapshot->gone_count++] =
      (debug_gone_t){.ref = {thread, id},
                     .trigger = {thread, trigger},
                     .type = type,
                     .site = &made_site};
}

void made_entry(debug_snapshot_t *snapshot, async_id_t id, uint64_t since_us) {
  async_env_info_t *info = &snapshot->threads[snapshot->thread_count - 1].info;
  if (info->stack_depth < ASYNC_STACK_PUBLISHED) {
    info->stack[info->stack_depth] =
        (async_stack_entry_t){id, 0, MADE_NS - since_us * 1000};
  }
  info->stack_depth++;
}

static void add_chunk(answer_t *answer, const char *chunk, size_t length) {
  answer->text = realloc(answer->text, answer->length + length + 1);
  memcpy(answer->text + answer->length, chunk, length);
  answer->length += length;
  answer->text[answer->length] = '\0';
  answer->chunks += length > 0;
  if (length > answer->longest_chunk) {
    answer->longest_chunk = length;
  }
}

answer_t read_answer(asyncscope_debug_stream_t *stream) {
  answer_t answer = {.status = 0};
  const char *chunk = "";
  size_t length;
  do {
    length = 0;
    answer.status = asyncscope_debug_stream_next(stream, &chunk, &length);
    if (answer.status != UV_EAGAIN)
      add_chunk(&answer, chunk, length);
  } while (answer.status == UV_EAGAIN || (answer.status == 0 && length > 0));
  asyncscope_debug_stream_destroy(stream);
  return answer;
}

int made_stream(debug_snapshot_t *snapshot, const debug_format_t *format,
                asyncscope_debug_stream_t **ret_stream) {
  void *state;
  int error = format == &asyncscope__debug_overview_json
                  ? asyncscope__debug_json_create(snapshot, &state)
                  : asyncscope__debug_tree_create(snapshot, &state);
  if (error == 0) {
    *ret_stream = asyncscope__debug_stream_create();
    (*ret_stream)->format = format;
    (*ret_stream)->state = state;
  }
  return error;
}

answer_t made_answer(debug_snapshot_t *snapshot, const debug_format_t *format) {
  asyncscope_debug_stream_t *stream;
  int error = asyncscope__debug_snapshot_relate(snapshot);
  if (error != 0)
    asyncscope__debug_snapshot_destroy(snapshot);
  else
    error = made_stream(snapshot, format, &stream);
  return error != 0 ? (answer_t){.status = error} : read_answer(stream);
}

answer_t live_answer(const asyncscope_debug_options_t *options,
                     const debug_format_t *format) {
  bool json = format == &asyncscope__debug_overview_json;
  asyncscope_debug_t *debug;
  const asyncscope_debug_request_t request = {.path = json ? "/debug"
                                                           : "/debug/tree"};
  asyncscope_debug_answer_t answer;
  answer_t read = {.status = asyncscope_debug_create(options, &debug)};
  if (read.status != 0)
    return read;
  read.status = asyncscope_debug_open(debug, &request, &answer);
  if (read.status == 0)
    read = read_answer(answer.stream);
  asyncscope_debug_destroy(debug);
  return read;
}

void answer_free(answer_t *answer) {
  free(answer->text);
  *answer = (answer_t){.status = 0};
}

json_t *answer_json(answer_t *answer) {
  json_t *document = answer->status != 0
                         ? NULL
                         : json_loadb(answer->text, answer->length,
                                      JSON_REJECT_DUPLICATES, NULL);
  answer_free(answer);
  return document;
}

const char *json_text_of(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text == NULL ? "" : text;
}

json_t *json_named(const json_t *document, const char *array, const char *key,
                   const char *value) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(document, array), i, item) {
    if (strcmp(json_text_of(item, key), value) == 0) {
      return item;
    }
  }
  return NULL;
}

/* Not with strstr(): under a sanitizer each call measures the whole text. */
size_t occurrences(const char *text, const char *part) {
  size_t length = strlen(part);
  size_t count = 0;
  for (const char *at = text; *at != '\0'; at++) {
    count += *at == *part && strncmp(at, part, length) == 0;
  }
  return count;
}

const char *line_with(const char *text, const char *part) {
  static char line[4096];
  const char *at = strstr(text, part);
  line[0] = '\0';
  if (at != NULL) {
    const char *begin = at;
    while (begin > text && begin[-1] != '\n') {
      begin--;
    }
    snprintf(line, sizeof(line), "%.*s", (int)strcspn(begin, "\n"), begin);
  }
  return line;
}
