/* Who may not see it learns nothing else: access is decided before anything is
 * said about methods, paths or load. */
#include "debug_mount.h"

#include "debug_answer.h"
#include "debug_asset.h"
#include <stdio.h>

void debug_mount_init(debug_mount_t *mount, uv_loop_t *loop,
                      const debug_mount_options_t *options) {
  *mount = (debug_mount_t){.options = *options, .loop = loop};
}

/* For a browser: nothing is guessed, embedded, or told to others, and a page
 * runs and loads only what comes from here. */
static int set_guards(http_response_t *response) {
  static const struct {
    const char *name, *value;
  } guards[] = {
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Content-Security-Policy",
       "default-src 'self'; base-uri 'none'; form-action 'none'; "
       "frame-ancestors 'none'"},
  };
  int error = 0;

  for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]) && error == 0; i++)
    error = http_response_set_field(response, guards[i].name, guards[i].value);
  return error;
}

static void send_line(http_response_t *response, int status, const char *text) {
  char line[512];
  int size = snprintf(line, sizeof(line), "%s\n", text);

  http_response_send(response, status, "text/plain; charset=utf-8", line,
                     (size_t)size);
}

/* A status with the field it must not be without. */
static void send_with(http_response_t *response, int status, const char *name,
                      const char *value, const char *text) {
  int error = http_response_set_field(response, name, value);

  if (error != 0)
    http_response_abort(response, error);
  else
    send_line(response, status, text);
}

/* A browser has no other way to show a token than the page itself. */
static const debug_asset_t *locked_page(const http_request_t *request) {
  bool page =
      http_text_equals(http_request_path(request), ASYNCSCOPE_DEBUG_PATH) &&
      debug_asset_wants_page(request);

  return page ? debug_asset_find(http_text(DEBUG_ASSET_LOCKED)) : NULL;
}

static void send_locked(const debug_asset_t *asset,
                        const http_request_t *request,
                        http_response_t *response) {
  int error = http_response_set_field(response, "WWW-Authenticate",
                                      ASYNCSCOPE_DEBUG_CHALLENGE);

  if (error != 0)
    http_response_abort(response, error);
  else
    debug_asset_send(asset, 401, request, response);
}

static void refuse(const http_request_t *request, http_response_t *response,
                   int status, const char *reason) {
  const debug_asset_t *locked = status == 401 ? locked_page(request) : NULL;

  if (locked != NULL)
    send_locked(locked, request, response);
  else if (status == 401)
    send_with(response, status, "WWW-Authenticate", ASYNCSCOPE_DEBUG_CHALLENGE,
              reason);
  else
    send_line(response, status, reason);
}

static void send_busy(http_response_t *response) {
  send_with(response, 503, "Retry-After", "1",
            "debug: others are reading it, try again");
}

/* Which kind it is shows only when it was opened. */
static bool has_room_for(const debug_mount_t *mount,
                         const asyncscope_debug_answer_t *opened) {
  return !debug_answer_lasts(opened) ||
         (mount->lasting_count < mount->options.lasting_max && !mount->stopped);
}

static void answer(debug_mount_t *mount, http_request_t *request,
                   http_response_t *response) {
  asyncscope_debug_answer_t opened;
  int error = debug_visit_open(request, mount->options.debug, &opened);

  if (error == 0 && !has_room_for(mount, &opened)) {
    asyncscope_debug_stream_destroy(opened.stream);
    send_busy(response);
    return;
  }
  if (error == 0)
    error = debug_answer_begin(mount, request, response, &opened);
  if (error != 0)
    send_with(response, 503, "Retry-After", "1", "debug: out of memory");
}

static bool is_read(const http_request_t *request) {
  return (http_request_method(request) &
          (HTTP_METHOD_GET | HTTP_METHOD_HEAD)) != 0;
}

/* Nothing is kept: it is the state of a moment, and not for everybody. */
static void serve_state(debug_mount_t *mount, http_request_t *request,
                        http_response_t *response, int status,
                        const char *reason) {
  int error = http_response_set_field(response, "Cache-Control", "no-store");

  if (error != 0)
    http_response_abort(response, error);
  else if (status != 200)
    refuse(request, response, status, reason);
  else if (!is_read(request))
    send_with(response, 405, "Allow", "GET, HEAD",
              "debug: it is only read, by GET and HEAD");
  else if (mount->stream_count >= mount->options.streams_max)
    send_busy(response);
  else
    answer(mount, request, response);
}

/* The page's files are for whoever could get in with a token: only by them is
 * it asked for one. */
void debug_mount_serve(debug_mount_t *mount, http_request_t *request,
                       http_response_t *response) {
  const debug_asset_t *asset = debug_asset_find(http_request_path(request));
  const char *reason = NULL;
  int status = debug_visit_access(request, &mount->options.policy, &reason);
  int error = set_guards(response);

  if (error != 0)
    http_response_abort(response, error);
  else if (asset != NULL && status != 403 && is_read(request))
    debug_asset_serve(asset, request, response);
  else
    serve_state(mount, request, response, status, reason);
}

bool debug_mount_is_welcome(const http_request_t *request) {
  return http_text_equals(http_request_path(request), "/") &&
         is_read(request) && debug_asset_wants_page(request);
}

bool debug_mount_welcome(const http_request_t *request,
                         http_response_t *response) {
  int error;

  if (!debug_mount_is_welcome(request))
    return false;
  error = http_response_set_field(response, "Location", ASYNCSCOPE_DEBUG_PATH);
  if (error != 0)
    http_response_abort(response, error);
  else
    send_line(response, 302, "the page is at " ASYNCSCOPE_DEBUG_PATH);
  return true;
}

bool debug_mount_health(const http_request_t *request,
                        http_response_t *response) {
  if (!http_text_equals(http_request_path(request), "/healthz") ||
      !is_read(request))
    return false;
  send_line(response, 200, "ok");
  return true;
}

void debug_mount_stop(debug_mount_t *mount) {
  debug_answer_t *at = mount->answers;

  mount->stopped = true;
  while (at != NULL) {
    debug_answer_t *next = at->next;

    debug_answer_stop(at);
    at = next;
  }
}
