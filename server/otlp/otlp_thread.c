/* What it needs is made and used here. `ready` orders the thread with the one
 * that started it; after that they share the counts, `stop` and what stands
 * beside it. */
#include "otlp.h"

#include "asyncscope/async_env.h"

/* When something was lost first and last, on whatever way. */
static void date_losses(asyncscope_otlp_t *otlp) {
  const otlp_send_t *send = &otlp->send;
  const otlp_collect_t *found = &otlp->collect;
  uint64_t lost = send->rejected + send->failed + send->dropped +
                  found->dropped + found->missed + found->missed_events;
  if (lost == otlp->lost)
    return;
  otlp->lost = lost;
  otlp->last_lost_ns = async_inspect_now_ns();
  if (otlp->first_lost_ns == 0)
    otlp->first_lost_ns = otlp->last_lost_ns;
}

static void publish(asyncscope_otlp_t *otlp) {
  const otlp_send_t *send = &otlp->send;
  const otlp_collect_t *found = &otlp->collect;
  date_losses(otlp);
  otlp_counts_t counts = {.stats = {.exported = send->exported,
                                    .rejected = send->rejected,
                                    .failed = send->failed,
                                    .dropped = send->dropped + found->dropped,
                                    .missed = found->missed,
                                    .missed_events = found->missed_events,
                                    .queued = otlp->queue.count + send->batch,
                                    .batches = send->batches,
                                    .retries = send->retries,
                                    .failing = send->failing,
                                    .first_lost_ns = otlp->first_lost_ns,
                                    .last_lost_ns = otlp->last_lost_ns},
                          .problem = send->problem};
  uv_mutex_lock(&otlp->mutex);
  otlp->counts = counts;
  uv_mutex_unlock(&otlp->mutex);
}

static void on_agent_stopped(http_agent_t *agent) {
  (void)agent;
}

static void end(asyncscope_otlp_t *otlp) {
  if (otlp->ended)
    return;
  otlp->ended = true;
  otlp_send_stop(&otlp->send, on_agent_stopped);
  publish(otlp);
  uv_close((uv_handle_t *)&otlp->look, NULL);
  uv_close((uv_handle_t *)&otlp->deadline, NULL);
  uv_close((uv_handle_t *)&otlp->stop, NULL);
}

/* Nothing is on its way or waits, and nothing more is to come. */
static void end_when_drained(asyncscope_otlp_t *otlp) {
  if (otlp->draining && otlp->send.batch == 0 && otlp->queue.count == 0)
    end(otlp);
}

/* Their references are passed on. */
static void know_new_threads(asyncscope_otlp_t *otlp) {
  async_env_t *threads[OTLP_NEW_THREADS_MAX];
  size_t count;
  uv_mutex_lock(&otlp->mutex);
  count = otlp->new_count;
  for (size_t i = 0; i < count; i++)
    threads[i] = otlp->new_threads[i];
  otlp->new_count = 0;
  uv_mutex_unlock(&otlp->mutex);
  for (size_t i = 0; i < count; i++) {
    otlp_collect_know(&otlp->collect, threads[i]);
    async_inspect_release(threads[i]);
  }
}

static bool collect(asyncscope_otlp_t *otlp) {
  know_new_threads(otlp);
  return otlp_collect_look(&otlp->collect);
}

static void look(asyncscope_otlp_t *otlp) {
  bool any = collect(otlp);
  otlp_send_poke(&otlp->send);
  otlp->look_ms = any                                    ? OTLP_LOOK_MIN_MS
                  : otlp->look_ms * 2 < OTLP_LOOK_MAX_MS ? otlp->look_ms * 2
                                                         : OTLP_LOOK_MAX_MS;
  publish(otlp);
}

static void on_look(uv_timer_t *timer) {
  asyncscope_otlp_t *otlp = timer->data;
  look(otlp);
  uv_timer_start(timer, on_look, otlp->look_ms, 0);
}

/* It may be within the look that poked it. */
static void on_idle(void *data) {
  asyncscope_otlp_t *otlp = data;
  if (otlp->draining)
    otlp_send_poke(&otlp->send);
  publish(otlp);
  end_when_drained(otlp);
}

static void on_deadline(uv_timer_t *timer) {
  end(timer->data);
}

static void on_stop(uv_async_t *async) {
  asyncscope_otlp_t *otlp = async->data;
  if (otlp->deadline_ms == 0) {
    end(otlp);
    return;
  }
  uv_timer_start(&otlp->deadline, on_deadline, otlp->deadline_ms, 0);
  uv_timer_stop(&otlp->look);
  collect(otlp);
  otlp->draining = true;
  otlp_send_flush(&otlp->send);
  publish(otlp);
  end_when_drained(otlp);
}

static int open_handles(asyncscope_otlp_t *otlp) {
  int error = uv_async_init(&otlp->loop, &otlp->stop, on_stop);
  if (error != 0)
    return error;
  otlp->stop.data = otlp->look.data = otlp->deadline.data = otlp;
  uv_timer_init(&otlp->loop, &otlp->look);
  uv_timer_init(&otlp->loop, &otlp->deadline);
  otlp->look_ms = OTLP_LOOK_MIN_MS;
  return uv_timer_start(&otlp->look, on_look, otlp->look_ms, 0);
}

static int begin(asyncscope_otlp_t *otlp) {
  int error =
      otlp_send_init(&otlp->send, &otlp->loop, &otlp->settings, &otlp->queue);
  if (error != 0)
    return error;
  otlp->send.data = otlp;
  otlp->send.on_idle = on_idle;
  error = open_handles(otlp);
  if (error != 0) {
    otlp_send_stop(&otlp->send, NULL);
    return error;
  }
  otlp_collect_init(&otlp->collect, &otlp->queue);
  return 0;
}

static int serve(asyncscope_otlp_t *otlp) {
  int error = otlp_queue_init(&otlp->queue, otlp->settings.queue_max);
  if (error != 0)
    return error;
  error = begin(otlp);
  if (error == 0)
    uv_sem_post(&otlp->ready);
  uv_run(&otlp->loop, UV_RUN_DEFAULT);
  otlp_send_finish(&otlp->send);
  otlp_collect_finish(&otlp->collect);
  otlp_queue_finish(&otlp->queue);
  return error;
}

static int open_environment(uv_loop_t *loop) {
  int error = async_env_open(ASYNC_ENV_OTHER, "otlp");
  if (error != 0)
    return error;
  async_env_set_internal(true);
  error = async_env_attach(loop);
  if (error != 0)
    async_env_detach();
  return error;
}

static int run(asyncscope_otlp_t *otlp) {
  int error = uv_loop_init(&otlp->loop);
  if (error != 0)
    return error;
  error = open_environment(&otlp->loop);
  if (error == 0) {
    error = serve(otlp);
    async_env_detach();
  }
  uv_loop_close(&otlp->loop);
  return error;
}

void otlp_run(asyncscope_otlp_t *otlp) {
  int error = run(otlp);
  if (error != 0) {
    otlp->status = error;
    uv_sem_post(&otlp->ready);
  } else if (otlp->on_stopped != NULL) {
    otlp->on_stopped(otlp->stopped_data);
  }
}
