/* Workers that are ended: wherever they stand, everything is given back. */
#include "worker_probe.h"

#include <stdlib.h>
#include <string.h>

static void terminate(worker_probe_t *probe) {
  async_worker_terminate(probe->worker);
}

static void an_idle_worker_is_terminated(void **state) {
  worker_probe_t probe = {.when_online = terminate};
  probe_run(&probe, *state, listen_forever, NULL);
  assert_int_equal(probe.exit_code, 1);
  assert_int_equal(probe.error.calls, 0);
}

static void a_worker_is_terminated_before_it_is_up(void **state) {
  worker_probe_t probe = {.worker = NULL};
  probe_start(&probe, *state, listen_forever, NULL);
  async_worker_terminate(probe.worker);
  uv_fixture_run(*state);
  assert_int_equal(probe.exit.calls, 1);
  assert_int_equal(probe.exit_code, 1);
}

/* Stands for a long computation: it ends when it sees that it is asked to. */
static void compute(async_uv_timer_t *timer) {
  int *seen = timer->data;
  (void)post_number(async_worker_parent_port(), 0);
  while (!async_worker_is_stopping()) {
    continue;
  }
  ++*seen;
}

static void compute_in_timer(void *worker_data) {
  static async_uv_timer_t timer;
  if (async_uv_timer_init(async_env_loop(), &timer) == 0) {
    timer.data = worker_data;
    (void)async_uv_timer_start(&timer, compute, 0, 1);
  }
}

static void a_worker_is_terminated_inside_a_callback(void **state) {
  int seen = 0;
  worker_probe_t probe = {.when_message = terminate};
  probe_run(&probe, *state, compute_in_timer, &seen);
  assert_int_equal(probe.exit_code, 1);
  assert_int_equal(seen, 1);
}

static void run_own_loop(async_uv_timer_t *timer) {
  int *seen = timer->data;
  (void)post_number(async_worker_parent_port(), 0);
  async_uv_timer_stop(timer);
  uv_run(async_env_loop(), UV_RUN_DEFAULT);
  ++*seen;
}

static void run_loop_in_timer(void *worker_data) {
  static async_uv_timer_t timer;
  tick_forever(NULL);
  if (async_uv_timer_init(async_env_loop(), &timer) == 0) {
    timer.data = worker_data;
    (void)async_uv_timer_start(&timer, run_own_loop, 0, 0);
  }
}

/* Both loops come to their end, not the inner one alone. */
static void a_worker_is_terminated_in_a_loop_inside_a_callback(void **state) {
  int seen = 0;
  worker_probe_t probe = {.when_message = terminate};
  probe_run(&probe, *state, run_loop_in_timer, &seen);
  assert_int_equal(probe.exit_code, 1);
  assert_int_equal(seen, 1);
}

static void terminate_twice(worker_probe_t *probe) {
  async_worker_terminate(probe->worker);
  async_worker_terminate(probe->worker);
}

static void terminating_again_does_nothing(void **state) {
  worker_probe_t probe = {.when_online = terminate_twice,
                          .when_exit = terminate_twice};
  probe_run(&probe, *state, listen_forever, NULL);
  assert_int_equal(probe.exit_code, 1);
}

static void post_in_exit(worker_probe_t *probe) {
  note_t *note = probe->arg;
  probe->exit.status = async_worker_post_message(probe->worker, &note->message);
}

static void a_post_after_the_end_is_refused(void **state) {
  note_t note;
  note_init(&note, 0);
  worker_probe_t probe = {
      .when_online = terminate, .when_exit = post_in_exit, .arg = &note};
  probe_run(&probe, *state, listen_forever, NULL);
  assert_int_equal(probe.exit.status, UV_EPIPE);
  assert_int_equal(notes_released(&note, 1), 0);
}

static void messages_to_a_terminated_worker_are_released(void **state) {
  note_t notes[PROBE_NOTES];
  worker_probe_t probe = {.worker = NULL};
  probe_start(&probe, *state, tick_forever, NULL);
  for (int i = 0; i < PROBE_NOTES; i++) {
    note_init(&notes[i], i);
    assert_int_equal(async_worker_post_message(probe.worker, &notes[i].message),
                     0);
  }
  async_worker_terminate(probe.worker);
  uv_fixture_run(*state);
  assert_int_equal(notes_released(notes, PROBE_NOTES), PROBE_NOTES);
}

typedef struct exiting_s {
  int failed, messages, after;
  uv_sem_t told; /* of exit_when_told() */
} exiting_t;

static exiting_t *exiting(void) {
  return async_worker_data();
}

static void exit_with_seven(async_message_port_t *port,
                            async_message_t *message) {
  (void)port;
  async_message_release(message);
  exiting()->messages++;
  WORKER_CHECK(&exiting()->failed, async_worker_exit(7) == 0);
  WORKER_CHECK(&exiting()->failed, async_worker_exit(8) == 0);
  WORKER_CHECK(&exiting()->failed, async_worker_is_stopping());
}

/* It exits at its first message, so all of them are posted before that. */
static void exit_when_told(void *worker_data) {
  (void)worker_data;
  uv_sem_wait(&exiting()->told);
  async_message_port_on_message(async_worker_parent_port(), exit_with_seven);
}

static void a_worker_that_exits_gets_no_further_message(void **state) {
  exiting_t inside = {.failed = 0};
  note_t notes[3];
  worker_probe_t probe = {.worker = NULL};
  assert_int_equal(uv_sem_init(&inside.told, 0), 0);
  probe_start(&probe, *state, exit_when_told, &inside);
  for (int i = 0; i < 3; i++) {
    note_init(&notes[i], i);
    assert_int_equal(async_worker_post_message(probe.worker, &notes[i].message),
                     0);
  }
  uv_sem_post(&inside.told);
  uv_fixture_run(*state);
  uv_sem_destroy(&inside.told);
  assert_int_equal(probe.exit_code, 7);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.messages, 1);
  assert_int_equal(notes_released(notes, 3), 3);
}

static void count_after(async_uv_timer_t *timer) {
  (void)timer;
  exiting()->after++;
}

static void exit_in_main(void *worker_data) {
  static async_uv_timer_t timer;
  (void)worker_data;
  if (async_uv_timer_init(async_env_loop(), &timer) == 0) {
    (void)async_uv_timer_start(&timer, count_after, 0, 0);
  }
  WORKER_CHECK(&exiting()->failed, async_worker_exit(0) == 0);
}

static void a_worker_that_exits_in_main_runs_no_loop(void **state) {
  exiting_t inside = {.failed = 0};
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, *state, exit_in_main, &inside);
  assert_int_equal(probe.exit_code, 0);
  assert_int_equal(inside.failed, 0);
  assert_int_equal(inside.after, 0);
}

static void exit_and_count(async_uv_timer_t *timer) {
  (void)timer;
  exiting()->messages++;
  WORKER_CHECK(&exiting()->failed, async_worker_exit(4) == 0);
}

static void exit_in_immediate(async_immediate_t *immediate) {
  (void)immediate;
  exit_and_count(NULL);
}

static void exit_in_idle(async_uv_idle_t *idle) {
  (void)idle;
  exit_and_count(NULL);
}

/* Two of each are due at the same time. */
static void exit_among_timers(void *worker_data) {
  static async_uv_timer_t timers[2];
  (void)worker_data;
  for (int i = 0; i < 2; i++) {
    if (async_uv_timer_init(async_env_loop(), &timers[i]) == 0) {
      (void)async_uv_timer_start(&timers[i], exit_and_count, 0, 0);
    }
  }
}

static void exit_among_immediates(void *worker_data) {
  static async_immediate_t immediates[2];
  (void)worker_data;
  for (int i = 0; i < 2; i++) {
    (void)async_immediate_start(&immediates[i], exit_in_immediate);
  }
}

static void exit_among_watchers(void *worker_data) {
  static async_uv_idle_t idles[2];
  (void)worker_data;
  for (int i = 0; i < 2; i++) {
    if (async_uv_idle_init(async_env_loop(), &idles[i]) == 0) {
      (void)async_uv_idle_start(&idles[i], exit_in_idle);
    }
  }
}

static void what_was_due_with_the_exit_is_not_called(void **state) {
  static const async_worker_main_cb mains[] = {
      exit_among_timers, exit_among_immediates, exit_among_watchers};
  for (int i = 0; i < 3; i++) {
    exiting_t inside = {.failed = 0};
    worker_probe_t probe = {.worker = NULL};
    probe_run(&probe, *state, mains[i], &inside);
    assert_int_equal(probe.exit_code, 4);
    assert_int_equal(inside.failed, 0);
    assert_int_equal(inside.messages, 1);
  }
}

static void only_a_worker_can_exit(void **state) {
  (void)state;
  assert_int_equal(async_worker_exit(1), UV_EINVAL);
  assert_false(async_worker_is_stopping());
  assert_null(async_worker_parent_port());
}

static void on_ended(worker_probe_t *probe) {
  ++*(int *)probe->arg;
}

static void detaching_ends_the_workers_of_a_thread(void **state) {
  uv_fixture_t *fixture = *state;
  int ended = 0;
  note_t notes[2];
  worker_probe_t probes[3];
  memset(probes, 0, sizeof(probes));
  for (int i = 0; i < 3; i++) {
    probes[i].when_exit = on_ended;
    probes[i].arg = &ended;
    probe_start(&probes[i], fixture, listen_forever, NULL);
  }
  for (int i = 0; i < 2; i++) {
    note_init(&notes[i], i);
    assert_int_equal(
        async_worker_post_message(probes[i].worker, &notes[i].message), 0);
  }
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(ended, 3);
  assert_int_equal(probes[0].exit_code, 1);
  assert_int_equal(notes_released(notes, 2), 2);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

static void make_one_more(worker_probe_t *probe) {
  async_worker_t *worker;
  probe->exit.status = async_worker_create(tick_forever, NULL, &worker);
}

static void nothing_begins_while_its_creator_is_detached(void **state) {
  uv_fixture_t *fixture = *state;
  worker_probe_t probe = {.when_exit = make_one_more};
  probe_start(&probe, fixture, tick_forever, NULL);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(probe.exit.calls, 1);
  assert_int_equal(probe.exit.status, UV_ECANCELED);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

/* Its creator is a worker, and does not wait for it. */
static void make_another(void *worker_data) {
  async_worker_t *worker;
  int *failed = worker_data;
  WORKER_CHECK(failed, async_worker_create(tick_forever, NULL, &worker) == 0);
  WORKER_CHECK(failed, async_worker_exit(3) == 0);
}

static void a_worker_ends_with_the_workers_it_made(void **state) {
  int failed = 0;
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, *state, make_another, &failed);
  assert_int_equal(failed, 0);
  assert_int_equal(probe.exit_code, 3);
}

static void no_thread_means_no_worker(void **state) {
  uv_fixture_t *fixture = *state;
  worker_probe_t probe = {.fixture = fixture};
  async_worker_options_t options = probe_options(&probe, NULL);
  options.stack_size_bytes = (size_t)1 << 50;
  int error = async_worker_create(listen_forever, &options, &probe.worker);
  assert_in_set(
      error,
      ((unsigned long[]){(unsigned long)UV_EAGAIN, (unsigned long)UV_ENOMEM,
                         (unsigned long)UV_EINVAL}),
      3);
  assert_null(probe.worker);
  uv_fixture_run(fixture);
  assert_int_equal(probe.exit.calls, 0);
  assert_counts(fixture, "WORKER", 0, 1, 0, 0, 1);
  assert_counts(fixture, "MESSAGEPORT", 0, 1, 0, 0, 1);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(an_idle_worker_is_terminated),
      cmocka_unit_test_uv(a_worker_is_terminated_before_it_is_up),
      cmocka_unit_test_uv(a_worker_is_terminated_inside_a_callback),
      cmocka_unit_test_uv(a_worker_is_terminated_in_a_loop_inside_a_callback),
      cmocka_unit_test_uv(terminating_again_does_nothing),
      cmocka_unit_test_uv(a_post_after_the_end_is_refused),
      cmocka_unit_test_uv(messages_to_a_terminated_worker_are_released),
      cmocka_unit_test_uv(a_worker_that_exits_gets_no_further_message),
      cmocka_unit_test_uv(a_worker_that_exits_in_main_runs_no_loop),
      cmocka_unit_test_uv(what_was_due_with_the_exit_is_not_called),
      cmocka_unit_test_uv(only_a_worker_can_exit),
      cmocka_unit_test_uv(detaching_ends_the_workers_of_a_thread),
      cmocka_unit_test_uv(nothing_begins_while_its_creator_is_detached),
      cmocka_unit_test_uv(a_worker_ends_with_the_workers_it_made),
      cmocka_unit_test_uv(no_thread_means_no_worker),
  };
  return test_main(tests, argc, argv);
}
