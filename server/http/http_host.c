#include "http_host.h"

#include "http_apart.h"
#include "http_bytes.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

static bool port_valid(http_text_t port) {
  unsigned long number = 0;

  for (size_t i = 0; i < port.size_bytes; i++) {
    if (!is_digit(port.at[i]) || i >= 5)
      return false;
    number = number * 10 + (unsigned long)(port.at[i] - '0');
  }
  return number <= 65535;
}

static bool escape_valid(const char *at, const char *end) {
  return end - at >= 3 && *at == '%' && http_byte_is(at[1], HTTP_BYTE_HEX) &&
         http_byte_is(at[2], HTTP_BYTE_HEX);
}

/* The length of the name that it begins with. */
static size_t name_span(const char *from, http_text_t host) {
  const char *at = host.at;
  const char *end = at + host.size_bytes;

  at += http_bytes_host_span(from, at, end);
  while (escape_valid(at, end)) {
    at += 3;
    at += http_bytes_span(at, end, HTTP_BYTE_HOST);
  }
  return (size_t)(at - host.at);
}

static bool ipv6_valid(http_text_t address) {
  char text[INET6_ADDRSTRLEN];
  struct in6_addr parsed;

  if (address.size_bytes >= sizeof(text))
    return false;
  memcpy(text, address.at, address.size_bytes);
  text[address.size_bytes] = '\0';
  return inet_pton(AF_INET6, text, &parsed) == 1;
}

/* Behind the name or address: nothing, or a colon and a port. */
static bool rest_valid(http_text_t rest) {
  return rest.size_bytes == 0 ||
         (rest.at[0] == ':' &&
          port_valid((http_text_t){rest.at + 1, rest.size_bytes - 1}));
}

HTTP_APART static bool bracketed_valid(http_text_t host) {
  http_text_t rest = {host.at + 1, host.size_bytes - 1};
  http_text_t address = http_text_cut(&rest, ']');

  return rest.at != NULL && ipv6_valid(address) && rest_valid(rest);
}

bool http_host_valid(const char *from, http_text_t host) {
  size_t name;

  if (host.size_bytes > 0 && host.at[0] == '[')
    return bracketed_valid(host);
  name = name_span(from, host);
  return name > 0 &&
         rest_valid((http_text_t){host.at + name, host.size_bytes - name});
}
