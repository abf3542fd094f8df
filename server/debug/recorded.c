#include "recorded.h"

#include "text.h"
#include <inttypes.h>

/* While nothing was overwritten all that ever happened there is held. */
debug_recorded_t asyncscope__debug_recorded(const debug_capture_t *capture,
                                            const debug_thread_t *thread) {
  const async_recorder_info_t *info = &thread->recorder;
  uint64_t from_ns =
      info->lost == 0 ? thread->info.opened_ns : info->covers_from_ns;
  bool records = info->capacity > 0 && from_ns != 0;
  return (debug_recorded_t){
      .dropped = info->lost,
      .covers_us =
          records ? asyncscope__debug_elapsed_us(from_ns, capture->begun_ns)
                  : 0};
}

debug_recorded_t asyncscope__debug_recorded_by_all(
    const debug_capture_t *capture) {
  debug_recorded_t all = {.dropped = 0};
  for (size_t i = 0; i < capture->thread_count; i++) {
    debug_recorded_t one =
        asyncscope__debug_recorded(capture, &capture->threads[i]);
    all.dropped += one.dropped;
    if (i == 0 || one.covers_us < all.covers_us)
      all.covers_us = one.covers_us;
  }
  return all;
}

int asyncscope__debug_recorded_now(const asyncscope_debug_t *debug,
                                   debug_recorded_t *ret_recorded) {
  debug_capture_t capture;
  int error = asyncscope__debug_capture_init(&capture, debug, NULL);
  if (error != 0)
    return error;
  *ret_recorded = asyncscope__debug_recorded_by_all(&capture);
  asyncscope__debug_capture_finish(&capture);
  return 0;
}

void asyncscope__debug_put_recorded(json_fields_t *fields,
                                    debug_recorded_t recorded) {
  asyncscope__json_put_unsigned(fields, "coversUs", recorded.covers_us);
  asyncscope__json_put_unsigned(fields, "droppedEvents", recorded.dropped);
}

int asyncscope__debug_append_recorded(const debug_capture_t *capture,
                                      const char *mark,
                                      debug_buffer_t *buffer) {
  debug_recorded_t all = asyncscope__debug_recorded_by_all(capture);
  char span[DEBUG_DURATION_BYTES];
  asyncscope__debug_duration(all.covers_us, span);
  return asyncscope__debug_appendf(
      buffer, "%srecorded: the last %s, %" PRIu64 " events dropped\n", mark,
      span, all.dropped);
}
