#include "hooks_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void trace_clear(trace_t *trace) {
  trace->length = 0;
  trace->text[0] = '\0';
}

void trace_add(trace_t *trace, const char *format, ...) {
  size_t room = sizeof(trace->text) - trace->length;
  if (room < 256) {
    return;
  }
  if (trace->length > 0) {
    trace->text[trace->length++] = ' ';
    room--;
  }
  va_list args;
  va_start(args, format);
  int written = vsnprintf(trace->text + trace->length, room, format, args);
  va_end(args);
  trace->length += (size_t)written < room ? (size_t)written : room - 1;
}

const char *trace_id(const trace_t *trace, async_id_t async_id) {
  static _Thread_local char texts[8][32];
  static _Thread_local unsigned next;
  char *text = texts[next++ % 8];
  if (async_id == ASYNC_ID_UNSET) {
    return "unset";
  }
  if (async_id == ASYNC_ID_NONE) {
    return "none";
  }
  if (async_id == ASYNC_ID_ROOT) {
    return "root";
  }
  snprintf(text, sizeof(texts[0]), "#%lld",
           (long long)(async_id - trace->base));
  return text;
}

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  const tracer_t *tracer = data;
  (void)resource;
  trace_add(tracer->trace, "%sinit(%s %s %s)", tracer->name,
            trace_id(tracer->trace, async_id), type,
            trace_id(tracer->trace, trigger_async_id));
}

static void on_before(async_id_t async_id, void *data) {
  const tracer_t *tracer = data;
  trace_add(tracer->trace, "%sbefore(%s)", tracer->name,
            trace_id(tracer->trace, async_id));
}

static void on_after(async_id_t async_id, void *data) {
  const tracer_t *tracer = data;
  trace_add(tracer->trace, "%safter(%s)", tracer->name,
            trace_id(tracer->trace, async_id));
}

static void on_destroy(async_id_t async_id, void *data) {
  const tracer_t *tracer = data;
  trace_add(tracer->trace, "%sdestroy(%s)", tracer->name,
            trace_id(tracer->trace, async_id));
}

static void on_resolve(async_id_t async_id, void *data) {
  const tracer_t *tracer = data;
  trace_add(tracer->trace, "%sresolve(%s)", tracer->name,
            trace_id(tracer->trace, async_id));
}

static void tracer_init_with(tracer_t *tracer, trace_t *trace, const char *name,
                             const async_hook_callbacks_t *callbacks) {
  tracer->trace = trace;
  tracer->name = name;
  async_hook_init(&tracer->hook, callbacks, tracer);
}

void tracer_init(tracer_t *tracer, trace_t *trace, const char *name) {
  async_hook_callbacks_t callbacks = {.init = on_init,
                                      .before = on_before,
                                      .after = on_after,
                                      .destroy = on_destroy};
  tracer_init_with(tracer, trace, name, &callbacks);
}

void tracer_init_destroy(tracer_t *tracer, trace_t *trace, const char *name) {
  async_hook_callbacks_t callbacks = {.destroy = on_destroy};
  tracer_init_with(tracer, trace, name, &callbacks);
}

void tracer_init_quiet(tracer_t *tracer, trace_t *trace, const char *name) {
  async_hook_callbacks_t callbacks = {
      .before = on_before, .after = on_after, .destroy = on_destroy};
  tracer_init_with(tracer, trace, name, &callbacks);
}

void tracer_init_all(tracer_t *tracer, trace_t *trace, const char *name) {
  async_hook_callbacks_t callbacks = {.init = on_init,
                                      .before = on_before,
                                      .after = on_after,
                                      .destroy = on_destroy,
                                      .promise_resolve = on_resolve};
  tracer_init_with(tracer, trace, name, &callbacks);
}

void fixture_mark(fixture_t *fixture) {
  trace_clear(&fixture->trace);
  fixture->trace.base = async_resource_reserve_id();
}

int fixture_setup(void **state) {
  fixture_t *fixture = calloc(1, sizeof(*fixture));
  assert_non_null(fixture);
  assert_int_equal(uv_loop_init(&fixture->loop), 0);
  assert_int_equal(async_env_attach(&fixture->loop), 0);
  fixture_mark(fixture);
  *state = fixture;
  return 0;
}

int fixture_teardown(void **state) {
  fixture_t *fixture = *state;
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&fixture->loop), 0);
  free(fixture);
  return 0;
}

static void on_timer_closed(uv_handle_t *handle) {
  scoped_timer_t *timer = (scoped_timer_t *)handle;
  async_resource_finish(&timer->resource);
}

static void on_timer(uv_timer_t *uv) {
  scoped_timer_t *timer = (scoped_timer_t *)uv;
  if (async_callback_scope_open(&timer->resource) == 0) {
    timer->cb(timer);
    async_callback_scope_close(&timer->resource);
  }
  uv_close((uv_handle_t *)uv, on_timer_closed);
}

void scoped_timer_start(scoped_timer_t *timer, uv_loop_t *loop,
                        void (*cb)(scoped_timer_t *timer), void *arg) {
  timer->cb = cb;
  timer->arg = arg;
  assert_int_equal(uv_timer_init(loop, &timer->uv), 0);
  assert_int_equal(async_resource_init(&timer->resource, "TIMER", NULL), 0);
  assert_int_equal(uv_timer_start(&timer->uv, on_timer, 0, 0), 0);
}

void run_on_thread(void (*fn)(void *arg), void *arg) {
  uv_thread_t thread;
  assert_int_equal(uv_thread_create(&thread, fn, arg), 0);
  assert_int_equal(uv_thread_join(&thread), 0);
}

async_env_t *find_env(uint32_t thread) {
  static _Thread_local async_env_info_t info;
  async_env_t *env = NULL;
  while ((env = async_inspect_next(env)) != NULL) {
    async_inspect_env(env, &info);
    if (info.thread == thread) {
      return env;
    }
  }
  return NULL;
}

async_env_info_t own_env_info(void) {
  async_env_info_t info;
  memset(&info, 0, sizeof(info));
  async_env_t *env = find_env(async_env_thread());
  if (env != NULL) {
    async_inspect_env(env, &info);
    async_inspect_release(env);
  }
  return info;
}

bool find_info(uint32_t thread, async_id_t async_id,
               async_resource_info_t *ret_info) {
  async_env_t *env = find_env(thread);
  uint32_t cursor = 0;
  bool found = false;
  while (env != NULL && !found &&
         async_inspect_resources(env, &cursor, ret_info, 1) == 1) {
    found = ret_info->async_id == async_id;
  }
  async_inspect_release(env);
  return found;
}
