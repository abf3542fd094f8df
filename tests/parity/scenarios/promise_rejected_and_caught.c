#include "promise.h"
#include "scenario.h"

SCENARIO(promise_rejected_and_caught) {
  trace_start_promises();
  promise_catch(promise_rejected("reason"), promise_say, "caught");
}
