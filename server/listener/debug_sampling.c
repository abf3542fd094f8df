#include "debug_sampling.h"

static void on_second(uv_timer_t *timer) {
  asyncscope_debug_sample(timer->data);
}

void debug_sampling_start(uv_timer_t *timer, asyncscope_debug_t *debug) {
  timer->data = debug;
  asyncscope_debug_sample(debug);
  uv_timer_start(timer, on_second, ASYNCSCOPE_DEBUG_SAMPLE_MS,
                 ASYNCSCOPE_DEBUG_SAMPLE_MS);
}
