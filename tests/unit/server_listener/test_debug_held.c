/* The listener answers while every loop and every worker is held: each waits
 * for the test, which lets them go when it has its answers. So no answer can
 * have waited for them, however slow the machine is. */
#include "listener_fixture.h"

#include "asyncscope/async_resource.h"
#include "asyncscope/async_uv.h"

typedef struct held_s {
  async_env_kind_t kind;
  uv_thread_t thread;
  uv_sem_t inside, go;
  int error;
} held_t;

static void hold(held_t *held) {
  uv_sem_post(&held->inside);
  uv_sem_wait(&held->go);
}

static void on_timer(async_uv_timer_t *timer) {
  hold(timer->data);
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

static void be_a_loop(held_t *held) {
  async_uv_timer_t timer;
  uv_loop_t loop;

  held->error = uv_loop_init(&loop);
  held->error |= async_env_attach(&loop);
  held->error |= async_uv_timer_init(&loop, &timer);
  timer.data = held;
  held->error |= async_uv_timer_start(&timer, on_timer, 0, 0);
  held->error |= uv_run(&loop, UV_RUN_DEFAULT);
  held->error |= async_env_detach();
  held->error |= uv_loop_close(&loop);
}

static void be_a_worker(held_t *held) {
  async_resource_t task;

  held->error = async_env_open(ASYNC_ENV_WORKER, "worker");
  held->error |= async_resource_init(&task, "WORK", NULL);
  held->error |= async_resource_enter(&task);
  hold(held);
  async_resource_leave(&task);
  async_resource_finish(&task);
  held->error |= async_env_detach();
}

static void run(void *arg) {
  held_t *held = arg;

  if (held->kind == ASYNC_ENV_LOOP)
    be_a_loop(held);
  else
    be_a_worker(held);
}

/* When it returns the thread is in its callback. */
static void begin(held_t *held, async_env_kind_t kind) {
  *held = (held_t){.kind = kind};
  assert_int_equal(uv_sem_init(&held->inside, 0), 0);
  assert_int_equal(uv_sem_init(&held->go, 0), 0);
  assert_int_equal(uv_thread_create(&held->thread, run, held), 0);
  uv_sem_wait(&held->inside);
}

static void let_go(held_t *held) {
  uv_sem_post(&held->go);
  uv_thread_join(&held->thread);
  uv_sem_destroy(&held->inside);
  uv_sem_destroy(&held->go);
  assert_int_equal(held->error, 0);
}

enum { LOOPS = 2, HELD = 4 };

static void begin_all(listener_fixture_t *f, held_t held[HELD]) {
  for (size_t i = 0; i < HELD; i++)
    begin(&held[i], i < LOOPS ? ASYNC_ENV_LOOP : ASYNC_ENV_WORKER);
  listener_start(f, NULL);
}

static void let_all_go(held_t held[HELD]) {
  for (size_t i = 0; i < HELD; i++)
    let_go(&held[i]);
}

static void every_path_is_answered(void **state) {
  static const char *const paths[] = {"/debug",
                                      "/debug/tree",
                                      "/debug/resources",
                                      "/debug/requests",
                                      "/debug/requests?state=finished",
                                      "/debug/threads",
                                      "/debug/loops",
                                      "/debug/warnings",
                                      "/debug/graph",
                                      "/debug/runs",
                                      "/debug/trace",
                                      "/debug/pprof/resources",
                                      "/metrics"};
  listener_fixture_t *f = *state;
  held_t held[HELD];
  int statuses[sizeof(paths) / sizeof(paths[0])];

  begin_all(f, held);
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
    char request[256];

    snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" END, paths[i]);
    statuses[i] = listener_status(f, request);
  }
  let_all_go(held);
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
    assert_int_equal(statuses[i], 200);
}

static size_t count(const char *text, const char *part) {
  size_t found = 0;

  for (; (text = strstr(text, part)) != NULL; text += strlen(part))
    found++;
  return found;
}

static void who_is_held_is_named(void **state) {
  listener_fixture_t *f = *state;
  held_t held[HELD];

  begin_all(f, held);
  listener_ask(f, "GET /debug/tree HTTP/1.1\r\n" END);
  let_all_go(held);
  assert_int_equal(count(f->answer, ", in Timeout "), LOOPS);
  assert_int_equal(count(f->answer, ", in WORK "), HELD - LOOPS);
  listener_assert_has(f, "test_debug_held.c:");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_listener(every_path_is_answered),
      cmocka_unit_test_listener(who_is_held_is_named),
  };
  return test_main(tests, argc, argv);
}
