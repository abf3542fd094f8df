#include "write_probe.h"

#include <stdlib.h>
#include <string.h>

/* Bytes that repeat after a prime number of them, so that no buffer or piece
 * which gets lost or swapped leaves what follows in place. */
static void fill_pattern(char *payload) {
  const size_t period = 65521;
  for (size_t i = 0; i < period; i++) {
    payload[i] = (char)(i * 31 + (i >> 8) * 7);
  }
  for (size_t i = period; i < WRITE_BIG_BYTES; i += period) {
    size_t rest = WRITE_BIG_BYTES - i;
    memcpy(payload + i, payload, rest < period ? rest : period);
  }
}

void write_probe_init(write_probe_t *probe, uv_fixture_t *fixture) {
  memset(probe, 0, sizeof(*probe));
  probe->payload = malloc(WRITE_BIG_BYTES);
  assert_non_null(probe->payload);
  fill_pattern(probe->payload);
  tcp_pair_init(&probe->pair, fixture);
  probe->req.data = probe->second.data = probe->shutdown_req.data = probe;
}

void write_probe_open(write_probe_t *probe, uv_fixture_t *fixture) {
  write_probe_init(probe, fixture);
  tcp_pair_open(&probe->pair);
}

static bool continues_pattern(const write_probe_t *probe, const char *data,
                              ssize_t size_bytes) {
  size_t size = (size_t)size_bytes, position = probe->received_bytes;
  return size <= WRITE_BIG_BYTES - position &&
         memcmp(data, probe->payload + position, size) == 0;
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  write_probe_t *probe = stream->data;
  probe->ended = probe->ended || nread == UV_EOF;
  if (nread > 0) {
    probe->wrong = probe->wrong || !continues_pattern(probe, buf->base, nread);
    probe->received_bytes += (size_t)nread;
  }
}

void write_probe_read(write_probe_t *probe) {
  assert_int_equal(
      async_uv_read_start(stream_of(&probe->pair.accepted), on_alloc, on_read),
      0);
}

int write_probe_write(write_probe_t *probe, size_t size_bytes) {
  uv_buf_t buf = uv_buf_init(probe->payload, (unsigned)size_bytes);
  return async_uv_write(&probe->req, stream_of(&probe->pair.client), &buf, 1,
                        write_probe_written);
}

void write_probe_written(async_uv_write_t *req, int status) {
  write_probe_t *probe = req->data;
  recorder_mark(&probe->pair.fixture->recorder, "written");
  seen_note(&probe->written, status, probe->context);
}

void write_probe_second_written(async_uv_write_t *req, int status) {
  write_probe_t *probe = req->data;
  recorder_mark(&probe->pair.fixture->recorder, "second written");
  seen_note(&probe->second_written, status, probe->context);
}

void write_probe_shut(async_uv_shutdown_t *req, int status) {
  write_probe_t *probe = req->data;
  recorder_mark(&probe->pair.fixture->recorder, "shut");
  seen_note(&probe->shut, status, probe->context);
}

void write_probe_receive(write_probe_t *probe, size_t size_bytes) {
  while (probe->received_bytes < size_bytes && !probe->ended) {
    uv_run(&probe->pair.fixture->loop, UV_RUN_ONCE);
  }
  assert_int_equal(probe->received_bytes, size_bytes);
  assert_false(probe->wrong);
}

void write_probe_finish(write_probe_t *probe) {
  tcp_pair_finish(&probe->pair);
  free(probe->payload);
}
