/* What goes on with a request out of the context in which it is made. */
#include "http_client_fixture.h"

#include <stdio.h>
#include <string.h>

static const peer_act_t hello = {.text = HELLO};

/* What pass_on adds, and what it was answered. */
typedef struct told_s {
  const char *name;
  http_text_t value;
  const context_t *context; /* not NULL: the value is its store */
  unsigned count;
  int error;
} told_t;

static void pass_on(void *data, http_client_head_t *head) {
  told_t *told = data;
  const char *store =
      told->context == NULL ? NULL : context_store(told->context);

  told->count++;
  told->error = http_client_head_add(
      head, told->name, store == NULL ? told->value : http_text(store));
}

static void start(client_fixture_t *f, told_t *told) {
  f->options.pass_on = pass_on;
  f->options.pass_on_data = told;
  client_start(f, &hello, 1);
}

static bool received(const client_fixture_t *f, const char *text) {
  return strstr(f->peer.received, text) != NULL;
}

static void each_request_has_what_its_own_context_holds(void **state) {
  client_fixture_t *f = *state;
  static char stores[2][8] = {"first", "second"};
  told_t told = {.name = "traceparent"};
  context_t context;
  asker_t askers[2];

  start(f, &told);
  told.context = &context;
  for (size_t i = 0; i < 2; i++) {
    context_enter(&context, stores[i]);
    ask(f, &askers[i]);
    context_leave(&context);
    wait_closed(&askers[i]);
    answered(&askers[i], 200, "hello");
  }
  assert_int_equal(told.count, 2);
  assert_int_equal(told.error, 0);
  assert_true(received(f, "\r\ntraceparent: first\r\n\r\n"));
  assert_true(received(f, "\r\ntraceparent: second\r\n\r\n"));
}

static void what_the_caller_gives_is_not_given_twice(void **state) {
  client_fixture_t *f = *state;
  const http_client_field_t field = {"TraceParent", "the caller's"};
  told_t told = {.name = "traceparent", .value = http_text("the context's")};
  http_client_options_t options;
  asker_t asker;

  start(f, &told);
  asker_init(&asker, f, &options);
  options.fields = &field;
  options.field_count = 1;
  ask_with(&asker, &options);
  assert_int_equal(told.error, UV_EEXIST);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  assert_true(received(f, "TraceParent: the caller's\r\n"));
  assert_false(received(f, "the context's"));
}

static void a_stranger_is_told_nothing(void **state) {
  client_fixture_t *f = *state;
  told_t told = {.name = "traceparent", .value = http_text("secret")};
  http_client_options_t options;
  asker_t asker;

  start(f, &told);
  asker_init(&asker, f, &options);
  options.stranger = true;
  ask_with(&asker, &options);
  wait_closed(&asker);
  answered(&asker, 200, "hello");
  assert_int_equal(told.count, 0);
  assert_false(received(f, "secret"));
}

/* The request itself goes out as if nothing had been tried. */
static void what_cannot_be_sent_is_left_out(void **state) {
  client_fixture_t *f = *state;
  static char longer[HTTP_CLIENT_HEAD_MAX_BYTES];
  told_t cases[] = {
      {.name = "a b", .value = http_text("v"), .error = UV_EINVAL},
      {.name = "x", .value = http_text("v\r\ny: w"), .error = UV_EINVAL},
      {.name = "x", .value = {"v\0w", 3}, .error = UV_EINVAL},
      {.name = "Connection", .value = http_text("close"), .error = UV_EINVAL},
      {.name = "Host", .value = http_text("other"), .error = UV_EEXIST},
      {.name = "x", .value = {longer, sizeof(longer)}, .error = UV_ENOBUFS}};
  told_t told = {.name = NULL};
  char expected[256];

  memset(longer, 'a', sizeof(longer));
  start(f, &told);
  snprintf(expected, sizeof(expected),
           "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n"
           "Connection: keep-alive\r\n\r\n",
           f->peer.port);
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    size_t before = f->peer.received_bytes;
    asker_t asker;
    told = cases[i];
    ask_and_wait(f, &asker);
    answered(&asker, 200, "hello");
    assert_int_equal(told.error, cases[i].error);
    assert_string_equal(f->peer.received + before, expected);
  }
}

/* To the last byte of the head's ceiling, and no further. */
static void what_goes_on_has_the_room_that_is_left(void **state) {
  client_fixture_t *f = *state;
  static char value[HTTP_CLIENT_HEAD_MAX_BYTES];
  told_t told = {.name = "x", .value = {value, 0}};
  asker_t askers[3];

  memset(value, 'a', sizeof(value));
  start(f, &told);
  ask_and_wait(f, &askers[0]);
  size_t room = HTTP_CLIENT_HEAD_MAX_BYTES - f->peer.received_bytes;
  told.value.size_bytes = room;
  ask_and_wait(f, &askers[1]);
  assert_int_equal(told.error, 0);
  assert_int_equal(f->peer.received_bytes,
                   2 * HTTP_CLIENT_HEAD_MAX_BYTES - room);
  told.value.size_bytes = room + 1;
  ask_and_wait(f, &askers[2]);
  assert_int_equal(told.error, UV_ENOBUFS);
  for (size_t i = 0; i < 3; i++)
    answered(&askers[i], 200, "hello");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_client(each_request_has_what_its_own_context_holds),
      cmocka_unit_test_client(what_the_caller_gives_is_not_given_twice),
      cmocka_unit_test_client(a_stranger_is_told_nothing),
      cmocka_unit_test_client(what_cannot_be_sent_is_left_out),
      cmocka_unit_test_client(what_goes_on_has_the_room_that_is_left),
  };
  return test_main(tests, argc, argv);
}
