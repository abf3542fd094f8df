/* What a callback does is drawn when it runs, by numbers that random.js draws
 * too: both halves run the same program for as long as everything happens in
 * the same order. What a program makes lives until the last one has ended. */
#include "random.h"
#include "asyncscope/async_fail.h"
#include "promise.h"
#include "random_show.h"
#include <stdio.h>

enum { LIST_MAX = 64, BUDGET = 60, DEPTH_MAX = 4 };

typedef struct list_s {
  void *items[LIST_MAX];
  unsigned count;
} list_t;

typedef struct known_promise_s {
  async_promise_t *promise;
  bool resolvable; /* not one that then() answered */
  unsigned place;  /* in the list */
  char *names[2];  /* of its callbacks */
} known_promise_t;

typedef struct program_s {
  uint32_t state;
  unsigned labels, budget, depth;
  bool thrown; /* what follows in the callback is left out */
  list_t promises, resources, snapshots, immediates, timers;
  unsigned hooks;
  bool toggling, on[RANDOM_HOOKS_MAX];
} program_t;

static program_t now;
static trace_hook_t hooks[RANDOM_HOOKS_MAX];
static const char *const stores[] = {"A", "B", "C", "D"};

static unsigned draw(unsigned below) {
  now.state ^= now.state << 13;
  now.state ^= now.state >> 17;
  now.state ^= now.state << 5;
  return now.state % below;
}

static void *pick(const list_t *list) {
  return list->count == 0 ? NULL : list->items[draw(list->count)];
}

static void *add(list_t *list, void *item) {
  must(list->count == LIST_MAX ? UV_ENOBUFS : 0, "a list of a random program");
  return list->items[list->count++] = item;
}

static char *label(const char *kind) {
  char *name = scenario_alloc(32);
  snprintf(name, 32, "%s%u", kind, ++now.labels);
  return name;
}

static void act(void);

static void step(void) {
  for (unsigned i = draw(4); i > 0 && now.budget > 0 && !now.thrown; i--) {
    now.budget--;
    act();
  }
}

static int nested(void *arg) {
  (void)arg;
  if (now.depth == DEPTH_MAX)
    return 0;
  now.depth++;
  step();
  now.depth--;
  return 0;
}

static void called(const char *name, const char *value) {
  char text[128];
  now.depth = 0;
  now.thrown = false;
  snprintf(text, sizeof(text), "%s %s", name,
           value == NULL ? "undefined" : value);
  random_show(text);
  step();
}

static void on_queued(void *name) {
  called(name, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  called(immediate->resource.data, NULL);
}

static void on_timer(async_timeout_t *timer) {
  called(timer->resource.data, NULL);
}

/* No circles: nobody collects promises that wait for each other. */
static bool may_wait(const known_promise_t *waiting,
                     const known_promise_t *other) {
  return other != NULL && other->place <= waiting->place;
}

/* Answers its name, another promise, what it was given, nothing. */
static void *on_promise(known_promise_t *derived, const char *name, void *value,
                        bool finally) {
  called(name, value);
  unsigned answer = now.thrown ? 3 : draw(4);
  known_promise_t *other = answer == 1 ? pick(&now.promises) : NULL;
  if (may_wait(derived, other) && !(finally && other == derived))
    MUST(async_promise_resolve_with(derived->promise, other->promise));
  return answer == 0 ? (void *)(uintptr_t)name : answer == 2 ? value : NULL;
}

static void *on_fulfilled(async_promise_t *derived, void *value, void *known) {
  (void)derived;
  return on_promise(known, ((known_promise_t *)known)->names[0], value, false);
}

static void *on_rejected(async_promise_t *derived, void *value, void *known) {
  (void)derived;
  return on_promise(known, ((known_promise_t *)known)->names[1], value, false);
}

static void on_finally(async_promise_t *derived, void *known) {
  (void)derived;
  on_promise(known, ((known_promise_t *)known)->names[0], NULL, true);
}

static void add_promise(known_promise_t *known, async_promise_t *promise) {
  known->promise = promise_keep(promise);
  known->place = now.promises.count;
  add(&now.promises, known);
}

static void make_immediate(void) {
  async_immediate_t *immediate = set_immediate(on_immediate);
  immediate->resource.data = label("immediate");
  add(&now.immediates, immediate);
}

static void on_other_timer(async_timeout_t *timer) {
  (void)timer;
}

static void make_timer(void) {
  async_timeout_t *timer = set_timeout(on_timer, 1);
  timer->resource.data = label("timer");
  add(&now.timers, timer);
}

static void make_promise(void) {
  known_promise_t *known = scenario_alloc(sizeof(*known));
  async_promise_t *promise;
  known->resolvable = true;
  MUST(async_promise_create(&promise));
  add_promise(known, promise);
}

static void settle(int (*as)(async_promise_t *promise, void *result),
                   const char *kind) {
  known_promise_t *known = pick(&now.promises);
  if (known != NULL && known->resolvable)
    MUST(as(known->promise, label(kind)));
}

static void adopt(void) {
  known_promise_t *waiting = pick(&now.promises);
  known_promise_t *other = pick(&now.promises);
  if (waiting != NULL && waiting->resolvable && may_wait(waiting, other))
    MUST(async_promise_resolve_with(waiting->promise, other->promise));
}

static void derive(const char *fulfilled, const char *rejected, bool finally) {
  known_promise_t *from = pick(&now.promises), *known;
  async_promise_t *derived;
  if (from == NULL)
    return;
  known = scenario_alloc(sizeof(*known));
  known->names[0] = fulfilled == NULL ? NULL : label(fulfilled);
  known->names[1] = rejected == NULL ? NULL : label(rejected);
  if (finally)
    MUST(async_promise_finally(from->promise, on_finally, known, &derived));
  else
    MUST(async_promise_then(
        from->promise, fulfilled == NULL ? NULL : on_fulfilled,
        rejected == NULL ? NULL : on_rejected, known, &derived));
  add_promise(known, derived);
}

static void run_nested(void) {
  async_resource_t *resource = pick(&now.resources);
  if (resource != NULL)
    MUST(async_resource_run_in_async_scope(resource, nested, NULL));
}

static void end_resource(void) {
  async_resource_t *resource = pick(&now.resources);
  if (resource != NULL && resource->data == NULL)
    MUST(async_resource_emit_destroy(resource));
  if (resource != NULL)
    resource->data = resource; /* ended */
}

static void run_store(void) {
  async_local_storage_t *storage = random_storages[draw(2)];
  void *store = (void *)(uintptr_t)stores[draw(4)];
  MUST(async_local_storage_run(storage, store, nested, NULL));
}

static void enter_store(void) {
  async_local_storage_t *storage = random_storages[draw(2)];
  enter_with(storage, stores[draw(4)]);
}

static void finish_snapshot(void *snapshot) {
  async_local_storage_snapshot_finish(snapshot);
}

static void take_snapshot(void) {
  async_local_storage_snapshot_t *snapshot = scenario_alloc(sizeof(*snapshot));
  MUST(async_local_storage_snapshot(snapshot));
  scenario_at_end(finish_snapshot, snapshot);
  add(&now.snapshots, snapshot);
}

static void call_snapshot(void) {
  async_local_storage_snapshot_t *snapshot = pick(&now.snapshots);
  if (snapshot != NULL)
    MUST(async_local_storage_snapshot_run(snapshot, nested, NULL));
}

static void throw(void) {
  if (draw(3) != 0)
    return;
  async_fail("%s", label("failure"));
  now.thrown = true;
}

static void catch (void) {
  char message[ASYNC_FAILURE_BYTES];
  unsigned depth = now.depth;
  nested(NULL);
  now.depth = depth;
  if (!now.thrown)
    return;
  now.thrown = false;
  async_catch(message);
  trace_print("caught %s", message);
}

static void clear(list_t *list, bool timers) {
  void *item = pick(list);
  if (item != NULL && timers)
    clear_timeout(item);
  else if (item != NULL)
    async_immediate_stop(item);
}

static void toggle(unsigned hook) {
  now.on[hook] = !now.on[hook];
  trace_print("hook %s", now.on[hook] ? "true" : "false");
  if (now.on[hook])
    trace_hook_enable(&hooks[hook]);
  else
    trace_hook_disable(&hooks[hook]);
}

static void act(void) {
  switch (draw(25)) {
  case 0:
    next_tick(on_queued, label("tick"));
    break;
  case 1:
    queue_microtask(on_queued, label("microtask"));
    break;
  case 2:
    make_immediate();
    break;
  case 3:
    clear(&now.immediates, false);
    break;
  case 4:
    clear(&now.timers, true);
    break;
  case 5:
    make_promise();
    break;
  case 6:
    settle(async_promise_resolve, "value");
    break;
  case 7:
    settle(async_promise_reject, "reason");
    break;
  case 8:
    adopt();
    break;
  case 9:
    derive("then", NULL, false);
    break;
  case 10:
    derive(NULL, "catch", false);
    break;
  case 11:
    derive("finally", NULL, true);
    break;
  case 12:
    derive("is", "isnt", false);
    break;
  case 13:
    add(&now.resources, make_resource("R"));
    break;
  case 14:
    run_nested();
    break;
  case 15:
    end_resource();
    break;
  case 16:
    run_store();
    break;
  case 17:
    enter_store();
    break;
  case 18:
    async_local_storage_exit(random_storages[draw(2)], nested, NULL);
    break;
  case 19:
    enter_with(random_storages[draw(2)], NULL);
    break;
  case 20:
    take_snapshot();
    break;
  case 21:
    call_snapshot();
    break;
  case 22:
    throw();
    break;
  case 23:
    catch ();
    break;
  default:
    if (now.toggling)
      toggle(draw(now.hooks));
    break;
  }
}

static void begin(async_immediate_t *immediate) {
  unsigned seed = (unsigned)(uintptr_t)immediate->resource.data;
  now = (program_t){.state = seed * 2654435761u,
                    .budget = BUDGET,
                    .hooks = now.hooks,
                    .toggling = now.toggling};
  random_show_begin();
  trace_print("program %u", seed);
  for (unsigned i = 0; i < now.hooks && !now.toggling; i++)
    trace_hook_enable(&hooks[i]);
  set_timeout(on_other_timer, 1); /* Node's fires for those cleared, too */
  for (unsigned i = draw(4); i > 0; i--)
    make_timer();
  be_busy(4);
  for (int i = 0; i < 8 && !now.thrown; i++)
    step();
}

static void make_hooks(const random_options_t *options) {
  static const char *const names[] = {"0", "1"};
  for (; now.hooks < RANDOM_HOOKS_MAX && options->hooks[now.hooks] != 0;
       now.hooks++) {
    unsigned events = options->hooks[now.hooks];
    trace_hook_t *hook = &hooks[now.hooks];
    trace_hook_make(hook, names[now.hooks], events);
    hook->without = events & TRACE_DESTROY ? " PROMISE " : NULL;
  }
}

void random_run(const random_options_t *options) {
  random_show_init();
  make_hooks(options);
  now.toggling = options->toggle;
  for (unsigned seed = options->first; seed <= options->last; seed++) {
    async_id_t before = async_default_trigger_scope_open(ASYNC_ID_NONE);
    set_immediate(begin)->resource.data = (void *)(uintptr_t)seed;
    async_default_trigger_scope_close(before);
    uv_run(scenario_loop(), UV_RUN_DEFAULT);
    trace_stop_all();
  }
}
