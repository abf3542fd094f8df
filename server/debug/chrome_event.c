#include "chrome_event.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>
#include <uv.h>

#define ID_BYTES 24

/* Microseconds since the process began. */
static json_t *time_of(const chrome_event_t *event) {
  uint64_t started_ns = event->capture->started_ns;
  return json_real(event->at_ns > started_ns
                       ? (double)(event->at_ns - started_ns) / 1000
                       : 0);
}

/* Hexadecimal, as readers take every id for that. */
static json_t *id_of(async_ref_t ref) {
  char id[ID_BYTES];
  snprintf(id, sizeof(id), "0x%" PRIx64,
           (uint64_t)ref.thread << 48 ^ (uint64_t)ref.async_id);
  return json_string(id);
}

/* Args come last. */
static json_t *make(const chrome_event_t *event, json_t *args) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_text(&fields, "name", event->name);
  asyncscope__json_put_text(&fields, "cat", event->category);
  asyncscope__json_put_text(&fields, "ph", event->phase);
  if (event->ref.thread != ASYNC_THREAD_NONE)
    asyncscope__json_put(&fields, "id", id_of(event->ref));
  if (event->phase[0] == 'f')
    asyncscope__json_put_text(&fields, "bp", "e");
  asyncscope__json_put(&fields, "ts", time_of(event));
  if (event->duration_ns != NULL)
    asyncscope__json_put(&fields, "dur",
                         json_real((double)*event->duration_ns / 1000));
  asyncscope__json_put_integer(&fields, "pid", getpid());
  asyncscope__json_put_integer(&fields, "tid", event->thread->info.os_tid);
  asyncscope__json_put(&fields, "args", args);
  return asyncscope__json_end(&fields);
}

int asyncscope__chrome_append(const chrome_event_t *event, json_t *args,
                              debug_buffer_t *buffer) {
  json_t *object = make(event, args);
  int error =
      object == NULL
          ? UV_ENOMEM
          : asyncscope__debug_append_text(buffer, event->first ? "" : ",\n");
  size_t room = sizeof(buffer->bytes) - buffer->used_bytes, size = 0;
  if (error == 0)
    size =
        json_dumpb(object, buffer->bytes + buffer->used_bytes, room,
                   JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
  json_decref(object);
  if (error != 0)
    return error;
  if (size == 0 || size > room)
    return size == 0 ? UV_ENOMEM : UV_ENOBUFS;
  buffer->used_bytes += size;
  return 0;
}
