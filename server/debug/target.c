#include "target.h"

int asyncscope__debug_find_target(const debug_call_t *call,
                                  const debug_capture_t *capture,
                                  debug_target_t *ret_target) {
  debug_remembered_t remembered;
  ret_target->gone = !asyncscope__debug_find_resource(capture, call->key,
                                                      &ret_target->resource);
  if (!ret_target->gone)
    return 0;
  int error = asyncscope__debug_remembered_init(&remembered, capture);
  if (error != 0)
    return error;
  const debug_gone_t *gone =
      asyncscope__debug_remembered_find(&remembered, call->key);
  if (gone != NULL)
    ret_target->ancestor = *gone;
  asyncscope__debug_remembered_finish(&remembered);
  return gone != NULL
             ? 0
             : asyncscope__debug_refuse(
                   call, 404, "no resource of this key lives or is remembered");
}
