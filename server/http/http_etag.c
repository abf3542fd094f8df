/* A tag may hold commas, so a list of them is not cut at commas. */
#include "http_etag.h"

#include <string.h>

typedef struct etag_s {
  bool weak;
  http_text_t opaque; /* with its quotes */
} etag_t;

static bool is_tag_char(char byte) {
  unsigned char c = (unsigned char)byte;
  return c == 0x21 || (c >= 0x23 && c <= 0x7e) || c >= 0x80;
}

static void skip(http_text_t *rest, size_t size) {
  rest->at += size;
  rest->size_bytes -= size;
}

/* Takes the tag that `rest` begins with. */
static bool take_etag(http_text_t *rest, etag_t *ret_etag) {
  size_t size = 1;
  ret_etag->weak = rest->size_bytes >= 2 && memcmp(rest->at, "W/", 2) == 0;
  if (ret_etag->weak)
    skip(rest, 2);
  if (rest->size_bytes == 0 || rest->at[0] != '"')
    return false;
  while (size < rest->size_bytes && is_tag_char(rest->at[size]))
    size++;
  if (size == rest->size_bytes || rest->at[size] != '"')
    return false;
  ret_etag->opaque = (http_text_t){rest->at, size + 1};
  skip(rest, size + 1);
  return true;
}

bool http_etag_valid(http_text_t text) {
  etag_t etag;
  return take_etag(&text, &etag) && text.size_bytes == 0;
}

static bool is_between(char byte) {
  return byte == ',' || byte == ' ' || byte == '\t';
}

static bool are_equal(const etag_t *one, const etag_t *other, bool strong) {
  return one->opaque.size_bytes == other->opaque.size_bytes &&
         memcmp(one->opaque.at, other->opaque.at, one->opaque.size_bytes) ==
             0 &&
         (!strong || (!one->weak && !other->weak));
}

bool http_etag_in(http_text_t list, const char *etag, bool strong) {
  http_text_t text = http_text(etag);
  etag_t wanted, found;
  if (!take_etag(&text, &wanted))
    return false;
  for (;;) {
    while (list.size_bytes > 0 && is_between(*list.at))
      skip(&list, 1);
    if (!take_etag(&list, &found))
      return false;
    if (are_equal(&found, &wanted, strong))
      return true;
  }
}
