#ifndef ASYNCSCOPE_SERVER_OTLP_OTLP_H
#define ASYNCSCOPE_SERVER_OTLP_OTLP_H

#include "otlp_collect.h"
#include "otlp_send.h"
#include <stdatomic.h>

/* What other threads are told, as it was at one moment. */
typedef struct otlp_counts_s {
  asyncscope_otlp_stats_t stats; /* without what the settings say */
  int problem;                   /* as otlp_describe() takes it */
} otlp_counts_t;

struct asyncscope_otlp_s {
  otlp_settings_t settings;
  uv_thread_t thread;
  uv_sem_t ready;
  int status;       /* of the start, after `ready` */
  uv_mutex_t mutex; /* guards these; held for some instructions alone */
  otlp_counts_t counts;
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
