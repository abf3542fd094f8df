#include "refusal.h"

#include "json_fields.h"
#include "parameter.h"
#include <inttypes.h>
#include <string.h>

int asyncscope__debug_refuse(const debug_call_t *call, int status,
                             const char *problem) {
  call->answer->status = status;
  *call->fault = (debug_fault_t){.problem = problem};
  return UV_EINVAL;
}

/* What there may be in place of what was asked for, one after the other; NULL
 * behind the last. */
static const char *valid_at(const debug_refusal_t *refusal, size_t *at) {
  const debug_fault_t *fault = &refusal->fault;
  const debug_endpoint_t *endpoint = refusal->endpoint;
  if (fault->valid != NULL)
    return fault->valid[(*at)++];
  if (fault->parameter != NULL || refusal->status == 404)
    return endpoint == NULL ? asyncscope__debug_endpoints[(*at)++].path : NULL;
  while (endpoint != NULL && *at < DEBUG_PARAM_COUNT) {
    size_t id = (*at)++;
    if ((endpoint->accepts.parameters & DEBUG_TAKES(id)) != 0)
      return asyncscope__debug_parameters[id].name;
  }
  return NULL;
}

static json_t *valid_list(const debug_refusal_t *refusal) {
  json_t *list = json_array();
  const char *item;
  size_t at = 0;
  while ((item = valid_at(refusal, &at)) != NULL)
    if (json_array_append_new(list, json_string(item)) != 0) {
      json_decref(list);
      return NULL;
    }
  return list;
}

static json_t *error_object(const debug_refusal_t *refusal) {
  const debug_fault_t *fault = &refusal->fault;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_integer(&fields, "status", refusal->status);
  asyncscope__json_put_name(&fields, "parameter", fault->parameter);
  asyncscope__json_put_text(&fields, "problem", fault->problem);
  if (fault->max != 0)
    asyncscope__json_put_unsigned(&fields, "maximum", fault->max);
  asyncscope__json_put(&fields, "valid", valid_list(refusal));
  return asyncscope__json_end(&fields);
}

static int json_step(void *state, debug_buffer_t *buffer) {
  json_fields_t fields = asyncscope__json_begin();
  json_t *document;
  size_t used;
  asyncscope__json_put_integer(&fields, "schemaVersion", DEBUG_SCHEMA_VERSION);
  asyncscope__json_put_text(&fields, "kind", "error");
  asyncscope__json_put(&fields, "error", error_object(state));
  document = asyncscope__json_end(&fields);
  used = json_dumpb(document, buffer->bytes, sizeof(buffer->bytes) - 1,
                    JSON_COMPACT | JSON_ENSURE_ASCII);
  json_decref(document);
  if (used == 0 || used >= sizeof(buffer->bytes))
    return UV_ENOMEM;
  buffer->bytes[used] = '\n';
  buffer->used_bytes = used + 1;
  return 0;
}

static int append_valid(const debug_refusal_t *refusal,
                        debug_buffer_t *buffer) {
  const char *head = "valid:\n";
  const char *item;
  size_t at = 0;
  int error = 0;
  while (error == 0 && (item = valid_at(refusal, &at)) != NULL) {
    error = asyncscope__debug_appendf(buffer, "%s  %s\n", head, item);
    head = "";
  }
  return error;
}

static int text_step(void *state, debug_buffer_t *buffer) {
  const debug_refusal_t *refusal = state;
  const debug_fault_t *fault = &refusal->fault;
  const char *name = fault->parameter;
  int error =
      asyncscope__debug_appendf(buffer, "%s%s%s\n", name == NULL ? "" : name,
                                name == NULL ? "" : ": ", fault->problem);
  if (error == 0 && fault->max != 0)
    error = asyncscope__debug_appendf(
        buffer, "valid: a whole number from 0 to %" PRIu64 "\n", fault->max);
  return error == 0 ? append_valid(refusal, buffer) : error;
}

static void close_nothing(void *state) {
  (void)state;
}

const debug_format_t asyncscope__debug_refusal_json = {
    "json", DEBUG_JSON_TYPE, NULL, json_step, close_nothing, NULL};
const debug_format_t asyncscope__debug_refusal_text = {
    "text", DEBUG_TEXT_TYPE, NULL, text_step, close_nothing, NULL};
