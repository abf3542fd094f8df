/* A resource need not call back before it is destroyed.
 *
 * From Node's page on async hooks, init(): a server that is closed before
 * anybody connects, and a timer that is cleared. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <stdio.h>

static uv_loop_t loop;
static const char *types[16]; /* by id */

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)trigger_async_id, (void)resource, (void)data;
  types[async_id % 16] = type;
  printf("init %s\n", type);
}

static void on_before(async_id_t async_id, void *data) {
  (void)data;
  printf("before %s\n", types[async_id % 16]);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)data;
  printf("destroy %s\n", types[async_id % 16]);
}

static void on_connection(async_uv_stream_t *stream, int status) {
  (void)stream, (void)status;
}

static void on_timer(async_uv_timer_t *timer) {
  (void)timer;
}

int main(void) {
  const async_hook_callbacks_t callbacks = {
      .init = on_init, .before = on_before, .destroy = on_destroy};
  struct sockaddr_in address;
  async_uv_tcp_t server;
  async_uv_timer_t timer;
  async_hook_t hook;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_hook_init(&hook, &callbacks, NULL);
  async_hook_enable(&hook);
  uv_ip4_addr("127.0.0.1", 0, &address);
  async_uv_tcp_init(&loop, &server);
  async_uv_tcp_bind(&server, (struct sockaddr *)&address, 0);
  async_uv_listen((async_uv_stream_t *)&server, 128, on_connection);
  async_uv_close((async_uv_handle_t *)&server, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  async_uv_timer_init(&loop, &timer);
  async_uv_timer_start(&timer, on_timer, 10, 0);
  async_uv_timer_stop(&timer);
  uv_run(&loop, UV_RUN_DEFAULT);
  async_uv_close((async_uv_handle_t *)&timer, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  async_env_detach();
  return uv_loop_close(&loop);
}
