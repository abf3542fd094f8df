#include "recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes its memory from C's library and not through async_malloc(), so that a
 * test which fails the nth allocation keeps what led up to it. */

static const char *const kind_names[] = {"init",    "before",  "after",
                                         "destroy", "resolve", "mark"};

static bool reserve_one(recorder_t *recorder) {
  if (recorder->count < recorder->capacity) {
    return true;
  }
  size_t capacity = recorder->capacity == 0 ? 64 : recorder->capacity * 2;
  recorded_event_t *events =
      realloc(recorder->events, capacity * sizeof(*events));
  if (events == NULL) {
    return false;
  }
  recorder->events = events;
  recorder->capacity = capacity;
  return true;
}

static void add(recorder_t *recorder, recorded_event_t event) {
  if (!reserve_one(recorder)) {
    recorder->lost++;
    return;
  }
  recorder->events[recorder->count++] = event;
}

static const char *type_of(const recorder_t *recorder, async_id_t async_id) {
  for (size_t i = recorder->count; i > 0; i--) {
    const recorded_event_t *event = &recorder->events[i - 1];
    if (event->kind == RECORDED_INIT && event->async_id == async_id) {
      return event->type;
    }
  }
  return "?";
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  add(data,
      (recorded_event_t){.kind = RECORDED_INIT,
                         .async_id = async_id,
                         .type = type,
                         .trigger_async_id = trigger_async_id,
                         .execution_async_id = async_hooks_execution_async_id(),
                         .resource = resource});
}

static void add_now(recorder_t *recorder, recorded_kind_t kind,
                    async_id_t async_id, const char *type) {
  add(recorder,
      (recorded_event_t){.kind = kind,
                         .async_id = async_id,
                         .type = type,
                         .trigger_async_id = async_hooks_trigger_async_id(),
                         .execution_async_id = async_hooks_execution_async_id(),
                         .resource = async_hooks_execution_async_resource()});
}

static void add_later(recorder_t *recorder, recorded_kind_t kind,
                      async_id_t async_id) {
  add_now(recorder, kind, async_id, type_of(recorder, async_id));
}

static void on_before(async_id_t async_id, void *data) {
  add_later(data, RECORDED_BEFORE, async_id);
}

static void on_after(async_id_t async_id, void *data) {
  add_later(data, RECORDED_AFTER, async_id);
}

static void on_destroy(async_id_t async_id, void *data) {
  add_later(data, RECORDED_DESTROY, async_id);
}

static void on_resolve(async_id_t async_id, void *data) {
  add_later(data, RECORDED_RESOLVE, async_id);
}

int recorder_start(recorder_t *recorder) {
  static const async_hook_callbacks_t callbacks = {.init = on_init,
                                                   .before = on_before,
                                                   .after = on_after,
                                                   .destroy = on_destroy,
                                                   .promise_resolve =
                                                       on_resolve};
  memset(recorder, 0, sizeof(*recorder));
  async_hook_init(&recorder->hook, &callbacks, recorder);
  return async_hook_enable(&recorder->hook);
}

void recorder_stop(recorder_t *recorder) {
  async_hook_disable(&recorder->hook);
}

void recorder_mark(recorder_t *recorder, const char *text) {
  add_now(recorder, RECORDED_MARK, async_hooks_execution_async_id(), text);
}

static bool matches(const recorded_event_t *event, recorded_kind_t kind,
                    const char *type) {
  return event->kind == kind &&
         (type == NULL || strcmp(event->type, type) == 0);
}

size_t recorder_count(const recorder_t *recorder, recorded_kind_t kind,
                      const char *type) {
  size_t count = 0;
  for (size_t i = 0; i < recorder->count; i++) {
    count += matches(&recorder->events[i], kind, type);
  }
  return count;
}

size_t recorder_count_id(const recorder_t *recorder, recorded_kind_t kind,
                         async_id_t async_id) {
  size_t count = 0;
  for (size_t i = 0; i < recorder->count; i++) {
    const recorded_event_t *event = &recorder->events[i];
    count += event->kind == kind && event->async_id == async_id;
  }
  return count;
}

size_t recorder_position(const recorder_t *recorder, recorded_kind_t kind,
                         const char *type, size_t nth) {
  for (size_t i = 0; i < recorder->count; i++) {
    if (matches(&recorder->events[i], kind, type) && nth-- == 0) {
      return i;
    }
  }
  return SIZE_MAX;
}

const recorded_event_t *recorder_find(const recorder_t *recorder,
                                      recorded_kind_t kind, const char *type,
                                      size_t nth) {
  size_t position = recorder_position(recorder, kind, type, nth);
  return position == SIZE_MAX ? NULL : &recorder->events[position];
}

async_id_t recorder_id(const recorder_t *recorder, const char *type,
                       size_t nth) {
  const recorded_event_t *event =
      recorder_find(recorder, RECORDED_INIT, type, nth);
  return event == NULL ? ASYNC_ID_UNSET : event->async_id;
}

bool recorder_has_counts(const recorder_t *recorder, async_id_t async_id,
                         size_t inits, size_t befores, size_t afters,
                         size_t destroys) {
  return recorder_count_id(recorder, RECORDED_INIT, async_id) == inits &&
         recorder_count_id(recorder, RECORDED_BEFORE, async_id) == befores &&
         recorder_count_id(recorder, RECORDED_AFTER, async_id) == afters &&
         recorder_count_id(recorder, RECORDED_DESTROY, async_id) == destroys;
}

size_t recorder_alive(const recorder_t *recorder, const char *type) {
  size_t alive = 0;
  for (size_t i = 0; i < recorder->count; i++) {
    const recorded_event_t *event = &recorder->events[i];
    alive +=
        matches(event, RECORDED_INIT, type) &&
        recorder_count_id(recorder, RECORDED_DESTROY, event->async_id) == 0;
  }
  return alive;
}

static bool is_named(const char *types, const char *type) {
  size_t length = strlen(type);
  while (types != NULL && *types != '\0') {
    size_t word = strcspn(types, " ");
    if (word == length && memcmp(types, type, length) == 0) {
      return true;
    }
    types += word + strspn(types + word, " ");
  }
  return types == NULL;
}

static void write_text(FILE *stream, const recorder_t *recorder,
                       const char *types) {
  const char *separator = "";
  for (size_t i = 0; i < recorder->count; i++) {
    const recorded_event_t *event = &recorder->events[i];
    if (event->kind == RECORDED_MARK) {
      fprintf(stream, "%s%s", separator, event->type);
    } else if (is_named(types, event->type)) {
      fprintf(stream, "%s%s %s", separator, kind_names[event->kind],
              event->type);
    } else {
      continue;
    }
    separator = ", ";
  }
}

char *recorder_text(const recorder_t *recorder, const char *types) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (stream == NULL) {
    return NULL;
  }
  write_text(stream, recorder, types);
  fclose(stream);
  return text;
}

void recorder_print(const recorder_t *recorder) {
  for (size_t i = 0; i < recorder->count; i++) {
    const recorded_event_t *event = &recorder->events[i];
    fprintf(stderr,
            "%4zu %-7s %5" PRId64 " %-20s trigger %" PRId64
            " execution %" PRId64 "\n",
            i, kind_names[event->kind], event->async_id, event->type,
            event->trigger_async_id, event->execution_async_id);
  }
}

void recorder_finish(recorder_t *recorder) {
  recorder_stop(recorder);
  free(recorder->events);
  memset(recorder, 0, sizeof(*recorder));
}
