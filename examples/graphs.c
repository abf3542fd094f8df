/* The graph of when (execution) and the graph of why (trigger).
 *
 * From Node's page on async hooks: the server of trace_indented.c, its
 * resources by what was running when they were made, and by what caused them.
 */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <stdio.h>

#define MADE_MAX 8

typedef struct made_s {
  async_id_t async_id, trigger_async_id, execution_async_id;
  const char *type;
} made_t;

static uv_loop_t loop;
static async_uv_tcp_t server;
static async_uv_timer_t timer;
static made_t made[MADE_MAX];
static int count;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)resource, (void)data;
  if (count < MADE_MAX)
    made[count++] = (made_t){async_id, trigger_async_id,
                             async_hooks_execution_async_id(), type};
}

static const made_t *find(async_id_t async_id) {
  for (int i = 0; i < count; i++)
    if (made[i].async_id == async_id)
      return &made[i];
  return NULL;
}

static void print_centred(const char *type, async_id_t async_id) {
  char text[64];
  int width =
      snprintf(text, sizeof(text), "%s(%lld)", type, (long long)async_id);
  printf("%*s%s\n", (16 - width) / 2, "", text);
}

/* From the timer up, so that the root comes out first. */
static void print_when(const made_t *one) {
  if (one == NULL) {
    print_centred("root", ASYNC_ID_ROOT);
    return;
  }
  print_when(find(one->execution_async_id));
  printf("       ^\n       |\n");
  print_centred(one->type, one->async_id);
}

static void print_why(const made_t *one) {
  if (one == NULL) {
    print_centred("bootstrap", ASYNC_ID_ROOT);
    return;
  }
  print_why(find(one->trigger_async_id));
  printf("       |\n       v\n");
  print_centred(one->type, one->async_id);
}

static void on_timer(async_uv_timer_t *due) {
  const made_t *running = find(async_hooks_execution_async_id());
  print_when(running);
  puts("");
  print_why(running);
  async_uv_close((async_uv_handle_t *)due, NULL);
  async_uv_close((async_uv_handle_t *)&server, NULL);
}

static void on_listening(void *arg) {
  (void)arg;
  async_uv_timer_start(&timer, on_timer, 10, 0);
}

static void on_connection(async_uv_stream_t *stream, int status) {
  (void)stream, (void)status;
}

static int start_server(void) {
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
  error = async_next_tick(on_listening, NULL);
  async_default_trigger_scope_close(before);
  return error;
}

int main(void) {
  const async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_t hook;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_uv_timer_init(&loop, &timer);
  async_hook_init(&hook, &callbacks, NULL);
  async_hook_enable(&hook);
  int error = start_server();
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
