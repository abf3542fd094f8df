/* Ids, triggers and contexts: each request sees its own, whoever opened the
 * socket. */
#include "http_client_fixture.h"

#include "asyncscope/async_context_loss.h"
#include <stdlib.h>
#include <string.h>

static const peer_act_t hello = {.text = HELLO};
static int stores[3];

/* A request made with `store` in its context. */
static void ask_in(client_fixture_t *f, asker_t *asker, context_t *context,
                   void *store) {
  context_enter(context, store);
  ask(f, asker);
  asker->context = context;
  context_leave(context);
}

static void saw(const seen_t *seen, const void *store, async_id_t async_id) {
  assert_ptr_equal(seen->store, store);
  assert_int_equal(seen->execution_async_id, async_id);
}

static async_id_t nth(const client_fixture_t *f, const char *type, size_t n) {
  return recorder_id(&f->uv->recorder, type, n);
}

static void saw_all(const client_fixture_t *f, asker_t *asker, void *store,
                    size_t n) {
  async_id_t async_id = nth(f, "HTTPCLIENTREQUEST", n);

  answered(asker, 200, "hello");
  saw(&asker->response, store, async_id);
  saw(&asker->data, store, async_id);
  saw(&asker->end, store, async_id);
  saw(&asker->close, store, async_id);
}

static void a_request_runs_where_it_was_made(void **state) {
  client_fixture_t *f = *state;
  context_t context;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_in(f, &asker, &context, &stores[0]);
  wait_closed(&asker);
  saw_all(f, &asker, &stores[0], 0);
  wait_size(f, &f->agent.free_count, 1);
  assert_events(f->uv, "TCPWRAP TCPCONNECTWRAP HTTPCLIENTREQUEST",
                "init TCPWRAP, init TCPCONNECTWRAP, init HTTPCLIENTREQUEST, "
                "before TCPCONNECTWRAP, after TCPCONNECTWRAP, "
                "destroy TCPCONNECTWRAP, before TCPWRAP, "
                "before HTTPCLIENTREQUEST, after HTTPCLIENTREQUEST, "
                "before HTTPCLIENTREQUEST, after HTTPCLIENTREQUEST, "
                "before HTTPCLIENTREQUEST, after HTTPCLIENTREQUEST, "
                "after TCPWRAP, destroy HTTPCLIENTREQUEST");
}

static void a_kept_socket_is_the_next_askers(void **state) {
  client_fixture_t *f = *state;
  context_t contexts[2];
  asker_t askers[2];

  client_start(f, &hello, 1);
  for (size_t i = 0; i < 2; i++) {
    ask_in(f, &askers[i], &contexts[i], &stores[i]);
    wait_closed(&askers[i]);
    saw_all(f, &askers[i], &stores[i], i);
    wait_size(f, &f->agent.free_count, 1);
  }
  assert_ptr_equal(askers[0].socket, askers[1].socket);
  assert_int_equal(askers[0].socket_async_id, nth(f, "TCPWRAP", 0));
  assert_int_equal(askers[1].socket_async_id, nth(f, "TCPWRAP", 1));
  assert_true(
      recorder_has_counts(&f->uv->recorder, nth(f, "TCPWRAP", 0), 1, 1, 1, 1));
}

static void who_waits_gets_a_socket_of_its_own_context(void **state) {
  client_fixture_t *f = *state;
  context_t contexts[3];
  asker_t askers[3];

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  for (size_t i = 0; i < 3; i++)
    ask_in(f, &askers[i], &contexts[i], &stores[i]);
  for (size_t i = 0; i < 3; i++) {
    wait_closed(&askers[i]);
    saw_all(f, &askers[i], &stores[i], i);
  }
  for (size_t i = 0; i < 2; i++) {
    const recorded_event_t *socket =
        recorder_find(&f->uv->recorder, RECORDED_INIT, "TCPWRAP", i + 1);

    assert_int_equal(socket->trigger_async_id, nth(f, "QueuedRequest", i));
    assert_true(recorder_has_counts(&f->uv->recorder,
                                    nth(f, "QueuedRequest", i), 1, 1, 1, 1));
  }
}

static void a_free_socket_holds_no_context(void **state) {
  client_fixture_t *f = *state;
  async_resource_info_t info;
  async_env_info_t env_info;
  async_env_t *env;
  context_t context;
  asker_t asker;

  client_start(f, &hello, 1);
  ask_in(f, &asker, &context, &stores[0]);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
  assert_true(inspect(nth(f, "TCPWRAP", 0), &info));
  assert_int_equal(info.frame, 0);
  assert_int_equal(info.storages, 0);
  assert_string_equal(info.name, "127.0.0.1");
  env = async_inspect_next(NULL);
  async_inspect_env(env, &env_info);
  async_inspect_release(env);
  assert_int_equal(env_info.frames_created, env_info.frames_released);
}

static void count_loss(const async_context_loss_t *loss, void *data) {
  (void)loss;
  ++*(unsigned *)data;
}

/* One finds a free socket, one is handed it, one waits for that. */
static void no_context_is_lost_with_a_kept_socket(void **state) {
  client_fixture_t *f = *state;
  context_t contexts[3];
  asker_t askers[3];
  unsigned losses = 0;

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  async_context_loss_detect(true);
  async_context_loss_set_handler(count_loss, &losses);
  ask_in(f, &askers[0], &contexts[0], &stores[0]);
  wait_closed(&askers[0]);
  wait_size(f, &f->agent.free_count, 1);
  for (size_t i = 1; i < 3; i++)
    ask_in(f, &askers[i], &contexts[i], &stores[i]);
  wait_closed(&askers[2]);
  wait_size(f, &f->agent.free_count, 1);
  async_context_loss_detect(false);
  for (size_t i = 0; i < 3; i++)
    answered(&askers[i], 200, "hello");
  assert_int_equal(losses, 0);
}

static void a_request_sent_again_stays_in_its_context(void **state) {
  static const peer_act_t acts[] = {
      {.text = HELLO}, {.then = PEER_CLOSE}, {.text = HELLO}};
  client_fixture_t *f = *state;
  context_t contexts[2];
  asker_t askers[2];

  client_start(f, acts, 3);
  for (size_t i = 0; i < 2; i++) {
    ask_in(f, &askers[i], &contexts[i], &stores[i]);
    wait_closed(&askers[i]);
    saw_all(f, &askers[i], &stores[i], i);
    wait_size(f, &f->agent.free_count, 1);
  }
  assert_int_equal(recorder_find(&f->uv->recorder, RECORDED_INIT, "TCPWRAP", 2)
                       ->trigger_async_id,
                   nth(f, "HTTPCLIENTREQUEST", 1));
}

static void a_lookup_is_the_sockets_and_the_askers(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  context_t context;
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.host = "localhost";
  context_enter(&context, &stores[0]);
  ask_with(&asker, &options);
  asker.context = &context;
  context_leave(&context);
  wait_closed(&asker);
  saw_all(f, &asker, &stores[0], 0);
  assert_int_equal(
      recorder_find(&f->uv->recorder, RECORDED_INIT, "GETADDRINFOREQWRAP", 0)
          ->trigger_async_id,
      nth(f, "TCPWRAP", 0));
}

static void what_fails_before_it_begins_fails_in_its_context(void **state) {
  client_fixture_t *f = *state;
  http_client_options_t options;
  context_t context;
  asker_t asker;

  client_start(f, &hello, 1);
  asker_init(&asker, f, &options);
  options.host = "255.255.255.255";
  context_enter(&context, &stores[0]);
  ask_with(&asker, &options);
  asker.context = &context;
  context_leave(&context);
  wait_closed(&asker);
  assert_int_equal(asker.close.calls, 1);
  assert_true(asker.close.status < 0);
  assert_non_null(strstr(asker.message, "255.255.255.255:"));
  assert_ptr_equal(asker.close.store, &stores[0]);
}

static void abort_it(void *arg) {
  asker_t *asker = arg;

  http_client_request_abort(asker->request);
}

static int abort_in_scope(void *arg) {
  abort_it(arg);
  return 0;
}

static void who_waits_is_told_in_its_context(void **state) {
  client_fixture_t *f = *state;
  async_resource_t other;
  context_t context;
  asker_t first, waiting;

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  ask(f, &first);
  ask_in(f, &waiting, &context, &stores[0]);
  assert_int_equal(async_resource_init(&other, "OTHER", NULL), 0);
  async_resource_run_in_async_scope(&other, abort_in_scope, &waiting);
  async_resource_finish(&other);
  assert_int_equal(waiting.close.calls, 1);
  saw(&waiting.close, &stores[0], nth(f, "QueuedRequest", 0));
  failed(&waiting, UV_ECANCELED, "request");
  wait_closed(&first);
  answered(&first, 200, "hello");
}

static unsigned count_shown(const char *type, bool internal) {
  async_resource_info_t info;
  async_env_t *env = async_inspect_next(NULL);
  uint32_t cursor = 0;
  unsigned count = 0;

  while (async_inspect_resources(env, &cursor, &info, 1) == 1)
    count += info.internal == internal &&
             (type == NULL || strcmp(info.type, type) == 0);
  async_inspect_release(env);
  return count;
}

static unsigned foreign;

static void count_foreign(async_id_t async_id, const char *type,
                          async_id_t trigger, async_resource_t *resource,
                          void *data) {
  async_resource_info_t info;

  (void)trigger;
  (void)resource;
  (void)data;
  if (!inspect(async_id, &info) || !info.internal)
    foreign++;
  if (strcmp(type, "MINE") == 0)
    foreign += 100;
}

static async_resource_t mine;

static void make_mine(asker_t *asker) {
  (void)asker;
  async_resource_init(&mine, "MINE", NULL);
}

/* Everything it makes, of every type, and nothing that its callbacks make. */
static void an_internal_agent_marks_what_it_makes(void **state) {
  async_hook_callbacks_t callbacks = {.init = count_foreign};
  static char body[HTTP_CLIENT_BODY_MAX_BYTES];
  client_fixture_t *f = *state;
  http_client_options_t options;
  async_hook_t hook;
  asker_t first, second;

  f->options.internal = true;
  f->options.limits.sockets_max = 1;
  f->peer.deaf = true;
  client_start(f, &hello, 1);
  async_hook_init(&hook, &callbacks, NULL);
  assert_int_equal(async_hook_enable(&hook), 0);
  asker_init(&first, f, &options);
  options.host = "localhost";
  options.method = "POST";
  options.body = body;
  options.body_bytes = sizeof(body);
  ask_with(&first, &options);
  asker_init(&second, f, &options);
  options.host = "localhost";
  ask_with(&second, &options);
  assert_int_equal(count_shown("QueuedRequest", true), 1);
  while (count_shown("WRITEWRAP", true) == 0)
    uv_run(&f->uv->loop, UV_RUN_ONCE);
  assert_int_equal(foreign, 0);
  second.on_response = make_mine;
  http_peer_listen(&f->peer);
  wait_closed(&second);
  answered(&first, 200, "hello");
  answered(&second, 200, "hello");
  wait_size(f, &f->agent.free_count, 1);
  assert_int_equal(foreign, 101);
  async_hook_disable(&hook);
  async_resource_finish(&mine);
}

static void take_data(async_id_t async_id, const char *type, async_id_t trigger,
                      async_resource_t *resource, void *data) {
  (void)async_id;
  (void)type;
  (void)trigger;
  resource->data = data;
}

static void hooks_may_write_the_data_of_every_resource(void **state) {
  async_hook_callbacks_t callbacks = {.init = take_data};
  static char body[3000000];
  client_fixture_t *f = *state;
  http_client_options_t options;
  async_hook_t hook;
  asker_t asker, second;

  f->options.limits.sockets_max = 1;
  client_start(f, &hello, 1);
  async_hook_init(&hook, &callbacks, f);
  assert_int_equal(async_hook_enable(&hook), 0);
  asker_init(&asker, f, &options);
  options.method = "POST";
  options.body = body;
  options.body_bytes = sizeof(body);
  ask_with(&asker, &options);
  ask(f, &second);
  wait_closed(&second);
  answered(&asker, 200, "hello");
  answered(&second, 200, "hello");
  async_hook_disable(&hook);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(a_request_runs_where_it_was_made),
      cmocka_unit_test_client(a_kept_socket_is_the_next_askers),
      cmocka_unit_test_client(who_waits_gets_a_socket_of_its_own_context),
      cmocka_unit_test_client(a_free_socket_holds_no_context),
      cmocka_unit_test_client(no_context_is_lost_with_a_kept_socket),
      cmocka_unit_test_client(a_request_sent_again_stays_in_its_context),
      cmocka_unit_test_client(a_lookup_is_the_sockets_and_the_askers),
      cmocka_unit_test_client(what_fails_before_it_begins_fails_in_its_context),
      cmocka_unit_test_client(who_waits_is_told_in_its_context),
      cmocka_unit_test_client(an_internal_agent_marks_what_it_makes),
      cmocka_unit_test_client(hooks_may_write_the_data_of_every_resource),
  };
  return test_main(tests, argc, argv);
}
