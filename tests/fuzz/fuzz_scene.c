#include "fuzz.h"
#include "fuzz_answer.h"

#include "asyncscope/async_env.h"
#include "asyncscope/async_request.h"
#include "asyncscope/async_resource.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESOURCES 6

static struct {
  asyncscope_debug_t *debug;
  async_resource_t resources[RESOURCES];
  uint64_t requests;
} scene;

static void make(size_t index) {
  static const char *const types[] = {"TCPWRAP", "HTTPINCOMINGMESSAGE",
                                      "Timeout"};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER};
  options.trigger_async_id =
      index == 0 ? 1 : async_resource_async_id(&scene.resources[index - 1]);
  FUZZ_CHECK(async_resource_init(&scene.resources[index], types[index % 3],
                                 &options) == 0);
}

asyncscope_debug_t *fuzz_scene(void) {
  if (scene.debug == NULL) {
    FUZZ_CHECK(async_env_open(ASYNC_ENV_LOOP, "loop") == 0);
    FUZZ_CHECK(async_env_set_requests_kept(4, 4, 1) == 0);
    FUZZ_CHECK(asyncscope_debug_create(NULL, &scene.debug) == 0);
    for (size_t i = 0; i < RESOURCES; i++) {
      make(i);
    }
    fuzz_scene_rename("name", 4);
  }
  return scene.debug;
}

static void serve(const char *name, size_t size) {
  const async_request_options_t options = {.number = ++scene.requests,
                                           .name = name,
                                           .name_bytes = size,
                                           .route = "/route"};
  async_request_t *request;
  FUZZ_CHECK(async_request_begin(&options, &request) == 0);
  FUZZ_CHECK(async_request_end(request, 200) == 0);
}

void fuzz_scene_rename(const char *text, size_t size) {
  char name[256];
  size_t mark = strlen(FUZZ_MARK);
  memcpy(name, FUZZ_MARK, mark + 1);
  size = size < sizeof(name) - mark - 1 ? size : sizeof(name) - mark - 1;
  if (size > 0) {
    memcpy(name + mark, text, size);
  }
  name[mark + size] = '\0';
  async_env_set_name(name);
  for (size_t i = 0; i < RESOURCES; i++) {
    async_resource_set_name(&scene.resources[i], name, mark + size);
  }
  serve(name, mark + size);
}
