/* The resource of the running callback, at top level and in one.
 *
 * From Node's page on async hooks, executionAsyncResource() and
 * executionAsyncId(). */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <fcntl.h>
#include <stdio.h>

static uv_loop_t loop;

/* The one of top level is no operation's, and so has no type; its `data` may
 * be used. */
static void print(void) {
  const char *type =
      async_resource_type(async_hooks_execution_async_resource());
  printf("%lld %s\n", (long long)async_hooks_execution_async_id(),
         *type == '\0' ? "{}" : type);
}

static void on_open(async_uv_fs_t *req) {
  async_uv_fs_t closing;
  print();
  if (req->result >= 0)
    async_uv_fs_close(NULL, &closing, (uv_file)req->result, NULL);
  async_uv_fs_req_cleanup(req);
}

int main(void) {
  async_uv_fs_t req;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  print();
  int error = async_uv_fs_open(&loop, &req, ".", O_RDONLY, 0, on_open);
  if (error == 0)
    uv_run(&loop, UV_RUN_DEFAULT);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
