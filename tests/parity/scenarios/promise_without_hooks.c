#include "promise.h"
#include "scenario.h"

SCENARIO(promise_without_hooks) {
  promise_then(promise_resolved(NULL), promise_say, "then");
}
