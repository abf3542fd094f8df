#include "write_probe.h"

#include <stdlib.h>
#include <string.h>

static char pattern_at(size_t position) {
  return (char)(position * 31 + (position >> 8) * 7);
}

void write_probe_init(write_probe_t *probe, uv_fixture_t *fixture) {
  memset(probe, 0, sizeof(*probe));
  probe->payload = malloc(WRITE_BIG_BYTES);
  assert_non_null(probe->payload);
  for (size_t i = 0; i < WRITE_BIG_BYTES; i++) {
    probe->payload[i] = pattern_at(i);
  }
  tcp_pair_init(&probe->pair, fixture);
  probe->req.data = probe->second.data = probe->shutdown_req.data = probe;
}

void write_probe_open(write_probe_t *probe, uv_fixture_t *fixture) {
  write_probe_init(probe, fixture);
  tcp_pair_open(&probe->pair);
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  write_probe_t *probe = stream->data;
  probe->ended = probe->ended || nread == UV_EOF;
  for (ssize_t i = 0; i < nread; i++) {
    probe->wrong_bytes += buf->base[i] != pattern_at(probe->received_bytes);
    probe->received_bytes++;
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
  assert_int_equal(probe->wrong_bytes, 0);
}

void write_probe_finish(write_probe_t *probe) {
  tcp_pair_finish(&probe->pair);
  free(probe->payload);
}
