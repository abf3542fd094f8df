#include "http_host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

static bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') ||
         (byte >= 'A' && byte <= 'F');
}

static bool is_name_char(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') ||
         (byte != '\0' && strchr("-._~!$&'()*+,;=", byte) != NULL);
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

static bool name_valid(http_text_t name) {
  for (size_t i = 0; i < name.size_bytes; i++) {
    if (name.at[i] == '%') {
      if (name.size_bytes - i < 3 || !is_hex(name.at[i + 1]) ||
          !is_hex(name.at[i + 2]))
        return false;
      i += 2;
    } else if (!is_name_char(name.at[i])) {
      return false;
    }
  }
  return name.size_bytes > 0;
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
