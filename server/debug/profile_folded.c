/* /debug/pprof/resources as folded stacks: a line for each path of causes, the
 * root first, and how many resources lie at its end. */
#include "formats.h"
#include "opening.h"
#include "profile.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>

typedef struct folded_s {
  debug_profile_t profile;
  bool built;
  size_t group;
} folded_t;

static int append_stack(const debug_profile_t *profile, size_t group,
                        debug_buffer_t *buffer) {
  uint32_t frames[DEBUG_PROFILE_DEPTH];
  size_t depth = asyncscope__debug_profile_stack(profile, group, frames);
  int error = asyncscope__debug_append_text(buffer, "root");
  while (depth-- > 0 && error == 0) {
    char name[DEBUG_FRAME_BYTES];
    asyncscope__debug_frame_name(&profile->frames[frames[depth]], name);
    error = asyncscope__debug_appendf(buffer, ";%s", name);
  }
  return error != 0 ? error
                    : asyncscope__debug_appendf(buffer, " %" PRId64 "\n",
                                                profile->counts[group]);
}

static int folded_step(void *state, debug_buffer_t *buffer) {
  folded_t *folded = state;
  int error =
      folded->built ? 0 : asyncscope__debug_profile_build(&folded->profile);
  if (error != 0)
    return error;
  folded->built = true;
  if (!asyncscope__debug_profile_next(&folded->profile, &folded->group))
    return 0;
  error = append_stack(&folded->profile, folded->group, buffer);
  if (error != 0)
    return error;
  folded->group++;
  return 1;
}

static int begin(void *state, debug_call_t *call) {
  folded_t *folded = state;
  return asyncscope__debug_profile_init(&folded->profile, call);
}

static void folded_close(void *state) {
  folded_t *folded = state;
  asyncscope__debug_profile_finish(&folded->profile);
  async_free(folded);
}

static int folded_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(folded_t), begin,
                                      folded_close, ret_state);
}

static uint64_t folded_wait_ms(const void *state) {
  const folded_t *folded = state;
  return asyncscope__debug_profile_wait_ms(&folded->profile);
}

const debug_format_t asyncscope__debug_profile_folded = {
    "folded",    DEBUG_TEXT_TYPE, folded_open,
    folded_step, folded_close,    folded_wait_ms};
