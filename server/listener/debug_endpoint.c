#include "debug_endpoint.h"

#include "asyncscope/async_env.h"
#include "asyncscope/asyncscope_debug.h"
#include "http_address.h"
#include "http_bind.h"
#include <stdio.h>
#include <string.h>

static const char unix_prefix[] = "unix:";

int debug_endpoint_fail(const char *address, int error, const char *words) {
  return async_error_set(error, "cannot serve the diagnostics on %.160s: %s",
                         address, words == NULL ? uv_strerror(error) : words);
}

static int open_file(debug_endpoint_t *endpoint, const char *address) {
  const char *path = address + sizeof(unix_prefix) - 1;
  int error = unix_socket_open(&endpoint->file, path);

  if (error != 0)
    return debug_endpoint_fail(
        address, error,
        error == UV_EEXIST ? "something is there that is no socket" : NULL);
  endpoint->has_file = true;
  endpoint->sock = endpoint->file.sock;
  snprintf(endpoint->url, sizeof(endpoint->url), "%s%s", unix_prefix, path);
  return 0;
}

/* Whoever is let in without a token is on the loopback: an address at which
 * nobody could be is one that was meant for others. */
static bool is_loopback(const struct sockaddr_storage *address) {
  const asyncscope_debug_visitor_t visitor = {
      .peer = (const struct sockaddr *)address, .host = "localhost"};
  const char *reason;

  return asyncscope_debug_access(&visitor, NULL, &reason) == 200;
}

static int bind_tcp(debug_endpoint_t *endpoint, http_address_t *address,
                    const char *scheme, struct sockaddr_storage *sockaddr) {
  char text[HTTP_ADDRESS_TEXT_BYTES];
  int error = http_bind((const struct sockaddr *)sockaddr, HTTP_BIND_ALONE,
                        &endpoint->sock);

  if (error != 0)
    return error;
  error = http_bound_address(endpoint->sock, sockaddr);
  if (error != 0) {
    http_unbind(endpoint->sock);
    return error;
  }
  address->port = http_address_port(sockaddr);
  http_address_format(address, text);
  snprintf(endpoint->url, sizeof(endpoint->url), "%s://%s", scheme, text);
  return 0;
}

static int open_tcp(debug_endpoint_t *endpoint, const char *text,
                    bool for_others, const char *scheme) {
  struct sockaddr_storage sockaddr;
  http_address_t address;
  int error = http_address_parse(text, &address);

  if (error != 0)
    return debug_endpoint_fail(text, error, "not HOST:PORT, unix:PATH or off");
  error = http_address_resolve(&address, &sockaddr);
  if (error == 0 && !for_others && !is_loopback(&sockaddr))
    return debug_endpoint_fail(text, UV_EACCES,
                               "without a token or an allowed "
                               "network only on the loopback");
  if (error == 0)
    error = bind_tcp(endpoint, &address, scheme, &sockaddr);
  return error == 0 ? 0 : debug_endpoint_fail(text, error, NULL);
}

int debug_endpoint_open(debug_endpoint_t *endpoint, const char *address,
                        bool for_others, const char *scheme) {
  endpoint->has_file = false;
  return strncmp(address, unix_prefix, sizeof(unix_prefix) - 1) == 0
             ? open_file(endpoint, address)
             : open_tcp(endpoint, address, for_others, scheme);
}

void debug_endpoint_remove(debug_endpoint_t *endpoint) {
  if (endpoint->has_file)
    unix_socket_remove(&endpoint->file);
}
