/* A trace hook lives until the scenario ends: what it remembers of ids must
 * outlast the resources they name. */
#include "trace.h"
#include "scenario.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static trace_hook_t started;
static trace_hook_t *made;

static bool lists(const char *types, const char *type) {
  char word[64];
  snprintf(word, sizeof(word), " %s ", type);
  return strstr(types, word) != NULL;
}

static unsigned char *seen_of(trace_hook_t *hook, async_id_t async_id) {
  size_t index = (size_t)async_id;
  if (index >= hook->seen_max) {
    size_t max = index * 2 + 64;
    hook->seen = realloc(hook->seen, max);
    if (hook->seen == NULL) {
      abort();
    }
    memset(hook->seen + hook->seen_max, 0, max - hook->seen_max);
    hook->seen_max = max;
  }
  return &hook->seen[index];
}

static bool shows(trace_hook_t *hook, async_id_t async_id) {
  unsigned char seen = async_id < 0 ? 0 : *seen_of(hook, async_id);
  return seen == 0 ? hook->only == NULL : seen == 1;
}

static void prefix(const trace_hook_t *hook) {
  if (hook->name[0] != '\0') {
    printf("%s:", hook->name);
  }
}

static void tell(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  if (hook->on != NULL) {
    hook->on(hook, event, async_id);
  }
}

static void on_event(trace_hook_t *hook, unsigned event, const char *word,
                     async_id_t async_id) {
  if (shows(hook, async_id)) {
    prefix(hook);
    printf("%s %" PRId64 "\n", word, async_id);
    tell(hook, event, async_id);
  }
}

static void remember(trace_hook_t *hook, async_id_t async_id,
                     const char *type) {
  bool shown = true;
  if (hook->only != NULL) {
    shown = lists(hook->only, type);
  } else if (hook->without != NULL) {
    shown = !lists(hook->without, type);
  }
  *seen_of(hook, async_id) = shown ? 1 : 2;
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  trace_hook_t *hook = data;
  (void)resource;
  remember(hook, async_id, type);
  if (shows(hook, async_id)) {
    prefix(hook);
    printf("init %" PRId64 " %s %" PRId64 " %" PRId64 "\n", async_id, type,
           trigger_async_id, async_hooks_execution_async_id());
    tell(hook, TRACE_INIT, async_id);
  }
}

/* A hook for fewer events still has to learn the types. */
static void on_silent_init(async_id_t async_id, const char *type,
                           async_id_t trigger_async_id,
                           async_resource_t *resource, void *data) {
  (void)trigger_async_id;
  (void)resource;
  remember(data, async_id, type);
}

static void on_before(async_id_t async_id, void *data) {
  on_event(data, TRACE_BEFORE, "before", async_id);
}

static void on_after(async_id_t async_id, void *data) {
  on_event(data, TRACE_AFTER, "after", async_id);
}

static void on_destroy(async_id_t async_id, void *data) {
  on_event(data, TRACE_DESTROY, "destroy", async_id);
}

static void on_resolve(async_id_t async_id, void *data) {
  on_event(data, TRACE_RESOLVE, "resolve", async_id);
}

static void forget(void *arg) {
  trace_hook_t *hook = arg;
  free(hook->seen);
}

void trace_hook_make(trace_hook_t *hook, const char *name, unsigned events) {
  async_hook_callbacks_t callbacks = {
      .init = events & TRACE_INIT ? on_init : on_silent_init,
      .before = events & TRACE_BEFORE ? on_before : NULL,
      .after = events & TRACE_AFTER ? on_after : NULL,
      .destroy = events & TRACE_DESTROY ? on_destroy : NULL,
      .promise_resolve = events & TRACE_RESOLVE ? on_resolve : NULL,
  };
  *hook = (trace_hook_t){.name = name, .next = made};
  made = hook;
  scenario_at_end(forget, hook);
  async_hook_init(&hook->hook, &callbacks, hook);
}

void trace_hook_enable(trace_hook_t *hook) {
  if (async_hook_enable(&hook->hook) != 0) {
    trace_print("a hook could not be enabled");
  }
}

void trace_hook_disable(trace_hook_t *hook) {
  async_hook_disable(&hook->hook);
}

static void start(const char *only, const char *without) {
  trace_hook_make(&started, "", TRACE_ALL);
  started.only = only;
  started.without = without;
  trace_hook_enable(&started);
}

void trace_start(void) {
  start(NULL, NULL);
}

void trace_start_only(const char *only) {
  start(only, NULL);
}

void trace_start_without(const char *without) {
  start(NULL, without);
}

void trace_stop(void) {
  if (started.name != NULL) {
    trace_hook_disable(&started);
  }
}

void trace_stop_all(void) {
  for (trace_hook_t *hook = made; hook != NULL; hook = hook->next) {
    trace_hook_disable(hook);
  }
}

void trace_print(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("print ", stdout);
  vprintf(format, args);
  putchar('\n');
  va_end(args);
}

void trace_where(const char *text) {
  trace_print("%s eid=#%" PRId64 " tid=#%" PRId64, text,
              async_hooks_execution_async_id(), async_hooks_trigger_async_id());
}

void trace_store(const char *text, const async_local_storage_t *storage) {
  const char *store = async_local_storage_get_store(storage);
  trace_print("%s store=%s", text, store == NULL ? "undefined" : store);
}

void trace_refused(const char *text, int status) {
  trace_print("%s %s", text, status < 0 ? "refused" : "accepted");
}
