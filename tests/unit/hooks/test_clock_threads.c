/* The clock over the machine's own counter. */
#include "hooks_fixture.h"

#include <stdatomic.h>
#include <uv.h>

#define THREADS  4
#define ANSWERS  200000
#define GROSS_NS UINT64_C(10000000)

static _Atomic uint64_t latest_ns;
static atomic_int backwards, far_away;

/* On the machine's own counter, the answers are handed from thread to thread.
 * How near they are is not asked closely: who is interrupted while reading is
 * wrong by that. */
static void read_here(void *arg) {
  (void)arg;
  uint64_t last_ns = 0;
  if (async_env_open(ASYNC_ENV_OTHER, "clock") != 0)
    return;
  for (int i = 0; i < ANSWERS; i++) {
    uint64_t before_ns = atomic_load(&latest_ns);
    uint64_t now_ns = async_env_read_clock_ns();
    backwards += now_ns < last_ns;
    far_away += now_ns + GROSS_NS < before_ns;
    atomic_store(&latest_ns, now_ns);
    last_ns = now_ns;
  }
  async_env_detach();
}

static void the_machines_own_clock_goes_forward_on_all_threads(void **state) {
  (void)state;
  uv_thread_t threads[THREADS];
  uint64_t began_ns = uv_hrtime();
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(uv_thread_create(&threads[i], read_here, NULL), 0);
  for (int i = 0; i < THREADS; i++)
    uv_thread_join(&threads[i]);
  assert_int_equal(backwards, 0);
  assert_int_equal(far_away, 0);
  assert_in_range(atomic_load(&latest_ns), began_ns, uv_hrtime() + GROSS_NS);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_machines_own_clock_goes_forward_on_all_threads),
  };
  return test_main(tests, argc, argv);
}
