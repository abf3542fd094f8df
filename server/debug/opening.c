#include "opening.h"

#include "asyncscope/async_allocator.h"

int asyncscope__debug_open_state(debug_call_t *call, size_t state_bytes,
                                 debug_begin_cb begin, void (*close)(void *),
                                 void **ret_state) {
  void *state = async_calloc(1, state_bytes);
  int error = state == NULL ? UV_ENOMEM : begin(state, call);
  if (error == 0)
    *ret_state = state;
  else if (state != NULL)
    close(state);
  return error;
}

void asyncscope__debug_name_file(const debug_call_t *call,
                                 const char *disposition) {
  asyncscope_debug_answer_t *answer = call->answer;
  if (answer->field_count < ASYNCSCOPE_DEBUG_FIELDS_MAX)
    answer->fields[answer->field_count++] =
        (asyncscope_debug_field_t){"Content-Disposition", disposition};
}

int asyncscope__debug_open_capture(debug_capture_t *capture,
                                   const debug_call_t *call) {
  return asyncscope__debug_capture_init(capture, call->debug, call->pace);
}
