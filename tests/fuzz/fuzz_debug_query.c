/* A line each of path, query, Accept and Last-Event-ID for /debug. The first
 * byte chooses the path instead, where there is one for it. */
#include "fuzz.h"
#include "fuzz_answer.h"

#include <stdlib.h>

static const char *const paths[] = {"/debug",
                                    "/debug/resources",
                                    "/debug/resources/1:1",
                                    "/debug/resources/1:3/why",
                                    "/debug/requests",
                                    "/debug/requests/r1",
                                    "/debug/threads",
                                    "/debug/loops",
                                    "/debug/warnings",
                                    "/debug/tree",
                                    "/debug/events",
                                    "/debug/trace",
                                    "/debug/graph",
                                    "/debug/pprof/resources",
                                    "/metrics"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz_input_t input = {(const char *)data, size};
  unsigned choice = fuzz_byte(&input) - 'a';
  char *lines[4];
  for (size_t i = 0; i < 4; i++) {
    lines[i] = fuzz_line(&input);
  }
  const asyncscope_debug_request_t request = {
      .path =
          choice < sizeof(paths) / sizeof(paths[0]) ? paths[choice] : lines[0],
      .query = lines[1],
      .accept = lines[2],
      .last_event_id = lines[3]};
  fuzz_answer(&request);
  for (size_t i = 0; i < 4; i++) {
    free(lines[i]);
  }
  return 0;
}
