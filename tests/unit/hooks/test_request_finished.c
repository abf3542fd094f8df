/* Who is told that requests have finished finds them: what a reader on another
 * thread counts is there to be read. */
#include "request_fixture.h"

#include <stdatomic.h>

#define MANY 20000
#define KEPT 2

typedef struct reader_s {
  uint32_t thread;
  uv_sem_t ready;
  atomic_int readings, missing;
} reader_t;

static uint64_t finished_of(async_env_t *env) {
  async_route_info_t route;
  return async_inspect_route(env, 0, &route, NULL) == 0 ? route.finished : 0;
}

static bool finds(async_env_t *env, uint64_t number) {
  async_request_info_t found;
  uint32_t cursor = 0;
  while (async_inspect_requests(env, ASYNC_REQUESTS_FINISHED, &cursor, &found,
                                1) == 1)
    if (found.number == number)
      return true;
  return false;
}

/* Only while none finishes meanwhile does the last have to be there: later ones
 * take its place. */
static void read_finished(void *arg) {
  reader_t *reader = arg;
  async_env_t *env = find_env(reader->thread);
  uint64_t finished = 0;
  uv_sem_post(&reader->ready);
  while (finished < MANY) {
    finished = finished_of(env);
    bool found = finished == 0 || finds(env, finished);
    bool steady = finished_of(env) == finished;
    atomic_fetch_add(&reader->readings, steady);
    atomic_fetch_add(&reader->missing, steady && !found);
  }
  async_inspect_release(env);
}

static void what_is_counted_as_finished_is_found(void **state) {
  static reader_t reader;
  uv_thread_t thread;
  (void)state;
  assert_int_equal(async_env_set_requests_kept(KEPT, 0, 0), 0);
  reader.thread = async_env_thread();
  assert_int_equal(uv_sem_init(&reader.ready, 0), 0);
  assert_int_equal(uv_thread_create(&thread, read_finished, &reader), 0);
  uv_sem_wait(&reader.ready);
  for (uint64_t i = 1; i <= MANY; i++)
    assert_int_equal(async_request_end(request_begin(i), 0), 0);
  uv_thread_join(&thread);
  uv_sem_destroy(&reader.ready);
  frame_use(NULL);
  assert_true(atomic_load(&reader.readings) > 0);
  assert_int_equal(atomic_load(&reader.missing), 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(what_is_counted_as_finished_is_found),
  };
  return test_main(tests, argc, argv);
}
