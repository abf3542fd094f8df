/* A batch leaves the queue when it is encoded, and is sent again from its
 * bytes. */
#include "otlp_send.h"

#include "asyncscope/async_allocator.h"
#include "otlp_answer.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

int otlp_send_init(otlp_send_t *send, uv_loop_t *loop,
                   const otlp_settings_t *settings, otlp_queue_t *queue) {
  http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;
  int error;
  options.internal = true;
  options.limits.sockets_max = 1;
  options.limits.free_sockets_max = 1;
  send->settings = settings;
  send->queue = queue;
  send->fields[send->field_count++] =
      (http_client_field_t){"Content-Type", "application/json"};
  send->fields[send->field_count++] =
      (http_client_field_t){"User-Agent", "asyncscope-otlp"};
  for (size_t i = 0; i < settings->headers.count; i++)
    send->fields[send->field_count++] = (http_client_field_t){
        settings->headers.pairs[i].name, settings->headers.pairs[i].value};
  error = http_agent_init(&send->agent, loop, &options);
  if (error != 0) {
    send->settings = NULL;
    return error;
  }
  send->agent.data = send;
  send->retry.data = send;
  send->waiting_since_ms = uv_now(loop);
  return uv_timer_init(loop, &send->retry);
}

static uint64_t now_ms(const otlp_send_t *send) {
  return uv_now(send->retry.loop);
}

static void tell(const otlp_send_t *send, bool wrong, const char *what) {
  char message[256 + ASYNCSCOPE_OTLP_URL_BYTES], problem[128];
  if (send->on_message == NULL)
    return;
  otlp_describe(send->problem, problem, sizeof(problem));
  snprintf(message, sizeof(message), "otlp: %s %s%s%s", what,
           send->settings->text, wrong ? ": " : "", wrong ? problem : "");
  send->on_message(send->message_data, wrong, message);
}

static void settle(otlp_send_t *send) {
  async_free(send->body.bytes);
  send->body = (otlp_body_t){.bytes = NULL};
  send->batch = 0;
  otlp_queue_settle(send->queue);
  if (send->on_idle != NULL)
    send->on_idle(send->data);
}

static void fail(otlp_send_t *send) {
  send->failed += send->batch;
  tell(send, true, "spans are given up for");
  settle(send);
}

static void take(otlp_send_t *send) {
  uint64_t rejected =
      otlp_rejected(send->answer, send->answer_bytes, send->batch);
  send->exported += send->batch - rejected;
  send->rejected += rejected;
  if (send->failing)
    tell(send, false, "exporting again to");
  send->failing = false;
  settle(send);
}

static void start(otlp_send_t *send);

static void on_retry(uv_timer_t *timer) {
  otlp_send_t *send = timer->data;
  send->retries++;
  start(send);
}

static void retry(otlp_send_t *send) {
  const otlp_settings_t *settings = send->settings;
  uint32_t random = 0;
  uint64_t ms;
  uv_random(NULL, NULL, &random, sizeof(random), 0, NULL);
  ms = otlp_backoff_ms(send->attempt, settings->retry_first_ms,
                       settings->retry_max_ms, random);
  if (ms < send->retry_after_ms)
    ms = send->retry_after_ms;
  send->not_before_ms = now_ms(send) + send->retry_after_ms;
  if (now_ms(send) + ms - send->first_ms > settings->retry_total_ms)
    fail(send);
  else
    uv_timer_start(&send->retry, on_retry, ms, 0);
}

/* One message for as long as nothing works. */
static void note_failure(otlp_send_t *send, int problem) {
  bool first = !send->failing;
  send->failing = true;
  send->problem = problem;
  if (first)
    tell(send, true, "cannot export to");
}

static void judge(otlp_send_t *send, int error) {
  otlp_verdict_t verdict = otlp_verdict(send->status);
  if (verdict == OTLP_TAKEN) {
    take(send);
    return;
  }
  note_failure(send, send->status != 0 ? (int)send->status : error);
  if (verdict == OTLP_AGAIN)
    retry(send);
  else
    fail(send);
}

static void on_response(void *data, http_client_request_t *request) {
  const http_client_response_t *response =
      http_client_request_response(request);
  otlp_send_t *send = data;
  http_text_t value;
  send->status = http_client_response_status(response);
  if (http_client_response_field(response, "Retry-After", &value) > 0)
    send->retry_after_ms = otlp_retry_after_ms(value, time(NULL));
}

static void on_data(void *data, http_client_request_t *request,
                    const char *bytes, size_t size) {
  otlp_send_t *send = data;
  size_t room = sizeof(send->answer) - send->answer_bytes;
  (void)request;
  if (size > room)
    size = room;
  memcpy(send->answer + send->answer_bytes, bytes, size);
  send->answer_bytes += size;
}

/* Once it is stopped, who stopped it counts. */
static void on_close(void *data, http_client_request_t *request, int status) {
  otlp_send_t *send = data;
  (void)request;
  send->request = NULL;
  if (!send->stopped)
    judge(send, status);
}

static int ask(otlp_send_t *send) {
  const otlp_settings_t *settings = send->settings;
  const http_client_options_t options = {
      .host = settings->url.host,
      .port = settings->url.port,
      .method = "POST",
      .target = settings->url.target,
      .fields = send->fields,
      .field_count = send->field_count,
      .body = send->body.bytes,
      .body_bytes = send->body.size,
      .timeout_ms = settings->timeout_ms,
      .callbacks = {.on_response = on_response,
                    .on_data = on_data,
                    .on_close = on_close},
      .data = send};
  return http_client_request(&send->agent, &options, &send->request);
}

static void start(otlp_send_t *send) {
  int error;
  send->attempt++;
  send->status = 0;
  send->retry_after_ms = 0;
  send->answer_bytes = 0;
  error = ask(send);
  if (error != 0)
    judge(send, error);
}

static bool is_due(otlp_send_t *send) {
  if (send->queue->count == 0) {
    send->waiting_since_ms = now_ms(send);
    return false;
  }
  if (send->flushing)
    return true;
  return now_ms(send) >= send->not_before_ms &&
         (send->queue->count >= send->settings->batch_max ||
          now_ms(send) - send->waiting_since_ms >= send->settings->delay_ms);
}

/* What cannot be encoded now will not be later. */
static void begin(otlp_send_t *send) {
  size_t count = send->queue->count < send->settings->batch_max
                     ? send->queue->count
                     : send->settings->batch_max;
  int error = otlp_encode(send->settings, send->queue, count, &send->body);
  otlp_queue_take(send->queue, count);
  send->waiting_since_ms = send->first_ms = now_ms(send);
  if (error != 0) {
    send->failed += count;
    otlp_queue_settle(send->queue);
    note_failure(send, error);
    return;
  }
  send->batch = count;
  send->attempt = 0;
  send->batches++;
  start(send);
}

void otlp_send_poke(otlp_send_t *send) {
  if (send->batch == 0 && !send->stopped && is_due(send))
    begin(send);
}

void otlp_send_flush(otlp_send_t *send) {
  send->flushing = true;
  otlp_send_poke(send);
}

void otlp_send_stop(otlp_send_t *send, http_agent_stopped_cb on_stopped) {
  send->stopped = true;
  send->dropped += send->batch + send->queue->count;
  send->batch = 0;
  otlp_queue_drop(send->queue, send->queue->count);
  uv_close((uv_handle_t *)&send->retry, NULL);
  http_agent_stop(&send->agent, on_stopped);
}

void otlp_send_finish(otlp_send_t *send) {
  if (send->settings == NULL)
    return;
  async_free(send->body.bytes);
  http_agent_finish(&send->agent);
}
