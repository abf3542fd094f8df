#include "timer_probe.h"

#include <string.h>

void probe_init(probe_t *probe, uv_fixture_t *fixture) {
  memset(probe, 0, sizeof(*probe));
  probe->fixture = fixture;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &probe->timer), 0);
  probe->timer.data = probe;
}

async_uv_handle_t *probe_handle(probe_t *probe) {
  return (async_uv_handle_t *)&probe->timer;
}

async_id_t probe_id(probe_t *probe) {
  return async_resource_async_id(async_uv_handle_resource(probe_handle(probe)));
}

void probe_fired(async_uv_timer_t *timer) {
  probe_t *probe = timer->data;
  recorder_mark(&probe->fixture->recorder, "fired");
  seen_note(&probe->fired, 0, probe->context);
}

void probe_closed(async_uv_handle_t *handle) {
  probe_t *probe = handle->data;
  recorder_mark(&probe->fixture->recorder, "closed");
  seen_note(&probe->closed, 0, probe->context);
}

void probe_finish(probe_t *probe) {
  async_uv_close(probe_handle(probe), NULL);
  uv_fixture_run(probe->fixture);
}
