/* Printing in hook callbacks.
 *
 * From Node's page on async hooks, "Printing in AsyncHook callbacks": a print
 * that makes a resource would call the hook again, for ever.
 * async_debug_print() and async_debug_print_to() are one write(2) and nothing
 * else. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_fail.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_queue.h>
#include <stdio.h>

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)async_id, (void)trigger_async_id, (void)resource;
  async_debug_print_to(fileno(data), "init %s\n", type);
}

static void on_tick(void *arg) {
  (void)arg;
}

static void show(FILE *log) {
  int c;
  rewind(log);
  while ((c = getc(log)) != EOF)
    putchar(c);
}

int main(void) {
  const async_hook_callbacks_t callbacks = {.init = on_init};
  async_hook_t hook;
  FILE *log = tmpfile(); /* the document's log.out */
  if (log == NULL) {
    perror("log.out");
    return 1;
  }
  async_env_open(ASYNC_ENV_OTHER, "main");
  async_hook_init(&hook, &callbacks, log);
  async_hook_enable(&hook);
  async_next_tick(on_tick, NULL);
  async_env_flush();
  show(log);
  fclose(log);
  return async_env_detach();
}
