/* How large a handle or request is of which only the type is known. */
#include "uv_fixture.h"

#include <stdlib.h>

#define HANDLE(type, member) \
  { UV_##type, sizeof(((union async_uv_any_handle *)NULL)->member) }
#define REQUEST(type, member) \
  { UV_##type, sizeof(((union async_uv_any_req *)NULL)->member) }

typedef struct row_s {
  int type;
  size_t bytes;
} row_t;

static const row_t HANDLES[] = {
    HANDLE(ASYNC, async),       HANDLE(CHECK, check),
    HANDLE(FS_EVENT, fs_event), HANDLE(FS_POLL, fs_poll),
    HANDLE(HANDLE, handle),     HANDLE(IDLE, idle),
    HANDLE(NAMED_PIPE, pipe),   HANDLE(POLL, poll),
    HANDLE(PREPARE, prepare),   HANDLE(PROCESS, process),
    HANDLE(STREAM, stream),     HANDLE(TCP, tcp),
    HANDLE(TIMER, timer),       HANDLE(TTY, tty),
    HANDLE(UDP, udp),           HANDLE(SIGNAL, signal),
};

static const row_t REQUESTS[] = {
    REQUEST(REQ, req),
    REQUEST(CONNECT, connect),
    REQUEST(WRITE, write),
    REQUEST(SHUTDOWN, shutdown),
    REQUEST(UDP_SEND, udp_send),
    REQUEST(FS, fs),
    REQUEST(WORK, work),
    REQUEST(GETADDRINFO, getaddrinfo),
    REQUEST(GETNAMEINFO, getnameinfo),
    REQUEST(RANDOM, random),
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void a_handle_has_the_size_of_its_type(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(HANDLES); i++) {
    uv_handle_type type = (uv_handle_type)HANDLES[i].type;
    assert_int_equal(async_uv_handle_size(type), HANDLES[i].bytes);
    assert_true(async_uv_handle_size(type) >= uv_handle_size(type));
  }
}

static void a_request_has_the_size_of_its_type(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(REQUESTS); i++) {
    uv_req_type type = (uv_req_type)REQUESTS[i].type;
    assert_int_equal(async_uv_req_size(type), REQUESTS[i].bytes);
    assert_true(async_uv_req_size(type) >= uv_req_size(type));
  }
}

/* Those of libuv are the measure of which there are. */
static void what_libuv_has_no_size_for_has_none(void **state) {
  (void)state;
  for (int i = -1; i <= UV_HANDLE_TYPE_MAX; i++)
    assert_int_equal(async_uv_handle_size((uv_handle_type)i) == (size_t)-1,
                     uv_handle_size((uv_handle_type)i) == (size_t)-1);
  for (int i = -1; i <= UV_REQ_TYPE_MAX; i++)
    assert_int_equal(async_uv_req_size((uv_req_type)i) == (size_t)-1,
                     uv_req_size((uv_req_type)i) == (size_t)-1);
}

static void free_timer(async_uv_handle_t *handle) {
  free(handle);
}

static void a_handle_lives_in_memory_of_that_size(void **state) {
  uv_fixture_t *fixture = *state;
  async_uv_timer_t *timer = malloc(async_uv_handle_size(UV_TIMER));
  assert_non_null(timer);
  assert_int_equal(async_uv_timer_init(&fixture->loop, timer), 0);
  async_uv_close((async_uv_handle_t *)timer, free_timer);
  uv_fixture_run(fixture);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_handle_has_the_size_of_its_type),
      cmocka_unit_test(a_request_has_the_size_of_its_type),
      cmocka_unit_test(what_libuv_has_no_size_for_has_none),
      cmocka_unit_test_uv(a_handle_lives_in_memory_of_that_size),
  };
  return test_main(tests, argc, argv);
}
