/* A name is for whatever the build of the day has under it, so that a browser
 * asks each time and is mostly told that it has it. */
#include "debug_asset.h"

#include "http_etag.h"

const debug_asset_t *debug_asset_find(http_text_t path) {
  for (const debug_asset_t *asset = debug_assets; asset->path != NULL; asset++)
    if (http_text_equals(path, asset->path))
      return asset;
  return NULL;
}

/* Whether the list of a field has the word, with a weight that is not 0. */
static bool lists(http_text_t rest, const char *word) {
  while (rest.at != NULL) {
    http_text_t item = http_text_cut(&rest, ',');
    http_text_t name = http_text_trim(http_text_cut(&item, ';'));

    if (http_text_equals_nocase(name, word)) {
      http_text_t weight = http_text_trim(item);

      return item.at == NULL || !(http_text_equals_nocase(weight, "q=0") ||
                                  http_text_equals_nocase(weight, "q=0.0") ||
                                  http_text_equals_nocase(weight, "q=0.00") ||
                                  http_text_equals_nocase(weight, "q=0.000"));
    }
  }
  return false;
}

/* Of the fields of that name the last counts: a client that sends several gets
 * what everybody understands, or not the page. */
static bool field_lists(const http_request_t *request, const char *name,
                        const char *word) {
  http_text_t value;

  return http_request_field(request, name, &value) == 1 && lists(value, word);
}

bool debug_asset_wants_page(const http_request_t *request) {
  return field_lists(request, "accept", "text/html");
}

static bool client_has(const debug_asset_t *asset,
                       const http_request_t *request) {
  http_text_t list;

  return http_request_field(request, "if-none-match", &list) == 1 &&
         (http_text_equals(list, "*") ||
          http_etag_in(list, asset->etag, false));
}

void debug_asset_send(const debug_asset_t *asset, int status,
                      const http_request_t *request,
                      http_response_t *response) {
  bool gzip = field_lists(request, "accept-encoding", "gzip");
  int error = http_response_set_field(response, "Vary", "Accept-Encoding");

  if (error == 0 && gzip)
    error = http_response_set_field(response, "Content-Encoding", "gzip");
  if (error != 0)
    http_response_abort(response, error);
  else if (gzip)
    http_response_send(response, status, asset->content_type, asset->gzip,
                       asset->gzip_bytes);
  else
    http_response_send(response, status, asset->content_type, asset->plain,
                       asset->plain_bytes);
}

void debug_asset_serve(const debug_asset_t *asset,
                       const http_request_t *request,
                       http_response_t *response) {
  int error = http_response_set_field(response, "Cache-Control", "no-cache");

  if (error == 0)
    error = http_response_set_field(response, "ETag", asset->etag);
  if (error != 0)
    http_response_abort(response, error);
  else if (client_has(asset, request))
    http_response_send(response, 304, NULL, NULL, 0);
  else
    debug_asset_send(asset, 200, request, response);
}
