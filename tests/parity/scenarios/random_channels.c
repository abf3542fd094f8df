/* Programs made by chance, of channels and what they set: random.c says how.
 * Messages and stores begin with a name. */
#include "asyncscope/async_fail.h"
#include "asyncscope/async_local_storage_scope.h"
#include "asyncscope/diagnostics_channel_scope.h"
#include "random_program.h"
#include "scenario.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct named_s {
  const char *name;
} named_t;

static async_local_storage_t *storages[3], *always;
static async_diagnostics_channel_t one, two;
static async_bounded_channel_t bounded;
static async_tracing_channel_t tracing;
static async_diagnostics_channel_t *const channels[] = {
    &one,           &two,         &bounded.start,       &bounded.end,
    &tracing.start, &tracing.end, &tracing.async_start, &tracing.async_end,
    &tracing.error};

static named_t *name(const char *kind, const char *of) {
  named_t *named = scenario_alloc(sizeof(*named) + 32);
  char *text = (char *)(named + 1);
  if (of == NULL)
    snprintf(text, 32, "%s%u", kind, ++random_now.labels);
  else
    snprintf(text, 32, "%s %s", kind, of);
  named->name = text;
  return named;
}

static named_t *label(const char *kind) {
  return name(kind, NULL);
}

static const char *name_of(const void *message) {
  return ((const named_t *)message)->name;
}

static const char *store_of(size_t which) {
  const void *store = async_local_storage_get_store(storages[which]);
  return store == NULL ? "" : name_of(store);
}

static void show(const char *what) {
  trace_print("%s eid=#%" PRId64 " tid=#%" PRId64 " stores=%s,%s,%s", what,
              async_hooks_execution_async_id(), async_hooks_trigger_async_id(),
              store_of(0), store_of(1), store_of(2));
}

static void act(void);

static void step(void) {
  for (unsigned i = random_draw(4);
       i > 0 && random_now.budget > 0 && !random_now.thrown; i--) {
    random_now.budget--;
    act();
  }
}

static void nested(void) {
  if (random_now.depth == 4)
    return;
  random_now.depth++;
  step();
  random_now.depth--;
}

static void throw_sometimes(void) {
  if (random_now.thrown || random_draw(3) != 0)
    return;
  async_fail("%s", label("failure")->name);
  random_now.thrown = true;
}

static void called(const char *what) {
  random_now.depth = 0;
  random_now.thrown = false;
  show(what);
  step();
}

static int inside(void *arg) {
  (void)arg;
  show("inside");
  nested();
  return 0;
}

/* Subscribers and transforms are called while a failure is on its way, too, and
 * what they throw goes no further. */
static void on_message(void *message, const char *channel, void *which) {
  static const char *const kinds[] = {"plain", "nesting", "failing"};
  unsigned kind = (unsigned)(uintptr_t)which;
  bool thrown = random_now.thrown;
  char text[128];
  random_now.thrown = false;
  snprintf(text, sizeof(text), "%s %s %s", kinds[kind], channel,
           name_of(message));
  show(text);
  if (kind > 0)
    nested();
  if (kind == 2)
    throw_sometimes();
  random_now.thrown = thrown;
}

static void *make_store(void *message, void *data) {
  bool thrown = random_now.thrown;
  char text[64];
  (void)data;
  random_now.thrown = false;
  snprintf(text, sizeof(text), "transform %s", name_of(message));
  show(text);
  nested();
  throw_sometimes();
  void *made = random_now.thrown ? NULL : label("made");
  random_now.thrown = thrown;
  return made;
}

static void *rename_store(void *message, void *data) {
  (void)data;
  return name("of", name_of(message));
}

static async_diagnostics_channel_t *pick_channel(void) {
  return channels[random_draw(sizeof(channels) / sizeof(channels[0]))];
}

static void *pick_subscriber(void) {
  return (void *)(uintptr_t)random_draw(3);
}

static const char *word(bool value) {
  return value ? "true" : "false";
}

static void subscribe(void) {
  async_diagnostics_channel_t *channel = pick_channel();
  MUST(async_diagnostics_channel_subscribe(channel, on_message,
                                           pick_subscriber()));
}

static void unsubscribe(void) {
  async_diagnostics_channel_t *channel = pick_channel();
  trace_print("unsubscribe %s", word(async_diagnostics_channel_unsubscribe(
                                    channel, on_message, pick_subscriber())));
}

static void bind_store(void) {
  static const async_diagnostics_transform_cb transforms[] = {NULL, make_store,
                                                              rename_store};
  async_diagnostics_channel_t *channel = pick_channel();
  async_local_storage_t *storage = storages[random_draw(3)];
  MUST(async_diagnostics_channel_bind_store(channel, storage,
                                            transforms[random_draw(3)], NULL));
}

static void unbind_store(void) {
  async_diagnostics_channel_t *channel = pick_channel();
  trace_print("unbind %s", word(async_diagnostics_channel_unbind_store(
                               channel, storages[random_draw(3)])));
}

static void show_subscribers(void) {
  trace_print("has %s %s %s",
              word(async_diagnostics_channel_has_subscribers(pick_channel())),
              word(async_bounded_channel_has_subscribers(&bounded)),
              word(async_tracing_channel_has_subscribers(&tracing)));
}

static void publish(void) {
  async_diagnostics_channel_t *channel = pick_channel();
  async_diagnostics_channel_publish(channel, label("message"));
}

static void run_stores(void) {
  async_diagnostics_channel_t *channel = pick_channel();
  MUST(async_diagnostics_channel_run_stores(channel, label("run"), inside,
                                            NULL));
}

static void with_store_scope(void) {
  async_diagnostics_channel_scope_t scope = {NULL};
  async_diagnostics_channel_t *channel = pick_channel();
  MUST(async_diagnostics_channel_with_store_scope(channel, label("scope"),
                                                  &scope));
  inside(NULL);
  MUST(async_diagnostics_channel_scope_dispose(&scope));
}

static void run_bounded(void) {
  MUST(async_bounded_channel_run(&bounded, label("bounded"), inside, NULL));
}

static void with_bounded_scope(void) {
  async_bounded_channel_scope_t scope = {NULL, NULL, {NULL}};
  MUST(async_bounded_channel_with_scope(&bounded, label("boundedScope"),
                                        &scope));
  inside(NULL);
  MUST(async_bounded_channel_scope_dispose(&scope));
}

/* Its data is the name. */
static async_trace_t *make_trace(const char *kind) {
  async_trace_t *trace = scenario_alloc(sizeof(*trace));
  trace->data = (void *)(uintptr_t)label(kind)->name;
  return trace;
}

static int traced(async_trace_t *trace, void *arg) {
  (void)trace, (void)arg;
  inside(NULL);
  throw_sometimes();
  return 0;
}

static void trace_sync(void) {
  MUST(async_tracing_channel_trace_sync(&tracing, make_trace("sync"), traced,
                                        NULL));
}

static void complete_with(async_trace_t *trace, int error) {
  static char result[] = "result";
  MUST(async_trace_complete(trace, error, error == 0 ? result : NULL));
}

static void complete_in_tick(void *trace) {
  complete_with(trace, UV_EIO);
}

static void complete_in_immediate(async_immediate_t *immediate) {
  complete_with(immediate->resource.data, 0);
}

static int start_traced(async_trace_t *trace, void *later) {
  switch (*(unsigned *)later) {
  case 0:
    complete_with(trace, 0);
    break;
  case 1:
    next_tick(complete_in_tick, trace);
    break;
  default:
    set_immediate(complete_in_immediate)->resource.data = trace;
    break;
  }
  if (!random_now.thrown)
    inside(NULL);
  return 0;
}

typedef struct call_s {
  unsigned later; /* first: what start_traced() reads */
  const char *done;
} call_t;

static void on_done(async_trace_t *trace, void *call) {
  (void)trace;
  called(((call_t *)call)->done);
}

static void trace_callback(void) {
  async_trace_t *trace = make_trace("call");
  call_t *call = scenario_alloc(sizeof(*call));
  call->later = random_draw(3);
  call->done = label("done")->name;
  MUST(async_tracing_channel_trace_callback(&tracing, trace, start_traced,
                                            on_done, call));
}

static void run_store(void) {
  async_local_storage_t *storage = storages[random_draw(3)];
  MUST(async_local_storage_run(storage, label("store"), inside, NULL));
}

static void with_scope(void) {
  async_local_storage_scope_t scope = {NULL, NULL, NULL, NULL};
  async_local_storage_t *storage = storages[random_draw(3)];
  MUST(async_local_storage_with_scope(storage, label("with"), &scope));
  inside(NULL);
  MUST(async_local_storage_scope_dispose(&scope));
}

static void exit_store(void) {
  MUST(async_local_storage_exit(storages[random_draw(3)], inside, NULL));
}

static void enter_store(void) {
  async_local_storage_t *storage = storages[random_draw(3)];
  MUST(async_local_storage_enter_with(storage, label("entered")));
}

static void on_queued(void *what) {
  called(what);
}

static void on_immediate(async_immediate_t *immediate) {
  called(immediate->resource.data);
}

static void *text(const char *kind) {
  return (void *)(uintptr_t)label(kind)->name;
}

static void queue_tick(void) {
  next_tick(on_queued, text("tick"));
}

static void make_microtask(void) {
  queue_microtask(on_queued, text("microtask"));
}

static void make_immediate(void) {
  void *what = text("immediate");
  set_immediate(on_immediate)->resource.data = what;
}

static void catch (void) {
  char message[ASYNC_FAILURE_BYTES], what[ASYNC_FAILURE_BYTES + 8];
  nested();
  if (!random_now.thrown || !async_catch(message))
    return;
  random_now.thrown = false;
  snprintf(what, sizeof(what), "caught %s", message);
  show(what);
}

static void act(void) {
  static void (*const acts[])(void) = {
      subscribe,          unsubscribe,      bind_store,
      unbind_store,       show_subscribers, publish,
      run_stores,         with_store_scope, run_bounded,
      with_bounded_scope, trace_sync,       trace_callback,
      run_store,          exit_store,       enter_store,
      with_scope,         queue_tick,       make_microtask,
      make_immediate,     throw_sometimes,  catch};
  acts[random_draw(sizeof(acts) / sizeof(acts[0]))]();
}

static void on_noop(async_immediate_t *immediate) {
  (void)immediate;
}

/* Node makes an immediate behind the handler, so that its loop turns. */
static void on_uncaught(const char *message, void *data) {
  char what[ASYNC_FAILURE_BYTES + 16];
  (void)data;
  snprintf(what, sizeof(what), "uncaught %s", message);
  show(what);
  set_immediate(on_noop);
}

static void begin(async_immediate_t *immediate) {
  unsigned seed = (unsigned)(uintptr_t)immediate->resource.data;
  random_now = (random_program_t){.state = seed * 2654435761u, .budget = 80};
  enter_with(always, "always");
  trace_print("program %u", seed);
  for (int i = 0; i < 8 && !random_now.thrown; i++)
    step();
}

static void finish(void *arg) {
  (void)arg;
  async_diagnostics_channel_finish(&one);
  async_diagnostics_channel_finish(&two);
  async_bounded_channel_finish(&bounded);
  async_tracing_channel_finish(&tracing);
}

static void make_channels(void) {
  MUST(async_diagnostics_channel_init(&one, "one"));
  MUST(async_diagnostics_channel_init(&two, "two"));
  MUST(async_bounded_channel_init(&bounded, "bounded"));
  MUST(async_tracing_channel_init(&tracing, "tracing"));
  scenario_at_end(finish, NULL);
}

SCENARIO(random_channels) {
  unsigned last = random_seed("RANDOM_LAST", 3);
  always = make_storage();
  for (int i = 0; i < 3; i++)
    storages[i] = make_storage();
  make_channels();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  for (unsigned seed = random_seed("RANDOM_FIRST", 1); seed <= last; seed++) {
    async_id_t before = async_default_trigger_scope_open(ASYNC_ID_NONE);
    set_immediate(begin)->resource.data = (void *)(uintptr_t)seed;
    async_default_trigger_scope_close(before);
    uv_run(scenario_loop(), UV_RUN_DEFAULT);
  }
}
