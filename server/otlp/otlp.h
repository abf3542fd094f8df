#ifndef ASYNCSCOPE_SERVER_OTLP_OTLP_H
#define ASYNCSCOPE_SERVER_OTLP_OTLP_H

#include "otlp_collect.h"
#include "otlp_send.h"
#include <stdatomic.h>

/* In the order of asyncscope_otlp_stats_t. */
typedef enum otlp_number_e {
  OTLP_EXPORTED,
  OTLP_REJECTED,
  OTLP_FAILED,
  OTLP_DROPPED,
  OTLP_MISSED,
  OTLP_MISSED_EVENTS,
  OTLP_QUEUED,
  OTLP_BATCHES,
  OTLP_RETRIES,
  OTLP_FAILING,
  OTLP_FIRST_LOST_NS,
  OTLP_LAST_LOST_NS,
  OTLP_NUMBERS
} otlp_number_t;

struct asyncscope_otlp_s {
  otlp_settings_t settings;
  uv_thread_t thread;
  uv_sem_t ready;
  int status; /* of the start, after `ready` */
  /* What any thread reads or sends; written by the exporter's alone. */
  _Atomic uint64_t numbers[OTLP_NUMBERS];
  atomic_int problem;
  uv_mutex_t mutex; /* guards these two; held for some instructions alone */
  async_env_t *new_threads[OTLP_NEW_THREADS_MAX];
  size_t new_count;
  /* Set by the first stop, before its send. */
  atomic_bool stopping;
  unsigned deadline_ms;
  asyncscope_otlp_stopped_cb on_stopped;
  void *stopped_data;
  uv_async_t stop;
  /* The thread's own. */
  uv_loop_t loop;
  uv_timer_t look, deadline;
  otlp_queue_t queue;
  otlp_collect_t collect;
  otlp_send_t send;
  uint64_t lost, first_lost_ns, last_lost_ns;
  unsigned look_ms;
  bool draining, ended;
};

/* The body of the thread. */
void otlp_run(asyncscope_otlp_t *otlp);

#endif
