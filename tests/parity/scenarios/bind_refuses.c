#include "scenario.h"

SCENARIO(bind_refuses) {
  async_bound_t bound = {0};
  trace_refused("static", async_bind(NULL, NULL, &bound));
  trace_refused("instance",
                async_resource_bind(make_resource("R"), NULL, &bound));
}
