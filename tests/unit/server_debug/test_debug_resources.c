#include "debug_fixture.h"

#include <stdio.h>
#include <string.h>

static size_t shown(const json_t *document) {
  return json_array_size(json_object_get(document, "resources"));
}

static const json_t *at(const json_t *document, size_t index) {
  return json_array_get(json_object_get(document, "resources"), index);
}

/* How many of the scene's resources a query is about; all are shown. */
__attribute__((format(printf, 2, 3))) static size_t matched(scene_t *scene,
                                                            const char *format,
                                                            ...) {
  char query[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(query, sizeof(query), format, arguments);
  va_end(arguments);
  json_t *document = ask_json(scene, "/debug/resources?%s", query);
  size_t count = shown(document);
  assert_int_equal(json_integer_of(document, "matched"), count);
  assert_true(json_is_false(json_object_get(document, "truncated")));
  json_decref(document);
  return count;
}

static void filters_leave_out_what_they_do_not_name(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make(scene, "TCPWRAP", 1);
  make(scene, "TCPSERVERWRAP", id_of(first));
  make_for(scene, "Timeout", id_of(first), 7);
  make_for(scene, "Immediate", 1, 8);
  make_internal(scene, "OURS", 1);
  assert_int_equal(matched(scene, "type=TCPWRAP"), 1);
  assert_int_equal(matched(scene, "type=TCP*,Timeout"), 3);
  assert_int_equal(matched(scene, "type=tcp*"), 0);
  assert_int_equal(matched(scene, "request=r7"), 1);
  assert_int_equal(matched(scene, "request=7,r8"), 2);
  assert_int_equal(matched(scene, "trigger=%s", key_of(first)), 2);
  assert_int_equal(matched(scene, "state=init"), 4);
  assert_int_equal(matched(scene, "state=idle,running"), 0);
  assert_int_equal(matched(scene, "ref=1"), 4);
  assert_int_equal(matched(scene, "ref=0"), 0);
  assert_int_equal(matched(scene, "internal=1"), 5);
  assert_int_equal(matched(scene, "type=TCP*&trigger=%s", key_of(first)), 1);
}

static void sites_are_named_with_and_without_directory_and_line(void **state) {
  scene_t *scene = *state;
  static const async_site_t site = {"app/db/query.c", "run", 88};
  async_resource_t resource;
  make(scene, "A", 1);
  assert_int_equal(async_resource_init_at(&site, &resource, "B", NULL), 0);
  assert_int_equal(matched(scene, "site=query.c"), 1);
  assert_int_equal(matched(scene, "site=query.c:88"), 1);
  assert_int_equal(matched(scene, "site=app/db/query.c"), 1);
  assert_int_equal(matched(scene, "site=app/db/query.c:88"), 1);
  assert_int_equal(matched(scene, "site=*/query.c:*"), 1);
  assert_int_equal(matched(scene, "site=query.c:8"), 0);
  assert_int_equal(matched(scene, "site=db/query.c"), 0);
  assert_int_equal(matched(scene, "site=debug_fixture.c,query.c"), 2);
  async_resource_finish(&resource);
}

static void a_resource_without_a_site_has_none_that_matches(void **state) {
  scene_t *scene = *state;
  static const async_site_t bare = {NULL, NULL, 0};
  async_resource_t resources[2];
  assert_int_equal(async_resource_init_at(NULL, &resources[0], "A", NULL), 0);
  assert_int_equal(async_resource_init_at(&bare, &resources[1], "A", NULL), 0);
  assert_int_equal(matched(scene, "site=*.c"), 0);
  assert_int_equal(matched(scene, "site=*"), 1);
  assert_int_equal(matched(scene, "type=A"), 2);
  async_resource_finish(&resources[0]);
  async_resource_finish(&resources[1]);
}

static void threads_are_named_by_number_and_by_name(void **state) {
  scene_t *scene = *state;
  other_t other = {.kind = ASYNC_ENV_LOOP,
                   .name = "loop-1",
                   .type = "A",
                   .cause = {ASYNC_THREAD_NONE, 0}};
  make(scene, "A", 1);
  other_start(&other);
  assert_int_equal(matched(scene, "thread=%u", scene->thread), 1);
  assert_int_equal(matched(scene, "thread=tester"), 1);
  assert_int_equal(matched(scene, "thread=loop-*,tester"), 2);
  assert_int_equal(matched(scene, "loop=*"), 1);
  assert_int_equal(matched(scene, "loop=%u", other.made.thread), 1);
  other_stop(&other);
}

static void only_what_is_old_enough_matches(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  assert_int_equal(matched(scene, "older_than=0ns"), 1);
  assert_int_equal(matched(scene, "older_than=1h"), 0);
}

static void a_root_has_all_that_it_caused(void **state) {
  scene_t *scene = *state;
  async_resource_t *root = make(scene, "ROOT", 1);
  async_resource_t *child = make(scene, "CHILD", id_of(root));
  async_resource_t *gone = make(scene, "GONE", id_of(child));
  make(scene, "DEEP", id_of(gone));
  make(scene, "DEEP", id_of(gone));
  make(scene, "BESIDE", 1);
  end(scene, gone);
  assert_int_equal(matched(scene, "root=%s", key_of(root)), 4);
  assert_int_equal(matched(scene, "root=%s&depth=0", key_of(root)), 1);
  assert_int_equal(matched(scene, "root=%s&depth=1", key_of(root)), 2);
  assert_int_equal(matched(scene, "root=%s&depth=2", key_of(root)), 2);
  assert_int_equal(matched(scene, "root=%s&depth=3", key_of(root)), 4);
  assert_int_equal(matched(scene, "root=%s&type=DEEP", key_of(root)), 2);
  assert_int_equal(matched(scene, "root=%u:1", scene->thread), 5);
  assert_int_equal(matched(scene, "root=%u:999999", scene->thread), 0);
}

static void a_root_in_a_cycle_has_the_cycle(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make(scene, "A", scene->first + 2);
  make(scene, "B", id_of(first));
  make(scene, "C", scene->first + 1);
  make(scene, "OTHER", scene->first + 3); /* its own cause */
  assert_int_equal(matched(scene, "root=%s", key_of(first)), 3);
  assert_int_equal(matched(scene, "root=%u:%lld", scene->thread,
                           (long long)scene->first + 3),
                   1);
}

/* Made in this order: ages fall, what they ran and how often differs. */
static void make_different(scene_t *scene) {
  static const int callbacks[] = {2, 0, 3, 1};
  for (int i = 0; i < 4; i++) {
    char type[2] = {(char)('A' + i), '\0'};
    async_resource_t *resource = make(scene, type, 1);
    for (int j = 0; j < callbacks[i]; j++) {
      assert_int_equal(async_resource_enter(resource), 0);
      async_resource_leave(resource);
    }
  }
}

static void assert_order(scene_t *scene, const char *query, const char *types) {
  json_t *document = ask_json(scene, "/debug/resources?%s", query);
  for (size_t i = 0; i < strlen(types); i++)
    assert_int_equal(json_text_of(at(document, i), "type")[0], types[i]);
  json_decref(document);
}

static void the_order_is_what_sort_says(void **state) {
  scene_t *scene = *state;
  make_different(scene);
  assert_order(scene, "", "ABCD");
  assert_order(scene, "sort=id", "ABCD");
  assert_order(scene, "sort=age", "DCBA");
  assert_order(scene, "sort=-age", "ABCD");
  assert_order(scene, "sort=count", "BDAC");
  assert_order(scene, "sort=-count", "CADB");
  assert_order(scene, "sort=-count&limit=2", "CA");
}

static void the_longest_runner_stands_first_or_last(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  async_resource_t *runner = make(scene, "B", 1);
  make(scene, "C", 1);
  assert_int_equal(async_resource_enter(runner), 0);
  uint64_t begun_ns = uv_hrtime();
  while (uv_hrtime() - begun_ns < 2000) {
  }
  assert_order(scene, "sort=-runTime", "BAC");
  assert_order(scene, "sort=runTime", "ACB");
  async_resource_leave(runner);
}

/* Follows nextCursor; counts how often each resource came. */
static void page_through(scene_t *scene, const char *sort, unsigned *ret_seen) {
  char cursor[128] = "";
  for (size_t pages = 0; pages < 100; pages++) {
    json_t *document =
        ask_json(scene, "/debug/resources?limit=7&sort=%s%s", sort, cursor);
    for (size_t i = 0; i < shown(document); i++)
      ret_seen[json_integer_of(at(document, i), "asyncId") - scene->first]++;
    const char *next = json_text_of(document, "nextCursor");
    snprintf(cursor, sizeof(cursor), "&cursor=%s", next);
    bool more = json_is_true(json_object_get(document, "truncated"));
    assert_int_equal(more, next[0] != '\0');
    json_decref(document);
    if (!more)
      return;
  }
  fail_msg("no last page");
}

#define PAGED 100

static void cursors_lead_through_all_once(void **state) {
  scene_t *scene = *state;
  static const char *const sorts[] = {"id", "age", "-age"};
  for (size_t i = 0; i < PAGED; i++)
    make(scene, "A", 1);
  for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
    unsigned seen[PAGED] = {0};
    page_through(scene, sorts[i], seen);
    for (size_t j = 0; j < PAGED; j++)
      assert_int_equal(seen[j], 1);
  }
}

/* Half of them end between two pages; the others come once all the same. */
static void a_cursor_outlives_what_it_names(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < 20; i++)
    make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug/resources?limit=10");
  for (size_t i = 0; i < 20; i += 2)
    end(scene, &scene->resources[i + 1]);
  json_t *rest = ask_json(scene, "/debug/resources?cursor=%s",
                          json_text_of(document, "nextCursor"));
  assert_int_equal(shown(rest), 5);
  assert_int_equal(json_integer_of(at(rest, 0), "asyncId"), scene->first + 10);
  json_decref(rest);
  json_decref(document);
}

static void a_cursor_may_name_a_thread_that_has_ended(void **state) {
  scene_t *scene = *state;
  other_t before = {.kind = ASYNC_ENV_OTHER,
                    .name = "x",
                    .type = "A",
                    .cause = {ASYNC_THREAD_NONE, 0}};
  other_start(&before);
  other_stop(&before);
  make(scene, "A", 1);
  assert_true(before.made.thread > scene->thread);
  json_t *document =
      ask_json(scene, "/debug/resources?cursor=id~0~%u:%lld",
               before.made.thread, (long long)before.made.async_id);
  assert_int_equal(shown(document), 0);
  json_decref(document);
  document = ask_json(scene, "/debug/resources?cursor=id~0~0:0");
  assert_int_equal(shown(document), 1);
  json_decref(document);
}

static void no_limit_shows_how_many_there_are(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < 3; i++)
    make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug/resources?limit=0");
  assert_int_equal(shown(document), 0);
  assert_int_equal(json_integer_of(document, "matched"), 3);
  json_t *all = ask_json(scene, "/debug/resources?cursor=%s",
                         json_text_of(document, "nextCursor"));
  assert_int_equal(shown(all), 3);
  json_decref(all);
  json_decref(document);
}

static void fields_are_the_only_members(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  json_t *document = ask_json(scene, "/debug/resources?fields=type,key,name");
  assert_string_equal(json_keys(at(document, 0)), "key type ");
  json_decref(document);
}

static void pretty_is_the_same_on_lines_of_its_own(void **state) {
  scene_t *scene = *state;
  make_for(scene, "A", 1, 3);
  answer_t answer = ask_text(scene, "/debug/resources?pretty=1");
  assert_non_null(strstr(answer.text, "\n  \"resources\": [\n    {\n"));
  assert_non_null(strstr(answer.text, "\n      \"stores\": [\n"
                                      "        \"request\"\n      ]\n"));
  assert_int_equal(strncmp(answer.text, "{\n  \"schemaVersion\": 1,\n", 24), 0);
  json_t *pretty = answer_json(&answer);
  json_t *compact = ask_json(scene, "/debug/resources");
  const json_t *one = at(pretty, 0);
  assert_string_equal(json_text_of(one, "key"),
                      json_text_of(at(compact, 0), "key"));
  json_decref(pretty);
  json_decref(compact);
}

#define SEVERAL 4000

static void chunks_are_bounded_and_lose_nothing(void **state) {
  scene_t *scene = *state;
  static char name[ASYNC_RESOURCE_NAME_BYTES];
  memset(name, 'n', sizeof(name) - 1);
  for (size_t i = 0; i < SEVERAL; i++)
    assert_int_equal(
        async_resource_set_name(make(scene, "A", 1), name, i % sizeof(name)),
        0);
  answer_t answer = ask_text(scene, "/debug/resources?limit=10000");
  assert_true(answer.chunks > 30);
  assert_in_range(answer.longest_chunk, ASYNCSCOPE_DEBUG_CHUNK_BYTES / 2,
                  ASYNCSCOPE_DEBUG_CHUNK_BYTES);
  json_t *document = answer_json(&answer);
  assert_int_equal(shown(document), SEVERAL);
  for (size_t i = 0; i < SEVERAL; i++)
    assert_int_equal(json_integer_of(at(document, i), "asyncId"),
                     scene->first + (async_id_t)i);
  json_decref(document);
}

static void one_is_shown_with_what_it_caused(void **state) {
  scene_t *scene = *state;
  async_resource_t *one = make_for(scene, "A", 1, 5);
  async_resource_t *child = make(scene, "B", id_of(one));
  make_internal(scene, "C", id_of(one));
  json_t *document = ask_json(scene, "/debug/resources/%s", key_of(one));
  json_t *children = json_object_get(document, "children");
  assert_string_equal(
      json_text_of(json_object_get(document, "resource"), "type"), "A");
  assert_int_equal(json_integer_of(children, "count"), 1);
  assert_string_equal(
      json_string_value(json_array_get(json_object_get(children, "keys"), 0)),
      key_of(child));
  json_decref(document);
  document = ask_json(scene, "/debug/resources/%s?internal=1", key_of(one));
  assert_int_equal(
      json_integer_of(json_object_get(document, "children"), "count"), 2);
  json_decref(document);
}

static void one_is_shown_with_who_else_holds_its_context(void **state) {
  scene_t *scene = *state;
  async_resource_t *one = make_for(scene, "A", 1, 5);
  assert_int_equal(async_resource_enter(one), 0);
  async_resource_t *holder = &scene->resources[scene->count++];
  assert_int_equal(async_resource_init(holder, "B", NULL), 0);
  async_resource_leave(one);
  make_for(scene, "A", 1, 5); /* in a frame of its own */
  json_t *document = ask_json(scene, "/debug/resources/%s", key_of(one));
  json_t *holders = json_object_get(document, "contextHolders");
  assert_int_equal(json_integer_of(holders, "count"), 1);
  assert_string_equal(
      json_string_value(json_array_get(json_object_get(holders, "keys"), 0)),
      key_of(holder));
  json_decref(document);
}

static void one_that_is_gone_is_shown_as_far_as_it_is_remembered(void **state) {
  scene_t *scene = *state;
  async_resource_t *gone = make(scene, "A", 1);
  make(scene, "B", id_of(gone));
  char key[32];
  snprintf(key, sizeof(key), "%s", key_of(gone));
  end(scene, gone);
  json_t *document = ask_json(scene, "/debug/resources/%s", key);
  json_t *resource = json_object_get(document, "resource");
  assert_true(json_is_true(json_object_get(resource, "gone")));
  assert_int_equal(
      json_integer_of(json_object_get(document, "children"), "count"), 1);
  json_decref(document);
  json_decref(
      ask_error(scene, 404, "/debug/resources/%u:999999", scene->thread));
  json_decref(ask_error(scene, 404, "/debug/resources/77:2"));
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(filters_leave_out_what_they_do_not_name),
      cmocka_unit_test_of_scene(
          sites_are_named_with_and_without_directory_and_line),
      cmocka_unit_test_of_scene(
          a_resource_without_a_site_has_none_that_matches),
      cmocka_unit_test_of_scene(threads_are_named_by_number_and_by_name),
      cmocka_unit_test_of_scene(only_what_is_old_enough_matches),
      cmocka_unit_test_of_scene(a_root_has_all_that_it_caused),
      cmocka_unit_test_of_scene(a_root_in_a_cycle_has_the_cycle),
      cmocka_unit_test_of_scene(the_order_is_what_sort_says),
      cmocka_unit_test_of_scene(the_longest_runner_stands_first_or_last),
      cmocka_unit_test_of_scene(cursors_lead_through_all_once),
      cmocka_unit_test_of_scene(a_cursor_outlives_what_it_names),
      cmocka_unit_test_of_scene(a_cursor_may_name_a_thread_that_has_ended),
      cmocka_unit_test_of_scene(no_limit_shows_how_many_there_are),
      cmocka_unit_test_of_scene(fields_are_the_only_members),
      cmocka_unit_test_of_scene(pretty_is_the_same_on_lines_of_its_own),
      cmocka_unit_test_of_scene(chunks_are_bounded_and_lose_nothing),
      cmocka_unit_test_of_scene(one_is_shown_with_what_it_caused),
      cmocka_unit_test_of_scene(one_is_shown_with_who_else_holds_its_context),
      cmocka_unit_test_of_scene(
          one_that_is_gone_is_shown_as_far_as_it_is_remembered),
  };
  return test_main(tests, argc, argv);
}
