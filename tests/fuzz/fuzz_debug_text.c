/* Names that anybody may have sent, in each format that shows them: the first
 * byte says in which. */
#include "fuzz.h"
#include "fuzz_answer.h"

static const asyncscope_debug_request_t requests[] = {
    {.path = "/debug"},
    {.path = "/debug", .query = "format=html"},
    {.path = "/debug", .query = "pretty=1&include=stacks,histograms"},
    {.path = "/debug/resources", .query = "group_by=path"},
    {.path = "/debug/requests", .query = "state=finished"},
    {.path = "/debug/threads"},
    {.path = "/debug/tree"},
    {.path = "/debug/graph"},
    {.path = "/debug/graph", .query = "format=dot"},
    {.path = "/debug/graph", .query = "format=mermaid"},
    {.path = "/debug/graph", .query = "format=nodegraph"},
    {.path = "/debug/graph", .query = "format=dot&group_by=path"},
    {.path = "/debug/pprof/resources", .query = "format=folded"},
    {.path = "/debug/pprof/resources", .query = "format=speedscope"},
    {.path = "/debug/trace"},
    {.path = "/metrics"},
    {.path = "/metrics", .query = "format=openmetrics"},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_input_t input = {(const char *)data, size};
  unsigned choice = fuzz_byte(&input);
  fuzz_scene();
  fuzz_scene_rename(input.at, input.size_bytes);
  fuzz_answer(&requests[choice % (sizeof(requests) / sizeof(requests[0]))]);
  return 0;
}
