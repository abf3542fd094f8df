/* /debug/requests?state=finished as JSON: the last ones, and the latencies of
 * all by route. */
#include "document.h"
#include "formats.h"
#include "json_account.h"
#include "json_list.h"
#include "json_resource.h"
#include "json_routes.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

typedef struct finished_json_s {
  debug_document_t document;
  debug_capture_t capture;
  debug_filter_t filter;
  debug_account_list_t list;
  debug_routes_t routes;
  size_t at;
} finished_json_t;

static int begin_list(void *state, json_writer_t *writer) {
  finished_json_t *json = state;
  int error = asyncscope__json_write(
      writer, "matched", json_integer((json_int_t)json->list.count));
  return error == 0 ? asyncscope__json_open_array(writer, "requests") : error;
}

static int write_request(void *state, json_writer_t *writer) {
  finished_json_t *json = state;
  if (json->at == json->list.shown)
    return 0;
  json_t *element =
      asyncscope__json_account(&json->capture, &json->list.items[json->at]);
  int error = asyncscope__json_write(
      writer, NULL, asyncscope__json_masked(element, json->filter.query));
  json->at += error == 0;
  return error == 0 ? 1 : error;
}

static int begin_routes(void *state, json_writer_t *writer) {
  finished_json_t *json = state;
  debug_cursor_t cursor;
  bool cut =
      asyncscope__debug_account_list_cut(&json->list, &json->filter, &cursor);
  int error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__debug_write_cut(cut, &cursor, writer);
  return error == 0 ? asyncscope__json_open_array(writer, "routes") : error;
}

static int write_route(void *state, json_writer_t *writer) {
  finished_json_t *json = state;
  return asyncscope__debug_write_route(&json->routes, writer);
}

static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  (void)state;
  return error == 0 ? asyncscope__json_close(writer) : error;
}

static const debug_part_cb parts[] = {asyncscope__debug_write_head,
                                      begin_list,
                                      write_request,
                                      begin_routes,
                                      write_route,
                                      end,
                                      NULL};

static int begin(void *state, debug_call_t *call) {
  finished_json_t *json = state;
  int error = asyncscope__debug_open_capture(&json->capture, call);
  if (error != 0)
    return error;
  json->filter = asyncscope__debug_filter(&json->capture, call->query);
  error = asyncscope__debug_routes_init(&json->routes, &json->capture);
  if (error == 0)
    error = asyncscope__debug_account_list_init(&json->list, &json->filter,
                                                ASYNC_REQUESTS_FINISHED |
                                                    ASYNC_REQUESTS_SLOW);
  if (error == 0 && asyncscope__debug_given(call->query, DEBUG_PARAM_CURSOR))
    asyncscope__debug_account_list_skip(&json->list, &json->filter,
                                        &call->query->cursor);
  json->document = asyncscope__debug_document(parts, "finished", &json->capture,
                                              call->query);
  return error;
}

static void json_close(void *state) {
  finished_json_t *json = state;
  asyncscope__debug_account_list_finish(&json->list);
  asyncscope__debug_routes_finish(&json->routes);
  asyncscope__debug_capture_finish(&json->capture);
  async_free(json);
}

static int json_open(debug_call_t *call, void **ret_state) {
  if (asyncscope__debug_given(call->query, DEBUG_PARAM_CURSOR) &&
      !asyncscope__debug_account_cursor_fits(call->query))
    return asyncscope__debug_refuse(
        call, 400, "cursor= belongs to an answer in another order");
  return asyncscope__debug_open_state(call, sizeof(finished_json_t), begin,
                                      json_close, ret_state);
}

const debug_format_t asyncscope__debug_finished_json = {
    "json",     DEBUG_JSON_TYPE,
    json_open,  asyncscope__debug_document_step,
    json_close, NULL};
