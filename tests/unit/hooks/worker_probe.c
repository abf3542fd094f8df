#include "worker_probe.h"

#include <stdio.h>
#include <string.h>

static void mark(worker_probe_t *probe, const char *text) {
  if (probe->fixture != NULL) {
    recorder_mark(&probe->fixture->recorder, text);
  }
}

static void on_online(async_worker_t *worker) {
  worker_probe_t *probe = async_worker_get_data(worker);
  seen_note(&probe->online, 0, probe->context);
  mark(probe, "online");
  probe->thread_id = async_worker_thread_id(worker);
  if (probe->when_online != NULL) {
    probe->when_online(probe);
  }
}

static void on_message(async_worker_t *worker, async_message_t *message) {
  worker_probe_t *probe = async_worker_get_data(worker);
  if (probe->message.calls < PROBE_NOTES) {
    probe->numbers[probe->message.calls] = *(int *)message->data;
  }
  seen_note(&probe->message, 0, probe->context);
  mark(probe, "message");
  async_message_release(message);
  if (probe->when_message != NULL) {
    probe->when_message(probe);
  }
}

static void on_drain(async_worker_t *worker) {
  worker_probe_t *probe = async_worker_get_data(worker);
  seen_note(&probe->drain, 0, probe->context);
}

static void on_error(async_worker_t *worker, const char *message) {
  worker_probe_t *probe = async_worker_get_data(worker);
  seen_note(&probe->error, 0, probe->context);
  mark(probe, "error");
  snprintf(probe->failure, sizeof(probe->failure), "%s", message);
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  worker_probe_t *probe = async_worker_get_data(worker);
  seen_note(&probe->exit, 0, probe->context);
  mark(probe, "exit");
  probe->exit_code = exit_code;
  probe->had_ref_at_exit = async_worker_has_ref(worker);
  if (probe->when_exit != NULL) {
    probe->when_exit(probe);
  }
  probe->worker = NULL;
}

async_worker_options_t probe_options(worker_probe_t *probe, void *worker_data) {
  return (async_worker_options_t){.on = {.online = on_online,
                                         .message = on_message,
                                         .drain = on_drain,
                                         .error = on_error,
                                         .exit = on_exit_of},
                                  .data = probe,
                                  .worker_data = worker_data};
}

void probe_start(worker_probe_t *probe, uv_fixture_t *fixture,
                 async_worker_main_cb main, void *worker_data) {
  async_worker_options_t options = probe_options(probe, worker_data);
  probe->fixture = fixture;
  probe->exit_code = -1;
  assert_int_equal(async_worker_create(main, &options, &probe->worker), 0);
}

void probe_run(worker_probe_t *probe, uv_fixture_t *fixture,
               async_worker_main_cb main, void *worker_data) {
  probe_start(probe, fixture, main, worker_data);
  uv_fixture_run(fixture);
  assert_int_equal(probe->exit.calls, 1);
}

int post_number(async_message_port_t *port, int number) {
  async_message_t *message;
  int error = async_message_create(&number, sizeof(number), &message);
  if (error != 0) {
    return error;
  }
  error = async_message_port_post_message(port, message);
  if (error != 0) {
    async_message_release(message);
  }
  return error;
}

static void drop(async_message_port_t *port, async_message_t *message) {
  (void)port;
  async_message_release(message);
}

void listen_forever(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), drop);
}

static void on_tick(async_uv_timer_t *timer) {
  (void)timer;
}

/* The memory of a timer that is left open is the program's. */
void tick_forever(void *worker_data) {
  static _Thread_local async_uv_timer_t timer;
  (void)worker_data;
  if (async_uv_timer_init(async_env_loop(), &timer) == 0) {
    (void)async_uv_timer_start(&timer, on_tick, 1, 1);
  }
}

void probe_assert_failed_with(void **state, async_worker_main_cb main,
                              const char *message) {
  worker_probe_t probe = {.worker = NULL};
  probe_run(&probe, *state, main, NULL);
  assert_int_equal(probe.error.calls, 1);
  assert_string_equal(probe.failure, message);
  assert_int_equal(probe.exit_code, 1);
  uv_fixture_t *fixture = *state;
  assert_int_equal(probe.error.execution_async_id,
                   recorder_id(&fixture->recorder, "MESSAGEPORT", 0));
}
