#include "otlp_collector.h"

#include "raw_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_MAX 16384
#define BODY_MAX (16 * 1024 * 1024)

/* Until `fd` can be read; false when the collector is to stop. */
static int wait_for(const otlp_collector_t *collector, int fd) {
  struct pollfd entries[] = {{.fd = fd, .events = POLLIN},
                             {.fd = collector->wake_fds[0], .events = POLLIN}};
  while (poll(entries, 2, -1) < 0 && errno == EINTR) {
  }
  return entries[1].revents == 0;
}

/* Exactly so many bytes, and a NUL; NULL at the end of the connection. */
static char *read_bytes(const otlp_collector_t *collector, int fd,
                        size_t size) {
  char *bytes = calloc(1, size + 1);
  size_t used = 0;
  while (bytes != NULL && used < size) {
    ssize_t got = wait_for(collector, fd)
                      ? recv(fd, bytes + used, size - used, MSG_DONTWAIT)
                      : 0;
    if (got <= 0) {
      free(bytes);
      return NULL;
    }
    used += (size_t)got;
  }
  return bytes;
}

/* Byte by byte, so that nothing of the body is taken. */
static char *read_head(const otlp_collector_t *collector, int fd) {
  char *head = calloc(1, HEAD_MAX + 1);
  size_t used = 0;
  while (head != NULL && used < HEAD_MAX &&
         (used < 4 || memcmp(head + used - 4, "\r\n\r\n", 4) != 0)) {
    if (!wait_for(collector, fd) || recv(fd, head + used, 1, 0) != 1) {
      free(head);
      return NULL;
    }
    used++;
  }
  return head;
}

static size_t body_bytes(const char *head) {
  const char *field = strcasestr(head, "\r\nContent-Length:");
  size_t size = field == NULL ? 0 : strtoul(strchr(field, ':') + 1, NULL, 10);
  return size <= BODY_MAX ? size : 0;
}

static const otlp_act_t *keep(otlp_collector_t *collector, char *head,
                              char *body) {
  const otlp_act_t *act = NULL;
  uv_mutex_lock(&collector->mutex);
  if (collector->count < OTLP_COLLECTOR_REQUESTS) {
    size_t last = collector->act_count - 1;
    act = &collector->acts[collector->count < last ? collector->count : last];
    collector->received[collector->count++] = (otlp_received_t){head, body};
    uv_cond_broadcast(&collector->cond);
  } else {
    free(head);
    free(body);
  }
  uv_mutex_unlock(&collector->mutex);
  return act;
}

/* Whether the connection goes on. */
static int serve_one(otlp_collector_t *collector, int fd) {
  char *head = read_head(collector, fd);
  char *body =
      head == NULL ? NULL : read_bytes(collector, fd, body_bytes(head));
  if (body == NULL) {
    free(head);
    return 0;
  }
  const otlp_act_t *act = keep(collector, head, body);
  if (act == NULL)
    return 0;
  if (act->text != NULL)
    raw_socket_write(fd, act->text, strlen(act->text));
  return !act->then_close;
}

static void run(void *arg) {
  otlp_collector_t *collector = arg;
  while (wait_for(collector, collector->listen_fd)) {
    int fd = accept(collector->listen_fd, NULL, NULL);
    while (fd >= 0 && serve_one(collector, fd)) {
    }
    if (fd >= 0)
      close(fd);
  }
}

int otlp_collector_start(otlp_collector_t *collector, const otlp_act_t *acts,
                         size_t count) {
  *collector = (otlp_collector_t){.acts = acts, .act_count = count};
  if (pipe(collector->wake_fds) != 0)
    return -errno;
  collector->listen_fd = raw_socket_listen(&collector->port);
  if (collector->listen_fd < 0)
    return collector->listen_fd;
  snprintf(collector->url, sizeof(collector->url), "http://127.0.0.1:%u",
           (unsigned)collector->port);
  uv_mutex_init(&collector->mutex);
  uv_cond_init(&collector->cond);
  return uv_thread_create(&collector->thread, run, collector);
}

const otlp_received_t *otlp_collector_await(otlp_collector_t *collector,
                                            size_t count) {
  const uint64_t deadline_ns =
      uv_hrtime() + OTLP_COLLECTOR_DEADLINE_MS * UINT64_C(1000000);
  const otlp_received_t *received = NULL;
  uv_mutex_lock(&collector->mutex);
  while (collector->count < count && uv_hrtime() < deadline_ns)
    uv_cond_timedwait(&collector->cond, &collector->mutex,
                      deadline_ns - uv_hrtime());
  if (collector->count >= count)
    received = &collector->received[count - 1];
  uv_mutex_unlock(&collector->mutex);
  return received;
}

static void add_spans(json_t *spans, const json_t *document) {
  json_t *resource, *scope;
  size_t i, j;
  json_array_foreach(json_object_get(document, "resourceSpans"), i, resource) {
    json_array_foreach(json_object_get(resource, "scopeSpans"), j, scope) {
      json_array_extend(spans, json_object_get(scope, "spans"));
    }
  }
}

json_t *otlp_collector_spans(otlp_collector_t *collector) {
  json_t *spans = json_array();
  uv_mutex_lock(&collector->mutex);
  for (size_t i = 0; i < collector->count; i++) {
    json_t *document = json_loads(collector->received[i].body, 0, NULL);
    add_spans(spans, document);
    json_decref(document);
  }
  uv_mutex_unlock(&collector->mutex);
  return spans;
}

json_t *otlp_collector_await_spans(otlp_collector_t *collector, size_t count) {
  for (size_t requests = 1; requests <= OTLP_COLLECTOR_REQUESTS; requests++) {
    if (otlp_collector_await(collector, requests) == NULL)
      return NULL;
    json_t *spans = otlp_collector_spans(collector);
    if (json_array_size(spans) >= count)
      return spans;
    json_decref(spans);
  }
  return NULL;
}

json_t *otlp_span_named(const json_t *spans, const char *name) {
  json_t *span;
  size_t i;
  json_array_foreach(spans, i, span) {
    const char *found = json_string_value(json_object_get(span, "name"));
    if (found != NULL && strcmp(found, name) == 0)
      return span;
  }
  return NULL;
}

const char *otlp_attribute(const json_t *of, const char *key) {
  json_t *attribute;
  size_t i;
  json_array_foreach(json_object_get(of, "attributes"), i, attribute) {
    const char *found = json_string_value(json_object_get(attribute, "key"));
    const json_t *value = json_object_get(attribute, "value");
    if (found != NULL && strcmp(found, key) == 0)
      return json_string_value(json_object_get(
          value, json_object_get(value, "intValue") == NULL ? "stringValue"
                                                            : "intValue"));
  }
  return NULL;
}

void otlp_collector_stop(otlp_collector_t *collector) {
  if (collector->port == 0)
    return;
  if (write(collector->wake_fds[1], "", 1) == 1)
    uv_thread_join(&collector->thread);
  close(collector->listen_fd);
  close(collector->wake_fds[0]);
  close(collector->wake_fds[1]);
  for (size_t i = 0; i < collector->count; i++) {
    free(collector->received[i].head);
    free(collector->received[i].body);
  }
  uv_cond_destroy(&collector->cond);
  uv_mutex_destroy(&collector->mutex);
  *collector = (otlp_collector_t){.port = 0};
}
