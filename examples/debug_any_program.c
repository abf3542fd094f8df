/* All of /debug for a libuv program that serves no HTTP, by one call. This one
 * asks each second how much room the root file system has.
 *
 *   debug_any_program &
 *   curl localhost:8081/debug/tree
 *
 * Its argument is another address for the diagnostics: HOST:PORT, unix:PATH or
 * off. They are served by a thread of their own: were on_second() to hang, they
 * would say so. SIGTERM and SIGINT end it. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/asyncscope_debug_listen.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct watch_s {
  uv_loop_t loop;
  async_uv_timer_t second;
  async_uv_signal_t signals[2];
  async_uv_fs_t request;
  bool asking;
  uint64_t free_blocks;
} watch_t;

static void on_answer(async_uv_fs_t *request) {
  watch_t *watch = request->data;
  if (request->result == 0)
    watch->free_blocks = ((const uv_statfs_t *)request->ptr)->f_bfree;
  async_uv_fs_req_cleanup(request);
  watch->asking = false;
}

static void on_second(async_uv_timer_t *timer) {
  watch_t *watch = timer->data;
  if (!watch->asking)
    watch->asking =
        async_uv_fs_statfs(&watch->loop, &watch->request, "/", on_answer) == 0;
}

static void on_signal(async_uv_signal_t *handle, int number) {
  watch_t *watch = handle->data;
  (void)number;
  async_uv_close((async_uv_handle_t *)&watch->second, NULL);
  for (int i = 0; i < 2; i++)
    async_uv_close((async_uv_handle_t *)&watch->signals[i], NULL);
}

static int start(watch_t *watch) {
  const int numbers[] = {SIGTERM, SIGINT};
  int error = async_uv_timer_init(&watch->loop, &watch->second);
  watch->second.data = watch->request.data = watch;
  if (error == 0)
    error = async_uv_timer_start(&watch->second, on_second, 0, 1000);
  for (int i = 0; i < 2 && error == 0; i++) {
    error = async_uv_signal_init(&watch->loop, &watch->signals[i]);
    watch->signals[i].data = watch;
    if (error == 0)
      error = async_uv_signal_start(&watch->signals[i], on_signal, numbers[i]);
  }
  return error;
}

int main(int argc, char *argv[]) {
  static watch_t watch;
  asyncscope_debug_listener_t *listener = NULL;
  uv_loop_init(&watch.loop);
  async_env_attach(&watch.loop);
  if (asyncscope_debug_listen(NULL, argc > 1 ? argv[1] : NULL, NULL,
                              &listener) != 0 ||
      start(&watch) != 0) {
    fprintf(stderr, "%s\n", async_error_message());
    return 1;
  }
  printf("diagnostics on %s\n", asyncscope_debug_listener_url(listener));
  fflush(stdout);
  uv_run(&watch.loop, UV_RUN_DEFAULT);
  printf("%llu free blocks\n", (unsigned long long)watch.free_blocks);
  asyncscope_debug_listener_close(listener);
  async_env_detach();
  return uv_loop_close(&watch.loop);
}
