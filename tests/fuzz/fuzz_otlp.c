/* A line each of the endpoint, the headers, the attributes, a request's name,
 * its route, a tracestate and a Retry-After; the rest is a collector's answer.
 */
#include "fuzz.h"

#include "asyncscope/async_allocator.h"
#include "otlp_answer.h"
#include "otlp_encode.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPANS 2

/* What is sent ends no field and begins none. */
static void check_headers(const otlp_list_t *headers) {
  FUZZ_CHECK(headers->count <= OTLP_HEADERS_MAX);
  for (size_t i = 0; i < headers->count; i++) {
    FUZZ_CHECK(strpbrk(headers->pairs[i].name, " \t\r\n:") == NULL);
    FUZZ_CHECK(strpbrk(headers->pairs[i].value, "\r\n") == NULL);
  }
}

static bool read_settings(fuzz_input_t *input, otlp_settings_t *settings) {
  char *endpoint = fuzz_line(input), *headers = fuzz_line(input),
       *attributes = fuzz_line(input);
  asyncscope_otlp_options_t options = {.endpoint = endpoint,
                                       .headers = headers,
                                       .resource_attributes = attributes};
  bool well = otlp_settings_init(settings, &options) == 0;
  if (well) {
    check_headers(&settings->headers);
    FUZZ_CHECK(strpbrk(settings->text, " \r\n") == NULL);
  }
  free(endpoint);
  free(headers);
  free(attributes);
  return well;
}

/* A request, and its work. */
static void push_spans(fuzz_input_t *input, otlp_queue_t *queue) {
  static const otlp_work_t work = {"Timeout", "timer", OTLP_INTERNAL, true};
  char *name = fuzz_line(input), *route = fuzz_line(input);
  size_t size;
  char *state = fuzz_line_bytes(input, &size);
  otlp_span_t *span = otlp_queue_push(queue);
  *span = (otlp_span_t){.kind = OTLP_SERVER, .status = (int)size};
  snprintf(span->of_request.name, sizeof(span->of_request.name), "%s", name);
  snprintf(span->of_request.route, sizeof(span->of_request.route), "%s", route);
  span->state = otlp_state_create(state, size);
  span = otlp_queue_push(queue);
  *span = (otlp_span_t){.kind = OTLP_INTERNAL, .of_child = {.work = &work}};
  span->of_child.type = work.type;
  snprintf(span->thread_name, sizeof(span->thread_name), "%s", name);
  free(name);
  free(route);
  free(state);
}

/* Whatever is in it, it is a document, with all spans. */
static void check_document(const otlp_settings_t *settings,
                           const otlp_queue_t *queue) {
  otlp_body_t body;
  FUZZ_CHECK(otlp_encode(settings, queue, SPANS, &body) == 0);
  json_t *json =
      json_loadb(body.bytes, body.size, JSON_REJECT_DUPLICATES, NULL);
  json_t *resource = json_array_get(json_object_get(json, "resourceSpans"), 0);
  json_t *scope = json_array_get(json_object_get(resource, "scopeSpans"), 0);
  FUZZ_CHECK(json_array_size(json_object_get(scope, "spans")) == SPANS);
  json_decref(json);
  async_free(body.bytes);
}

static void check_spans(fuzz_input_t *input, const otlp_settings_t *settings) {
  otlp_queue_t queue;
  FUZZ_CHECK(otlp_queue_init(&queue, SPANS) == 0);
  push_spans(input, &queue);
  check_document(settings, &queue);
  otlp_queue_finish(&queue);
}

static void check_answer(fuzz_input_t *input) {
  size_t size;
  char *text = fuzz_line_bytes(input, &size);
  uint64_t ms = otlp_retry_after_ms((http_text_t){text, size}, 1700000000);
  FUZZ_CHECK(ms <= OTLP_RETRY_AFTER_MAX_S * 1000ull);
  free(text);
  text = fuzz_rest_bytes(input, &size);
  FUZZ_CHECK(otlp_rejected(text, size, SPANS) <= SPANS);
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static otlp_settings_t settings;
  fuzz_input_t input = {(const char *)data, size};
  if (read_settings(&input, &settings)) {
    check_spans(&input, &settings);
    check_answer(&input);
  }
  return 0;
}
