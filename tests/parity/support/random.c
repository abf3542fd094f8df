/* What a callback does is drawn when it runs, by numbers that random.js draws
 * too: both halves run the same program for as long as everything happens in
 * the same order. What a program makes lives until the last one has ended. */
#include "asyncscope/async_fail.h"
#include "asyncscope/async_local_storage_scope.h"
#include "random_program.h"
#include "random_show.h"
#include <stdio.h>
#include <stdlib.h>

random_program_t random_now;
static trace_hook_t hooks[RANDOM_HOOKS_MAX];
static const char *const stores[] = {"A", "B", "C", "D"};

unsigned random_draw(unsigned below) {
  random_now.state ^= random_now.state << 13;
  random_now.state ^= random_now.state >> 17;
  random_now.state ^= random_now.state << 5;
  return random_now.state % below;
}

void *random_pick(const random_list_t *list) {
  return list->count == 0 ? NULL : list->items[random_draw(list->count)];
}

void *random_add(random_list_t *list, void *item) {
  must(list->count == LIST_MAX ? UV_ENOBUFS : 0, "a list of a random program");
  return list->items[list->count++] = item;
}

char *random_label(const char *kind) {
  char *name = scenario_alloc(32);
  snprintf(name, 32, "%s%u", kind, ++random_now.labels);
  return name;
}

static void act(void);

static void step(void) {
  for (unsigned i = random_draw(4);
       i > 0 && random_now.budget > 0 && !random_now.thrown; i--) {
    random_now.budget--;
    act();
  }
}

static int nested(void *arg) {
  (void)arg;
  if (random_now.depth == DEPTH_MAX)
    return 0;
  random_now.depth++;
  step();
  random_now.depth--;
  return 0;
}

/* Where timers were started they are due when the loop looks, whoever is slow.
 */
void random_called(const char *name, const char *value) {
  char text[128];
  random_now.depth = 0;
  random_now.thrown = false;
  snprintf(text, sizeof(text), "%s %s", name,
           value == NULL ? "undefined" : value);
  random_show(text);
  step();
  if (random_now.timing)
    be_busy(3);
}

static void on_queued(void *name) {
  random_called(name, NULL);
}

static void on_immediate(async_immediate_t *immediate) {
  random_called(immediate->resource.data, NULL);
}

static void on_timer(async_timeout_t *timer) {
  random_called(timer->resource.data, NULL);
}

static void make_immediate(void) {
  async_immediate_t *immediate = set_immediate(on_immediate);
  immediate->resource.data = random_label("immediate");
  random_add(&random_now.immediates, immediate);
}

static void on_other_timer(async_timeout_t *timer) {
  (void)timer;
}

static void make_timer(void) {
  async_timeout_t *timer = set_timeout(on_timer, 1);
  timer->resource.data = random_label("timer");
  random_add(&random_now.timers, timer);
}

typedef struct interval_s {
  const char *name;
  unsigned times;
} interval_t;

static void on_interval(async_timeout_t *timer) {
  interval_t *interval = timer->resource.data;
  if (++interval->times == 3)
    clear_timeout(timer);
  random_called(interval->name, NULL);
}

static void make_interval(void) {
  interval_t *interval = scenario_alloc(sizeof(*interval));
  interval->name = random_label("interval");
  async_timeout_t *timer = set_interval(on_interval, 1);
  timer->resource.data = interval;
  random_now.timing = true;
  random_add(&random_now.timers, timer);
}

static void make_later_timer(void) {
  random_now.timing = true;
  make_timer();
}

static void refresh(void) {
  async_timeout_t *timer = random_pick(&random_now.timers);
  if (timer == NULL)
    return;
  random_now.timing = true;
  MUST(async_timeout_refresh(timer));
}

static void run_nested(void) {
  async_resource_t *resource = random_pick(&random_now.resources);
  if (resource != NULL)
    MUST(async_resource_run_in_async_scope(resource, nested, NULL));
}

static void end_resource(void) {
  async_resource_t *resource = random_pick(&random_now.resources);
  if (resource != NULL && resource->data == NULL)
    MUST(async_resource_emit_destroy(resource));
  if (resource != NULL)
    resource->data = resource; /* ended */
}

/* Not where storages are disabled, too: als_disable_behind_a_run */
static void run_store(void) {
  async_local_storage_t *storage = random_storages[random_draw(2)];
  void *store = (void *)(uintptr_t)stores[random_draw(4)];
  if (random_now.disabling)
    nested(NULL);
  else
    MUST(async_local_storage_run(storage, store, nested, NULL));
}

static void with_scope(void) {
  async_local_storage_t *storage = random_storages[random_draw(2)];
  void *store = (void *)(uintptr_t)stores[random_draw(4)];
  async_local_storage_scope_t scope = {0};
  if (!random_now.disabling)
    MUST(async_local_storage_with_scope(storage, store, &scope));
  nested(NULL);
  if (!random_now.disabling)
    MUST(async_local_storage_scope_dispose(&scope));
}

static void exit_store(void) {
  async_local_storage_t *storage = random_storages[random_draw(2)];
  if (random_now.disabling)
    nested(NULL);
  else
    MUST(async_local_storage_exit(storage, nested, NULL));
}

static void disable_storage(void) {
  async_local_storage_t *storage = random_storages[random_draw(2)];
  if (random_now.disabling)
    async_local_storage_disable(storage);
}

static void enter_store(void) {
  async_local_storage_t *storage = random_storages[random_draw(2)];
  enter_with(storage, stores[random_draw(4)]);
}

static void finish_snapshot(void *snapshot) {
  async_local_storage_snapshot_finish(snapshot);
}

static void take_snapshot(void) {
  async_local_storage_snapshot_t *snapshot = scenario_alloc(sizeof(*snapshot));
  MUST(async_local_storage_snapshot(snapshot));
  scenario_at_end(finish_snapshot, snapshot);
  random_add(&random_now.snapshots, snapshot);
}

static void call_snapshot(void) {
  async_local_storage_snapshot_t *snapshot = random_pick(&random_now.snapshots);
  if (snapshot != NULL)
    MUST(async_local_storage_snapshot_run(snapshot, nested, NULL));
}

static void throw(void) {
  if (random_draw(3) != 0)
    return;
  async_fail("%s", random_label("failure"));
  random_now.thrown = true;
}

static void catch (void) {
  char message[ASYNC_FAILURE_BYTES];
  unsigned depth = random_now.depth;
  nested(NULL);
  random_now.depth = depth;
  if (!random_now.thrown)
    return;
  random_now.thrown = false;
  async_catch(message);
  trace_print("caught %s", message);
}

static void clear(random_list_t *list, bool timers) {
  void *item = random_pick(list);
  if (item != NULL && timers)
    clear_timeout(item);
  else if (item != NULL)
    async_immediate_stop(item);
}

static void toggle(unsigned hook) {
  random_now.on[hook] = !random_now.on[hook];
  trace_print("hook %s", random_now.on[hook] ? "true" : "false");
  if (random_now.on[hook])
    trace_hook_enable(&hooks[hook]);
  else
    trace_hook_disable(&hooks[hook]);
}

static void change(trace_hook_t *hook, unsigned event, async_id_t async_id) {
  (void)hook, (void)event, (void)async_id;
  if (random_draw(6) == 0)
    toggle(random_draw(random_now.hooks));
}

static void act(void) {
  switch (random_draw(30)) {
  case 0:
    next_tick(on_queued, random_label("tick"));
    break;
  case 1:
    queue_microtask(on_queued, random_label("microtask"));
    break;
  case 2:
    make_immediate();
    break;
  case 3:
    clear(&random_now.immediates, false);
    break;
  case 4:
    clear(&random_now.timers, true);
    break;
  case 5:
    make_later_timer();
    break;
  case 6:
    make_interval();
    break;
  case 7:
    refresh();
    break;
  case 8:
    random_make_promise();
    break;
  case 9:
    random_settle(async_promise_resolve, "value");
    break;
  case 10:
    random_settle(async_promise_reject, "reason");
    break;
  case 11:
    random_adopt();
    break;
  case 12:
    random_derive("then", NULL, false);
    break;
  case 13:
    random_derive(NULL, "catch", false);
    break;
  case 14:
    random_derive("finally", NULL, true);
    break;
  case 15:
    random_derive("is", "isnt", false);
    break;
  case 16:
    random_add(&random_now.resources, make_resource("R"));
    break;
  case 17:
    run_nested();
    break;
  case 18:
    end_resource();
    break;
  case 19:
    run_store();
    break;
  case 20:
    with_scope();
    break;
  case 21:
    disable_storage();
    break;
  case 22:
    enter_store();
    break;
  case 23:
    exit_store();
    break;
  case 24:
    enter_with(random_storages[random_draw(2)], NULL);
    break;
  case 25:
    take_snapshot();
    break;
  case 26:
    call_snapshot();
    break;
  case 27:
    throw();
    break;
  case 28:
    catch ();
    break;
  default:
    if (random_now.toggling)
      toggle(random_draw(random_now.hooks));
    break;
  }
}

static void begin(async_immediate_t *immediate) {
  unsigned seed = (unsigned)(uintptr_t)immediate->resource.data;
  random_now = (random_program_t){.state = seed * 2654435761u,
                                  .budget = BUDGET,
                                  .hooks = random_now.hooks,
                                  .toggling = random_now.toggling,
                                  .disabling = random_now.disabling,
                                  .held = random_now.held};
  random_show_begin();
  trace_print("program %u", seed);
  for (unsigned i = 0; i < random_now.hooks && !random_now.toggling; i++)
    trace_hook_enable(&hooks[i]);
  set_timeout(on_other_timer, 1); /* Node's fires for those cleared, too */
  for (unsigned i = random_draw(4); i > 0; i--)
    make_timer();
  be_busy(4);
  for (int i = 0; i < 8 && !random_now.thrown; i++)
    step();
  if (random_now.timing)
    be_busy(3);
}

static void make_hooks(const random_options_t *options) {
  static const char *const names[] = {"0", "1"};
  for (; random_now.hooks < RANDOM_HOOKS_MAX &&
         options->hooks[random_now.hooks] != 0;
       random_now.hooks++) {
    unsigned events = options->hooks[random_now.hooks];
    trace_hook_t *hook = &hooks[random_now.hooks];
    trace_hook_make(hook, names[random_now.hooks], events);
    hook->without = events & TRACE_DESTROY ? " PROMISE " : NULL;
    hook->on = options->inside ? change : NULL;
    MUST(async_hook_set_track_promises(&hook->hook,
                                       !options->blind[random_now.hooks]));
  }
}

unsigned random_seed(const char *variable, unsigned otherwise) {
  const char *text = getenv(variable);
  return text == NULL ? otherwise : (unsigned)strtoul(text, NULL, 10);
}

void random_run(const random_options_t *options) {
  unsigned last = random_seed("RANDOM_LAST", options->last);
  random_show_init(options->unasked);
  make_hooks(options);
  random_now.toggling = options->toggle;
  random_now.disabling = options->disable;
  random_now.held = options->held;
  for (unsigned seed = random_seed("RANDOM_FIRST", options->first);
       seed <= last; seed++) {
    async_id_t before = async_default_trigger_scope_open(ASYNC_ID_NONE);
    set_immediate(begin)->resource.data = (void *)(uintptr_t)seed;
    async_default_trigger_scope_close(before);
    uv_run(scenario_loop(), UV_RUN_DEFAULT);
    trace_stop_all();
  }
}
