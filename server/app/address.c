#include "address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

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

static void set_port(struct sockaddr_storage *address, unsigned port) {
  if (address->ss_family == AF_INET6)
    ((struct sockaddr_in6 *)address)->sin6_port = htons((uint16_t)port);
  else
    ((struct sockaddr_in *)address)->sin_port = htons((uint16_t)port);
}

int app_address_resolve(const char *host, unsigned port,
                        struct sockaddr_storage *ret_address) {
  struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  int error = getaddrinfo(host, NULL, &hints, &found);

  if (error != 0)
    return translate(error);
  memset(ret_address, 0, sizeof(*ret_address));
  memcpy(ret_address, found->ai_addr, found->ai_addrlen);
  set_port(ret_address, port);
  freeaddrinfo(found);
  return 0;
}

unsigned app_address_port(const struct sockaddr_storage *address) {
  return ntohs(address->ss_family == AF_INET6
                   ? ((const struct sockaddr_in6 *)address)->sin6_port
                   : ((const struct sockaddr_in *)address)->sin_port);
}

void app_address_format(const char *host, unsigned port,
                        char ret_text[APP_AUTHORITY_BYTES]) {
  const char *format = strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u";

  snprintf(ret_text, APP_AUTHORITY_BYTES, format, host, port % 65536);
}
