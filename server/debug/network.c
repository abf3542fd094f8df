/* A network as "192.0.2.0/24" or "2001:db8::/32" has it, and who is in it. An
 * IPv4 address is taken for the IPv6 one that stands for it, ::ffff:a.b.c.d, as
 * a listener on :: sees it. */
#include "asyncscope/asyncscope_debug.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#define MAPPED_BITS 96 /* of ::ffff:0:0 */

static void map(const struct in_addr *v4, unsigned char ret_address[16]) {
  memset(ret_address, 0, 10);
  memset(ret_address + 10, 0xff, 2);
  memcpy(ret_address + 12, v4, 4);
}

/* Answers how many bits come before the address's own; -1 for none. */
static int parse_address(const char *text, unsigned char ret_address[16]) {
  struct in_addr v4;
  if (inet_pton(AF_INET6, text, ret_address) == 1) {
    return 0;
  }
  if (inet_pton(AF_INET, text, &v4) != 1) {
    return -1;
  }
  map(&v4, ret_address);
  return MAPPED_BITS;
}

/* Digits without zeros before them, at most `max`. */
static bool parse_bits(const char *text, unsigned max, unsigned *ret_bits) {
  unsigned bits = 0;
  size_t length = strlen(text);
  if (length == 0 || length > 3 || strspn(text, "0123456789") != length ||
      (text[0] == '0' && length > 1)) {
    return false;
  }
  for (; *text != '\0'; text++) {
    bits = bits * 10 + (unsigned)(*text - '0');
  }
  *ret_bits = bits;
  return bits <= max;
}

/* Whether the bits from `from` on are those of `other`; NULL: zeros. */
static bool has_bits(const unsigned char *address, const unsigned char *other,
                     unsigned from, unsigned to) {
  for (unsigned i = from; i < to; i++) {
    unsigned difference = address[i / 8] ^ (other == NULL ? 0u : other[i / 8]);
    if ((difference >> (7 - i % 8) & 1) != 0) {
      return false;
    }
  }
  return true;
}

int asyncscope_debug_network_parse(const char *text,
                                   asyncscope_debug_network_t *ret_network) {
  char address[INET6_ADDRSTRLEN];
  asyncscope_debug_network_t network = {.prefix_bits = 128};
  size_t length = strcspn(text, "/");
  if (length >= sizeof(address)) {
    return UV_EINVAL;
  }
  memcpy(address, text, length);
  address[length] = '\0';
  int before = parse_address(address, network.address);
  if (before < 0) {
    return UV_EINVAL;
  }
  if (text[length] == '/') {
    unsigned bits;
    if (!parse_bits(text + length + 1, 128 - (unsigned)before, &bits)) {
      return UV_EINVAL;
    }
    network.prefix_bits = (unsigned)before + bits;
  }
  if (!has_bits(network.address, NULL, network.prefix_bits, 128)) {
    return UV_EINVAL;
  }
  *ret_network = network;
  return 0;
}

bool asyncscope_debug_network_has(const asyncscope_debug_network_t *network,
                                  const struct sockaddr *peer) {
  unsigned char address[16];
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  if (peer != NULL && peer->sa_family == AF_INET) {
    memcpy(&v4, peer, sizeof(v4));
    map(&v4.sin_addr, address);
  } else if (peer != NULL && peer->sa_family == AF_INET6) {
    memcpy(&v6, peer, sizeof(v6));
    memcpy(address, &v6.sin6_addr, sizeof(address));
  } else {
    return false;
  }
  return has_bits(address, network->address, 0, network->prefix_bits);
}
