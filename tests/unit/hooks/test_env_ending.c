/* While an environment ends nothing begins on its loop any more, whatever it
 * would begin on; what was begun can still be stopped and closed. */
#include "uv_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct scene_s {
  async_uv_timer_t timer;
  async_uv_idle_t idle;
  async_uv_prepare_t prepare;
  async_uv_check_t check;
  async_uv_signal_t signal;
  async_uv_poll_t poll;
  async_uv_fs_event_t fs_event;
  async_uv_fs_poll_t fs_poll;
  async_uv_tcp_t tcp;
  async_uv_pipe_t pipe;
  async_uv_udp_t udp;
  async_uv_connect_t connect;
  async_uv_write_t write;
  async_uv_shutdown_t shutdown;
  async_uv_udp_send_t send;
  uv_buf_t buf;
  struct sockaddr_in any;
  char wrong[1024]; /* what was not refused */
} scene_t;

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

static void on_idle(async_uv_idle_t *idle) {
  (void)idle;
}

static void on_prepare(async_uv_prepare_t *prepare) {
  (void)prepare;
}

static void on_check(async_uv_check_t *check) {
  (void)check;
}

static void on_signal(async_uv_signal_t *handle, int signum) {
  (void)handle, (void)signum;
}

static void on_poll(async_uv_poll_t *poll, int status, int events) {
  (void)poll, (void)status, (void)events;
}

static void on_fs_event(async_uv_fs_event_t *fs_event, const char *filename,
                        int events, int status) {
  (void)fs_event, (void)filename, (void)events, (void)status;
}

static void on_fs_poll(async_uv_fs_poll_t *fs_poll, int status,
                       const uv_stat_t *prev, const uv_stat_t *curr) {
  (void)fs_poll, (void)status, (void)prev, (void)curr;
}

static void on_connection(async_uv_stream_t *server, int status) {
  (void)server, (void)status;
}

static void on_alloc(async_uv_handle_t *handle, size_t suggested_size_bytes,
                     uv_buf_t *buf) {
  (void)handle, (void)suggested_size_bytes, (void)buf;
}

static void on_read(async_uv_stream_t *stream, ssize_t nread,
                    const uv_buf_t *buf) {
  (void)stream, (void)nread, (void)buf;
}

static void on_recv(async_uv_udp_t *udp, ssize_t nread, const uv_buf_t *buf,
                    const struct sockaddr *addr, unsigned int flags) {
  (void)udp, (void)nread, (void)buf, (void)addr, (void)flags;
}

static async_uv_stream_t *tcp_of(scene_t *s) {
  return (async_uv_stream_t *)&s->tcp;
}

static const struct sockaddr *address_of(const scene_t *s) {
  return (const struct sockaddr *)&s->any;
}

#define CALL(name, call)        \
  static int name(scene_t *s) { \
    return call;                \
  }
CALL(timer_start, async_uv_timer_start(&s->timer, on_timer, 0, 0))
CALL(timer_again, async_uv_timer_again(&s->timer))
CALL(idle_start, async_uv_idle_start(&s->idle, on_idle))
CALL(prepare_start, async_uv_prepare_start(&s->prepare, on_prepare))
CALL(check_start, async_uv_check_start(&s->check, on_check))
CALL(signal_start, async_uv_signal_start(&s->signal, on_signal, SIGUSR1))
CALL(signal_start_oneshot,
     async_uv_signal_start_oneshot(&s->signal, on_signal, SIGUSR1))
CALL(poll_start, async_uv_poll_start(&s->poll, UV_READABLE, on_poll))
CALL(fs_event_start, async_uv_fs_event_start(&s->fs_event, on_fs_event, ".", 0))
CALL(fs_poll_start, async_uv_fs_poll_start(&s->fs_poll, on_fs_poll, ".", 1000))
CALL(listen_on, async_uv_listen(tcp_of(s), 1, on_connection))
CALL(read_start, async_uv_read_start(tcp_of(s), on_alloc, on_read))
CALL(tcp_connect,
     async_uv_tcp_connect(&s->connect, &s->tcp, address_of(s), NULL))
CALL(pipe_connect,
     async_uv_pipe_connect(&s->connect, &s->pipe, "no.socket", NULL))
CALL(pipe_connect2,
     async_uv_pipe_connect2(&s->connect, &s->pipe, "no.socket", 9, 0, NULL))
CALL(write_one, async_uv_write(&s->write, tcp_of(s), &s->buf, 1, NULL))
CALL(write_handle,
     async_uv_write2(&s->write, (async_uv_stream_t *)&s->pipe, &s->buf, 1,
                     (async_uv_handle_t *)&s->tcp, NULL))
CALL(shut_down, async_uv_shutdown(&s->shutdown, tcp_of(s), NULL))
CALL(udp_send,
     async_uv_udp_send(&s->send, &s->udp, &s->buf, 1, address_of(s), NULL))
CALL(udp_recv_start, async_uv_udp_recv_start(&s->udp, on_alloc, on_recv))

typedef struct row_s {
  const char *name;
  int (*call)(scene_t *s);
} row_t;

#define ROW(name) \
  { #name, name }
static const row_t rows[] = {
    ROW(timer_start),   ROW(timer_again),    ROW(idle_start),
    ROW(prepare_start), ROW(check_start),    ROW(signal_start),
    ROW(poll_start),    ROW(fs_event_start), ROW(signal_start_oneshot),
    ROW(fs_poll_start), ROW(listen_on),      ROW(read_start),
    ROW(tcp_connect),   ROW(pipe_connect),   ROW(pipe_connect2),
    ROW(write_one),     ROW(write_handle),   ROW(shut_down),
    ROW(udp_send),      ROW(udp_recv_start),
};

static void try_all(void *arg) {
  scene_t *s = arg;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    int error = rows[i].call(s);
    size_t length = strlen(s->wrong);
    if (error != UV_ECANCELED)
      snprintf(s->wrong + length, sizeof(s->wrong) - length, "%s: %d\n",
               rows[i].name, error);
  }
}

static void make_watchers(scene_t *s, uv_loop_t *loop, int fd) {
  assert_int_equal(async_uv_timer_init(loop, &s->timer), 0);
  assert_int_equal(async_uv_idle_init(loop, &s->idle), 0);
  assert_int_equal(async_uv_prepare_init(loop, &s->prepare), 0);
  assert_int_equal(async_uv_check_init(loop, &s->check), 0);
  assert_int_equal(async_uv_signal_init(loop, &s->signal), 0);
  assert_int_equal(async_uv_poll_init(loop, &s->poll, fd), 0);
  assert_int_equal(async_uv_fs_event_init(loop, &s->fs_event), 0);
  assert_int_equal(async_uv_fs_poll_init(loop, &s->fs_poll), 0);
}

static void make_sockets(scene_t *s, uv_loop_t *loop) {
  static char byte;
  s->buf = uv_buf_init(&byte, 1);
  assert_int_equal(uv_ip4_addr("127.0.0.1", 0, &s->any), 0);
  assert_int_equal(async_uv_tcp_init(loop, &s->tcp), 0);
  assert_int_equal(async_uv_tcp_bind(&s->tcp, address_of(s), 0), 0);
  assert_int_equal(async_uv_pipe_init(loop, &s->pipe, 1), 0);
  assert_int_equal(async_uv_udp_init(loop, &s->udp), 0);
}

static void close_all(scene_t *s) {
  void *handles[] = {&s->timer,  &s->idle, &s->prepare,  &s->check,
                     &s->signal, &s->poll, &s->fs_event, &s->fs_poll,
                     &s->tcp,    &s->pipe, &s->udp};
  for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++)
    async_uv_close(handles[i], NULL);
}

/* A loop of its own: what is alive at the end has no destroy. */
static void nothing_begins_while_the_environment_ends(void **state) {
  static scene_t s;
  uv_loop_t loop;
  int fds[2];
  (void)state;
  assert_int_equal(pipe(fds), 0);
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  make_watchers(&s, &loop, fds[0]);
  make_sockets(&s, &loop);
  assert_int_equal(async_next_tick(try_all, &s), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_string_equal(s.wrong, "");
  close_all(&s);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&loop), 0);
  close(fds[0]);
  close(fds[1]);
}

typedef struct begun_s {
  async_uv_timer_t timer;
  int stop;
} begun_t;

static void stop_and_close(void *arg) {
  begun_t *begun = arg;
  begun->stop = async_uv_timer_stop(&begun->timer);
  async_uv_close((async_uv_handle_t *)&begun->timer, NULL);
}

static void what_was_begun_can_be_stopped_at_the_end(void **state) {
  uv_fixture_t *fixture = *state;
  begun_t begun = {.stop = UV_EINTR};
  assert_int_equal(async_uv_timer_init(&fixture->loop, &begun.timer), 0);
  assert_int_equal(async_uv_timer_start(&begun.timer, on_timer, 5000, 0), 0);
  assert_int_equal(async_next_tick(stop_and_close, &begun), 0);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(begun.stop, 0);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
}

typedef struct late_s {
  uv_loop_t loop;
  int attached;
} late_t;

static void attach_again(void *store) {
  late_t *late = store;
  late->attached = async_env_attach(&late->loop);
}

/* The store is let go when the loop is no longer the environment's. */
static void an_environment_that_ends_takes_no_loop(void **state) {
  late_t late = {.attached = 0};
  async_context_key_t key;
  async_context_value_t value = {.store = &late, .release = attach_again};
  (void)state;
  assert_int_equal(uv_loop_init(&late.loop), 0);
  assert_int_equal(async_env_attach(&late.loop), 0);
  assert_int_equal(async_context_key_create("k", &key), 0);
  assert_int_equal(async_context_set(&key, &value), 0);
  assert_int_equal(async_env_detach(), 0);
  async_context_key_destroy(&key);
  assert_int_equal(late.attached, UV_ECANCELED);
  assert_int_equal(uv_loop_close(&late.loop), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_begins_while_the_environment_ends),
      cmocka_unit_test_uv(what_was_begun_can_be_stopped_at_the_end),
      cmocka_unit_test(an_environment_that_ends_takes_no_loop),
  };
  return test_main(tests, argc, argv);
}
