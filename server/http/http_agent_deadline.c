#include "http_agent_deadline.h"

#include <stddef.h>

void http_agent_deadline_set(http_agent_t *agent,
                             http_agent_deadline_t *deadline, uint64_t at_ms) {
  if (at_ms == HTTP_AGENT_NEVER)
    http_wheel_remove(&deadline->node);
  else
    http_wheel_set(&agent->wheel, &deadline->node, at_ms);
}

uint64_t http_agent_after_ms(uint64_t from_ms, unsigned time_ms) {
  return time_ms == 0 ? HTTP_AGENT_NEVER : from_ms + time_ms;
}

static void on_sweep(uv_timer_t *timer) {
  http_agent_t *agent = timer->data;
  http_wheel_node_t *node;

  if (http_wheel_was_away(&agent->wheel, uv_now(agent->loop)))
    return;
  while ((node = http_wheel_expire(&agent->wheel, uv_now(agent->loop))) !=
         NULL) {
    http_agent_deadline_t *deadline =
        (void *)((char *)node - offsetof(http_agent_deadline_t, node));

    deadline->expired(deadline);
  }
}

static void start(http_agent_t *agent) {
  http_wheel_catch_up(&agent->wheel, uv_now(agent->loop));
  uv_timer_start(&agent->sweep, on_sweep, HTTP_SWEEP_MS, HTTP_SWEEP_MS);
}

void http_agent_deadlines_update(http_agent_t *agent) {
  uv_handle_t *sweep = (uv_handle_t *)&agent->sweep;
  bool wanted = agent->request_count + agent->socket_count > 0;

  if (uv_is_closing(sweep))
    return;
  if (wanted && !uv_is_active(sweep))
    start(agent);
  else if (!wanted)
    uv_timer_stop(&agent->sweep);
  if (agent->request_count > 0)
    uv_ref(sweep);
  else
    uv_unref(sweep);
}

void http_agent_deadlines_init(http_agent_t *agent) {
  http_wheel_init(&agent->wheel, uv_now(agent->loop));
  uv_timer_init(agent->loop, &agent->sweep);
  agent->sweep.data = agent;
}
