#include "pace.h"

bool asyncscope__debug_pace_begin(debug_pace_t *pace, uint64_t now_ns) {
  if (now_ns < pace->resume_ns)
    return false;
  pace->young_since_ns =
      now_ns > DEBUG_PACE_YOUNG_NS ? now_ns - DEBUG_PACE_YOUNG_NS : 0;
  pace->reader = async_env_thread();
  return true;
}

void asyncscope__debug_pace_read(debug_pace_t *pace, uint32_t thread,
                                 const async_resource_info_t *infos,
                                 size_t count) {
  if (pace == NULL || thread == pace->reader)
    return;
  for (size_t i = 0; i < count; i++)
    pace->read += infos[i].created_ns > pace->young_since_ns;
}

void asyncscope__debug_pace_missed(debug_pace_t *pace, uint32_t thread) {
  if (pace != NULL && thread != pace->reader)
    pace->read++;
}

bool asyncscope__debug_pace_is_spent(const debug_pace_t *pace) {
  return pace != NULL && pace->read >= DEBUG_PACE_BURST;
}

void asyncscope__debug_pace_end(debug_pace_t *pace, asyncscope_debug_t *debug,
                                uint64_t now_ns) {
  uint64_t begin_ns, last_ns = atomic_load(&debug->read_until_ns);
  if (!asyncscope__debug_pace_is_spent(pace))
    return;
  do {
    begin_ns = last_ns > now_ns ? last_ns : now_ns;
    pace->resume_ns = begin_ns + (uint64_t)pace->read * DEBUG_PACE_NS;
  } while (!atomic_compare_exchange_weak(&debug->read_until_ns, &last_ns,
                                         pace->resume_ns));
  pace->read = 0;
}
