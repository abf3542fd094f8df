/* The document is a walk over a table of sections. Each step writes one
 * element: what stands before it, the element as jansson printed it, without
 * the braces where its members are continued by the next section. The cursor
 * moves only after the whole step fitted. */
#include "debug.h"
#include "formats.h"
#include "json_element.h"
#include "json_fields.h"

#include "asyncscope/async_allocator.h"
#include <string.h>

enum strip_e { STRIP_OPEN = 1 << 0, STRIP_CLOSE = 1 << 1 };

enum section_e {
  SECTION_OVERVIEW,
  SECTION_CAPTURE,
  SECTION_CAPTURE_THREADS,
  SECTION_COUNTS,
  SECTION_TYPES,
  SECTION_THREADS,
  SECTION_THREAD_COMMA,
  SECTION_THREAD,
  SECTION_THREAD_IDS,
  SECTION_THREAD_REQUESTS,
  SECTION_THREADS_END,
  SECTION_POOL,
  SECTION_POOLS,
  SECTION_RESOURCES,
  SECTION_GONE,
  SECTION_REQUESTS,
  SECTION_END
};

typedef struct debug_json_s {
  debug_snapshot_t *snapshot;
  size_t section, index, emitted;
  size_t thread; /* of the SECTION_THREAD* */
} debug_json_t;

/* A section without `count` is only its `open`. */
typedef struct section_s {
  const char *open, *close; /* NULL is "" */
  size_t (*count)(const debug_json_t *json);
  json_t *(*item)(const debug_json_t *json);
  bool (*shown)(const debug_json_t *json); /* NULL: all of them */
  unsigned strip;
  bool optional; /* nothing at all where there is no item */
} section_t;

static size_t one(const debug_json_t *json) {
  (void)json;
  return 1;
}

static const debug_thread_t *thread_at(const debug_json_t *json) {
  return &json->snapshot->threads[json->thread];
}

static const debug_resource_t *resource_at(const debug_json_t *json) {
  return &json->snapshot->resources[json->index];
}

static json_t *overview(const debug_json_t *json) {
  return asyncscope__json_overview(json->snapshot);
}

static json_t *capture(const debug_json_t *json) {
  return asyncscope__json_capture(json->snapshot);
}

static size_t thread_count(const debug_json_t *json) {
  return json->snapshot->thread_count;
}

static json_t *capture_thread(const debug_json_t *json) {
  return asyncscope__json_capture_thread(json->snapshot,
                                         &json->snapshot->threads[json->index]);
}

static json_t *counts(const debug_json_t *json) {
  return asyncscope__json_counts(json->snapshot);
}

static size_t type_count(const debug_json_t *json) {
  return json->snapshot->type_count;
}

static json_t *type(const debug_json_t *json) {
  return asyncscope__json_type(&json->snapshot->types[json->index]);
}

static json_t *thread(const debug_json_t *json) {
  return asyncscope__json_thread(json->snapshot, thread_at(json));
}

static size_t thread_id_count(const debug_json_t *json) {
  return thread_at(json)->count;
}

static const debug_resource_t *thread_resource_at(const debug_json_t *json) {
  return &json->snapshot->resources[thread_at(json)->first + json->index];
}

static json_t *thread_id(const debug_json_t *json) {
  return json_integer(thread_resource_at(json)->info.async_id);
}

static bool thread_id_shown(const debug_json_t *json) {
  return !thread_resource_at(json)->hidden;
}

static size_t thread_request_count(const debug_json_t *json) {
  return thread_at(json)->request_count;
}

static json_t *thread_request(const debug_json_t *json) {
  size_t at = thread_at(json)->first_request + json->index;
  return asyncscope__json_request_id(json->snapshot->thread_requests[at]);
}

static size_t first_pool(const debug_json_t *json) {
  return json->snapshot->pool_count > 0;
}

static size_t several_pools(const debug_json_t *json) {
  size_t count = json->snapshot->pool_count;
  return count > 1 ? count : 0;
}

static json_t *pool(const debug_json_t *json) {
  return asyncscope__json_pool(&json->snapshot->pools[json->index]);
}

static size_t resource_count(const debug_json_t *json) {
  return json->snapshot->resource_count;
}

static json_t *resource(const debug_json_t *json) {
  return asyncscope__json_resource(json->snapshot, resource_at(json));
}

static bool resource_shown(const debug_json_t *json) {
  return !resource_at(json)->hidden;
}

static size_t gone_count(const debug_json_t *json) {
  return json->snapshot->gone_count;
}

static json_t *gone(const debug_json_t *json) {
  return asyncscope__json_gone(&json->snapshot->gone[json->index]);
}

static json_t *request(const debug_json_t *json) {
  return asyncscope__json_request(json->snapshot, resource_at(json));
}

static bool request_shown(const debug_json_t *json) {
  return asyncscope__debug_is_request(resource_at(json));
}

static const section_t sections[] = {
    [SECTION_OVERVIEW] = {.count = one, .item = overview, .strip = STRIP_CLOSE},
    [SECTION_CAPTURE] = {.open = ",\"snapshot\":",
                         .count = one,
                         .item = capture,
                         .strip = STRIP_CLOSE},
    [SECTION_CAPTURE_THREADS] = {.open = ",\"threads\":[",
                                 .close = "],\"missing\":[]}",
                                 .count = thread_count,
                                 .item = capture_thread},
    [SECTION_COUNTS] = {.open = ",\"counts\":",
                        .count = one,
                        .item = counts,
                        .strip = STRIP_CLOSE},
    [SECTION_TYPES] = {.open = ",\"byType\":{",
                       .close = "}}",
                       .count = type_count,
                       .item = type,
                       .strip = STRIP_OPEN | STRIP_CLOSE},
    [SECTION_THREADS] = {.open = ",\"threads\":["},
    [SECTION_THREAD_COMMA] = {.open = ","},
    [SECTION_THREAD] = {.count = one, .item = thread, .strip = STRIP_CLOSE},
    [SECTION_THREAD_IDS] = {.open = ",\"asyncIds\":[",
                            .close = "]",
                            .count = thread_id_count,
                            .item = thread_id,
                            .shown = thread_id_shown},
    [SECTION_THREAD_REQUESTS] = {.open = ",\"requestIds\":[",
                                 .close = "]}",
                                 .count = thread_request_count,
                                 .item = thread_request},
    [SECTION_THREADS_END] = {.open = "]"},
    [SECTION_POOL] = {.open = ",\"pool\":",
                      .count = first_pool,
                      .item = pool,
                      .optional = true},
    [SECTION_POOLS] = {.open = ",\"pools\":[",
                       .close = "]",
                       .count = several_pools,
                       .item = pool,
                       .optional = true},
    [SECTION_RESOURCES] = {.open = ",\"resources\":[",
                           .close = "]",
                           .count = resource_count,
                           .item = resource,
                           .shown = resource_shown},
    [SECTION_GONE] = {.open = ",\"ancestors\":[",
                      .close = "]",
                      .count = gone_count,
                      .item = gone},
    [SECTION_REQUESTS] = {.open = ",\"requests\":[",
                          .close = "]",
                          .count = resource_count,
                          .item = request,
                          .shown = request_shown},
    [SECTION_END] = {.open = ",\"warnings\":[]}\n"},
};

/* Behind the last section of a thread comes the first of the next. */
static void next_section(debug_json_t *json) {
  bool more = json->snapshot->thread_count > 0;
  json->index = 0;
  json->emitted = 0;
  if (json->section == SECTION_THREADS) {
    json->section = more ? SECTION_THREAD : SECTION_THREADS_END;
  } else if (json->section == SECTION_THREAD_REQUESTS) {
    more = ++json->thread < json->snapshot->thread_count;
    json->section = more ? SECTION_THREAD_COMMA : SECTION_THREADS_END;
  } else {
    json->section++;
  }
}

static void strip(debug_buffer_t *buffer, size_t from, unsigned what) {
  char *begin = buffer->bytes + from;
  if ((what & STRIP_CLOSE) != 0) {
    buffer->used_bytes--;
  }
  if ((what & STRIP_OPEN) != 0) {
    buffer->used_bytes--;
    memmove(begin, begin + 1, buffer->used_bytes - from);
  }
}

/* Takes `value` over. ASCII alone, so that a terminal shows it harmlessly. */
static int append_value(debug_buffer_t *buffer, json_t *value,
                        unsigned to_strip) {
  size_t from = buffer->used_bytes;
  size_t room_bytes = sizeof(buffer->bytes) - from;
  size_t length =
      json_dumpb(value, buffer->bytes + from, room_bytes,
                 JSON_COMPACT | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
  json_decref(value);
  if (length == 0) {
    return UV_ENOMEM;
  }
  if (length > room_bytes) {
    return UV_ENOBUFS;
  }
  buffer->used_bytes += length;
  strip(buffer, from, to_strip);
  return 0;
}

static int append_literal(debug_buffer_t *buffer, const char *text) {
  return text == NULL ? 0 : asyncscope__debug_append_text(buffer, text);
}

static int append_item(debug_json_t *json, const section_t *section,
                       debug_buffer_t *buffer) {
  const char *before = json->emitted == 0 ? section->open : ",";
  int err = append_literal(buffer, before);
  json_t *value = err == 0 ? section->item(json) : NULL;
  if (err == 0) {
    err =
        value == NULL ? UV_ENOMEM : append_value(buffer, value, section->strip);
  }
  if (err == 0) {
    json->emitted++;
    json->index++;
  }
  return err;
}

static int append_close(debug_json_t *json, const section_t *section,
                        debug_buffer_t *buffer) {
  bool nothing = json->emitted == 0;
  int err = 0;
  if (nothing && !section->optional) {
    err = append_literal(buffer, section->open);
  }
  if (err == 0 && !(nothing && section->optional)) {
    err = append_literal(buffer, section->close);
  }
  if (err == 0) {
    next_section(json);
  }
  return err;
}

static int json_step(void *state, debug_buffer_t *buffer) {
  debug_json_t *json = state;
  const section_t *section = &sections[json->section];
  size_t count = section->count == NULL ? 0 : section->count(json);
  while (json->index < count && section->shown != NULL &&
         !section->shown(json)) {
    json->index++;
  }
  int err = json->index < count ? append_item(json, section, buffer)
                                : append_close(json, section, buffer);
  return err != 0 ? err : json->section <= SECTION_END;
}

int asyncscope__debug_json_create(debug_snapshot_t *snapshot,
                                  void **ret_state) {
  debug_json_t *json = async_calloc(1, sizeof(*json));
  if (json == NULL) {
    asyncscope__debug_snapshot_destroy(snapshot);
    return UV_ENOMEM;
  }
  json->snapshot = snapshot;
  *ret_state = json;
  return 0;
}

static int json_open(const debug_call_t *call, void **ret_state) {
  debug_snapshot_t *snapshot;
  int error = asyncscope__debug_snapshot_take(&call->debug->options, &snapshot);
  return error != 0 ? error
                    : asyncscope__debug_json_create(snapshot, ret_state);
}

static void json_close(void *state) {
  debug_json_t *json = state;
  asyncscope__debug_snapshot_destroy(json->snapshot);
  async_free(json);
}

const debug_format_t asyncscope__debug_overview_json = {
    "json", DEBUG_JSON_TYPE, json_open, json_step, json_close, NULL};
