#include "walk.h"

debug_walk_t asyncscope__debug_walk_all(const debug_capture_t *capture) {
  return (debug_walk_t){.capture = capture, .end = capture->thread_count};
}

debug_walk_t asyncscope__debug_walk_thread(const debug_capture_t *capture,
                                           size_t thread) {
  return (debug_walk_t){
      .capture = capture, .thread = thread, .end = thread + 1};
}

size_t asyncscope__debug_walk_next(debug_walk_t *walk,
                                   async_resource_info_t *ret_infos) {
  for (; walk->thread < walk->end; walk->thread++) {
    async_env_t *env = walk->capture->threads[walk->thread].env;
    size_t count = async_inspect_resources(env, &walk->cursor, ret_infos,
                                           DEBUG_WALK_BATCH);
    asyncscope__debug_pace_read(
        walk->capture->pace, walk->capture->threads[walk->thread].info.thread,
        ret_infos, count);
    if (count > 0)
      return count;
    walk->cursor = 0;
  }
  return 0;
}

int asyncscope__debug_walk_slice(debug_walk_t *walk, debug_walk_cb cb,
                                 void *arg) {
  async_resource_info_t infos[DEBUG_WALK_BATCH];
  size_t seen = 0;
  do {
    size_t count = asyncscope__debug_walk_next(walk, infos);
    if (count == 0)
      return 0;
    for (size_t i = 0; i < count; i++) {
      int error = cb(arg, walk->thread, &infos[i]);
      if (error != 0)
        return error;
    }
    seen += DEBUG_WALK_BATCH;
  } while (seen < DEBUG_WALK_SLICE &&
           !asyncscope__debug_pace_is_spent(walk->capture->pace));
  return UV_EAGAIN;
}
