#include "request_fixture.h"

#include <string.h>

static async_context_key_t key;
static char store[] = "store";

async_context_frame_t *request_frame(async_request_t *request) {
  async_context_frame_t *frame = NULL;
  async_context_value_t value = {.store = store, .account = request};
  if (key.id == 0) {
    assert_int_equal(async_context_key_create("request", &key), 0);
  }
  assert_int_equal(async_context_frame_with(NULL, &key, &value, &frame), 0);
  return frame;
}

void frame_use(async_context_frame_t *frame) {
  async_context_frame_release(async_context_frame_exchange(frame));
}

async_request_t *request_begin(uint64_t number) {
  async_request_t *request = NULL;
  async_request_options_t options = {
      .number = number, .name = "GET /it", .name_bytes = 7};
  assert_int_equal(async_request_begin(&options, &request), 0);
  frame_use(request_frame(request));
  return request;
}

bool request_find(uint32_t thread, unsigned which, uint64_t number,
                  async_request_info_t *ret_info) {
  async_env_t *env = find_env(thread);
  uint32_t cursor = 0;
  bool found = false;
  while (env != NULL && !found &&
         async_inspect_requests(env, which, &cursor, ret_info, 1) == 1) {
    found = ret_info->number == number;
  }
  async_inspect_release(env);
  return found;
}

size_t request_count(unsigned which) {
  async_request_info_t infos[16];
  async_env_t *env = find_env(async_env_thread());
  uint32_t cursor = 0;
  size_t count = 0, got;
  while ((got = async_inspect_requests(env, which, &cursor, infos, 16)) > 0) {
    count += got;
  }
  async_inspect_release(env);
  return count;
}

uint64_t request_made(const async_request_info_t *info, const char *type) {
  for (size_t i = 0; i < info->type_count; i++) {
    if (strcmp(info->types[i].type, type) == 0) {
      return info->types[i].count;
    }
  }
  return 0;
}

void spin(uint64_t ns) {
  uint64_t until_ns = uv_hrtime() + ns;
  while (uv_hrtime() < until_ns) {
  }
}
