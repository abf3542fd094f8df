#include "http_address.h"

#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

/* Where the host stands and how long it is, and what follows the colon; NULL
 * when there is none. */
static const char *split(const char *text, const char **ret_host,
                         size_t *ret_bytes) {
  const char *end;

  if (*text == '[') {
    end = strchr(text, ']');
    *ret_host = text + 1;
    *ret_bytes = end == NULL ? 0 : (size_t)(end - text - 1);
    return end == NULL || end[1] != ':' ? NULL : end + 2;
  }
  end = strrchr(text, ':');
  *ret_host = text;
  *ret_bytes = end == NULL ? 0 : (size_t)(end - text);
  if (end == NULL || memchr(text, ':', *ret_bytes) != NULL)
    return NULL;
  return end + 1;
}

static int parse_port(const char *text, unsigned *ret_port) {
  unsigned port = 0;

  if (*text == '\0' || strlen(text) > 5)
    return UV_EINVAL;
  for (; *text != '\0'; text++) {
    if (!isdigit((unsigned char)*text))
      return UV_EINVAL;
    port = port * 10 + (unsigned)(*text - '0');
  }
  *ret_port = port;
  return port > 65535 ? UV_EINVAL : 0;
}

int http_address_parse(const char *text, http_address_t *ret_address) {
  const char *host;
  size_t bytes;
  const char *port = split(text, &host, &bytes);

  if (port == NULL || bytes == 0 || bytes >= HTTP_ADDRESS_HOST_BYTES ||
      parse_port(port, &ret_address->port) != 0)
    return UV_EINVAL;
  if (memchr(host, '[', bytes) != NULL || memchr(host, ']', bytes) != NULL)
    return UV_EINVAL;
  memcpy(ret_address->host, host, bytes);
  ret_address->host[bytes] = '\0';
  return 0;
}

static int translate(int error) {
  switch (error) {
  case EAI_MEMORY:
    return UV_EAI_MEMORY;
  case EAI_AGAIN:
    return UV_EAI_AGAIN;
  case EAI_FAMILY:
    return UV_EAI_FAMILY;
  default:
    return UV_EAI_NONAME;
  }
}

static void set_port(struct sockaddr_storage *sockaddr, unsigned port) {
  if (sockaddr->ss_family == AF_INET6)
    ((struct sockaddr_in6 *)sockaddr)->sin6_port = htons((uint16_t)port);
  else
    ((struct sockaddr_in *)sockaddr)->sin_port = htons((uint16_t)port);
}

int http_address_resolve(const http_address_t *address,
                         struct sockaddr_storage *ret_sockaddr) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  int error = getaddrinfo(address->host, NULL, &hints, &found);

  if (error != 0)
    return translate(error);
  memset(ret_sockaddr, 0, sizeof(*ret_sockaddr));
  memcpy(ret_sockaddr, found->ai_addr, found->ai_addrlen);
  set_port(ret_sockaddr, address->port);
  freeaddrinfo(found);
  return 0;
}

unsigned http_address_port(const struct sockaddr_storage *sockaddr) {
  return ntohs(sockaddr->ss_family == AF_INET6
                   ? ((const struct sockaddr_in6 *)sockaddr)->sin6_port
                   : ((const struct sockaddr_in *)sockaddr)->sin_port);
}

void http_address_format(const http_address_t *address,
                         char ret_text[HTTP_ADDRESS_TEXT_BYTES]) {
  const char *format = strchr(address->host, ':') != NULL ? "[%s]:%u" : "%s:%u";

  snprintf(ret_text, HTTP_ADDRESS_TEXT_BYTES, format, address->host,
           address->port % 65536);
}
