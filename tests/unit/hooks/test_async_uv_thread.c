/* What belongs to one thread's loop cannot be begun, changed or ended on
 * another one, with an environment or without, nor on one without a loop. */
#include "asyncscope/async_fs_promises.h"
#include "asyncscope/async_message_port.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_timers_promises.h"
#include "asyncscope/async_worker.h"
#include "uv_fixture.h"

#include <string.h>

/* What other threads try their hands on. */
typedef struct scene_s {
  uv_fixture_t *fixture;
  async_uv_timer_t timer;
  async_uv_tcp_t tcp;
  async_uv_udp_t udp;
  async_uv_fs_t fs;
  async_uv_work_t work;
  async_uv_getaddrinfo_t address;
  async_uv_random_t random;
  async_message_port_t *port, *other;
  async_immediate_t immediate;
  unsigned char bytes[8];
  async_uv_process_t process;
  async_promise_t *promise;
  async_interval_t *interval;
  char wrong[1024];
} scene_t;

typedef struct row_s {
  const char *name;
  int (*call)(scene_t *scene);
} row_t;

#define CALL(name, call)        \
  static int name(scene_t *s) { \
    return call;                \
  }

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LOOP         (&s->fixture->loop)
#define REQ(r)       ((async_uv_req_t *)(r))

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
}

static void on_fs(async_uv_fs_t *req) {
  (void)req;
}

static void work(async_uv_work_t *req) {
  (void)req;
}

static void on_random(async_uv_random_t *req, int status, void *buf,
                      size_t buflen) {
  (void)req, (void)status, (void)buf, (void)buflen;
}

static void on_address(async_uv_getaddrinfo_t *req, int status,
                       struct addrinfo *res) {
  (void)req, (void)status;
  uv_freeaddrinfo(res);
}

CALL(timer_start, async_uv_timer_start(&s->timer, on_timer, 1, 0))
CALL(timer_stop, async_uv_timer_stop(&s->timer))
CALL(tcp_nodelay, async_uv_tcp_nodelay(&s->tcp, 1))
CALL(tcp_keepalive, async_uv_tcp_keepalive(&s->tcp, 1, 60))
CALL(tcp_accepts, async_uv_tcp_simultaneous_accepts(&s->tcp, 1))
CALL(tcp_close_reset, async_uv_tcp_close_reset(&s->tcp, NULL))
CALL(udp_membership,
     async_uv_udp_set_membership(&s->udp, "224.0.0.1", NULL, UV_JOIN_GROUP))
CALL(udp_source, async_uv_udp_set_source_membership(&s->udp, "232.0.0.1", NULL,
                                                    "127.0.0.1", UV_JOIN_GROUP))
CALL(udp_loop, async_uv_udp_set_multicast_loop(&s->udp, 1))
CALL(udp_multicast_ttl, async_uv_udp_set_multicast_ttl(&s->udp, 1))
CALL(udp_interface, async_uv_udp_set_multicast_interface(&s->udp, NULL))
CALL(udp_broadcast, async_uv_udp_set_broadcast(&s->udp, 1))
CALL(udp_ttl, async_uv_udp_set_ttl(&s->udp, 1))
CALL(cancel, async_uv_cancel(REQ(&s->fs)))
CALL(fs_cancel, async_uv_fs_cancel(&s->fs))
CALL(work_cancel, async_uv_work_cancel(&s->work))
CALL(address_cancel, async_uv_getaddrinfo_cancel(&s->address))
CALL(random_cancel, async_uv_random_cancel(&s->random))
CALL(send_buffer,
     async_uv_send_buffer_size((async_uv_handle_t *)&s->tcp, &(int){4096}))

static int close_timer(scene_t *s) {
  async_uv_close((async_uv_handle_t *)&s->timer, NULL);
  return async_uv_is_closing((async_uv_handle_t *)&s->timer) ? 0 : UV_EINVAL;
}

static int unref_timer(scene_t *s) {
  async_uv_unref((async_uv_handle_t *)&s->timer);
  return async_uv_has_ref((async_uv_handle_t *)&s->timer) ? UV_EINVAL : 0;
}

static int ref_udp(scene_t *s) {
  async_uv_ref((async_uv_handle_t *)&s->udp);
  return async_uv_has_ref((async_uv_handle_t *)&s->udp) ? 0 : UV_EINVAL;
}

static int stop_immediate(scene_t *s) {
  async_immediate_stop(&s->immediate);
  return async_immediate_has_ref(&s->immediate) ? UV_EINVAL : 0;
}

static int unref_immediate(scene_t *s) {
  async_immediate_unref(&s->immediate);
  return async_immediate_has_ref(&s->immediate) ? UV_EINVAL : 0;
}

static int set_repeat(scene_t *s) {
  async_uv_timer_set_repeat(&s->timer, 7);
  return async_uv_timer_get_repeat(&s->timer) == 7 ? 0 : UV_EINVAL;
}

static void on_message(async_message_port_t *port, async_message_t *message) {
  (void)port;
  async_message_release(message);
}

static int port_on_message(scene_t *s) {
  async_message_port_on_message(s->port, on_message);
  return async_message_port_has_ref(s->port) ? 0 : UV_EINVAL;
}

static int port_ref(scene_t *s) {
  async_message_port_ref(s->port);
  return async_message_port_has_ref(s->port) ? 0 : UV_EINVAL;
}

static int port_receive(scene_t *s) {
  return async_message_port_receive_message(s->port) == NULL ? UV_EINVAL : 0;
}

static int port_close(scene_t *s) {
  async_message_end_t *end = NULL;
  async_message_port_close(s->port);
  return async_message_port_transfer(s->port, &end);
}

#define ROW(name) \
  { #name, name }

static const row_t others_rows[] = {
    ROW(timer_start),       ROW(timer_stop),
    ROW(tcp_nodelay),       ROW(tcp_keepalive),
    ROW(tcp_accepts),       ROW(tcp_close_reset),
    ROW(udp_membership),    ROW(udp_source),
    ROW(udp_loop),          ROW(udp_interface),
    ROW(udp_multicast_ttl), ROW(udp_broadcast),
    ROW(udp_ttl),           ROW(cancel),
    ROW(fs_cancel),         ROW(work_cancel),
    ROW(address_cancel),    ROW(random_cancel),
    ROW(send_buffer),       ROW(close_timer),
    ROW(unref_timer),       ROW(ref_udp),
    ROW(set_repeat),        ROW(port_on_message),
    ROW(port_ref),          ROW(port_receive),
    ROW(port_close),        ROW(stop_immediate),
    ROW(unref_immediate),
};

/* The thread is what the message is about, whether it has an environment. */
static void try_rows(scene_t *scene, const row_t *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    async_error_set(0, "nothing was said");
    int error = rows[i].call(scene);
    size_t length = strlen(scene->wrong);
    if (error != UV_EINVAL || strstr(async_error_message(), "thread") == NULL)
      snprintf(scene->wrong + length, sizeof(scene->wrong) - length,
               "%s: %d, %s\n", rows[i].name, error, async_error_message());
  }
}

static void try_all(void *arg) {
  try_rows(arg, others_rows, COUNT(others_rows));
}

static void make_handles(scene_t *s) {
  struct sockaddr_in any;
  assert_int_equal(uv_ip4_addr("127.0.0.1", 0, &any), 0);
  assert_int_equal(async_uv_timer_init(LOOP, &s->timer), 0);
  assert_int_equal(async_uv_tcp_init(LOOP, &s->tcp), 0);
  assert_int_equal(async_uv_udp_init(LOOP, &s->udp), 0);
  assert_int_equal(async_uv_tcp_bind(&s->tcp, (const struct sockaddr *)&any, 0),
                   0);
  assert_int_equal(async_uv_udp_bind(&s->udp, (const struct sockaddr *)&any, 0),
                   0);
  assert_int_equal(async_uv_timer_start(&s->timer, on_timer, 0, 0), 0);
  assert_int_equal(async_immediate_start(&s->immediate, on_immediate), 0);
  async_uv_unref((async_uv_handle_t *)&s->udp);
}

static void make_requests(scene_t *s) {
  assert_int_equal(async_uv_fs_stat(LOOP, &s->fs, ".", on_fs), 0);
  assert_int_equal(async_uv_queue_work(LOOP, &s->work, work, NULL), 0);
  assert_int_equal(async_uv_random(LOOP, &s->random, s->bytes, sizeof(s->bytes),
                                   0, on_random),
                   0);
  assert_int_equal(async_uv_getaddrinfo(LOOP, &s->address, on_address,
                                        "127.0.0.1", "80", NULL),
                   0);
}

/* With a message that waits. */
static void make_port(scene_t *s) {
  async_message_end_t *ends[2];
  async_message_t *message = NULL;
  assert_int_equal(async_message_channel_create(0, ends), 0);
  assert_int_equal(async_message_port_create(ends[0], &s->port), 0);
  assert_int_equal(async_message_port_create(ends[1], &s->other), 0);
  assert_int_equal(async_message_create("m", 1, &message), 0);
  assert_int_equal(async_message_port_post_message(s->other, message), 0);
}

static void setup_scene(scene_t *s, uv_fixture_t *fixture) {
  memset(s, 0, sizeof(*s));
  s->fixture = fixture;
  make_handles(s);
  make_requests(s);
  make_port(s);
}

static void finish_scene(scene_t *s) {
  async_message_t *message = async_message_port_receive_message(s->port);
  assert_non_null(message);
  async_message_release(message);
  async_uv_close((async_uv_handle_t *)&s->timer, NULL);
  async_uv_close((async_uv_handle_t *)&s->tcp, NULL);
  async_uv_close((async_uv_handle_t *)&s->udp, NULL);
  async_message_port_close(s->port);
  async_message_port_close(s->other);
  uv_fixture_run(s->fixture);
  async_uv_fs_req_cleanup(&s->fs);
}

static void another_threads_handles_are_refused(void **state) {
  scene_t scene;
  setup_scene(&scene, *state);
  on_other_environment(try_all, &scene);
  finish_scene(&scene);
  assert_string_equal(scene.wrong, "");
}

static void a_thread_without_an_environment_is_refused_too(void **state) {
  scene_t scene;
  setup_scene(&scene, *state);
  on_other_thread(try_all, &scene);
  finish_scene(&scene);
  assert_string_equal(scene.wrong, "");
}

/* As what a thread without a loop hands on: async_env_loop() is NULL there. */
#define NO_LOOP async_env_loop()

static int spawn_nothing(scene_t *s) {
  char name[] = "true", *args[] = {name, NULL};
  async_uv_process_options_t options = {.file = name, .args = args};
  return async_uv_spawn(NO_LOOP, &s->process, &options);
}

CALL(begin_timer, async_uv_timer_init(NO_LOOP, &s->timer))
CALL(begin_tcp, async_uv_tcp_init(NO_LOOP, &s->tcp))
CALL(begin_udp, async_uv_udp_init(NO_LOOP, &s->udp))
CALL(begin_fs, async_uv_fs_stat(NO_LOOP, &s->fs, ".", on_fs))
CALL(begin_work, async_uv_queue_work(NO_LOOP, &s->work, work, NULL))
CALL(begin_address, async_uv_getaddrinfo(NO_LOOP, &s->address, on_address,
                                         "127.0.0.1", NULL, NULL))
CALL(begin_random, async_uv_random(NO_LOOP, &s->random, s->bytes,
                                   sizeof(s->bytes), 0, on_random))
CALL(begin_promise, async_uv_fs_stat_promise(NO_LOOP, ".", &s->promise))
CALL(begin_interval, async_interval_create(NO_LOOP, 1, NULL, &s->interval))

static const row_t loopless_rows[] = {
    ROW(begin_timer),   ROW(begin_tcp),     ROW(begin_udp),
    ROW(begin_fs),      ROW(begin_work),    ROW(begin_address),
    ROW(begin_random),  ROW(begin_promise), ROW(begin_interval),
    ROW(spawn_nothing),
};

static void begin_without_a_loop(void *arg) {
  (void)async_env_open(ASYNC_ENV_OTHER, "loopless");
  try_rows(arg, loopless_rows, COUNT(loopless_rows));
  (void)async_env_detach();
}

static void a_thread_without_a_loop_begins_nothing(void **state) {
  scene_t scene = {.fixture = *state};
  on_other_thread(begin_without_a_loop, &scene);
  assert_string_equal(scene.wrong, "");
}

typedef struct attempt_s {
  async_immediate_t *immediate;
  int attached, error;
} attempt_t;

/* On a thread that could start one of its own. */
static void start_it_elsewhere(void *arg) {
  attempt_t *attempt = arg;
  uv_loop_t loop;
  attempt->attached = uv_loop_init(&loop);
  if (attempt->attached != 0)
    return;
  attempt->attached = async_env_attach(&loop);
  attempt->error = async_immediate_start(attempt->immediate, on_immediate);
  (void)async_env_detach();
  (void)uv_run(&loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&loop);
}

static void count(async_immediate_t *immediate) {
  ++*(int *)immediate->resource.data;
}

static void a_started_immediate_is_not_another_threads_to_start(void **state) {
  uv_fixture_t *fixture = *state;
  int calls = 0;
  async_immediate_t immediate = {.resource = {.data = &calls}};
  attempt_t attempt = {.immediate = &immediate};
  assert_int_equal(async_immediate_start(&immediate, count), 0);
  on_other_thread(start_it_elsewhere, &attempt);
  assert_int_equal(attempt.attached, 0);
  assert_int_equal(attempt.error, UV_EINVAL);
  uv_fixture_run(fixture);
  assert_int_equal(calls, 1);
}

/* What is left when an environment has ended is only libuv's. */
static void a_loop_that_is_not_attached_is_anybodys(void **state) {
  uv_fixture_t *fixture = *state;
  static async_uv_timer_t timer;
  assert_int_equal(async_uv_timer_init(&fixture->loop, &timer), 0);
  assert_int_equal(async_env_detach(), 0);
  async_uv_unref((async_uv_handle_t *)&timer);
  assert_false(async_uv_has_ref((async_uv_handle_t *)&timer));
  async_uv_close((async_uv_handle_t *)&timer, NULL);
  assert_true(async_uv_is_closing((async_uv_handle_t *)&timer));
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_uv(another_threads_handles_are_refused),
      cmocka_unit_test_uv(a_thread_without_an_environment_is_refused_too),
      cmocka_unit_test_uv(a_thread_without_a_loop_begins_nothing),
      cmocka_unit_test_uv(a_started_immediate_is_not_another_threads_to_start),
      cmocka_unit_test_uv(a_loop_that_is_not_attached_is_anybodys),
  };
  return test_main(tests, argc, argv);
}
