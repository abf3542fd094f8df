/* Names of places, a line each: Host, an address to listen on, a URL, a
 * network; then who asks for /debug: Authorization, Origin, Sec-Fetch-Site. */
#include "fuzz.h"

#include "asyncscope/asyncscope_debug.h"
#include "http_address.h"
#include "http_host.h"
#include "http_url.h"
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TOKEN "s3cret"

/* Nothing that could end a line or a name elsewhere. */
static void check_host(const char *text) {
  if (!http_host_valid(text, http_text(text))) {
    return;
  }
  for (size_t i = 0; text[i] != '\0'; i++) {
    FUZZ_CHECK(text[i] > ' ' && text[i] <= '~');
    FUZZ_CHECK(strchr("/?#@\\\"<>^`{|}", text[i]) == NULL);
  }
}

static void check_address(const char *text) {
  http_address_t address, again;
  char formatted[HTTP_ADDRESS_TEXT_BYTES];
  if (http_address_parse(text, &address) != 0) {
    return;
  }
  FUZZ_CHECK(address.port <= 65535);
  FUZZ_CHECK(memchr(address.host, '\0', sizeof(address.host)) != NULL);
  http_address_format(&address, formatted);
  FUZZ_CHECK(http_address_parse(formatted, &again) == 0);
  FUZZ_CHECK(strcmp(address.host, again.host) == 0);
  FUZZ_CHECK(address.port == again.port);
}

static void check_url(const char *text) {
  http_url_t url;
  if (http_url_parse(text, &url) != 0) {
    return;
  }
  FUZZ_CHECK(url.port != 0 && url.host[0] != '\0');
  FUZZ_CHECK(memchr(url.host, '\0', sizeof(url.host)) != NULL);
  FUZZ_CHECK(url.target[0] == '/');
}

static void check_network(const char *text) {
  asyncscope_debug_network_t network;
  struct sockaddr_in peer = {.sin_family = AF_INET};
  if (asyncscope_debug_network_parse(text, &network) == 0) {
    FUZZ_CHECK(network.prefix_bits <= 128);
    asyncscope_debug_network_has(&network, (struct sockaddr *)&peer);
  }
}

/* Nobody from elsewhere gets in without the token. */
static void check_remote(asyncscope_debug_visitor_t visitor) {
  struct sockaddr_in peer = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(0xc0000201)};
  const char *reason = "";
  visitor.peer = (struct sockaddr *)&peer;
  FUZZ_CHECK(asyncscope_debug_access(&visitor, NULL, &reason) != 200);
  FUZZ_CHECK(reason != NULL);
  if (asyncscope_debug_access(&visitor, TOKEN, &reason) == 200) {
    FUZZ_CHECK(strstr(visitor.authorization, TOKEN) != NULL);
    FUZZ_CHECK(reason == NULL);
  }
}

/* A name that is none of this machine's may have been bound to it anew. */
static void check_local(asyncscope_debug_visitor_t visitor) {
  struct sockaddr_in peer = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const char *reason = "";
  visitor.peer = (struct sockaddr *)&peer;
  if (asyncscope_debug_access(&visitor, NULL, &reason) == 200) {
    FUZZ_CHECK(strncasecmp(visitor.host, "localhost", 9) == 0 ||
               strncmp(visitor.host, "127.", 4) == 0 || visitor.host[0] == '[');
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_input_t input = {(const char *)data, size};
  char *lines[7];
  for (size_t i = 0; i < 7; i++) {
    lines[i] = fuzz_line(&input);
  }
  const asyncscope_debug_visitor_t visitor = {.host = lines[0],
                                              .authorization = lines[4],
                                              .origin = lines[5],
                                              .sec_fetch_site = lines[6]};
  asyncscope_debug_visitor_t plain = {.host = lines[0]};
  check_host(lines[0]);
  check_address(lines[1]);
  check_url(lines[2]);
  check_network(lines[3]);
  check_remote(visitor);
  check_local(visitor);
  check_local(plain);
  for (size_t i = 0; i < 7; i++) {
    free(lines[i]);
  }
  return 0;
}
