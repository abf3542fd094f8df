/* The end of an agent waits for its requests, its sockets and what still uses
 * their memory, then for the timer. */
#include "http_agent.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "http_agent_pool.h"
#include "http_client_exchange.h"
#include <string.h>

static int check(const http_agent_options_t *options) {
  const http_client_limits_t *limits = &options->limits;

  if (limits->header_max_bytes > HTTP_HEADER_MAX_CEILING ||
      limits->fields_max > HTTP_FIELDS_MAX || limits->sockets_max == 0)
    return async_error_set(UV_EINVAL, "a limit of the agent is not valid");
  return 0;
}

static void init_lists(http_agent_t *agent) {
  http_list_init(&agent->requests);
  http_list_init(&agent->sockets);
  for (size_t i = 0; i < HTTP_AGENT_HOST_BUCKETS; i++)
    http_list_init(&agent->hosts[i]);
}

int http_agent_init(http_agent_t *agent, uv_loop_t *loop,
                    const http_agent_options_t *options) {
  static const http_agent_options_t defaults = HTTP_AGENT_OPTIONS_DEFAULT;
  int error;

  memset(agent, 0, sizeof(*agent));
  if (options == NULL)
    options = &defaults;
  error = check(options);
  if (error != 0)
    return error;
  agent->loop = loop;
  agent->options = *options;
  agent->response_limits =
      (http_limits_t){.header_max_bytes = options->limits.header_max_bytes,
                      .fields_max = options->limits.fields_max,
                      .body_max_bytes = options->limits.body_max_bytes};
  init_lists(agent);
  agent->read_buffer = async_malloc(HTTP_READ_BUFFER_BYTES);
  if (agent->read_buffer == NULL)
    return async_error_set(UV_ENOMEM, "no memory for an agent");
  http_agent_deadlines_init(agent);
  return 0;
}

bool http_agent_own_begin(const http_agent_t *agent) {
  bool before = async_env_set_internal(true);

  if (!agent->options.internal)
    async_env_set_internal(before);
  return before;
}

void http_agent_own_end(bool before) {
  async_env_set_internal(before);
}

static void on_sweep_closed(http_sweep_t *sweep) {
  http_agent_t *agent = sweep->data;

  if (agent->on_stopped != NULL)
    agent->on_stopped(agent);
}

void http_agent_update(http_agent_t *agent) {
  http_agent_deadlines_update(agent);
  if (agent->stopping && agent->request_count + agent->socket_count == 0 &&
      agent->closing_count == 0 && !http_sweep_is_closing(&agent->sweep))
    http_sweep_close(&agent->sweep, on_sweep_closed);
}

/* Each node is put back before its turn, as its callbacks may end others. */
static void cancel_requests(http_agent_t *agent) {
  http_list_t all;

  http_list_init(&all);
  http_list_move(&all, &agent->requests);
  while (!http_list_is_empty(&all)) {
    http_list_t *node = all.next;

    http_list_remove(node);
    http_list_append(&agent->requests, node);
    http_client_exchange_fail(HTTP_OWNER(node, http_client_request_t, link),
                              UV_ECANCELED, "agent", "the agent is stopping");
  }
}

/* One that is at work is closed by its settling. */
static void close_sockets(http_agent_t *agent) {
  http_list_t all;

  http_list_init(&all);
  http_list_move(&all, &agent->sockets);
  while (!http_list_is_empty(&all)) {
    http_list_t *node = all.next;
    http_agent_socket_t *socket = HTTP_OWNER(node, http_agent_socket_t, link);

    http_list_remove(node);
    http_list_append(&agent->sockets, node);
    if (!socket->busy)
      http_agent_socket_close(socket);
  }
}

void http_agent_stop(http_agent_t *agent, http_agent_stopped_cb on_stopped) {
  if (agent->stopping)
    return;
  agent->stopping = true;
  agent->on_stopped = on_stopped;
  cancel_requests(agent);
  close_sockets(agent);
  http_agent_update(agent);
}

void http_agent_finish(http_agent_t *agent) {
  async_free(agent->read_buffer);
  agent->read_buffer = NULL;
}
