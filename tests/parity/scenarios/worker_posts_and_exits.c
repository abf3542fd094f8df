#include "scenario.h"
#include "worker.h"

static void post(void *text) {
  post_to_parent(text);
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  post_to_parent("immediate");
  MUST(async_worker_exit(3));
}

static void never(async_immediate_t *immediate) {
  (void)immediate;
  post_to_parent("never");
}

static void script(void *worker_data) {
  static async_immediate_t first, second;
  (void)worker_data;
  next_tick(post, (void *)(uintptr_t) "tick");
  queue_microtask(post, (void *)(uintptr_t) "microtask");
  MUST(async_immediate_start(&first, on_immediate));
  MUST(async_immediate_start(&second, never));
}

SCENARIO(worker_posts_and_exits) {
  async_worker_callbacks_t on = {.message = print_text, .exit = print_exit};
  make_worker(script, &on);
}
