/* The files of the page: what a browser loads for /debug, compiled in. They say
 * nothing of the program. */
#ifndef ASYNCSCOPE_SERVER_DEBUG_ASSET_H
#define ASYNCSCOPE_SERVER_DEBUG_ASSET_H

#include "http_request.h"
#include "http_response.h"
#include <stdbool.h>

typedef struct debug_asset_s {
  const char *path;
  const char *content_type;
  const char *etag; /* of its content, with the quotes */
  const unsigned char *plain;
  size_t plain_bytes;
  const unsigned char *gzip;
  size_t gzip_bytes;
} debug_asset_t;

/* A NULL path at the end. The build makes it out of web/; empty where the page
 * was left out. */
extern const debug_asset_t debug_assets[];

/* Shown in place of /debug to a browser without the token, which it asks for.
 */
#define DEBUG_ASSET_LOCKED "/debug/locked.html"

/* NULL where there is none. */
const debug_asset_t *debug_asset_find(http_text_t path);

/* Whether the request is a browser's, that wants a page. */
bool debug_asset_wants_page(const http_request_t *request);

/* Answers with it: 200, or 304 where the client has it. Fields that are the
 * answer's own have not been set. */
void debug_asset_serve(const debug_asset_t *asset,
                       const http_request_t *request,
                       http_response_t *response);

/* Answers with it whatever the client has: `status` is about something else. */
void debug_asset_send(const debug_asset_t *asset, int status,
                      const http_request_t *request, http_response_t *response);

#endif
