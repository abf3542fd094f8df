#include "worker_watch.h"

#include <sched.h>
#include <uv.h>

#define WATCH_NS UINT64_C(200000)
/* Between two readings of the clock: somebody else had the core. */
#define LOST_NS  UINT64_C(1500)
#define VAIN_MAX 1023u

static int current_core(void) {
#ifdef __linux__
  return sched_getcpu();
#else
  return -1; /* not known */
#endif
}

void asyncscope__worker_watch_put(asyncscope__worker_watch_t *watch) {
  watch->submitter_core = current_core();
}

bool asyncscope__worker_watch_begin(asyncscope__worker_watch_t *watch) {
  int core = current_core();
  bool has_core = core < 0 || core != watch->submitter_core;
  watch->dry_since_ns = uv_hrtime();
  watch->on = has_core && watch->is_quick && watch->pass == 0;
  return watch->on;
}

bool asyncscope__worker_watch_look(const atomic_uint *sign, unsigned none) {
  uint64_t last_ns, now_ns = uv_hrtime(), end_ns = now_ns + WATCH_NS;
  do {
    if (atomic_load_explicit(sign, memory_order_relaxed) != none)
      return true;
    last_ns = now_ns;
    now_ns = uv_hrtime();
  } while (now_ns < end_ns && now_ns - last_ns < LOST_NS);
  return false;
}

void asyncscope__worker_watch_end(asyncscope__worker_watch_t *watch,
                                  bool in_vain) {
  watch->on = false;
  watch->vain = in_vain ? 2 * watch->vain + 1 : 0;
  if (watch->vain > VAIN_MAX)
    watch->vain = VAIN_MAX;
  watch->pass = watch->vain;
}

void asyncscope__worker_watch_found(asyncscope__worker_watch_t *watch) {
  if (watch->dry_since_ns == 0)
    return;
  watch->is_quick = uv_hrtime() - watch->dry_since_ns < WATCH_NS;
  watch->dry_since_ns = 0;
  if (watch->is_quick && watch->pass > 0)
    watch->pass--;
}
