#include "http_get.h"

static http_agent_t *make(http_agent_options_t options) {
  http_agent_t *agent = scenario_alloc(sizeof(*agent));
  MUST(http_agent_init(agent, scenario_loop(), &options));
  return agent;
}

void destroy_agent(http_agent_t *agent) {
  http_agent_stop(agent, http_agent_finish);
}

static void destroy_at_end(void *agent) {
  destroy_agent(agent);
}

http_agent_t *make_agent(unsigned sockets_max) {
  http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;
  options.limits.sockets_max = sockets_max;
  http_agent_t *agent = make(options);
  scenario_at_end(destroy_at_end, agent);
  return agent;
}

http_agent_t *make_no_agent(void) {
  http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;
  options.keep_alive = false;
  http_agent_t *agent = make(options);
  scenario_at_end(destroy_at_end, agent);
  return agent;
}

http_client_request_t *http_get(http_agent_t *agent, int port,
                                const http_client_callbacks_t *callbacks,
                                void *data) {
  http_client_options_t options = {
      .host = "127.0.0.1",
      .port = (uint16_t)port,
      .callbacks = *callbacks,
      .data = data,
  };
  http_client_request_t *request;
  MUST(http_client_request(agent, &options, &request));
  return request;
}
