/* Why a resource was made: the trigger, as against when: the execution.
 *
 * From Node's page on async hooks, triggerAsyncId. The client is outside of
 * what is traced, as `nc localhost 8080` is. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_fail.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <netinet/in.h>
#include <unistd.h>

static uv_loop_t loop;
static async_uv_tcp_t server, connection;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)resource, (void)data;
  async_debug_print_to(STDOUT_FILENO,
                       "%s(%lld): trigger: %lld execution: %lld\n", type,
                       (long long)async_id, (long long)trigger_async_id,
                       (long long)async_hooks_execution_async_id());
}

static void on_connection(async_uv_stream_t *stream, int status) {
  if (status == 0 && async_uv_tcp_init(&loop, &connection) == 0) {
    async_uv_accept(stream, (async_uv_stream_t *)&connection);
    async_uv_close((async_uv_handle_t *)&connection, NULL);
  }
  async_uv_close((async_uv_handle_t *)stream, NULL);
}

static int listen_anywhere(struct sockaddr_in *ret_address) {
  int size_bytes = sizeof(*ret_address);
  uv_ip4_addr("127.0.0.1", 0, ret_address);
  int error = async_uv_tcp_init(&loop, &server);
  if (error == 0)
    error = async_uv_tcp_bind(&server, (struct sockaddr *)ret_address, 0);
  if (error == 0)
    error = async_uv_listen((async_uv_stream_t *)&server, 128, on_connection);
  if (error == 0)
    error = async_uv_tcp_getsockname(&server, (struct sockaddr *)ret_address,
                                     &size_bytes);
  return error;
}

int main(void) {
  const async_hook_callbacks_t callbacks = {.init = on_init};
  struct sockaddr_in address;
  async_hook_t hook;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_hook_init(&hook, &callbacks, NULL);
  async_hook_enable(&hook);
  int error = listen_anywhere(&address);
  int client = socket(AF_INET, SOCK_STREAM, 0);
  if (error == 0)
    error = connect(client, (struct sockaddr *)&address, sizeof(address));
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  close(client);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
