#include "debug_visit.h"

#include "asyncscope/async_allocator.h"
#include "debug_limits.h"
#include <string.h>

typedef struct debug_visit_s {
  asyncscope_debug_visitor_t visitor;
  struct sockaddr_storage peer;
  char host[DEBUG_FIELD_BYTES];
  char authorization[DEBUG_FIELD_BYTES];
  char origin[DEBUG_FIELD_BYTES];
  char sec_fetch_site[DEBUG_FIELD_BYTES];
} debug_visit_t;

/* A field that is there twice, or is too long to be honest, must not pass as
 * one that is absent: it becomes a value that nobody accepts, of whatever
 * field. Where it is a token it is a wrong one, as none has a space. */
static const char *copy_text(http_text_t value, unsigned count, char *buffer) {
  if (count == 0)
    return NULL;
  if (count > 1 || value.size_bytes >= DEBUG_FIELD_BYTES)
    value = http_text("Bearer not one");
  memcpy(buffer, value.at, value.size_bytes);
  buffer[value.size_bytes] = '\0';
  return buffer;
}

static const char *copy_field(const http_request_t *request, const char *name,
                              char *buffer) {
  http_text_t value;
  unsigned count = http_request_field(request, name, &value);

  return copy_text(value, count, buffer);
}

static const char *copy_host(const http_request_t *request, char *buffer) {
  http_text_t host = http_request_host(request);

  return copy_text(host, host.size_bytes > 0, buffer);
}

/* What they say is not believed, only that they are there. */
static const char *forwarded(const http_request_t *request) {
  static const char *const names[] = {"forwarded",         "via",
                                      "x-forwarded-for",   "x-forwarded-host",
                                      "x-forwarded-proto", "x-forwarded-port",
                                      "x-real-ip",         "x-client-ip",
                                      "cf-connecting-ip",  "true-client-ip"};
  http_text_t value;

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (http_request_field(request, names[i], &value) > 0)
      return "";
  return NULL;
}

static bool is_allowed(const debug_policy_t *policy,
                       const struct sockaddr *peer) {
  bool allowed = false;

  for (size_t i = 0; i < policy->network_count && !allowed; i++)
    allowed = asyncscope_debug_network_has(&policy->networks[i], peer);
  return allowed;
}

int debug_visit_access(const http_request_t *request,
                       const debug_policy_t *policy, const char **ret_reason) {
  char token[ASYNCSCOPE_DEBUG_TOKEN_MAX + 1];
  debug_visit_t visit;
  asyncscope_debug_visitor_t *visitor = &visit.visitor;
  int error = http_request_peer(request, &visit.peer);

  visitor->peer = error == 0 ? (const struct sockaddr *)&visit.peer : NULL;
  visitor->allowed = is_allowed(policy, visitor->peer);
  visitor->host = copy_host(request, visit.host);
  visitor->authorization =
      copy_field(request, "authorization", visit.authorization);
  visitor->origin = copy_field(request, "origin", visit.origin);
  visitor->sec_fetch_site =
      copy_field(request, "sec-fetch-site", visit.sec_fetch_site);
  visitor->forwarded = forwarded(request);
  debug_secret_get(policy->secret, token);
  return asyncscope_debug_access(visitor, token, ret_reason);
}

/* NUL-terminated copies of what the request says, in one block. */
typedef struct debug_question_s {
  asyncscope_debug_request_t request;
  char bytes[];
} debug_question_t;

static const char *append(char **at, http_text_t text) {
  char *copy = *at;

  if (text.size_bytes > 0)
    memcpy(copy, text.at, text.size_bytes);
  copy[text.size_bytes] = '\0';
  *at += text.size_bytes + 1;
  return copy;
}

/* NULL for want of memory. */
static debug_question_t *copy_question(const http_request_t *request) {
  http_text_t path = http_request_path(request);
  http_text_t query = http_request_query(request);
  http_text_t accept = {"", 0};
  http_text_t event = {"", 0};
  debug_question_t *question;
  char *at;

  http_request_field(request, "accept", &accept);
  http_request_field(request, "last-event-id", &event);
  question =
      async_malloc(sizeof(*question) + path.size_bytes + query.size_bytes +
                   accept.size_bytes + event.size_bytes + 4);
  if (question == NULL)
    return NULL;
  at = question->bytes;
  question->request.path = append(&at, path);
  question->request.query = append(&at, query);
  question->request.accept = append(&at, accept);
  question->request.last_event_id = append(&at, event);
  return question;
}

int debug_visit_open(const http_request_t *request, asyncscope_debug_t *debug,
                     asyncscope_debug_answer_t *ret_answer) {
  debug_question_t *question = copy_question(request);
  int error = UV_ENOMEM;

  if (question != NULL)
    error = asyncscope_debug_open(debug, &question->request, ret_answer);
  async_free(question);
  return error;
}
