#include "debug_double.h"

#include "asyncscope/async_allocator.h"
#include "listener_fixture.h"
#include <stdatomic.h>

typedef enum kind_e { LINE, LARGE, WAIT, EVENTS, BROKEN } kind_t;

struct asyncscope_debug_stream_s {
  kind_t kind;
  size_t given;
  char text[ASYNCSCOPE_DEBUG_CHUNK_BYTES];
};

static struct {
  atomic_size_t opened, allowed;
  atomic_bool ended;
  uv_sem_t destroyed, waiting, sampled;
} doubled;

int debug_double_setup(void **state) {
  atomic_store(&doubled.opened, 0);
  atomic_store(&doubled.allowed, 0);
  atomic_store(&doubled.ended, false);
  uv_sem_init(&doubled.destroyed, 0);
  uv_sem_init(&doubled.waiting, 0);
  uv_sem_init(&doubled.sampled, 0);
  return listener_setup(state);
}

int debug_double_teardown(void **state) {
  int error = listener_teardown(state);

  uv_sem_destroy(&doubled.destroyed);
  uv_sem_destroy(&doubled.waiting);
  uv_sem_destroy(&doubled.sampled);
  return error;
}

void debug_double_give(size_t lines) {
  atomic_fetch_add(&doubled.allowed, lines);
}

void debug_double_end(void) {
  atomic_store(&doubled.ended, true);
}

size_t debug_double_opened(void) {
  return atomic_load(&doubled.opened);
}

void debug_double_await_destroyed(void) {
  uv_sem_wait(&doubled.destroyed);
}

void debug_double_await_waiting(void) {
  uv_sem_wait(&doubled.waiting);
}

void debug_double_await_sampled(void) {
  uv_sem_wait(&doubled.sampled);
}

void asyncscope_debug_sample(asyncscope_debug_t *debug) {
  (void)debug;
  uv_sem_post(&doubled.sampled);
}

/* Nothing here has a cost to be measured. */
int asyncscope_debug_measure_cost(asyncscope_debug_t *debug) {
  (void)debug;
  return 0;
}

static const struct {
  const char *path;
  kind_t kind;
  const char *type;
} paths[] = {
    {"/debug", LINE, "text/plain"},
    {"/debug/question", LINE, "text/plain"},
    {"/debug/fields", LINE, "text/plain"},
    {"/debug/large", LARGE, "text/plain"},
    {"/debug/wait", WAIT, "text/plain"},
    {"/debug/profile", WAIT, "text/plain"},
    {"/debug/events", EVENTS, "text/event-stream; charset=utf-8"},
    {"/debug/broken", BROKEN, "text/plain"},
};

static void write_question(const asyncscope_debug_request_t *request,
                           asyncscope_debug_stream_t *stream) {
  snprintf(stream->text, sizeof(stream->text), "%s\n%s\n%s\n%s\n",
           request->path, request->query, request->accept,
           request->last_event_id);
}

static size_t find(const char *path) {
  size_t at = 0;

  while (at < sizeof(paths) / sizeof(paths[0]) &&
         strcmp(paths[at].path, path) != 0)
    at++;
  return at;
}

static void fill(const asyncscope_debug_request_t *request, size_t at,
                 asyncscope_debug_answer_t *answer) {
  static const asyncscope_debug_field_t field = {"Content-Disposition",
                                                 "attachment"};

  answer->status = 200;
  answer->content_type = paths[at].type;
  answer->stream->kind = paths[at].kind;
  if (strcmp(request->path, "/debug/question") == 0)
    write_question(request, answer->stream);
  answer->waits = strcmp(request->path, "/debug/profile") == 0;
  if (strcmp(request->path, "/debug/fields") == 0)
    answer->fields[answer->field_count++] = field;
}

int asyncscope_debug_create(const asyncscope_debug_options_t *options,
                            asyncscope_debug_t **ret_debug) {
  (void)options;
  *ret_debug = NULL;
  return 0;
}

void asyncscope_debug_destroy(asyncscope_debug_t *debug) {
  (void)debug;
}

int asyncscope_debug_open(asyncscope_debug_t *debug,
                          const asyncscope_debug_request_t *request,
                          asyncscope_debug_answer_t *ret_answer) {
  asyncscope_debug_answer_t answer = {.status = 404,
                                      .content_type = "text/plain"};
  size_t at = find(request->path);

  (void)debug;
  if (strcmp(request->path, "/debug/memory") == 0)
    return UV_ENOMEM;
  answer.stream = async_calloc(1, sizeof(*answer.stream));
  if (answer.stream == NULL)
    return UV_ENOMEM;
  snprintf(answer.stream->text, sizeof(answer.stream->text), "line\n");
  if (at < sizeof(paths) / sizeof(paths[0]))
    fill(request, at, &answer);
  atomic_fetch_add(&doubled.opened, 1);
  *ret_answer = answer;
  return 0;
}

static int give(asyncscope_debug_stream_t *stream, size_t bytes,
                const char **ret_chunk, size_t *ret_chunk_bytes) {
  stream->given++;
  *ret_chunk = stream->text;
  *ret_chunk_bytes = bytes;
  return 0;
}

static int give_nothing(size_t *ret_chunk_bytes) {
  *ret_chunk_bytes = 0;
  return 0;
}

static int give_allowed(asyncscope_debug_stream_t *stream,
                        const char **ret_chunk, size_t *ret_chunk_bytes) {
  if (stream->given < atomic_load(&doubled.allowed))
    return give(stream, strlen(stream->text), ret_chunk, ret_chunk_bytes);
  if (stream->kind == WAIT && atomic_load(&doubled.ended))
    return give_nothing(ret_chunk_bytes);
  uv_sem_post(&doubled.waiting);
  return UV_EAGAIN;
}

int asyncscope_debug_stream_next(asyncscope_debug_stream_t *stream,
                                 const char **ret_chunk,
                                 size_t *ret_chunk_bytes) {
  switch (stream->kind) {
  case LARGE:
    return give(stream, sizeof(stream->text), ret_chunk, ret_chunk_bytes);
  case WAIT:
  case EVENTS:
    return give_allowed(stream, ret_chunk, ret_chunk_bytes);
  case BROKEN:
    if (stream->given > 0)
      return UV_ENOMEM;
    return give(stream, strlen(stream->text), ret_chunk, ret_chunk_bytes);
  default:
    if (stream->given > 0)
      return give_nothing(ret_chunk_bytes);
    return give(stream, strlen(stream->text), ret_chunk, ret_chunk_bytes);
  }
}

uint64_t asyncscope_debug_stream_wait_ms(
    const asyncscope_debug_stream_t *stream) {
  return stream->given % 2;
}

void asyncscope_debug_stream_destroy(asyncscope_debug_stream_t *stream) {
  if (stream == NULL)
    return;
  async_free(stream);
  uv_sem_post(&doubled.destroyed);
}
