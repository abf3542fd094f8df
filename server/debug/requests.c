/* A request is known by the record that stands for it, an HTTPINCOMINGMESSAGE
 * that has not ended, and by its number in the records of what it caused. The
 * first pass finds the former, a second one counts the latter. */
#include "requests.h"

#include "asyncscope/async_allocator.h"
#include "json_account.h"
#include "json_resource.h"
#include <stdlib.h>
#include <string.h>

const char *const asyncscope__debug_request_fields[] = {
    "requestId", "name",   "state",    "rootAsyncId", "key",        "thread",
    "ageUs",     "runUs",  "live",     "durationUs",  "endedAgoUs", "status",
    "error",     "failed", "retained", "route",       "traceId",    "spanId",
    "holders",   "cost",   NULL};

int asyncscope__debug_requests_init(debug_requests_t *requests,
                                    const debug_capture_t *capture,
                                    const debug_query_t *query) {
  memset(requests, 0, sizeof(*requests));
  requests->capture = capture;
  requests->query = *query;
  requests->query.given |=
      DEBUG_TAKES(DEBUG_PARAM_TYPE) | DEBUG_TAKES(DEBUG_PARAM_STATE);
  requests->query.types =
      (debug_globs_t){.count = 1, .items = {"HTTPINCOMINGMESSAGE"}};
  requests->query.states = ~(1u << DEBUG_DESTROYED);
  if (requests->query.limit > DEBUG_REQUESTS_MAX)
    requests->query.limit = DEBUG_REQUESTS_MAX;
  requests->walk = asyncscope__debug_walk_all(capture);
  return asyncscope__debug_selection_init(&requests->selection, capture,
                                          &requests->query);
}

static int compare(const void *a, const void *b) {
  uint64_t left = ((const debug_request_count_t *)a)->request;
  uint64_t right = ((const debug_request_count_t *)b)->request;
  return (left > right) - (left < right);
}

/* One for each request that was selected; the picks stay where they are. */
static int begin_counting(debug_requests_t *requests) {
  const debug_selection_t *selection = &requests->selection;
  debug_resource_t resource;
  if (selection->count == 0)
    return 0;
  requests->counts = async_calloc(selection->count, sizeof(*requests->counts));
  if (requests->counts == NULL)
    return UV_ENOMEM;
  for (size_t i = 0; i < selection->count; i++) {
    const debug_pick_t *pick = &selection->picks[i];
    if (asyncscope__debug_read(requests->capture, pick->thread, pick->place,
                               pick->async_id, &resource) &&
        resource.info.request != 0)
      requests->counts[requests->count++].request = resource.info.request;
  }
  qsort(requests->counts, requests->count, sizeof(*requests->counts), compare);
  return 0;
}

static debug_request_count_t *find(const debug_requests_t *requests,
                                   uint64_t request) {
  const debug_request_count_t key = {.request = request};
  return requests->count == 0 ? NULL
                              : bsearch(&key, requests->counts, requests->count,
                                        sizeof(key), compare);
}

/* A program may take requests and keep no account of them. */
static int find_accounts(debug_requests_t *requests) {
  debug_query_t *all = async_calloc(1, sizeof(*all));
  if (all == NULL)
    return UV_ENOMEM;
  all->limit = DEBUG_REQUESTS_MAX;
  debug_filter_t filter = asyncscope__debug_filter(requests->capture, all);
  int error = asyncscope__debug_account_list_init(&requests->accounts, &filter,
                                                  ASYNC_REQUESTS_ACTIVE);
  for (size_t i = 0; i < requests->accounts.count && error == 0; i++) {
    async_request_info_t *account = &requests->accounts.items[i];
    debug_request_count_t *found = find(requests, account->number);
    if (found != NULL)
      found->account = account;
  }
  async_free(all);
  return error;
}

static int count(void *arg, size_t thread, const async_resource_info_t *info) {
  debug_requests_t *requests = arg;
  debug_request_count_t *found =
      info->request == 0 ? NULL : find(requests, info->request);
  bool hidden = info->internal && !requests->selection.filter.internal;
  (void)thread;
  if (found != NULL && !hidden)
    found->live++;
  return 0;
}

int asyncscope__debug_requests_build(debug_requests_t *requests) {
  debug_resource_t first;
  int status = asyncscope__debug_selection_peek(&requests->selection, &first);
  if (status < 0)
    return status;
  if (!requests->selected) {
    int error = begin_counting(requests);
    if (error == 0 && requests->count > 0)
      error = find_accounts(requests);
    if (error != 0)
      return error;
    requests->selected = true;
  }
  return requests->count == 0
             ? 0
             : asyncscope__debug_walk_slice(&requests->walk, count, requests);
}

static json_t *element(const debug_requests_t *requests,
                       const debug_resource_t *resource) {
  const async_resource_info_t *info = &resource->info;
  const debug_request_count_t *found = find(requests, info->request);
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_request(&fields, "requestId", info->request);
  asyncscope__json_put_text(&fields, "name", info->name);
  asyncscope__json_put_text(&fields, "state", "active");
  asyncscope__json_put_integer(&fields, "rootAsyncId", info->async_id);
  asyncscope__json_put_key(&fields, "key", asyncscope__debug_ref(info));
  asyncscope__json_put_unsigned(&fields, "thread", info->thread);
  asyncscope__json_put_unsigned(
      &fields, "ageUs", asyncscope__debug_age_us(requests->capture, resource));
  asyncscope__json_put_unsigned(
      &fields, "runUs", asyncscope__debug_run_us(requests->capture, resource));
  asyncscope__json_put_unsigned(&fields, "live",
                                found == NULL ? 1 : found->live);
  if (found != NULL && found->account != NULL)
    asyncscope__json_put_account(&fields, found->account);
  return asyncscope__json_end(&fields);
}

int asyncscope__debug_write_requests(debug_requests_t *requests,
                                     const debug_query_t *masked,
                                     json_writer_t *writer) {
  debug_resource_t resource;
  int status =
      asyncscope__debug_selection_peek(&requests->selection, &resource);
  if (status <= 0)
    return status;
  json_t *object = element(requests, &resource);
  if (masked != NULL)
    object = asyncscope__json_masked(object, masked);
  int error = asyncscope__json_write(writer, NULL, object);
  if (error != 0)
    return error;
  asyncscope__debug_selection_take(&requests->selection);
  return 1;
}

void asyncscope__debug_requests_finish(debug_requests_t *requests) {
  asyncscope__debug_selection_finish(&requests->selection);
  asyncscope__debug_account_list_finish(&requests->accounts);
  async_free(requests->counts);
  requests->counts = NULL;
}
