/* Which endpoint a path names. A part of a path may be percent-encoded where
 * it stands for something; where it is a word it may not. */
#include "endpoint.h"

#include <string.h>

#define PART_BYTES 64 /* longer than any key */

/* Percent-escapes of ASCII, decoded; false where it is none or too long. */
static bool decode_part(const char *part, size_t length,
                        char ret_text[PART_BYTES]) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  size_t used = 0;
  for (size_t i = 0; i < length; i++) {
    char byte = part[i];
    if (byte == '%') {
      const char *high = i + 2 < length ? strchr(digits, part[i + 1]) : NULL;
      const char *low = high == NULL ? NULL : strchr(digits, part[i + 2]);
      if (low == NULL || *high == '\0' || *low == '\0')
        return false;
      byte = (char)((high - digits) % 16 * 16 + (low - digits) % 16);
      i += 2;
    }
    if (used == PART_BYTES - 1 || byte == '\0')
      return false;
    ret_text[used++] = byte;
  }
  ret_text[used] = '\0';
  return true;
}

static bool part_matches(const char *pattern, size_t pattern_length,
                         const char *part, size_t length, debug_call_t *call) {
  char text[PART_BYTES];
  if (pattern_length == 3 && memcmp(pattern, "KEY", 3) == 0)
    return decode_part(part, length, text) &&
           asyncscope__debug_parse_key(text, &call->key);
  if (pattern_length == 2 && memcmp(pattern, "ID", 2) == 0)
    return decode_part(part, length, text) &&
           asyncscope__debug_parse_request(text, &call->request);
  return pattern_length == length && memcmp(pattern, part, length) == 0;
}

static bool path_matches(const char *pattern, const char *path,
                         debug_call_t *call) {
  while (*pattern == '/' && *path == '/') {
    size_t pattern_length = strcspn(++pattern, "/");
    size_t length = strcspn(++path, "/");
    if (!part_matches(pattern, pattern_length, path, length, call))
      return false;
    pattern += pattern_length;
    path += length;
  }
  return *pattern == '\0' && *path == '\0';
}

bool asyncscope__debug_find_endpoint(const char *path, debug_call_t *ret_call) {
  const debug_endpoint_t *endpoint = asyncscope__debug_endpoints;
  while (endpoint->path != NULL &&
         !path_matches(endpoint->path, path, ret_call))
    endpoint++;
  ret_call->endpoint = endpoint->path == NULL ? NULL : endpoint;
  return endpoint->path != NULL;
}
