/* /leak is answered at once; what it made stays, and holds its context. */
#include "routes.h"

#include "app.h"
#include "reply.h"
#include "request_context.h"

static void leak(app_loop_t *loop, http_response_t *response, int64_t count,
                 int64_t ms) {
  char id[REQUEST_ID_BYTES];
  int error =
      app_leaks_add(&loop->leaks, &loop->loop, (size_t)count, (uint64_t)ms);

  if (error != 0) {
    reply_unavailable(response, error);
    return;
  }
  request_id_current(&loop->app->storage, id);
  reply_json(response, 200,
             json_pack("{s:I, s:I, s:s}", "count", (json_int_t)count, "ms",
                       (json_int_t)ms, "requestId", id));
}

void route_leak(void *arg, http_request_t *request, http_response_t *response) {
  static const char *const names[] = {"count", "ms"};
  http_query_t query;
  int64_t count, ms;

  http_query_init(&query, http_request_query(request), names, 2);
  if (http_query_integer(&query, "count", 0, APP_LEAK_MAX, 1000, &count) &&
      http_query_integer(&query, "ms", 0, APP_LEAK_MAX_MS, 60000, &ms))
    leak(arg, response, count, ms);
  else
    reply_bad_query(response, &query);
}
