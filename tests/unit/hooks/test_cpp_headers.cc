// The public headers seen from C++: their macros, and an exception that passes
// through a scope.
#include "test_cpp_headers.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_context_frame.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_event_emitter.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_queue.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/async_uv_timer.h"

#include <cstring>
#include <stdexcept>

namespace {

bool is_here(async_id_t async_id, uint32_t line) {
  async_env_t *env = nullptr;
  bool found = false;
  while ((env = async_inspect_next(env)) != nullptr) {
    uint32_t cursor = 0;
    async_resource_info_t info;
    while (async_inspect_resources(env, &cursor, &info, 1) == 1)
      found = found || (info.async_id == async_id && info.site->line == line &&
                        std::strstr(info.site->file, "test_cpp_headers.cc"));
  }
  return found;
}

int throw_something(void *) {
  throw std::runtime_error("thrown inside the scope");
}

void throw_in_listener(void *, void *) {
  throw std::runtime_error("thrown inside the listener");
}

int throw_deeper(void *arg) {
  auto *resource = static_cast<async_resource_t *>(arg);
  if (async_resource_enter(resource) != 0)
    return -1;
  throw_something(nullptr);
  return 0;
}

struct hook_count {
  int before = 0, after = 0;
};

void count_before(async_id_t, void *data) {
  static_cast<hook_count *>(data)->before++;
}

void count_after(async_id_t, void *data) {
  static_cast<hook_count *>(data)->after++;
}

void set_flag(void *arg) {
  *static_cast<bool *>(arg) = true;
}

void on_timer(async_uv_timer_t *timer) {
  *static_cast<bool *>(timer->data) = true;
  async_uv_close(reinterpret_cast<async_uv_handle_t *>(timer), nullptr);
}

// What the exception leaves behind: everything closed, each before its after.
bool throw_through(async_scope_cb thrower) {
  async_resource_t resource = {};
  hook_count count;
  async_hook_t hook;
  async_hook_callbacks_t callbacks = {};
  callbacks.before = count_before;
  callbacks.after = count_after;
  async_hook_init(&hook, &callbacks, &count);
  bool caught = false;
  if (async_hook_enable(&hook) != 0 ||
      async_resource_init(&resource, "THROWING", nullptr) != 0)
    return false;
  try {
    async_resource_run_in_async_scope(&resource, thrower, &resource);
  } catch (const std::runtime_error &) {
    caught = true;
  }
  bool restored = async_hooks_execution_async_id() == ASYNC_ID_ROOT &&
                  async_context_frame_current() == nullptr;
  async_resource_finish(&resource);
  async_hook_disable(&hook);
  return caught && restored && count.before > 0 && count.before == count.after;
}

} // namespace

extern "C" int cpp_site_is_of_its_line(void) {
  async_resource_t resource = {};
  const uint32_t line = __LINE__ + 1;
  if (async_resource_init(&resource, "CPP", nullptr) != 0)
    return 0;
  const bool here = is_here(async_resource_async_id(&resource), line);
  async_resource_finish(&resource);
  return here;
}

extern "C" int cpp_macros_start_things(uv_loop_t *loop) {
  bool ticked = false, ran = false, fired = false;
  async_uv_timer_t timer = {};
  timer.data = &fired;
  if (async_next_tick(set_flag, &ticked) != 0 ||
      async_queue_microtask(set_flag, &ran) != 0 ||
      async_uv_timer_init(loop, &timer) != 0)
    return 0;
  timer.data = &fired;
  if (async_uv_timer_start(&timer, on_timer, 0, 0) != 0)
    return 0;
  uv_run(loop, UV_RUN_DEFAULT);
  return ticked && ran && fired;
}

// Commas outside of parentheses, in what is one argument.
extern "C" int cpp_lambdas_are_arguments(uv_loop_t *loop) {
  bool seen[] = {false, false};
  async_uv_timer_t timer = {};
  if (async_next_tick(
          [](void *arg) {
            bool *first = static_cast<bool *>(arg), *second = first + 1;
            *first = *second = true;
          },
          seen) != 0 ||
      async_uv_timer_init(loop, &timer) != 0)
    return 0;
  const int started = async_uv_timer_start(
      &timer,
      [](async_uv_timer_t *due) {
        int error = async_uv_timer_stop(due), *ret_error = &error;
        static_cast<int *>(due->data)[*ret_error]++;
        async_uv_close(reinterpret_cast<async_uv_handle_t *>(due), nullptr);
      },
      0, 0);
  int fired = 0;
  timer.data = &fired;
  uv_run(loop, UV_RUN_DEFAULT);
  return seen[0] && seen[1] && started == 0 && fired == 1;
}

extern "C" int cpp_exception_closes_the_scope(void) {
  return throw_through(throw_something);
}

extern "C" int cpp_exception_leaves_what_was_entered(void) {
  return throw_through(throw_deeper);
}

extern "C" int cpp_exception_passes_an_emitter(void) {
  bool caught = false;
  async_event_emitter_t emitter;
  if (async_event_emitter_init(&emitter) != 0)
    return 0;
  async_event_emitter_on(&emitter, "x", throw_in_listener, nullptr);
  try {
    async_event_emitter_emit(&emitter, "x", nullptr);
  } catch (const std::runtime_error &) {
    caught = true;
  }
  async_event_emitter_finish(&emitter);
  return caught;
}
