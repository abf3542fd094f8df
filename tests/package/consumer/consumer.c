/* What another project does with the installed library: a timer, a store, a
 * pool task, in C and in C++. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/worker_pool.h>
#include <stdio.h>

static async_local_storage_t request;

static void on_timer(async_uv_timer_t *timer) {
  puts((const char *)async_local_storage_get_store(&request));
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

static int handle(void *arg) {
  async_uv_timer_t *timer = (async_uv_timer_t *)arg;
  async_uv_timer_init(uv_default_loop(), timer);
  return async_uv_timer_start(timer, on_timer, 1, 0);
}

int main(void) {
  char store[] = "the store";
  async_uv_timer_t timer;
  int error = async_env_attach(uv_default_loop());
  if (error == 0)
    error = async_local_storage_init(&request, NULL);
  if (error == 0)
    error = async_local_storage_run(&request, store, handle, &timer);
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  async_local_storage_finish(&request);
  async_env_detach();
  return error != 0;
}
