/* Many workers, many messages, ends at any moment: nothing is lost, nothing is
 * given up twice. */
#include "worker_probe.h"

#include <stdlib.h>
#include <string.h>

#define WORKERS  8
#define MESSAGES 50000 /* to each worker and back, divided by the scale */
#define ROUNDS   60    /* of random ends, likewise */
#define QUEUE    16

static int scaled(int full) {
  const char *load = getenv("ASYNCSCOPE_TEST_LOAD");
  return load != NULL && strcmp(load, "reduced") == 0 ? full / 20 : full;
}

/* One message, on its way there and back. */
typedef struct parcel_s {
  async_message_t message;
  int number;
  atomic_int released;
} parcel_t;

typedef struct stream_s {
  async_worker_t *worker;
  parcel_t *parcels;
  int total, posted, returned, out_of_order, exits, exit_code, refused;
  int end_after; /* that many have come back; -1: never */
  /* The worker's. */
  async_message_t *held; /* no room for it yet */
} stream_t;

static void on_parcel_released(async_message_t *message) {
  parcel_t *parcel = message->data;
  atomic_fetch_add(&parcel->released, 1);
}

/* The worker gives back what it gets, and stops taking while it cannot. */
static void give_back(async_message_port_t *port, async_message_t *message) {
  stream_t *stream = async_worker_data();
  if (async_message_port_post_message(port, message) == 0) {
    return;
  }
  stream->held = message;
  async_message_port_on_message(port, NULL);
  async_message_port_ref(port);
}

static void go_on(async_message_port_t *port) {
  stream_t *stream = async_worker_data();
  async_message_t *held = stream->held;
  stream->held = NULL;
  if (held != NULL) {
    async_message_port_on_message(port, give_back);
    give_back(port, held);
  }
}

static void release_held(async_env_cleanup_t *cleanup) {
  stream_t *stream = cleanup->data;
  async_message_release(stream->held);
  stream->held = NULL;
}

static void mirror(void *worker_data) {
  static _Thread_local async_env_cleanup_t cleanup;
  cleanup.data = worker_data;
  (void)async_env_add_cleanup_hook(&cleanup, release_held);
  async_message_port_on_drain(async_worker_parent_port(), go_on);
  async_message_port_on_message(async_worker_parent_port(), give_back);
}

static void post_more(stream_t *stream) {
  while (stream->posted < stream->total) {
    parcel_t *parcel = &stream->parcels[stream->posted];
    parcel->number = stream->posted;
    async_message_init(&parcel->message, parcel, sizeof(*parcel),
                       on_parcel_released);
    int error = async_worker_post_message(stream->worker, &parcel->message);
    if (error != 0) {
      stream->refused += error == UV_EAGAIN;
      return;
    }
    stream->posted++;
  }
}

static void on_returned(async_worker_t *worker, async_message_t *message) {
  stream_t *stream = async_worker_get_data(worker);
  parcel_t *parcel = message->data;
  stream->out_of_order += parcel->number != stream->returned;
  stream->returned++;
  async_message_release(message);
  if (stream->returned == stream->end_after ||
      stream->returned == stream->total) {
    async_worker_terminate(worker);
  }
}

static void on_room(async_worker_t *worker) {
  post_more(async_worker_get_data(worker));
}

static void on_exited(async_worker_t *worker, int exit_code) {
  stream_t *stream = async_worker_get_data(worker);
  stream->exits++;
  stream->exit_code = exit_code;
}

static void stream_start(stream_t *stream, int total, int end_after) {
  async_worker_options_t options = {
      .on = {.message = on_returned, .drain = on_room, .exit = on_exited},
      .data = stream,
      .worker_data = stream,
      .queue_max = QUEUE};
  memset(stream, 0, sizeof(*stream));
  stream->total = total;
  stream->end_after = end_after;
  stream->parcels = calloc((size_t)total, sizeof(*stream->parcels));
  assert_non_null(stream->parcels);
  assert_int_equal(async_worker_create(mirror, &options, &stream->worker), 0);
  post_more(stream);
  if (end_after == 0) {
    async_worker_terminate(stream->worker);
  }
}

/* What was posted was given up once, wherever it was; the rest never. */
static void stream_finish(stream_t *stream) {
  assert_int_equal(stream->exits, 1);
  assert_int_equal(stream->exit_code, 1);
  assert_int_equal(stream->out_of_order, 0);
  for (int i = 0; i < stream->total; i++) {
    int released = atomic_load(&stream->parcels[i].released);
    assert_int_equal(released, i < stream->posted);
  }
  free(stream->parcels);
}

/* The recorder looks for the init of each event: too much for this many. */
static uv_fixture_t *unrecorded(void **state) {
  uv_fixture_t *fixture = *state;
  recorder_stop(&fixture->recorder);
  return fixture;
}

static void every_message_comes_back_once_and_in_order(void **state) {
  uv_fixture_t *fixture = unrecorded(state);
  stream_t streams[WORKERS];
  int messages = scaled(MESSAGES);
  for (int i = 0; i < WORKERS; i++) {
    stream_start(&streams[i], messages, -1);
  }
  uv_fixture_run(fixture);
  for (int i = 0; i < WORKERS; i++) {
    assert_int_equal(streams[i].posted, messages);
    assert_int_equal(streams[i].returned, messages);
    assert_true(streams[i].refused > 0);
    stream_finish(&streams[i]);
  }
}

static unsigned next_random(unsigned *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

static void workers_end_at_any_moment(void **state) {
  uv_fixture_t *fixture = unrecorded(state);
  unsigned random = 2463534242u;
  for (int round = 0; round < scaled(ROUNDS); round++) {
    stream_t streams[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
      stream_start(&streams[i], 500, (int)(next_random(&random) % 400));
    }
    uv_fixture_run(fixture);
    for (int i = 0; i < WORKERS; i++) {
      assert_true(streams[i].returned >= streams[i].end_after);
      stream_finish(&streams[i]);
    }
  }
}

static void creators_end_at_any_moment(void **state) {
  uv_fixture_t *fixture = *state;
  unsigned random = 88172645u;
  for (int round = 0; round < scaled(ROUNDS); round++) {
    stream_t streams[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
      stream_start(&streams[i], 200, -1);
    }
    for (unsigned turns = next_random(&random) % 8; turns > 0; turns--) {
      uv_run(&fixture->loop, UV_RUN_NOWAIT);
    }
    assert_int_equal(async_env_detach(), 0);
    assert_int_equal(async_env_attach(&fixture->loop), 0);
    for (int i = 0; i < WORKERS; i++) {
      stream_finish(&streams[i]);
    }
  }
}

/* A chain of workers that each end what they made. */
typedef struct family_s {
  int depth, failed, exits;
} family_t;

static void on_child_exit(async_worker_t *worker, int exit_code) {
  family_t *family = async_worker_get_data(worker);
  (void)exit_code;
  family->exits++;
}

static void make_child(void *worker_data) {
  family_t *family = worker_data;
  async_worker_t *worker;
  async_worker_options_t options = {
      .on = {.exit = on_child_exit}, .data = family, .worker_data = family + 1};
  listen_forever(NULL);
  if (family->depth > 0) {
    family[1].depth = family->depth - 1;
    WORKER_CHECK(&family->failed,
                 async_worker_create(make_child, &options, &worker) == 0);
  } else {
    WORKER_CHECK(&family->failed, async_worker_exit(0) == 0);
  }
}

static void a_line_of_workers_ends_with_its_first(void **state) {
  family_t family[10] = {{.depth = 8}};
  async_worker_t *worker;
  async_worker_options_t options = {
      .on = {.exit = on_child_exit}, .data = &family[9], .worker_data = family};
  assert_int_equal(async_worker_create(make_child, &options, &worker), 0);
  async_worker_terminate(worker);
  uv_fixture_run(*state);
  assert_int_equal(family[9].exits, 1);
  for (int i = 0; i < 9; i++) {
    assert_int_equal(family[i].failed, 0);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(every_message_comes_back_once_and_in_order),
      cmocka_unit_test_uv(workers_end_at_any_moment),
      cmocka_unit_test_uv(creators_end_at_any_moment),
      cmocka_unit_test_uv(a_line_of_workers_ends_with_its_first),
  };
  return test_main(tests, argc, argv);
}
