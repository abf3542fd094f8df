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

static void on_sweep(http_sweep_t *sweep, uint64_t now_ms) {
  http_agent_t *agent = sweep->data;
  http_wheel_node_t *node;

  while ((node = http_wheel_expire(&agent->wheel, now_ms)) != NULL) {
    http_agent_deadline_t *deadline =
        (void *)((char *)node - offsetof(http_agent_deadline_t, node));

    deadline->expired(deadline, now_ms);
  }
}

static void start(http_agent_t *agent) {
  http_wheel_catch_up(&agent->wheel, uv_now(agent->loop));
  http_sweep_start(&agent->sweep);
}

void http_agent_deadlines_update(http_agent_t *agent) {
  http_sweep_t *sweep = &agent->sweep;
  bool wanted = agent->request_count + agent->socket_count > 0;

  if (http_sweep_is_closing(sweep))
    return;
  if (wanted && !http_sweep_is_active(sweep))
    start(agent);
  else if (!wanted)
    http_sweep_stop(sweep);
  http_sweep_keep_alive(sweep, agent->request_count > 0);
}

void http_agent_deadlines_init(http_agent_t *agent) {
  http_wheel_init(&agent->wheel, uv_now(agent->loop));
  http_sweep_init(&agent->sweep, agent->loop, on_sweep);
  agent->sweep.data = agent;
}
