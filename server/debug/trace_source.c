/* xoshiro256**: ids must be different, not secret, and a system call for each
 * request would cost more than all of its tracking. */
#include "asyncscope/asyncscope_trace.h"
#include <uv.h>

static uint64_t rotate(uint64_t value, unsigned bits) {
  return value << bits | value >> (64 - bits);
}

static uint64_t next(asyncscope_trace_source_t *source) {
  uint64_t *state = source->state;
  uint64_t result = rotate(state[1] * 5, 7) * 9;
  uint64_t shifted = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= shifted;
  state[3] = rotate(state[3], 45);
  return result;
}

/* Zero is no id. */
static uint64_t next_id(asyncscope_trace_source_t *source) {
  uint64_t id;
  do
    id = next(source);
  while (id == 0);
  return id;
}

/* All zero would stay so for ever. */
int asyncscope_trace_source_init(asyncscope_trace_source_t *source) {
  int error =
      uv_random(NULL, NULL, source->state, sizeof(source->state), 0, NULL);
  source->state[0] |= 1;
  return error;
}

void asyncscope_trace_begin(asyncscope_trace_source_t *source,
                            const asyncscope_trace_t *parent,
                            asyncscope_trace_t *ret_trace) {
  asyncscope_trace_t trace = {.flags = ASYNCSCOPE_TRACE_SAMPLED};
  if (parent != NULL && parent->span_id != 0) {
    trace = *parent;
    trace.parent_id = parent->span_id;
  } else {
    trace.trace_id[0] = next_id(source);
    trace.trace_id[1] = next_id(source);
  }
  trace.span_id = next_id(source);
  *ret_trace = trace;
}
