/* Page by page, in whatever order: each is there once. */
#include "debug_fixture.h"

#include "asyncscope/async_request.h"
#include <stdio.h>
#include <string.h>

#define COUNT 7
#define LIMIT 3

typedef struct pages_s {
  char ids[COUNT + 1][32]; /* as they came */
  size_t count, pages;
} pages_t;

static void take(pages_t *pages, const json_t *list, const char *key) {
  size_t i;
  json_t *item;
  assert_true(json_array_size(list) <= LIMIT);
  json_array_foreach(list, i, item) {
    assert_true(pages->count < COUNT);
    snprintf(pages->ids[pages->count++], sizeof(pages->ids[0]), "%s",
             json_text_of(item, key));
  }
  pages->pages++;
}

/* `target` has a query; the elements of `list` are told apart by `key`. */
static pages_t read_pages(scene_t *scene, const char *target, const char *list,
                          const char *key) {
  pages_t pages = {.count = 0};
  char cursor[128] = "";
  bool more = true;
  while (more) {
    json_t *document = ask_json(scene, "%s&limit=%d%s", target, LIMIT, cursor);
    take(&pages, json_object_get(document, list), key);
    more = json_is_true(json_object_get(document, "truncated"));
    assert_int_equal(json_object_get(document, "nextCursor") != NULL, more);
    if (more)
      snprintf(cursor, sizeof(cursor), "&cursor=%s",
               json_text_of(document, "nextCursor"));
    json_decref(document);
  }
  return pages;
}

static void assert_each_once(const pages_t *pages) {
  assert_int_equal(pages->count, COUNT);
  assert_int_equal(pages->pages, (COUNT + LIMIT - 1) / LIMIT);
  for (size_t i = 0; i < COUNT; i++)
    for (size_t j = 0; j < i; j++)
      assert_string_not_equal(pages->ids[i], pages->ids[j]);
}

static const char *const orders[] = {"id",       "age",   "-age",  "runTime",
                                     "-runTime", "count", "-count"};
#define ORDERS (sizeof(orders) / sizeof(orders[0]))

static void resources_have_pages_in_every_order(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < COUNT; i++) {
    async_resource_t *resource = make(scene, "A", 1);
    for (size_t run = 0; run < i / 2; run++) {
      assert_int_equal(async_resource_enter(resource), 0);
      async_resource_leave(resource);
    }
  }
  for (size_t i = 0; i < ORDERS; i++) {
    char target[64];
    snprintf(target, sizeof(target), "/debug/resources?sort=%s", orders[i]);
    pages_t pages = read_pages(scene, target, "resources", "key");
    assert_each_once(&pages);
  }
}

static async_request_t *begin(uint64_t number) {
  const async_request_options_t options = {.number = number};
  async_request_t *request;
  assert_int_equal(async_request_begin(&options, &request), 0);
  return request;
}

static void a_list_that_ends_where_its_limit_does_is_whole(void **state) {
  scene_t *scene = *state;
  for (int i = 0; i < LIMIT; i++)
    make(scene, "KIND", 1);
  json_t *document = ask_json(scene, "/debug/resources?limit=%d", LIMIT);
  assert_int_equal(json_array_size(json_object_get(document, "resources")),
                   LIMIT);
  assert_true(json_is_false(json_object_get(document, "truncated")));
  assert_null(json_object_get(document, "nextCursor"));
  json_decref(document);
}

static void finished_requests_have_pages_in_every_order(void **state) {
  scene_t *scene = *state;
  char target[64];
  pages_t pages;
  for (uint64_t i = 1; i <= COUNT; i++)
    assert_int_equal(async_request_end(begin(i), 200), 0);
  for (size_t i = 0; i < ORDERS; i++) {
    snprintf(target, sizeof(target), "/debug/requests?state=finished&sort=%s",
             orders[i]);
    pages = read_pages(scene, target, "requests", "requestId");
    assert_each_once(&pages);
  }
  pages = read_pages(scene, "/debug/requests?state=finished", "requests",
                     "requestId");
  assert_each_once(&pages);
}

static void a_cursor_of_another_order_is_refused(void **state) {
  scene_t *scene = *state;
  for (uint64_t i = 1; i <= 2; i++)
    assert_int_equal(async_request_end(begin(i), 200), 0);
  json_t *by_end = ask_json(scene, "/debug/requests?state=finished&limit=1");
  json_t *by_id =
      ask_json(scene, "/debug/requests?state=finished&limit=1&sort=id");
  json_decref(ask_error(scene, 400,
                        "/debug/requests?state=finished&sort=id&cursor=%s",
                        json_text_of(by_end, "nextCursor")));
  json_decref(ask_error(scene, 400,
                        "/debug/requests?state=finished&sort=age&cursor=%s",
                        json_text_of(by_id, "nextCursor")));
  json_decref(ask_error(scene, 400, "/debug/requests?state=finished&cursor=%s",
                        json_text_of(by_id, "nextCursor")));
  json_decref(by_end);
  json_decref(by_id);
}

/* A callback of its own that takes a moment of the clock. */
static void run(scene_t *scene, async_request_t *request) {
  const async_context_value_t value = {.store = scene, .account = request};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_FRAME};
  async_resource_t resource;
  uint64_t until_ns = uv_hrtime() + 1000000;
  assert_int_equal(
      async_context_frame_with(NULL, &scene->key, &value, &options.frame), 0);
  assert_int_equal(async_resource_init(&resource, "A", &options), 0);
  async_context_frame_release(options.frame);
  assert_int_equal(async_resource_enter(&resource), 0);
  while (uv_hrtime() < until_ns) {
  }
  async_resource_leave(&resource);
  async_resource_finish(&resource);
}

/* One that waited for long has not run for long. */
static void run_time_is_not_how_long_it_took(void **state) {
  scene_t *scene = *state;
  async_request_t *waited = begin(1);
  async_request_t *ran = begin(2);
  run(scene, ran);
  assert_int_equal(async_request_end(ran, 200), 0);
  async_env_flush();
  assert_int_equal(async_request_end(waited, 200), 0);
  json_t *document =
      ask_json(scene, "/debug/requests?state=finished&sort=-runTime");
  const json_t *list = json_object_get(document, "requests");
  assert_string_equal(json_text_of(json_array_get(list, 0), "requestId"), "r2");
  assert_string_equal(json_text_of(json_array_get(list, 1), "requestId"), "r1");
  json_decref(document);
}

/* What came behind an answer, by that one's token. */
static void since_is_what_came_later(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  assert_int_equal(async_request_end(begin(1), 200), 0);
  json_t *before = ask_json(scene, "/debug/resources");
  const char *token =
      json_text_of(json_object_get(before, "snapshot"), "token");
  uint64_t later_ns = uv_hrtime() + 1000;
  while (uv_hrtime() < later_ns) {
  }
  async_resource_t *fresh = make(scene, "A", 1);
  assert_int_equal(async_resource_enter(fresh), 0);
  assert_int_equal(async_request_end(begin(2), 200), 0);
  async_resource_leave(fresh);
  json_t *document = ask_json(scene, "/debug/resources?since=%s", token);
  assert_int_equal(json_integer_of(document, "matched"), 1);
  assert_non_null(json_named(document, "resources", "key", key_of(fresh)));
  json_decref(document);
  document = ask_json(scene, "/debug/requests?state=finished&since=%s", token);
  assert_int_equal(json_integer_of(document, "matched"), 1);
  assert_non_null(json_named(document, "requests", "requestId", "r2"));
  json_decref(document);
  json_decref(before);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(resources_have_pages_in_every_order),
      cmocka_unit_test_of_scene(a_list_that_ends_where_its_limit_does_is_whole),
      cmocka_unit_test_of_scene(finished_requests_have_pages_in_every_order),
      cmocka_unit_test_of_scene(a_cursor_of_another_order_is_refused),
      cmocka_unit_test_of_scene(since_is_what_came_later),
      cmocka_unit_test_of_scene(run_time_is_not_how_long_it_took),
  };
  return test_main(tests, argc, argv);
}
