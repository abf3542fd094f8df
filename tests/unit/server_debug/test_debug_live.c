#include "debug_fixture.h"
#include "schema_check.h"

#include "asyncscope/worker_pool.h"
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* The overview of a process with these options. */
static json_t *live_json(const asyncscope_debug_options_t *options) {
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(options, &debug), 0);
  answer_t answer = ask(debug, "/debug?limit=100000");
  assert_int_equal(answer.status, 200);
  json_t *document = answer_json(&answer);
  assert_non_null(document);
  assert_schema(document);
  asyncscope_debug_destroy(debug);
  return document;
}

static void options_may_show_internal_resources(void **state) {
  scene_t *scene = *state;
  const asyncscope_debug_options_t internal = {.internal = true};
  make_internal(scene, "OURS", 1);
  json_t *without = live_json(NULL);
  json_t *with = live_json(&internal);
  json_t *asked = ask_json(scene, "/debug?internal=1");
  assert_null(json_named(without, "resources", "type", "OURS"));
  assert_non_null(json_named(with, "resources", "type", "OURS"));
  assert_non_null(json_named(asked, "resources", "type", "OURS"));
  json_decref(without);
  json_decref(with);
  json_decref(asked);
}

typedef struct gate_s {
  uv_sem_t started, go;
  worker_task_t task;
  worker_pool_t *pool;
  int status;
} gate_t;

static int wait_at_gate(worker_task_t *task) {
  gate_t *gate = task->data;
  uv_sem_post(&gate->started);
  uv_sem_wait(&gate->go);
  return 0;
}

static void close_pool(worker_task_t *task, int status) {
  gate_t *gate = task->data;
  gate->status = status;
  worker_pool_close(gate->pool, true, NULL, NULL);
}

static void open_gate(gate_t *gate, uv_loop_t *loop) {
  const worker_pool_options_t options = {.threads = 1, .name = "gate"};
  assert_int_equal(uv_loop_init(loop), 0);
  assert_int_equal(async_env_attach(loop), 0);
  assert_int_equal(uv_sem_init(&gate->started, 0), 0);
  assert_int_equal(uv_sem_init(&gate->go, 0), 0);
  assert_int_equal(worker_pool_create(&options, &gate->pool), 0);
  gate->task.data = gate;
  gate->status = 1;
  assert_int_equal(
      worker_pool_submit(gate->pool, &gate->task, wait_at_gate, close_pool), 0);
  uv_sem_wait(&gate->started);
}

static void leave_gate(gate_t *gate, uv_loop_t *loop) {
  uv_sem_post(&gate->go);
  uv_run(loop, UV_RUN_DEFAULT);
  assert_int_equal(gate->status, 0);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(loop), 0);
  uv_sem_destroy(&gate->started);
  uv_sem_destroy(&gate->go);
}

static void a_stuck_worker_is_named_with_its_cause(void **state) {
  (void)state;
  uv_loop_t loop;
  gate_t gate;
  open_gate(&gate, &loop);
  const asyncscope_debug_pool_t pool = {gate.pool, "gate"};
  const asyncscope_debug_options_t options = {.pools = &pool, .pool_count = 1};
  json_t *document = live_json(&options);
  json_t *thread = json_named(document, "threads", "kind", "worker");
  json_t *current = json_object_get(thread, "current");
  json_t *work =
      json_named(document, "resources", "key", json_text_of(current, "key"));
  json_t *task =
      json_named(document, "resources", "key", json_text_of(work, "trigger"));
  assert_string_equal(json_text_of(work, "type"), "WORK");
  assert_string_equal(json_text_of(work, "state"), "running");
  assert_string_equal(json_text_of(task, "state"), "running");
  assert_int_equal(json_integer_value(json_object_get(task, "thread")),
                   async_env_thread());
  json_t *shown = json_object_get(document, "pool");
  assert_string_equal(json_text_of(shown, "name"), "gate");
  assert_int_equal(json_integer_value(json_object_get(shown, "active")), 1);
  json_decref(document);
  leave_gate(&gate, &loop);
}

static json_int_t count_of(const json_t *times) {
  return json_integer_value(json_object_get(times, "count"));
}

static void a_pool_shows_its_times_by_type(void **state) {
  (void)state;
  uv_loop_t loop;
  gate_t gate;
  worker_task_t task = {.data = &gate};
  const worker_task_options_t sum = {.type = "SUM"};
  open_gate(&gate, &loop);
  worker_pool_t *pool;
  assert_int_equal(worker_pool_create(NULL, &pool), 0);
  uv_sem_post(&gate.go);
  uv_sem_post(&gate.go);
  assert_int_equal(
      worker_pool_submit_with(pool, &task, wait_at_gate, NULL, &sum), 0);
  uv_run(&loop, UV_RUN_DEFAULT);
  const asyncscope_debug_pool_t shown = {pool, "sums"};
  const asyncscope_debug_options_t options = {.pools = &shown, .pool_count = 1};
  json_t *document = live_json(&options);
  json_t *object = json_object_get(document, "pool");
  assert_int_equal(count_of(json_object_get(object, "waitUs")), 1);
  assert_int_equal(count_of(json_object_get(object, "runUs")), 1);
  object = json_object_get(json_object_get(object, "byType"), "SUM");
  assert_int_equal(count_of(json_object_get(object, "runUs")), 1);
  json_decref(document);
  assert_int_equal(worker_pool_close(pool, true, NULL, NULL), 0);
  leave_gate(&gate, &loop);
}

/* One thread has the gate's task, so the other one's waits. */
static void tasks_are_known_by_the_types_of_pools(void **state) {
  (void)state;
  uv_loop_t loop;
  gate_t gate;
  worker_task_t task = {.data = &gate};
  const worker_task_options_t sum = {.type = "SUM"};
  open_gate(&gate, &loop);
  assert_int_equal(
      worker_pool_submit_with(gate.pool, &task, wait_at_gate, NULL, &sum), 0);
  const asyncscope_debug_pool_t pool = {gate.pool, "gate"};
  const asyncscope_debug_options_t options = {.pools = &pool, .pool_count = 1};
  json_t *document = live_json(&options);
  const json_t *queued = json_named(document, "resources", "type", "SUM");
  assert_string_equal(json_text_of(queued, "state"), "queued");
  assert_int_equal(json_integer_of(queued, "queuedUs"),
                   json_integer_of(queued, "ageUs"));
  json_decref(document);
  uv_sem_post(&gate.go);
  leave_gate(&gate, &loop);
}

static void metrics_tell_the_fates_of_tasks_apart(void **state) {
  (void)state;
  uv_loop_t loop;
  gate_t gate;
  worker_task_t task = {.data = &gate};
  asyncscope_debug_t *debug;
  open_gate(&gate, &loop);
  const asyncscope_debug_pool_t pool = {gate.pool, "gate"};
  const asyncscope_debug_options_t options = {.pools = &pool, .pool_count = 1};
  assert_int_equal(asyncscope_debug_create(&options, &debug), 0);
  assert_int_equal(worker_pool_submit(gate.pool, &task, wait_at_gate, NULL), 0);
  assert_int_equal(worker_pool_cancel(gate.pool, &task), 0);
  answer_t answer = ask(debug, "/metrics");
  assert_string_equal(line_with(answer.text, "_submitted_total{"),
                      "asyncscope_pool_submitted_total{pool=\"gate\"} 2");
  assert_string_equal(line_with(answer.text, "_cancelled_total{"),
                      "asyncscope_pool_cancelled_total{pool=\"gate\"} 1");
  assert_string_equal(line_with(answer.text, "_timed_out_total{"),
                      "asyncscope_pool_timed_out_total{pool=\"gate\"} 0");
  assert_string_equal(line_with(answer.text, "_aborted_total{"),
                      "asyncscope_pool_aborted_total{pool=\"gate\"} 0");
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
  leave_gate(&gate, &loop);
}

static void the_tree_shows_work_under_its_task(void **state) {
  (void)state;
  uv_loop_t loop;
  gate_t gate;
  open_gate(&gate, &loop);
  answer_t answer = ask_alone("/debug/tree");
  assert_int_equal(answer.status, 200);
  assert_non_null(strstr(line_with(answer.text, "\"gate-0\""), "in WORK 1:"));
  assert_non_null(
      strstr(line_with(answer.text, "└─ WORK 0:"), "test_debug_live.c:"));
  assert_int_equal(strncmp(line_with(answer.text, "   └─ WORK 1:"),
                           "   └─ WORK 1:", strlen("   └─ WORK 1:")),
                   0);
  answer_free(&answer);
  leave_gate(&gate, &loop);
}

#define WRITERS 2
#define HELD    40

typedef struct writer_s {
  uv_thread_t thread;
  atomic_bool *stop;
  uv_sem_t *ready;
  int err;
} writer_t;

static int churn(writer_t *writer) {
  async_resource_t held[HELD];
  for (size_t i = 0; i < HELD; i++) {
    if (async_resource_init(&held[i], "CHURN", NULL) != 0 ||
        async_resource_set_name(&held[i], "name", 4) != 0) {
      return -1;
    }
  }
  for (size_t i = 0; i < HELD; i++) {
    if (async_resource_enter(&held[i]) != 0) {
      return -1;
    }
    async_resource_leave(&held[i]);
    async_resource_finish(&held[i]);
  }
  (void)writer;
  async_env_flush();
  return 0;
}

static void write_without_pause(void *arg) {
  writer_t *writer = arg;
  async_resource_t first;
  writer->err = async_env_open(ASYNC_ENV_OTHER, "writer");
  if (writer->err == 0) {
    writer->err = async_resource_init(&first, "STAYS", NULL);
  }
  uv_sem_post(writer->ready);
  while (writer->err == 0 && !atomic_load(writer->stop)) {
    writer->err = churn(writer);
  }
  async_resource_finish(&first);
  async_env_detach();
}

static void assert_sorted(const json_t *document) {
  size_t i;
  json_t *resource;
  json_int_t thread = -1;
  json_int_t id = -1;
  json_array_foreach(json_object_get(document, "resources"), i, resource) {
    json_int_t at = json_integer_value(json_object_get(resource, "thread"));
    json_int_t next = json_integer_value(json_object_get(resource, "asyncId"));
    assert_true(at > thread || (at == thread && next > id));
    thread = at;
    id = next;
  }
}

static size_t count_of_type(const json_t *document, const char *type) {
  size_t i;
  size_t count = 0;
  json_t *resource;
  json_array_foreach(json_object_get(document, "resources"), i, resource) {
    count += strcmp(json_text_of(resource, "type"), type) == 0;
  }
  return count;
}

static void start_writers(writer_t *writers, atomic_bool *stop,
                          uv_sem_t *ready) {
  for (size_t i = 0; i < WRITERS; i++) {
    writers[i] = (writer_t){.stop = stop, .ready = ready};
    assert_int_equal(
        uv_thread_create(&writers[i].thread, write_without_pause, &writers[i]),
        0);
    uv_sem_wait(ready);
  }
}

static void snapshots_while_others_write_are_whole(void **state) {
  (void)state;
  writer_t writers[WRITERS];
  atomic_bool stop = false;
  uv_sem_t ready;
  size_t whole = 0;
  assert_int_equal(uv_sem_init(&ready, 0), 0);
  start_writers(writers, &stop, &ready);
  for (size_t i = 0; i < 60; i++) {
    json_t *document = live_json(NULL);
    assert_sorted(document);
    whole += count_of_type(document, "STAYS") == WRITERS;
    json_decref(document);
    answer_t tree = ask_alone("/debug/tree");
    whole += occurrences(tree.text, "STAYS ") == WRITERS;
    answer_free(&tree);
  }
  atomic_store(&stop, true);
  for (size_t i = 0; i < WRITERS; i++) {
    uv_thread_join(&writers[i].thread);
    assert_int_equal(writers[i].err, 0);
  }
  uv_sem_destroy(&ready);
  assert_int_equal(whole, 120);
}

/* Environments come and go, each with a resource of its own. */
static void open_and_close_environments(void *arg) {
  writer_t *writer = arg;
  async_resource_t resource;
  uv_sem_post(writer->ready);
  while (writer->err == 0 && !atomic_load(writer->stop)) {
    writer->err = async_env_open(ASYNC_ENV_OTHER, "brief");
    if (writer->err == 0) {
      writer->err = async_resource_init(&resource, "BRIEF", NULL);
      async_env_detach();
      async_resource_finish(&resource);
    }
  }
}

static bool has_thread(const json_t *document, json_int_t number) {
  size_t i;
  json_t *thread;
  json_array_foreach(json_object_get(document, "threads"), i, thread) {
    if (json_integer_value(json_object_get(thread, "thread")) == number) {
      return true;
    }
  }
  return false;
}

static void assert_threads_of_all(const json_t *document) {
  size_t i;
  json_t *resource;
  json_array_foreach(json_object_get(document, "resources"), i, resource) {
    assert_true(has_thread(
        document, json_integer_value(json_object_get(resource, "thread"))));
  }
}

static void environments_may_end_while_they_are_copied(void **state) {
  (void)state;
  writer_t writer;
  atomic_bool stop = false;
  uv_sem_t ready;
  assert_int_equal(uv_sem_init(&ready, 0), 0);
  writer = (writer_t){.stop = &stop, .ready = &ready};
  assert_int_equal(
      uv_thread_create(&writer.thread, open_and_close_environments, &writer),
      0);
  uv_sem_wait(&ready);
  for (size_t i = 0; i < 300; i++) {
    json_t *document = live_json(NULL);
    assert_threads_of_all(document);
    json_decref(document);
  }
  atomic_store(&stop, true);
  uv_thread_join(&writer.thread);
  uv_sem_destroy(&ready);
  assert_int_equal(writer.err, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(options_may_show_internal_resources),
      cmocka_unit_test(a_stuck_worker_is_named_with_its_cause),
      cmocka_unit_test(a_pool_shows_its_times_by_type),
      cmocka_unit_test(tasks_are_known_by_the_types_of_pools),
      cmocka_unit_test(metrics_tell_the_fates_of_tasks_apart),
      cmocka_unit_test(the_tree_shows_work_under_its_task),
      cmocka_unit_test(snapshots_while_others_write_are_whole),
      cmocka_unit_test(environments_may_end_while_they_are_copied),
  };
  return test_main(tests, argc, argv);
}
