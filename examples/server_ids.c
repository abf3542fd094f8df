/* Which ids the callbacks of a server see.
 *
 * From Node's page on async hooks, executionAsyncId() and triggerAsyncId(): the
 * one is related to when something is executed, the other to what caused it. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

static uv_loop_t loop;
static async_uv_tcp_t server, connection;
static int client;

static async_id_t id_of(async_uv_tcp_t *tcp) {
  return async_resource_async_id(
      async_uv_handle_resource((async_uv_handle_t *)tcp));
}

static const char *yes(int is) {
  return is ? "yes" : "no";
}

static void on_connection(async_uv_stream_t *stream, int status) {
  if (status == 0 && async_uv_tcp_init(&loop, &connection) == 0) {
    async_uv_accept(stream, (async_uv_stream_t *)&connection);
    puts("connection callback:");
    printf("  executed by the server: %s\n",
           yes(async_hooks_execution_async_id() == id_of(&server)));
    printf("  triggered by the connection: %s\n",
           yes(async_hooks_trigger_async_id() == id_of(&connection)));
    async_uv_close((async_uv_handle_t *)&connection, NULL);
  }
  async_uv_close((async_uv_handle_t *)stream, NULL);
}

static void on_listening(void *arg) {
  (void)arg;
  puts("listen callback:");
  printf("  executed by a %s\n",
         async_resource_type(async_hooks_execution_async_resource()));
  printf("  triggered by the server: %s\n",
         yes(async_hooks_trigger_async_id() == id_of(&server)));
}

/* What listen() of Node does for its callback. */
static int call_when_listening(void) {
  async_id_t before = async_default_trigger_scope_open(id_of(&server));
  int error = async_next_tick(on_listening, NULL);
  async_default_trigger_scope_close(before);
  return error;
}

static int start(struct sockaddr_in *ret_address) {
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
  return error != 0 ? error : call_when_listening();
}

int main(void) {
  struct sockaddr_in address;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  int error = start(&address);
  client = socket(AF_INET, SOCK_STREAM, 0);
  if (error == 0)
    error = connect(client, (struct sockaddr *)&address, sizeof(address));
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  close(client);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
