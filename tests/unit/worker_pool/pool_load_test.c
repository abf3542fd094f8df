/* Many tasks, several loops, several workers: nothing lost, nothing mixed. */
#include "pool_fixture.h"

#include <stdlib.h>
#include <string.h>

#define LOOPS    2
#define IN_HAND  128    /* tasks of one loop at a time */
#define TASKS    500000 /* of one loop, divided by ASYNCSCOPE_TEST_SCALE */
#define FRACTION 500    /* of that, where everything is very slow */
#define EVENTS   4      /* init, before, after, destroy */

/* The store of one task, written by its loop's thread alone. */
typedef struct store_s {
  int retained, released, released_elsewhere;
  int events; /* of the task, as many as have come in their order; -1: not so */
} store_t;

typedef struct load_s load_t;

typedef struct unit_s {
  worker_task_t task;
  load_t *load;
  store_t *store, *work_store;
} unit_t;

struct load_s {
  worker_pool_t *pool;
  async_local_storage_t *als;
  store_t *stores;
  int tasks, submitted, done, cancelled;
  int refused, failed, wrong_store, wrong_thread, released_early;
  int wrong_events;
  uint32_t thread;
  bool clean;
  async_hook_t hook;
  async_id_t *ids; /* of each task, in the order of their submits */
  int inits;
  unit_t units[IN_HAND];
};

static int task_count(void) {
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  const char *scale = getenv("ASYNCSCOPE_TEST_SCALE");
  bool reduced = load != NULL && strcmp(load, "reduced") == 0;
  long divisor = scale == NULL ? 1 : strtol(scale, NULL, 10);
  return reduced || divisor < 1 ? TASKS / FRACTION : TASKS / (int)divisor;
}

/* Event number `event` of a task: it must have had all before, and no other. */
static void note_event(load_t *load, int task, int event) {
  store_t *store = &load->stores[task];
  store->events = store->events == event ? event + 1 : -1;
}

/* Ids rise with the submits; what is alive is near the end. */
static void note_event_of(load_t *load, async_id_t async_id, int event) {
  int low = 0, high = load->inits;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (load->ids[middle] < async_id)
      low = middle + 1;
    else
      high = middle;
  }
  if (low < load->inits && load->ids[low] == async_id)
    note_event(load, low, event);
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  load_t *load = data;
  (void)trigger_async_id, (void)resource;
  if (strcmp(type, "WORK") != 0 || load->inits == load->tasks)
    return;
  load->ids[load->inits] = async_id;
  note_event(load, load->inits++, 0);
}

static void on_before(async_id_t async_id, void *data) {
  note_event_of(data, async_id, 1);
}

static void on_after(async_id_t async_id, void *data) {
  note_event_of(data, async_id, 2);
}

static void on_destroy(async_id_t async_id, void *data) {
  note_event_of(data, async_id, 3);
}

static int watch(load_t *load) {
  static const async_hook_callbacks_t callbacks = {.init = on_init,
                                                   .before = on_before,
                                                   .after = on_after,
                                                   .destroy = on_destroy};
  async_hook_init(&load->hook, &callbacks, load);
  return async_hook_enable(&load->hook);
}

static _Thread_local uint32_t home = ASYNC_THREAD_NONE;

static void store_retain(void *store) {
  ((store_t *)store)->retained++;
}

static void store_release(void *store) {
  store_t *own = store;
  own->released++;
  own->released_elsewhere += home == ASYNC_THREAD_NONE;
}

static int unit_work(worker_task_t *task) {
  unit_t *unit = (unit_t *)task;
  unit->work_store = async_local_storage_get_store(unit->load->als);
  return 0;
}

static void submit_next(unit_t *unit);

static void unit_done(worker_task_t *task, int status) {
  unit_t *unit = (unit_t *)task;
  load_t *load = unit->load;
  load->done++;
  load->cancelled += status == UV_ECANCELED;
  load->failed += status != 0 && status != UV_ECANCELED;
  load->wrong_store += status == 0 && unit->work_store != unit->store;
  load->wrong_store += async_local_storage_get_store(load->als) != unit->store;
  load->wrong_thread += async_env_thread() != load->thread;
  load->released_early += unit->store->released;
  load->wrong_events += unit->store->events != 2; /* init, before */
  submit_next(unit);
}

static int submit_unit(void *arg) {
  unit_t *unit = arg;
  return worker_pool_submit(unit->load->pool, &unit->task, unit_work,
                            unit_done);
}

static void submit_next(unit_t *unit) {
  load_t *load = unit->load;
  if (load->submitted == load->tasks)
    return;
  unit->store = &load->stores[load->submitted++];
  load->refused +=
      async_local_storage_run(load->als, unit->store, submit_unit, unit) != 0;
}

static void run_load(uv_loop_t *loop, void *arg) {
  load_t *load = arg;
  home = load->thread = async_env_thread();
  load->failed += watch(load) != 0;
  for (int i = 0; i < IN_HAND; i++) {
    load->units[i].load = load;
    submit_next(&load->units[i]);
  }
  uv_run(loop, UV_RUN_DEFAULT);
}

static void load_thread(void *arg) {
  load_t *load = arg;
  load->clean = run_on_loop_thread(run_load, load);
}

static int stores_out_of_balance(const load_t *load) {
  int wrong = 0;
  for (int i = 0; i < load->submitted; i++)
    wrong += load->stores[i].retained != 1 || load->stores[i].released != 1 ||
             load->stores[i].released_elsewhere != 0 ||
             load->stores[i].events != EVENTS;
  return wrong;
}

static void assert_load(const load_t *load) {
  assert_true(load->clean);
  assert_int_equal(load->submitted, load->tasks);
  assert_int_equal(load->done, load->tasks);
  assert_int_equal(load->refused + load->failed + load->cancelled, 0);
  assert_int_equal(load->wrong_store, 0);
  assert_int_equal(load->wrong_thread, 0);
  assert_int_equal(load->released_early, 0);
  assert_int_equal(load->wrong_events, 0);
  assert_int_equal(stores_out_of_balance(load), 0);
}

static void init_load(load_t *load, fixture_t *f) {
  load->pool = f->pool;
  load->als = &f->als;
  load->tasks = task_count();
  load->stores = calloc((size_t)load->tasks, sizeof(*load->stores));
  load->ids = calloc((size_t)load->tasks, sizeof(*load->ids));
  assert_non_null(load->stores);
  assert_non_null(load->ids);
}

static void finish_load(load_t *load) {
  free(load->stores);
  free(load->ids);
}

static void count_stores(fixture_t *f) {
  async_local_storage_options_t options = {.retain = store_retain,
                                           .release = store_release};
  async_local_storage_finish(&f->als);
  assert_int_equal(async_local_storage_init(&f->als, &options), 0);
}

static void every_task_of_two_loops_keeps_its_store(void **state) {
  fixture_t *f = *state;
  static load_t loads[LOOPS];
  uv_thread_t threads[LOOPS];
  count_stores(f);
  for (int i = 0; i < LOOPS; i++)
    init_load(&loads[i], f);
  for (int i = 0; i < LOOPS; i++)
    assert_int_equal(uv_thread_create(&threads[i], load_thread, &loads[i]), 0);
  for (int i = 0; i < LOOPS; i++)
    uv_thread_join(&threads[i]);
  for (int i = 0; i < LOOPS; i++)
    assert_load(&loads[i]);
  assert_int_equal(pool_info(f).completed,
                   (unsigned)(loads[0].tasks + loads[1].tasks));
  for (int i = 0; i < LOOPS; i++)
    finish_load(&loads[i]);
}

/* Both loops leave with tasks waiting and running: each is done all the same,
 * on its own thread, and no store is left. */
static void leave_early(uv_loop_t *loop, void *arg) {
  load_t *load = arg;
  home = load->thread = async_env_thread();
  load->failed += watch(load) != 0;
  for (int i = 0; i < IN_HAND; i++) {
    load->units[i].load = load;
    submit_next(&load->units[i]);
  }
  uv_run(loop, UV_RUN_ONCE);
  load->tasks = load->submitted;
}

static void leaving_thread(void *arg) {
  load_t *load = arg;
  load->clean = run_on_loop_thread(leave_early, load);
}

static void two_loops_may_leave_in_the_middle_of_their_tasks(void **state) {
  fixture_t *f = *state;
  static load_t loads[LOOPS];
  uv_thread_t threads[LOOPS];
  count_stores(f);
  for (int i = 0; i < LOOPS; i++)
    init_load(&loads[i], f);
  for (int i = 0; i < LOOPS; i++)
    assert_int_equal(uv_thread_create(&threads[i], leaving_thread, &loads[i]),
                     0);
  for (int i = 0; i < LOOPS; i++)
    uv_thread_join(&threads[i]);
  for (int i = 0; i < LOOPS; i++) {
    assert_true(loads[i].clean);
    assert_int_equal(loads[i].done, loads[i].submitted);
    assert_int_equal(loads[i].refused + loads[i].failed, 0);
    assert_int_equal(loads[i].wrong_store + loads[i].wrong_thread, 0);
    assert_int_equal(stores_out_of_balance(&loads[i]), 0);
    assert_int_equal(loads[i].wrong_events, 0);
    finish_load(&loads[i]);
  }
}

/* Start order with one worker, while it works: units are numbered by submit. */
typedef struct line_s {
  fixture_t *f;
  int tasks, submitted, begun, out_of_line; /* the last two: the worker's */
  struct place_s {
    worker_task_t task;
    struct line_s *line;
    int number;
  } places[8];
} line_t;

static int take_place(worker_task_t *task) {
  struct place_s *place = (struct place_s *)task;
  place->line->out_of_line += place->number != place->line->begun++;
  return 0;
}

static void queue_again(worker_task_t *task, int status) {
  struct place_s *place = (struct place_s *)task;
  line_t *line = place->line;
  if (status != 0 || line->submitted == line->tasks)
    return;
  place->number = line->submitted++;
  if (worker_pool_submit(line->f->pool, task, take_place, queue_again) != 0)
    line->submitted = -1;
}

static void one_worker_begins_in_the_order_of_the_submits(void **state) {
  static line_t line;
  line.f = *state;
  line.tasks = task_count();
  for (int i = 0; i < 8; i++) {
    line.places[i].line = &line;
    queue_again(&line.places[i].task, 0);
  }
  run_loop(line.f);
  assert_int_equal(line.submitted, line.tasks);
  assert_int_equal(line.begun, line.tasks);
  assert_int_equal(line.out_of_line, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_pool_for_load(every_task_of_two_loops_keeps_its_store),
      cmocka_unit_test_pool_for_load(
          two_loops_may_leave_in_the_middle_of_their_tasks),
      cmocka_unit_test_pool(one_worker_begins_in_the_order_of_the_submits),
  };
  return test_main(tests, argc, argv);
}
