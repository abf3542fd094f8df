#include "http_host.h"

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

static bool name_valid(http_text_t name) {
  const char *at = name.at;
  const char *end = at + name.size_bytes;

  at += http_bytes_span(at, end, HTTP_BYTE_HOST);
  while (escape_valid(at, end)) {
    at += 3;
    at += http_bytes_span(at, end, HTTP_BYTE_HOST);
  }
  return name.size_bytes > 0 && at == end;
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

static bool bracketed_valid(http_text_t host) {
  http_text_t rest = {host.at + 1, host.size_bytes - 1};
  http_text_t address = http_text_cut(&rest, ']');

  if (rest.at == NULL || !ipv6_valid(address))
    return false;
  if (rest.size_bytes == 0)
    return true;
  return rest.at[0] == ':' &&
         port_valid((http_text_t){rest.at + 1, rest.size_bytes - 1});
}

bool http_host_valid(http_text_t host) {
  http_text_t name;

  if (host.size_bytes > 0 && host.at[0] == '[')
    return bracketed_valid(host);
  name = http_text_cut(&host, ':');
  return name_valid(name) && port_valid(host);
}
