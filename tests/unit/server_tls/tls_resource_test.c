/* What async hooks see of TLS: Node's TLSWRAP, between TCPWRAP and request. */
#include "tls_fixture.h"

#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"

typedef struct found_s {
  async_id_t tcp, tls, request, tls_trigger, request_trigger;
  char name[ASYNC_RESOURCE_NAME_BYTES];
} found_t;

static void note(const async_resource_info_t *info, found_t *found) {
  if (strcmp(info->type, "TCPWRAP") == 0)
    found->tcp = info->async_id;
  if (strcmp(info->type, "HTTPINCOMINGMESSAGE") == 0) {
    found->request = info->async_id;
    found->request_trigger = info->trigger_async_id;
  }
  if (strcmp(info->type, "TLSWRAP") == 0) {
    found->tls = info->async_id;
    found->tls_trigger = info->trigger_async_id;
    snprintf(found->name, sizeof(found->name), "%s", info->name);
  }
}

static found_t look(void) {
  async_resource_info_t info;
  async_env_t *env = NULL;
  found_t found = {.tcp = 0};

  while ((env = async_inspect_next(env)) != NULL) {
    uint32_t cursor = 0;

    while (async_inspect_resources(env, &cursor, &info, 1) == 1)
      note(&info, &found);
  }
  return found;
}

static void a_request_is_caused_by_the_session_and_that_by_the_socket(
    void **state) {
  tls_fixture_t *f = *state;
  found_t found;

  tls_fixture_begin(f);
  assert_true(tls_peer_send(&f->peer, "GET /never HTTP/1.1\r\n" KEEP));
  uv_sem_wait(&f->http->begun);
  found = look();
  assert_true(found.tcp > 0 && found.tls > 0 && found.request > 0);
  assert_int_equal(found.tls_trigger, found.tcp);
  assert_int_equal(found.request_trigger, found.tls);
  assert_string_equal(found.name, "TLSv1.3 TLS_AES_256_GCM_SHA384");
}

static void it_ends_with_its_connection(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
  http_fixture_stop(f->http);
  uv_thread_join(&f->http->thread);
  f->http->running = false;
  assert_int_equal(f->http->thread_status, 0);
  assert_int_equal(look().tls, 0);
}

static struct {
  async_hook_t hook;
  async_id_t tls;
  unsigned before, after, destroyed;
} seen;

static void on_init(async_id_t async_id, const char *type,
                    async_id_t trigger_async_id, async_resource_t *resource,
                    void *data) {
  (void)trigger_async_id;
  (void)resource;
  (void)data;
  if (strcmp(type, "TLSWRAP") == 0)
    seen.tls = async_id;
}

static void on_before(async_id_t async_id, void *data) {
  (void)data;
  seen.before += async_id == seen.tls;
}

static void on_after(async_id_t async_id, void *data) {
  (void)data;
  seen.after += async_id == seen.tls;
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)data;
  seen.destroyed += async_id == seen.tls;
}

/* The hook lives on the loop's thread: the first request enables it there. */
static int enable(void *data, http_request_t *request) {
  static const async_hook_callbacks_t callbacks = {.init = on_init,
                                                   .before = on_before,
                                                   .after = on_after,
                                                   .destroy = on_destroy};

  (void)data;
  (void)request;
  if (seen.tls == 0)
    async_hook_init(&seen.hook, &callbacks, NULL);
  return async_hook_enable(&seen.hook);
}

static void hooks_see_all_of_its_life(void **state) {
  tls_fixture_t *f = *state;

  f->http->options.callbacks.on_request_open = enable;
  tls_fixture_begin(f);
  tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
  assert_true(tls_fixture_connect(f, NULL));
  tls_fixture_ask(f, "GET /hello HTTP/1.1\r\n" END);
  http_fixture_stop(f->http);
  uv_thread_join(&f->http->thread);
  f->http->running = false;
  assert_true(seen.tls > 0);
  assert_true(seen.before >= 2); /* the handshake, and the request */
  assert_int_equal(seen.before, seen.after);
  assert_int_equal(seen.destroyed, 1);
}

/* Nothing of one request, nor of its handshake, is seen by another. */
static void each_request_has_a_context_of_its_own(void **state) {
  tls_fixture_t *f = *state;

  tls_fixture_begin(f);
  tls_fixture_ask(f, "GET /later HTTP/1.1\r\n" KEEP
                     "POST /echo HTTP/1.1\r\nContent-Length: 2\r\n" END "hi");
  assert_string_equal(http_fixture_notes(f->http),
                      "handler:1 timer:1 close:1 end=ok/200:1 handler:2 "
                      "data:2 end:2 close:2 end=ok/200:2 ");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_tls(
          a_request_is_caused_by_the_session_and_that_by_the_socket),
      cmocka_unit_test_tls(it_ends_with_its_connection),
      cmocka_unit_test_tls(hooks_see_all_of_its_life),
      cmocka_unit_test_tls(each_request_has_a_context_of_its_own),
  };
  return test_main(tests, argc, argv);
}
