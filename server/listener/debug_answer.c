/* One timer stands for what the answer waits for: the stream, which has
 * nothing to give now, or the reader, who has not made room for more. */
#include "debug_answer.h"

#include "asyncscope/async_allocator.h"
#include "debug_limits.h"
#include <string.h>

static bool is_endless(const asyncscope_debug_answer_t *opened) {
  static const char events[] = "text/event-stream";

  return strncmp(opened->content_type, events, sizeof(events) - 1) == 0;
}

bool debug_answer_lasts(const asyncscope_debug_answer_t *opened) {
  return opened->waits || is_endless(opened);
}

static void link_answer(debug_answer_t *answer) {
  debug_mount_t *mount = answer->mount;

  answer->next = mount->answers;
  answer->link = &mount->answers;
  if (answer->next != NULL)
    answer->next->link = &answer->next;
  mount->answers = answer;
  mount->stream_count++;
  mount->lasting_count += answer->lasts;
}

static void unlink_answer(debug_answer_t *answer) {
  debug_mount_t *mount = answer->mount;

  *answer->link = answer->next;
  if (answer->next != NULL)
    answer->next->link = answer->link;
  mount->stream_count--;
  mount->lasting_count -= answer->lasts;
}

static void on_timer_closed(uv_handle_t *timer) {
  async_free(timer->data);
}

static void on_close(void *arg, int status) {
  debug_answer_t *answer = arg;

  (void)status;
  unlink_answer(answer);
  async_immediate_stop(&answer->turn);
  asyncscope_debug_stream_destroy(answer->stream);
  uv_close((uv_handle_t *)&answer->timer, on_timer_closed);
}

/* Giving nothing lets the server ask again, and begins its deadline anew. */
static void ask_again(debug_answer_t *answer) {
  http_response_write(answer->response, "", 0);
}

static void on_waited(uv_timer_t *timer) {
  ask_again(timer->data);
}

static void on_turn(async_immediate_t *immediate) {
  ask_again(immediate->resource.data);
}

static void on_reader_stalled(uv_timer_t *timer) {
  debug_answer_t *answer = timer->data;

  http_response_abort(answer->response, UV_ETIMEDOUT);
}

/* A timer of no time, started again by its own callback, would keep the loop
 * from all else. */
static void wait_for_stream(debug_answer_t *answer) {
  uint64_t ms = asyncscope_debug_stream_wait_ms(answer->stream);
  int error = 0;

  answer->waiting = true;
  if (ms == 0)
    error = async_immediate_start(&answer->turn, on_turn);
  else
    uv_timer_start(&answer->timer, on_waited,
                   ms < DEBUG_WAIT_MAX_MS ? ms : DEBUG_WAIT_MAX_MS, 0);
  if (error != 0)
    http_response_abort(answer->response, error);
}

static void on_pull(void *arg) {
  debug_answer_t *answer = arg;
  const char *chunk;
  size_t size = 0;
  int error = asyncscope_debug_stream_next(answer->stream, &chunk, &size);

  answer->waiting = false;
  uv_timer_stop(&answer->timer);
  if (error == UV_EAGAIN) {
    wait_for_stream(answer);
  } else if (error != 0) {
    http_response_abort(answer->response, error);
  } else if (size == 0) {
    http_response_end(answer->response);
  } else {
    uv_timer_start(&answer->timer, on_reader_stalled, DEBUG_READER_MS, 0);
    http_response_write(answer->response, chunk, size);
  }
}

void debug_answer_stop(debug_answer_t *answer) {
  if (answer->endless)
    http_response_end(answer->response);
  else if (answer->waiting)
    http_response_abort(answer->response, UV_ECANCELED);
}

static int set_fields(http_response_t *response,
                      const asyncscope_debug_answer_t *opened) {
  int error = 0;

  for (size_t i = 0; i < opened->field_count && error == 0; i++)
    error = http_response_set_field(response, opened->fields[i].name,
                                    opened->fields[i].value);
  return error;
}

int debug_answer_begin(debug_mount_t *mount, http_request_t *request,
                       http_response_t *response,
                       const asyncscope_debug_answer_t *opened) {
  debug_answer_t *answer = async_calloc(1, sizeof(*answer));
  const http_source_t source = {.pull = on_pull, .arg = answer};

  if (answer == NULL || set_fields(response, opened) != 0) {
    asyncscope_debug_stream_destroy(opened->stream);
    async_free(answer);
    return UV_ENOMEM;
  }
  answer->mount = mount;
  answer->response = response;
  answer->stream = opened->stream;
  answer->endless = is_endless(opened);
  answer->lasts = debug_answer_lasts(opened);
  answer->timer.data = answer;
  answer->turn.resource.data = answer;
  uv_timer_init(mount->loop, &answer->timer);
  link_answer(answer);
  http_request_on_close(request, on_close, answer);
  http_response_stream(response, opened->status, opened->content_type,
                       HTTP_LENGTH_UNKNOWN, &source);
  return 0;
}
