/* Finding where a context is lost, and repairing it.
 *
 * From Node's page on async context tracking, "Troubleshooting: Context loss":
 * a queue stores its callers' questions and asks them in its own context. The
 * document logs getStore() after each suspected call;
 * async_context_loss_detect() finds the call by itself. */
#include <asyncscope/async_context_loss.h>
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_local_storage.h>
#include <stdio.h>

static async_local_storage_t request;

/* A queue of look-ups with room for one. */
typedef struct lookup_s {
  const char *name;
  async_id_t asker;
  async_resource_t bound; /* of the mended queue */
} lookup_t;

static lookup_t queued;

static int on_found(void *name) {
  const char *who = async_local_storage_get_store(&request);
  printf("  %s was found for %s\n", (const char *)name,
         who == NULL ? "undefined" : who);
  return 0;
}

/* The queue's own turn, outside of every request: it knows who asked, and says
 * so, but his context is not the current one. */
static void look_up_later(void) {
  async_resource_t lookup;
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = queued.asker};
  if (async_resource_init(&lookup, "Lookup", &options) == 0)
    async_resource_run_in_async_scope(&lookup, on_found, (void *)queued.name);
  async_resource_finish(&lookup);
}

static int ask(void *name) {
  queued = (lookup_t){.name = name, .asker = async_hooks_execution_async_id()};
  return 0;
}

/* Mended: the resource is made where the look-up is asked for. */
static int ask_bound(void *name) {
  queued.name = name;
  return async_resource_init(&queued.bound, "Lookup", NULL);
}

static void look_up_bound(void) {
  async_resource_run_in_async_scope(&queued.bound, on_found,
                                    (void *)queued.name);
  async_resource_finish(&queued.bound);
}

static void on_loss(const async_context_loss_t *loss, void *data) {
  (void)data;
  printf("  lost: the store of \"%s\", by the %s made in %s(),\n"
         "        caused by the %s made in %s()\n",
         loss->storage, loss->type, loss->site->function, loss->trigger_type,
         loss->trigger_site->function);
}

/* A request: `ask` runs in its scope, and sees its store. */
static int handle(void *ask_how) {
  async_resource_t scope;
  int error = async_resource_init(&scope, "Request", NULL);
  if (error == 0)
    error = async_resource_run_in_async_scope(
        &scope, *(async_scope_cb *)ask_how, (void *)"a name");
  async_resource_finish(&scope);
  return error;
}

int main(void) {
  async_scope_cb asks[] = {ask, ask_bound};
  void (*look_ups[])(void) = {look_up_later, look_up_bound};
  const async_local_storage_options_t options = {.name = "request"};
  async_env_open(ASYNC_ENV_OTHER, "main");
  async_context_loss_detect(true);
  async_context_loss_set_handler(on_loss, NULL);
  async_local_storage_init(&request, &options);
  for (int i = 0; i < 2; i++) {
    puts(i == 0 ? "by a queue that forgets:" : "by one that binds:");
    async_local_storage_run(&request, (void *)"r1", handle, &asks[i]);
    look_ups[i]();
  }
  async_local_storage_finish(&request);
  return async_env_detach();
}
