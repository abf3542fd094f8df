#include "events_reader.h"

#include "schema_check.h"
#include <stdio.h>
#include <string.h>

events_reader_t reader;

void open_events(scene_t *scene, const char *query, const char *last_event_id) {
  asyncscope_debug_request_t request = {
      .path = "/debug/events", .query = query, .last_event_id = last_event_id};
  asyncscope_debug_answer_t answer;
  assert_int_equal(asyncscope_debug_open(scene->debug, &request, &answer), 0);
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "text/event-stream");
  reader.stream = answer.stream;
  reader.length = 0;
}

void read_events(void) {
  const char *chunk;
  size_t size;
  int error = 0;
  do {
    error = asyncscope_debug_stream_next(reader.stream, &chunk, &size);
    if (error == 0 && reader.length + size < sizeof(reader.text)) {
      memcpy(reader.text + reader.length, chunk, size);
      reader.length += size;
    }
  } while (error == 0 || (error == UV_EAGAIN &&
                          asyncscope_debug_stream_wait_ms(reader.stream) == 0));
  assert_int_equal(error, UV_EAGAIN);
  reader.text[reader.length] = '\0';
}

static void on_due(uv_timer_t *timer) {
  uv_close((uv_handle_t *)timer, NULL);
}

static void wait_ms(uint64_t ms) {
  uv_loop_t loop;
  uv_timer_t timer;
  assert_int_equal(uv_loop_init(&loop), 0);
  uv_timer_init(&loop, &timer);
  uv_timer_start(&timer, on_due, ms, 0);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&loop), 0);
}

/* A timer may be done a part of a millisecond before its time: the stream is
 * asked. */
void wait_until_due(void) {
  uint64_t ms;
  while ((ms = asyncscope_debug_stream_wait_ms(reader.stream)) > 0)
    wait_ms(ms);
}

void close_events(void) {
  asyncscope_debug_stream_destroy(reader.stream);
}

const char *last_id(void) {
  static char id[1024];
  const char *at = reader.text, *found = NULL;
  while ((at = strstr(at, "\nid: ")) != NULL)
    found = at += 5;
  assert_non_null(found);
  snprintf(id, sizeof(id), "%.*s", (int)strcspn(found, "\n"), found);
  return id;
}

json_t *data_of(const char *name) {
  static char data[sizeof(reader.text)];
  char head[64];
  size_t used = 0;
  snprintf(head, sizeof(head), "event: %s\n", name);
  const char *line = strstr(reader.text, head);
  if (line == NULL)
    fail_msg("no %s in %s", name, reader.text);
  for (; *line != '\n'; line += strcspn(line, "\n") + 1)
    if (strncmp(line, "data: ", 6) == 0)
      used += (size_t)snprintf(data + used, sizeof(data) - used, "%.*s\n",
                               (int)strcspn(line + 6, "\n"), line + 6);
  json_t *document = json_loads(data, 0, NULL);
  assert_non_null(document);
  if (json_object_get(document, "created") != NULL)
    assert_schema(document);
  return document;
}

void see(scene_t *scene, const char *query) {
  open_events(scene, query, NULL);
  read_events();
  close_events();
}

json_t *come_back(scene_t *scene, const char *query) {
  open_events(scene, query, last_id());
  read_events();
  close_events();
  return data_of("delta");
}

size_t length_of(const json_t *event, const char *list) {
  return json_array_size(json_object_get(event, list));
}
