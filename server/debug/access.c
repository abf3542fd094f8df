/* The decision who may see /debug. Only inet_pton() reads addresses: what it
 * does not take (octal, short and decimal forms, names that merely begin with
 * an address) is not local. */
#include "asyncscope/asyncscope_debug.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define HOST_BYTES 64 /* longer than any local host */

static const char foreign_page[] =
    "debug: not from a page of another origin: open the address in a tab of "
    "its own, or use curl";
static const char token_missing[] =
    "debug: send the header 'Authorization: Bearer TOKEN' with the debug token "
    "this server was started with";
static const char token_wrong[] =
    "debug: the bearer token is not the debug token this server was started "
    "with";
static const char bad_host[] =
    "debug: ask for it as localhost, 127.0.0.1 or [::1], or start the server "
    "with a debug token and send it as 'Authorization: Bearer TOKEN'";
static const char proxied[] =
    "debug: not through a proxy: start the server with a debug token "
    "(ASYNCSCOPE_DEBUG_TOKEN) and send it as 'Authorization: Bearer TOKEN'";
static const char named[] =
    "debug: ask for it by an address, not a name, or start the server with a "
    "debug token and send it as 'Authorization: Bearer TOKEN'";
static const char no_token[] =
    "debug: ask from the machine itself (curl localhost), or start the server "
    "with a debug token (ASYNCSCOPE_DEBUG_TOKEN) and send it as "
    "'Authorization: Bearer TOKEN'";

static bool is_loopback_v4(const struct in_addr *address) {
  return ntohl(address->s_addr) >> 24 == 127;
}

static bool is_loopback_v6(const struct in6_addr *address) {
  struct in_addr mapped;
  memcpy(&mapped, address->s6_addr + 12, sizeof(mapped));
  return IN6_IS_ADDR_LOOPBACK(address) ||
         (IN6_IS_ADDR_V4MAPPED(address) && is_loopback_v4(&mapped));
}

static bool is_local_peer(const struct sockaddr *peer) {
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  switch (peer == NULL ? AF_UNSPEC : peer->sa_family) {
  case AF_INET:
    memcpy(&v4, peer, sizeof(v4));
    return is_loopback_v4(&v4.sin_addr);
  case AF_INET6:
    memcpy(&v6, peer, sizeof(v6));
    return is_loopback_v6(&v6.sin6_addr);
  case AF_UNIX:
    return true;
  default:
    return false;
  }
}

static bool is_port(const char *text) {
  size_t length = strlen(text);
  return length <= 5 && strspn(text, "0123456789") == length;
}

/* Copies the host of "host", "host:port", "[v6]" or "[v6]:port", an IPv6
 * address without its brackets. */
static bool split_host(const char *host, char ret_name[HOST_BYTES],
                       bool *ret_brackets) {
  *ret_brackets = host[0] == '[';
  const char *name = host + *ret_brackets;
  size_t length = strcspn(name, *ret_brackets ? "]" : ":");
  const char *rest = name + length;
  if (length == 0 || length >= HOST_BYTES || (*ret_brackets && *rest != ']')) {
    return false;
  }
  rest += *ret_brackets;
  memcpy(ret_name, name, length);
  ret_name[length] = '\0';
  return *rest == '\0' || (*rest == ':' && is_port(rest + 1));
}

static bool is_local_host(const char *host) {
  char name[HOST_BYTES];
  bool brackets;
  struct in_addr v4;
  struct in6_addr v6;
  if (host == NULL || !split_host(host, name, &brackets)) {
    return false;
  }
  if (brackets) {
    return inet_pton(AF_INET6, name, &v6) == 1 && is_loopback_v6(&v6);
  }
  return strcasecmp(name, "localhost") == 0 ||
         (inet_pton(AF_INET, name, &v4) == 1 && is_loopback_v4(&v4));
}

/* No name that could be made to lead elsewhere. */
static bool is_address_host(const char *host) {
  char name[HOST_BYTES];
  bool brackets;
  unsigned char address[16];
  return host != NULL && split_host(host, name, &brackets) &&
         inet_pton(brackets ? AF_INET6 : AF_INET, name, address) == 1;
}

static bool is_same_origin(const char *origin, const char *host) {
  size_t scheme_bytes = strncasecmp(origin, "http://", 7) == 0    ? 7
                        : strncasecmp(origin, "https://", 8) == 0 ? 8
                                                                  : 0;
  return scheme_bytes > 0 && host != NULL &&
         strcasecmp(origin + scheme_bytes, host) == 0;
}

static bool is_foreign_page(const asyncscope_debug_visitor_t *visitor) {
  const char *site = visitor->sec_fetch_site;
  if (site != NULL && strcmp(site, "same-origin") != 0 &&
      strcmp(site, "none") != 0) {
    return true;
  }
  return visitor->origin != NULL &&
         !is_same_origin(visitor->origin, visitor->host);
}

/* Always the same number of turns, and in each the same work: an index stays
 * at its final NUL when the text has ended. */
static bool is_same_secret(const char *shown, const char *secret) {
  size_t shown_at = 0;
  size_t secret_at = 0;
  unsigned difference = 0;
  for (size_t i = 0; i < ASYNCSCOPE_DEBUG_TOKEN_MAX; i++) {
    unsigned a = (unsigned char)shown[shown_at];
    unsigned b = (unsigned char)secret[secret_at];
    difference |= a ^ b;
    shown_at += a != 0;
    secret_at += b != 0;
  }
  difference |= (unsigned char)shown[shown_at];
  difference |= (unsigned char)secret[secret_at];
  return difference == 0;
}

/* The token in "Bearer TOKEN", or NULL. */
static const char *bearer_token(const char *authorization) {
  if (authorization == NULL || strncasecmp(authorization, "Bearer ", 7) != 0) {
    return NULL;
  }
  return authorization + 7 + strspn(authorization + 7, " ");
}

static const char *reason_without_token(
    const asyncscope_debug_visitor_t *visitor) {
  bool local = is_local_peer(visitor->peer);
  if (!local && !visitor->allowed) {
    return no_token;
  }
  return visitor->forwarded != NULL ? proxied : local ? bad_host : named;
}

static bool is_in_place(const asyncscope_debug_visitor_t *visitor) {
  if (visitor->forwarded != NULL) {
    return false;
  }
  if (is_local_host(visitor->host)) {
    return visitor->allowed || is_local_peer(visitor->peer);
  }
  return visitor->allowed && is_address_host(visitor->host);
}

/* For who has shown no bearer token, or where there is none to match. */
static int decide_by_place(const asyncscope_debug_visitor_t *visitor,
                           bool configured, const char **ret_reason) {
  if (is_foreign_page(visitor)) {
    *ret_reason = foreign_page;
    return 403;
  }
  if (is_in_place(visitor)) {
    return 200;
  }
  *ret_reason = configured ? token_missing : reason_without_token(visitor);
  return configured ? 401 : 403;
}

int asyncscope_debug_access(const asyncscope_debug_visitor_t *visitor,
                            const char *token, const char **ret_reason) {
  bool configured = token != NULL && token[0] != '\0';
  const char *shown = bearer_token(visitor->authorization);
  *ret_reason = NULL;
  if (!configured || shown == NULL) {
    return decide_by_place(visitor, configured, ret_reason);
  }
  if (is_same_secret(shown, token)) {
    return 200;
  }
  *ret_reason = token_wrong;
  return 401;
}
