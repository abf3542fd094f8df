#include "http_agent_host.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "http_text.h"
#include <string.h>

static http_list_t *bucket_of(http_agent_t *agent, const char *name,
                              uint16_t port) {
  unsigned hash = port;

  for (; *name != '\0'; name++)
    hash = hash * 31 + ((unsigned char)*name | 0x20);
  return &agent->hosts[hash % HTTP_AGENT_HOST_BUCKETS];
}

static http_agent_host_t *find(http_list_t *bucket, const char *name,
                               uint16_t port) {
  for (http_list_t *at = bucket->next; at != bucket; at = at->next) {
    http_agent_host_t *host = HTTP_OWNER(at, http_agent_host_t, link);

    if (host->port == port &&
        http_text_equals_nocase(http_text(name), host->name))
      return host;
  }
  return NULL;
}

static http_agent_host_t *create(http_agent_t *agent, http_list_t *bucket,
                                 const char *name, uint16_t port) {
  size_t name_bytes = strlen(name) + 1;
  http_agent_host_t *host = async_calloc(1, sizeof(*host) + name_bytes);

  if (host == NULL)
    return NULL;
  host->agent = agent;
  host->port = port;
  memcpy(host->name, name, name_bytes);
  http_list_init(&host->free);
  http_list_init(&host->queue);
  http_list_append(bucket, &host->link);
  agent->host_count++;
  return host;
}

int http_agent_host_hold(http_agent_t *agent, const char *name, uint16_t port,
                         http_agent_host_t **ret_host) {
  http_list_t *bucket = bucket_of(agent, name, port);
  http_agent_host_t *host = find(bucket, name, port);

  if (host == NULL && agent->host_count >= HTTP_AGENT_HOSTS_MAX)
    return async_error_set(UV_ENOBUFS, "requests to %u hosts are under way",
                           HTTP_AGENT_HOSTS_MAX);
  if (host == NULL)
    host = create(agent, bucket, name, port);
  if (host == NULL)
    return async_error_set(UV_ENOMEM, "no memory for a host");
  host->holders++;
  *ret_host = host;
  return 0;
}

void http_agent_host_drop(http_agent_host_t *host) {
  if (--host->holders > 0)
    return;
  host->agent->host_count--;
  http_list_remove(&host->link);
  async_free(host);
}
