/* Entity-tags (RFC 9110 8.8.3): `"x"`, or weak `W/"x"`. */
#ifndef ASYNCSCOPE_SERVER_HTTP_ETAG_H
#define ASYNCSCOPE_SERVER_HTTP_ETAG_H

#include "http_text.h"

/* Whether `text` is one tag and nothing else. */
bool http_etag_valid(http_text_t text);

/* Whether `etag`, which is valid, is in the list. `strong`: neither may be
 * weak. A list that is not well-formed ends where it stops to be. */
bool http_etag_in(http_text_t list, const char *etag, bool strong);

#endif
