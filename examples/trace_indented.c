/* What happens between before and after, one level deeper.
 *
 * From Node's page on async hooks, "Asynchronous context example": only
 * starting a server, and a timer in the callback of its listen(). */
#include <asyncscope/async_env.h>
#include <asyncscope/async_fail.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <stdbool.h>
#include <unistd.h>

#define PRINT(...) async_debug_print_to(STDOUT_FILENO, __VA_ARGS__)

static uv_loop_t loop;
static async_uv_tcp_t server;
static async_uv_timer_t timer;
static int indent;
static bool logged;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)resource, (void)data;
  PRINT("%*s%s(%lld): trigger: %lld execution: %lld\n", indent, "", type,
        (long long)async_id, (long long)trigger_async_id,
        (long long)async_hooks_execution_async_id());
}

static void on_before(async_id_t async_id, void *data) {
  (void)data;
  PRINT("%*sbefore: %lld\n", indent, "", (long long)async_id);
  indent += 2;
}

static void on_after(async_id_t async_id, void *data) {
  (void)data;
  indent -= 2;
  PRINT("%*safter: %lld\n", indent, "", (long long)async_id);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)data;
  PRINT("%*sdestroy: %lld\n", indent, "", (long long)async_id);
}

static void on_logged(void *arg) {
  (void)arg;
  logged = true;
}

/* console.log() goes on in a tick when it has written; so does this. */
static void console_log(async_id_t async_id) {
  PRINT(">>> %lld\n", (long long)async_id);
  async_next_tick(on_logged, NULL);
}

static void on_timer(async_uv_timer_t *due) {
  (void)due;
  console_log(async_hooks_execution_async_id());
}

/* Let's wait 10 ms before logging the server started. */
static void on_listening(void *arg) {
  (void)arg;
  async_uv_timer_start(&timer, on_timer, 10, 0);
}

static void on_connection(async_uv_stream_t *stream, int status) {
  (void)stream, (void)status;
}

/* Listening is synchronous; the callback is made to come later, by a tick that
 * the server causes. */
static int listen_with_callback(async_callback_cb cb) {
  struct sockaddr_in address;
  uv_ip4_addr("127.0.0.1", 0, &address);
  int error = async_uv_tcp_init(&loop, &server);
  if (error == 0)
    error = async_uv_tcp_bind(&server, (struct sockaddr *)&address, 0);
  if (error == 0)
    error = async_uv_listen((async_uv_stream_t *)&server, 128, on_connection);
  if (error != 0)
    return error;
  async_id_t before = async_default_trigger_scope_open(async_resource_async_id(
      async_uv_handle_resource((async_uv_handle_t *)&server)));
  error = async_next_tick(cb, NULL);
  async_default_trigger_scope_close(before);
  return error;
}

int main(void) {
  const async_hook_callbacks_t callbacks = {on_init, on_before, on_after,
                                            on_destroy, NULL};
  async_hook_t hook;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_uv_timer_init(&loop, &timer);
  async_hook_init(&hook, &callbacks, NULL);
  async_hook_enable(&hook);
  int error = listen_with_callback(on_listening);
  while (error == 0 && !logged)
    uv_run(&loop, UV_RUN_ONCE);
  uv_run(&loop, UV_RUN_NOWAIT); /* for what was destroyed */
  async_hook_disable(&hook);
  async_uv_close((async_uv_handle_t *)&server, NULL);
  async_uv_close((async_uv_handle_t *)&timer, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
