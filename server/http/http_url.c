#include "http_url.h"

#include "asyncscope/async_env.h"
#include "http_text.h"
#include <string.h>
#include <strings.h>
#include <uv.h>

static int refuse(const char *why) {
  return async_error_set(UV_EINVAL, "the URL %s", why);
}

static int parse_port(http_text_t digits, uint16_t *ret_port) {
  unsigned port = 0;

  for (size_t i = 0; i < digits.size_bytes; i++) {
    if (digits.at[i] < '0' || digits.at[i] > '9' || i >= 5)
      return refuse("has no valid port");
    port = port * 10 + (unsigned)(digits.at[i] - '0');
  }
  if (port == 0 || port > UINT16_MAX)
    return refuse("has no valid port");
  *ret_port = (uint16_t)port;
  return 0;
}

static int copy_host(http_text_t host, http_url_t *url) {
  if (host.size_bytes == 0 || host.size_bytes >= sizeof(url->host))
    return refuse("has no host, or one that is too long");
  memcpy(url->host, host.at, host.size_bytes);
  url->host[host.size_bytes] = '\0';
  return 0;
}

/* Cuts the host off, without the brackets of an IPv6 address; `rest` is what
 * stands behind it. */
static int cut_host(http_text_t *rest, http_text_t *ret_host) {
  if (rest->size_bytes == 0 || rest->at[0] != '[') {
    ret_host->at = rest->at;
    ret_host->size_bytes = strcspn(rest->at, ":/");
    rest->at += ret_host->size_bytes;
    rest->size_bytes -= ret_host->size_bytes;
    return 0;
  }
  rest->at++;
  rest->size_bytes--;
  *ret_host = http_text_cut(rest, ']');
  return rest->at == NULL ? refuse("has an address without an end") : 0;
}

static int parse_authority(http_text_t authority, http_url_t *url) {
  http_text_t host;
  int error;

  if (memchr(authority.at, '@', authority.size_bytes) != NULL)
    return refuse("has a user's name");
  error = cut_host(&authority, &host);
  if (error == 0)
    error = copy_host(host, url);
  url->port = 80;
  if (error != 0 || authority.size_bytes == 0)
    return error;
  if (authority.at[0] != ':')
    return refuse("has no valid host");
  return parse_port((http_text_t){authority.at + 1, authority.size_bytes - 1},
                    &url->port);
}

/* A byte that could end a line, or the target in it. */
static bool has_unescaped(const char *text) {
  for (; *text != '\0'; text++) {
    unsigned char byte = (unsigned char)*text;

    if (byte <= ' ' || byte >= 0x7f)
      return true;
  }
  return false;
}

int http_url_parse(const char *text, http_url_t *ret_url) {
  http_text_t authority;

  if (strncasecmp(text, "http://", 7) != 0)
    return refuse("is none of http");
  if (has_unescaped(text))
    return refuse("has a byte that must be percent-encoded");
  authority = (http_text_t){text + 7, strcspn(text + 7, "/?#")};
  text = authority.at + authority.size_bytes;
  if (*text != '\0' && *text != '/')
    return refuse("has a query without a path");
  if (strchr(text, '#') != NULL)
    return refuse("has a fragment");
  ret_url->target = *text == '\0' ? "/" : text;
  return parse_authority(authority, ret_url);
}
