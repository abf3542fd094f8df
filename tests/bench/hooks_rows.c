#include "hooks_rows.h"

#include "hooks_promises.h"

#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_recorder.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/async_uv_handle.h"
#include "asyncscope/async_uv_timer.h"

#define LIVE_AT_A_TIME 64

static struct bench_s {
  uv_loop_t loop;
  async_hook_t hooks[HOOKS_MAX], init_hooks[HOOKS_MAX];
  async_local_storage_t storages[STORAGES_MAX];
  async_resource_t outer, one;
  async_tick_t ticks[AT_A_TURN];
  async_immediate_t immediates[AT_A_TURN];
  async_uv_timer_t timers[AT_A_TURN];
  size_t storage_count;
  int store;
} bench;

async_local_storage_t *rows_storage(void) {
  return &bench.storages[bench.storage_count - 1];
}

static int nothing(void *arg) {
  (void)arg;
  return 0;
}

/* As in a program: callbacks in which a hundred things happen, and behind each
 * the destroy events are delivered. */
static void in_callbacks(size_t count, void (*some)(size_t count)) {
  for (size_t done = 0; done < count; done += AT_A_TURN) {
    async_resource_enter(&bench.outer);
    some(count - done < AT_A_TURN ? count - done : AT_A_TURN);
    async_resource_leave(&bench.outer);
    async_env_flush();
  }
}

static void some_lives(size_t count) {
  async_resource_t resource;
  for (size_t i = 0; i < count; i++) {
    async_resource_init(&resource, "BENCH", NULL);
    async_resource_enter(&resource);
    async_resource_leave(&resource);
    async_resource_finish(&resource);
  }
}

static void lives(size_t count) {
  in_callbacks(count, some_lives);
}

/* Many alive, so that records are not always the same one. */
static void some_lives_together(size_t count) {
  static async_resource_t resources[LIVE_AT_A_TIME];
  for (size_t i = 0; i < count; i++) {
    async_resource_t *resource = &resources[i % LIVE_AT_A_TIME];
    async_resource_finish(resource);
    async_resource_init(resource, "BENCH", NULL);
    async_resource_enter(resource);
    async_resource_leave(resource);
  }
  for (size_t i = 0; i < LIVE_AT_A_TIME; i++)
    async_resource_finish(&resources[i]);
}

static void lives_together(size_t count) {
  in_callbacks(count, some_lives_together);
}

static void some_inits(size_t count) {
  async_resource_t resource;
  for (size_t i = 0; i < count; i++) {
    async_resource_init(&resource, "BENCH", NULL);
    async_resource_finish(&resource);
  }
}

static void inits(size_t count) {
  in_callbacks(count, some_inits);
}

static void scopes(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_resource_enter(&bench.one);
    async_resource_leave(&bench.one);
  }
}

static void nested_scopes(size_t count) {
  static async_resource_t resources[8];
  for (size_t i = 0; i < 8; i++)
    async_resource_init(&resources[i], "BENCH", NULL);
  for (size_t i = 0; i < count; i++)
    (i & 8) == 0 ? (void)async_resource_enter(&resources[i & 7])
                 : async_resource_leave(&resources[7 - (i & 7)]);
  for (size_t i = 0; i < 8; i++)
    async_resource_finish(&resources[i]);
}

/* In one cache line: the loop takes as long as what it measures otherwise, as
 * it happens to lie. */
__attribute__((noinline, aligned(64))) static void get_stores_of(
    const async_local_storage_t *storage, size_t count) {
  for (size_t i = 0; i < count; i++)
    async_local_storage_get_store(storage);
}

static void get_stores(size_t count) {
  get_stores_of(rows_storage(), count);
}

static void get_outermost_stores(size_t count) {
  get_stores_of(&bench.storages[0], count);
}

static void runs(size_t count) {
  async_local_storage_t *storage = rows_storage();
  for (size_t i = 0; i < count; i++)
    async_local_storage_run(storage, (char *)&bench + (i & 1), nothing, NULL);
}

static void enters_with(size_t count) {
  for (size_t i = 0; i < count; i++)
    async_local_storage_enter_with(rows_storage(), (char *)&bench + (i & 1));
}

static void some_snapshots(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_local_storage_snapshot_t snapshot;
    async_local_storage_snapshot(&snapshot);
    async_local_storage_snapshot_run(&snapshot, nothing, NULL);
    async_local_storage_snapshot_finish(&snapshot);
  }
}

static void snapshots(size_t count) {
  in_callbacks(count, some_snapshots);
}

static void some_binds(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_local_storage_bound_t bound;
    async_local_storage_bind(&bound, nothing);
    async_local_storage_bound_call(&bound, NULL);
    async_local_storage_bound_finish(&bound);
  }
}

static void binds(size_t count) {
  in_callbacks(count, some_binds);
}

static void resource_binds(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_bound_t bound;
    async_resource_bind(&bench.one, nothing, &bound);
    async_bound_finish(&bound);
  }
}

static void on_tick(async_tick_t *tick) {
  (void)tick;
}

static void ticks(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_tick_start(&bench.ticks[i % AT_A_TURN], on_tick, NULL);
    if ((i + 1) % AT_A_TURN == 0)
      async_env_flush();
  }
  async_env_flush();
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
}

static void immediates(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_immediate_start(&bench.immediates[i % AT_A_TURN], on_immediate);
    if ((i + 1) % AT_A_TURN == 0)
      uv_run(&bench.loop, UV_RUN_DEFAULT);
  }
  uv_run(&bench.loop, UV_RUN_DEFAULT);
}

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

static void timers(size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_uv_timer_start(&bench.timers[i % AT_A_TURN], on_timer, 0, 0);
    if ((i + 1) % AT_A_TURN == 0)
      uv_run(&bench.loop, UV_RUN_DEFAULT);
  }
  uv_run(&bench.loop, UV_RUN_DEFAULT);
}

const row_t rows[] = {
    {"init-destroy", inits, AT_TOP_LEVEL},
    {"init-destroy-bare", inits, AT_TOP_LEVEL | BARE},
    {"before-after", scopes, 0},
    {"before-after-bare", scopes, BARE},
    {"nested-boundary", nested_scopes, 0},
    {"life", lives, AT_TOP_LEVEL},
    {"life-bare", lives, AT_TOP_LEVEL | BARE},
    {"lives-together", lives_together, AT_TOP_LEVEL},
    {"get-store", get_stores, 0},
    {"get-store-outermost", get_outermost_stores, 0},
    {"run", runs, 0},
    {"enter-with", enters_with, 0},
    {"snapshot", snapshots, AT_TOP_LEVEL},
    {"bind", binds, AT_TOP_LEVEL},
    {"resource-bind", resource_binds, 0},
    {"next-tick", ticks, AT_TOP_LEVEL},
    {"immediate", immediates, AT_TOP_LEVEL},
    {"timer", timers, AT_TOP_LEVEL},
    {"promise-then", promise_thens, AT_TOP_LEVEL},
    {"promise-chain", promise_chains, AT_TOP_LEVEL},
    {"await", promise_awaits, AT_TOP_LEVEL},
    {"run-await", promise_run_awaits, AT_TOP_LEVEL},
    {"then-catch", promise_catches, AT_TOP_LEVEL},
    {"then-catch-init", promise_catches, AT_TOP_LEVEL | INIT_ONLY},
    {NULL, NULL, 0},
};

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)type, (void)trigger_async_id, (void)resource;
  (void)data;
}

static void on_event(async_id_t async_id, void *data) {
  (void)async_id, (void)data;
}

static int init_all(void) {
  static const async_hook_callbacks_t callbacks = {on_init, on_event, on_event,
                                                   on_event, NULL};
  static const async_hook_callbacks_t init_only = {.init = on_init};
  int error = 0;
  for (size_t i = 0; i < HOOKS_MAX; i++) {
    async_hook_init(&bench.hooks[i], &callbacks, NULL);
    async_hook_init(&bench.init_hooks[i], &init_only, NULL);
  }
  for (size_t i = 0; error == 0 && i < AT_A_TURN; i++)
    error = async_uv_timer_init(&bench.loop, &bench.timers[i]);
  return error;
}

int rows_open(void) {
  int error = uv_loop_init(&bench.loop);
  if (error == 0)
    error = async_env_attach(&bench.loop);
  return error == 0 ? init_all() : error;
}

int rows_close(void) {
  for (size_t i = 0; i < AT_A_TURN; i++)
    async_uv_close((async_uv_handle_t *)&bench.timers[i], NULL);
  uv_run(&bench.loop, UV_RUN_DEFAULT);
  int error = async_env_detach();
  return error == 0 ? uv_loop_close(&bench.loop) : error;
}

static void open_storages(const around_t *around) {
  bench.storage_count = around->storages == 0 ? 1 : around->storages;
  for (size_t i = 0; i < bench.storage_count; i++)
    async_local_storage_init(&bench.storages[i], NULL);
  for (size_t i = 0; i < around->storages; i++)
    async_local_storage_enter_with(&bench.storages[i], &bench.store);
}

static void close_storages(void) {
  async_context_frame_release(async_context_frame_exchange(NULL));
  for (size_t i = 0; i < bench.storage_count; i++)
    async_local_storage_finish(&bench.storages[i]);
}

static void run_inside(const row_t *row, size_t count,
                       void (*measured)(const row_t *row, size_t count)) {
  async_resource_init(&bench.outer, "OUTER", NULL);
  async_resource_init(&bench.one, "ONE", NULL);
  if (!(row->how & AT_TOP_LEVEL))
    async_resource_enter(&bench.outer);
  measured(row, count);
  if (!(row->how & AT_TOP_LEVEL))
    async_resource_leave(&bench.outer);
  async_resource_finish(&bench.one);
  async_resource_finish(&bench.outer);
}

void rows_run(const row_t *row, const around_t *around, size_t count,
              void (*measured)(const row_t *row, size_t count)) {
  bool bare = (row->how & BARE) != 0;
  async_hook_t *hooks = row->how & INIT_ONLY ? bench.init_hooks : bench.hooks;
  for (size_t i = 0; i < around->hooks; i++)
    async_hook_enable(&hooks[i]);
  async_env_set_recorder_bytes(bare ? 0 : ASYNC_RECORDER_BYTES);
  async_env_set_times(!bare);
  open_storages(around);
  run_inside(row, count, measured);
  close_storages();
  for (size_t i = 0; i < around->hooks; i++)
    async_hook_disable(&hooks[i]);
  async_env_flush();
}
