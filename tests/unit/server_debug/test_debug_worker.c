/* A Worker in the diagnostics: a thread with a name, under the resource that
 * stands for it where it was made. */
#include "debug_fixture.h"
#include "schema_check.h"

#include "asyncscope/async_uv.h"
#include "asyncscope/async_worker.h"
#include <stdio.h>
#include <string.h>

static const char *key_on(uint32_t thread, async_id_t id) {
  static char key[32];
  snprintf(key, sizeof(key), "%u:%lld", thread, (long long)id);
  return key;
}

static void on_interval(async_uv_timer_t *timer) {
  (void)timer;
}

/* Its timer is made in a callback that follows from main. */
static void start_interval(async_message_port_t *port,
                           async_message_t *message) {
  static async_uv_timer_t timer;
  async_uv_timer_init(async_env_loop(), &timer);
  async_uv_timer_start(&timer, on_interval, 3600000, 0);
  (void)async_message_port_post_message(port, message);
}

static void wait_for_messages(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), start_interval);
}

typedef struct seen_live_s {
  answer_t tree;
  json_t *document;
  uint32_t thread;
} seen_live_t;

static void look_and_end(async_worker_t *worker, async_message_t *message) {
  seen_live_t *seen = async_worker_get_data(worker);
  seen->thread = async_worker_thread_id(worker);
  seen->tree = ask_alone("/debug/tree");
  answer_t overview = ask_alone("/debug");
  seen->document = answer_json(&overview);
  async_message_release(message);
  async_worker_terminate(worker);
}

static seen_live_t look_at_a_worker(void) {
  seen_live_t seen = {.document = NULL};
  async_worker_options_t options = {
      .on = {.message = look_and_end}, .data = &seen, .name = "thumbnails"};
  async_message_t *message;
  async_worker_t *worker;
  uv_loop_t loop;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(async_env_attach(&loop), 0);
  assert_int_equal(async_worker_create(wait_for_messages, &options, &worker),
                   0);
  assert_int_equal(async_message_create(NULL, 0, &message), 0);
  assert_int_equal(async_worker_post_message(worker, message), 0);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&loop), 0);
  return seen;
}

static void a_worker_is_shown_like_any_thread(void **state) {
  (void)state;
  seen_live_t seen = look_at_a_worker();
  assert_schema(seen.document);
  json_t *thread = json_named(seen.document, "threads", "name", "thumbnails");
  assert_non_null(thread);
  assert_string_equal(json_text_of(thread, "kind"), "loop");
  json_t *port =
      json_named(seen.document, "resources", "key", key_on(seen.thread, 2));
  assert_string_equal(json_text_of(port, "type"), "MESSAGEPORT");
  assert_string_equal(json_text_of(port, "trigger"), "0:2");
  assert_string_equal(
      json_text_of(json_named(seen.document, "resources", "key", "0:2"),
                   "type"),
      "WORKER");
  answer_free(&seen.tree);
  json_decref(seen.document);
}

static void the_tree_shows_what_a_worker_made_under_it(void **state) {
  (void)state;
  seen_live_t seen = look_at_a_worker();
  const char *worker = strstr(seen.tree.text, "─ WORKER 0:2 \"thumbnails\" ");
  assert_non_null(worker);
  const char *port = strstr(worker, "  └─ MESSAGEPORT 1:2 ");
  assert_non_null(port);
  assert_non_null(strstr(port, "     └─ Timeout 1:3 "));
  assert_non_null(
      strstr(line_with(seen.tree.text, "WORKER 0:2"), "test_debug_worker.c:"));
  answer_free(&seen.tree);
  json_decref(seen.document);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_worker_is_shown_like_any_thread),
      cmocka_unit_test(the_tree_shows_what_a_worker_made_under_it),
  };
  return test_main(tests, argc, argv);
}
