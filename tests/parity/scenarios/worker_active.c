#include "asyncscope/async_inspect.h"
#include "scenario.h"
#include "worker.h"
#include <stdio.h>
#include <string.h>

static void script(void *worker_data) {
  (void)worker_data;
}

/* Those of the calling thread that keep its loop alive. */
static void show(const char *text) {
  char types[128] = "";
  uint32_t cursor = 0;
  async_resource_info_t info;
  async_env_t *env = async_inspect_next(NULL);
  while (async_inspect_resources(env, &cursor, &info, 1) == 1) {
    bool wanted = strcmp(info.type, "WORKER") == 0 ||
                  strcmp(info.type, "MESSAGEPORT") == 0;
    size_t length = strlen(types);
    if (wanted && info.ref && !info.destroyed) {
      snprintf(types + length, sizeof(types) - length, " %s", info.type);
    }
  }
  async_inspect_release(env);
  trace_print("%s%s", text, types[0] == '\0' ? " none" : types);
}

static void later(async_timeout_t *timer) {
  (void)timer;
  show("later");
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  (void)worker, (void)exit_code;
  show("exit");
  set_timeout(later, 0);
}

SCENARIO(worker_active) {
  async_worker_callbacks_t on = {.exit = on_exit_of};
  async_worker_t *worker = make_worker(script, &on);
  show("made");
  async_worker_unref(worker);
  show("unref");
  async_worker_ref(worker);
  show("ref");
}
