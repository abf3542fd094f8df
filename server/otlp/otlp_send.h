/* Batches on their way to the collector, one at a time. */
#ifndef ASYNCSCOPE_SERVER_OTLP_SEND_H
#define ASYNCSCOPE_SERVER_OTLP_SEND_H

#include "http_agent.h"
#include "otlp_encode.h"
#include "otlp_settings.h"

typedef struct otlp_send_s {
  void *data;                  /* for on_idle */
  void (*on_idle)(void *data); /* a batch is settled; may be NULL */
  void (*on_message)(void *data, bool wrong, const char *message);
  void *message_data;
  /* read-only */
  uint64_t exported, rejected, failed, dropped, batches, retries;
  bool failing;
  int problem;  /* of the last failure: an HTTP status, or a UV_E* below 0 */
  size_t batch; /* spans on their way, 0: none */
  /* private */
  const otlp_settings_t *settings;
  otlp_queue_t *queue;
  http_agent_t agent;
  http_client_request_t *request;
  uv_timer_t retry;
  otlp_body_t body;
  http_client_field_t fields[OTLP_HEADERS_MAX + 2];
  size_t field_count;
  unsigned attempt;
  uint64_t first_ms, waiting_since_ms; /* of the loop's time */
  unsigned status;
  uint64_t retry_after_ms;
  uint64_t not_before_ms; /* no batch, but at the end: the collector said so */
  char answer[OTLP_ANSWER_MAX_BYTES];
  size_t answer_bytes;
  bool flushing, stopped;
} otlp_send_t;

/* Zeroed before; the public members are set. Errors: UV_ENOMEM. */
int otlp_send_init(otlp_send_t *send, uv_loop_t *loop,
                   const otlp_settings_t *settings, otlp_queue_t *queue);

/* Sends a batch when there is one to send and none on its way. */
void otlp_send_poke(otlp_send_t *send);

/* From now on without delay. */
void otlp_send_flush(otlp_send_t *send);

/* Gives up what is left: on its way, and in the queue. `on_stopped` comes when
 * nothing of it is left on the loop but a handle that closes. */
void otlp_send_stop(otlp_send_t *send, http_agent_stopped_cb on_stopped);

/* Zeroed ones are left alone. */
void otlp_send_finish(otlp_send_t *send);

#endif
