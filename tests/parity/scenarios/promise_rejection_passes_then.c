#include "promise.h"
#include "scenario.h"

SCENARIO(promise_rejection_passes_then) {
  trace_start_promises();
  promise_catch(promise_then(promise_rejected("reason"), promise_say, "never"),
                promise_say, "caught");
}
