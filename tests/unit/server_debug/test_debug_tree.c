#include "debug_fixture.h"

#include <stdio.h>
#include <string.h>

/* Where each stands in the text, in this order. In a part "@n" is the key of
 * the n-th resource of the scene. */
static void assert_order(const scene_t *scene, const char *text,
                         const char *const *parts, size_t count) {
  const char *from = text;
  for (size_t i = 0; i < count; i++) {
    char part[256];
    const char *mark = strchr(parts[i], '@');
    if (mark == NULL) {
      snprintf(part, sizeof(part), "%s", parts[i]);
    } else {
      snprintf(part, sizeof(part), "%.*s%u:%lld%s", (int)(mark - parts[i]),
               parts[i], scene->thread,
               (long long)scene->first + (mark[1] - '0'), mark + 2);
    }
    const char *found = strstr(from, part);
    if (found == NULL)
      fail_msg("no \"%s\" behind the others in:\n%s", part, text);
    from = found + 1;
  }
}

#define assert_in_order(scene, text, ...)                                   \
  do {                                                                      \
    static const char *const parts[] = {__VA_ARGS__};                       \
    assert_order((scene), (text), parts, sizeof(parts) / sizeof(parts[0])); \
  } while (0)

static void a_chain_is_indented_by_cause(void **state) {
  scene_t *scene = *state;
  async_id_t id = scene->first;
  make_for(scene, "Timeout", id + 3, 4);
  make(scene, "TCPSERVERWRAP", 1);
  make(scene, "TCPWRAP", id + 1);
  async_resource_set_name(make(scene, "HTTPINCOMINGMESSAGE", id + 2), "GET /",
                          5);
  make(scene, "TCPWRAP", id + 1);
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_in_order(scene, answer.text, "\"tester\"  other",
                  "\n└─ TCPSERVERWRAP @1 ", "\n   ├─ TCPWRAP @2 ",
                  "\n   │  └─ HTTPINCOMINGMESSAGE @3 \"GET /\" ",
                  "\n   │     └─ Timeout @0 ", "\n   └─ TCPWRAP @4 ");
  assert_non_null(strstr(line_with(answer.text, "Timeout"), "r4 "));
  assert_non_null(
      strstr(line_with(answer.text, "Timeout"), " debug_fixture.c:"));
  answer_free(&answer);
}

static void columns_are_aligned(void **state) {
  scene_t *scene = *state;
  make(scene, "A", 1);
  async_resource_set_name(make(scene, "LONGERTYPE", 1), "name", 4);
  answer_t answer = ask_text(scene, "/debug/tree");
  const char *first = line_with(answer.text, "─ A ");
  size_t column = (size_t)(strstr(first, "init") - first);
  const char *second = line_with(answer.text, "LONGERTYPE");
  assert_int_equal(strstr(second, "init") - second, column);
  answer_free(&answer);
}

static void a_long_name_does_not_push_the_columns_away(void **state) {
  static const char name[] =
      "GET /a/path/that/is/as/long/as/a/name/is/kept/here/1234";
  scene_t *scene = *state;
  make(scene, "A", 1);
  async_resource_set_name(make(scene, "HTTPINCOMINGMESSAGE", 1), name,
                          strlen(name));
  answer_t answer = ask_text(scene, "/debug/tree");
  const char *line = line_with(answer.text, "─ A ");
  /* The branch is three columns of seven bytes. */
  assert_int_equal(strstr(line, "init") - line, 64 + 2 + 4);
  assert_non_null(strstr(answer.text, "1234\"  init "));
  answer_free(&answer);
}

static void work_hangs_under_its_cause_on_another_thread(void **state) {
  scene_t *scene = *state;
  async_resource_t *task = make_task(scene, 1);
  other_t worker = {.kind = ASYNC_ENV_WORKER,
                    .name = "pool-0",
                    .type = "WORK",
                    .cause = {scene->thread, id_of(task)},
                    .running = true};
  char key[64];
  other_start(&worker);
  answer_t answer = ask_text(scene, "/debug/tree");
  other_stop(&worker);
  snprintf(key, sizeof(key), "\n   └─ WORK %u:", worker.made.thread);
  assert_in_order(scene, answer.text, "\n└─ WORK @0 ");
  assert_non_null(strstr(answer.text, key));
  assert_non_null(strstr(line_with(answer.text, "\"pool-0\""), "in WORK "));

  answer_free(&answer);
}

static void gone_ancestors_keep_their_place(void **state) {
  scene_t *scene = *state;
  async_id_t id = scene->first;
  make(scene, "TCPSERVERWRAP", 1);
  async_resource_t *gone = make(scene, "TCPWRAP", id);
  make(scene, "Timeout", id + 1);
  make(scene, "Immediate", id + 9);
  make_across(scene, "Late", (async_ref_t){77, 4});
  end(scene, gone);
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_in_order(scene, answer.text, "\n├─ TCPSERVERWRAP @0 ",
                  "\n│  └─ TCPWRAP @1 ", "\n│     └─ Timeout @2 ", "\n└─ ? @9 ",
                  "\n   └─ Immediate @3 ", "\nthreads that have ended",
                  "\n└─ ? 77:4 ", "\n   └─ Late @4 ");
  assert_non_null(strstr(line_with(answer.text, "TCPWRAP"), " (gone) "));
  answer_free(&answer);
}

static void hidden_resources_pass_their_children_on(void **state) {
  scene_t *scene = *state;
  async_id_t id = scene->first;
  make(scene, "SHOWN", 1);
  make_internal(scene, "HIDDEN", id + 2);
  make_internal(scene, "HIDDEN", id);
  make(scene, "CHILD", id + 1);
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_in_order(scene, answer.text, "\n└─ SHOWN @0 ", "\n   └─ CHILD @3 ",
                  "\nlive 2, ", " hidden 2;");
  assert_null(strstr(answer.text, "HIDDEN"));
  answer_free(&answer);
  answer = ask_text(scene, "/debug/tree?internal=1");
  assert_int_equal(occurrences(answer.text, "HIDDEN"), 2);
  answer_free(&answer);
}

static void cycles_are_cut_and_said(void **state) {
  scene_t *scene = *state;
  async_id_t id = scene->first;
  make(scene, "SELF", id);
  make(scene, "A", id + 2);
  make(scene, "B", id + 3);
  make(scene, "C", id + 1);
  make(scene, "TAIL", id + 3);
  make_internal(scene, "HIDDEN", id + 6);
  make_internal(scene, "HIDDEN", id + 5);
  make(scene, "LEAF", id + 6);
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_int_equal(occurrences(answer.text, "(cycle)\n"), 2);
  assert_in_order(scene, answer.text, "\n├─ SELF @0 ", "\n├─ A @1 ",
                  "\n│  └─ C @3 ", "\n│     ├─ B @2 ", "\n│     └─ TAIL @4 ",
                  "\n└─ LEAF @7 ");
  answer_free(&answer);
}

static void names_cannot_draw(void **state) {
  static const char name[] =
      "\"\r\n└─ FORGED 0:1\x1b]0;x\x07\xc2\x9b\xe2\x80\xae";
  scene_t *scene = *state;
  async_env_set_name("l\x1b[2J");
  async_resource_set_name(make(scene, "T\n", 1), name, strlen(name));
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_null(strpbrk(answer.text, "\x1b\r\x07"));
  assert_null(strstr(answer.text, "\xc2\x9b"));
  assert_null(strstr(answer.text, "\xe2\x80\xae"));
  assert_null(strstr(answer.text, "\n└─ FORGED"));
  assert_non_null(strstr(answer.text, "\"l\\x1b[2J\""));
  assert_in_order(scene, answer.text, "└─ T\\x0a @0 \"\\\"\\x0d\\x0a└─ FORGED");
  answer_free(&answer);
}

static void the_last_line_counts(void **state) {
  scene_t *scene = *state;
  async_resource_t *request = make(scene, "HTTPINCOMINGMESSAGE", 1);
  make_task(scene, id_of(request));
  make(scene, "A", 1);
  assert_int_equal(async_resource_enter(request), 0);
  answer_t answer = ask_text(scene, "/debug/tree");
  async_resource_leave(request);
  assert_string_equal(strstr(answer.text, "\nlive "),
                      "\nlive 3, running 1, queued 1, hidden 0; "
                      "requests in flight 1; threads 1; "
                      "created 4, destroyed 1\n");
  answer_free(&answer);
}

static void a_deep_stack_says_so(void **state) {
  scene_t *scene = *state;
  for (int i = 0; i < 65; i++)
    assert_int_equal(async_resource_enter(make(scene, "A", 1)), 0);
  answer_t answer = ask_text(scene, "/debug/tree");
  for (size_t i = 65; i > 0; i--)
    async_resource_leave(&scene->resources[i - 1]);
  assert_non_null(
      strstr(line_with(answer.text, "\"tester\""), "running, 65 scopes deep"));
  answer_free(&answer);
}

static void nothing_live_is_a_title_and_counts(void **state) {
  (void)state;
  asyncscope_debug_t *debug;
  assert_int_equal(asyncscope_debug_create(NULL, &debug), 0);
  answer_t answer = ask(debug, "/debug/tree");
  assert_int_equal(strncmp(answer.text, "asyncscope ", 11), 0);
  assert_int_equal(occurrences(answer.text, "\n"), 4);
  answer_free(&answer);
  asyncscope_debug_destroy(debug);
}

static void many_that_are_alike_are_one_line(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  for (int i = 0; i < 10000; i++)
    make(scene, "Timeout", id_of(server));
  make(scene, "LAST", id_of(server));
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_int_equal(occurrences(answer.text, "Timeout"), 1);
  assert_non_null(strstr(answer.text, "Timeout ×10000 "));
  assert_in_order(scene, answer.text, "├─ Timeout ×10000 @1..", "└─ LAST ");
  const char *line = line_with(answer.text, "Timeout");
  assert_non_null(strstr(line, "  init "));
  assert_true(answer.length < 4000);
  answer_free(&answer);
}

static void few_that_are_alike_are_lines_of_their_own(void **state) {
  scene_t *scene = *state;
  for (int i = 0; i < 16; i++)
    make(scene, "Timeout", 1);
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_int_equal(occurrences(answer.text, "Timeout"), 16);
  answer_free(&answer);
  make(scene, "Timeout", 1);
  answer = ask_text(scene, "/debug/tree");
  assert_int_equal(occurrences(answer.text, "Timeout"), 1);
  answer_free(&answer);
  answer = ask_text(scene, "/debug/tree?group_by=none");
  assert_int_equal(occurrences(answer.text, "Timeout"), 17);
  answer_free(&answer);
}

/* Each with a child of its own. */
static void families_that_are_alike_are_one_family(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  for (int i = 0; i < 100; i++) {
    async_resource_t *connection = make(scene, "CONNECTION", id_of(server));
    async_resource_t *request =
        make_for(scene, "REQUEST", id_of(connection), 100 + (uint64_t)i);
    make(scene, i % 4 == 0 ? "FILE" : "TIMER", id_of(request));
  }
  answer_t answer = ask_text(scene, "/debug/tree");
  assert_in_order(scene, answer.text, "\n└─ SERVER @0 ",
                  "\n   └─ CONNECTION ×100 ", "\n      └─ REQUEST ×100 ",
                  "\n         ├─ FILE ×25 ", "\n         └─ TIMER ×75 ");
  assert_int_equal(occurrences(answer.text, "─ "), 5);
  answer_free(&answer);
}

static void what_many_have_not_in_common_is_said(void **state) {
  scene_t *scene = *state;
  for (int i = 0; i < 20; i++)
    make_for(scene, "A", 1, i < 19 ? 5 : 6);
  for (int i = 0; i < 20; i++)
    make_for(scene, "B", 1, 7);
  assert_int_equal(async_resource_enter(&scene->resources[3]), 0);
  answer_t answer = ask_text(scene, "/debug/tree");
  async_resource_leave(&scene->resources[3]);
  const char *line = line_with(answer.text, "A ×20");
  assert_non_null(strstr(line, "  several "));
  assert_null(strstr(line, " r5 "));
  line = line_with(answer.text, "B ×20");
  assert_non_null(strstr(line, "  init "));
  assert_non_null(strstr(line, " r7 "));
  answer_free(&answer);
}

static void a_filter_shows_what_matches_with_its_causes(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  async_resource_t *connection = make(scene, "CONNECTION", id_of(server));
  make_for(scene, "TIMER", id_of(connection), 5);
  make(scene, "OTHER", id_of(server));
  answer_t answer = ask_text(scene, "/debug/tree?request=r5");
  assert_in_order(scene, answer.text, "\n└─ SERVER @0 ",
                  "\n   └─ CONNECTION @1 ", "\n      └─ TIMER @2 ");
  assert_null(strstr(answer.text, "OTHER"));
  answer_free(&answer);
}

static void a_root_and_a_depth_bound_the_tree(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make(scene, "FIRST", 1);
  async_resource_t *second = make(scene, "SECOND", id_of(first));
  make(scene, "THIRD", id_of(second));
  make(scene, "OTHER", 1);
  answer_t answer =
      ask_text(scene, "/debug/tree?root=%s&depth=0", key_of(second));
  assert_non_null(strstr(answer.text, "SECOND"));
  assert_null(strstr(answer.text, "THIRD"));
  assert_null(strstr(answer.text, "OTHER"));
  answer_free(&answer);
  answer = ask_text(scene, "/debug/tree?depth=1");
  assert_non_null(strstr(answer.text, "SECOND"));
  assert_null(strstr(answer.text, "THIRD"));
  answer_free(&answer);
}

/* What is alike is found among the same nodes as what is below the root. */
static void a_root_of_many_that_are_alike_has_one_line_of_them(void **state) {
  scene_t *scene = *state;
  async_resource_t *other = make(scene, "OTHER", 1);
  async_resource_t *root = make(scene, "ROOT", 1);
  for (int i = 0; i < 20; i++) {
    async_resource_t *connection = make(scene, "CONNECTION", id_of(root));
    make(scene, "TIMER", id_of(connection));
    make(scene, "CONNECTION", id_of(other));
  }
  answer_t answer = ask_text(scene, "/debug/tree?root=%s", key_of(root));
  assert_in_order(scene, answer.text, "\n└─ ROOT @1 ", "\n   └─ CONNECTION ×20",
                  "\n      └─ TIMER ×20");
  assert_int_equal(occurrences(answer.text, "CONNECTION"), 1);
  assert_null(strstr(answer.text, "OTHER"));
  answer_free(&answer);
}

static void a_tree_has_a_limit_and_says_so(void **state) {
  scene_t *scene = *state;
  for (int i = 0; i < 5; i++)
    make(scene, "A", 1);
  answer_t answer = ask_text(scene, "/debug/tree?limit=3");
  assert_int_equal(occurrences(answer.text, "─ A "), 3);
  assert_non_null(strstr(answer.text, "(cut at 3 lines"));
  assert_non_null(strstr(answer.text, "\nlive 5, "));
  answer_free(&answer);
  answer = ask_text(scene, "/debug/tree?limit=5");
  assert_null(strstr(answer.text, "(cut"));
  answer_free(&answer);
}

#define CHAIN       10000
#define STACK_BYTES ((size_t)192 * 1024)

static void ask_for_tree(void *arg) {
  scene_t *scene = arg;
  answer_t answer = ask(scene->debug, "/debug/tree?limit=100000");
  scene->count = occurrences(answer.text, "LINK ") == CHAIN &&
                         strstr(answer.text, "(depth 10000) LINK ") != NULL &&
                         answer.length < (size_t)CHAIN * 320
                     ? scene->count
                     : 0;
  answer_free(&answer);
}

/* A frame of recursion for each link would need more stack than there is. The
 * ids run against the order of causes. */
static void deep_chains_need_no_stack(void **state) {
  scene_t *scene = *state;
  const uv_thread_options_t options = {UV_THREAD_HAS_STACK_SIZE, STACK_BYTES};
  uv_thread_t thread;
  for (async_id_t i = 1; i <= CHAIN; i++)
    make(scene, "LINK", i == CHAIN ? 1 : scene->first + i);
  assert_int_equal(uv_thread_create_ex(&thread, &options, ask_for_tree, scene),
                   0);
  assert_int_equal(uv_thread_join(&thread), 0);
  assert_int_equal(scene->count, CHAIN);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_chain_is_indented_by_cause),
      cmocka_unit_test_of_scene(columns_are_aligned),
      cmocka_unit_test_of_scene(a_long_name_does_not_push_the_columns_away),
      cmocka_unit_test_of_scene(work_hangs_under_its_cause_on_another_thread),
      cmocka_unit_test_of_scene(gone_ancestors_keep_their_place),
      cmocka_unit_test_of_scene(hidden_resources_pass_their_children_on),
      cmocka_unit_test_of_scene(cycles_are_cut_and_said),
      cmocka_unit_test_of_scene(names_cannot_draw),
      cmocka_unit_test_of_scene(the_last_line_counts),
      cmocka_unit_test_of_scene(a_deep_stack_says_so),
      cmocka_unit_test(nothing_live_is_a_title_and_counts),
      cmocka_unit_test_of_scene(many_that_are_alike_are_one_line),
      cmocka_unit_test_of_scene(few_that_are_alike_are_lines_of_their_own),
      cmocka_unit_test_of_scene(families_that_are_alike_are_one_family),
      cmocka_unit_test_of_scene(what_many_have_not_in_common_is_said),
      cmocka_unit_test_of_scene(a_filter_shows_what_matches_with_its_causes),
      cmocka_unit_test_of_scene(a_root_and_a_depth_bound_the_tree),
      cmocka_unit_test_of_scene(
          a_root_of_many_that_are_alike_has_one_line_of_them),
      cmocka_unit_test_of_scene(a_tree_has_a_limit_and_says_so),
      cmocka_unit_test_of_scene(deep_chains_need_no_stack),
  };
  return test_main(tests, argc, argv);
}
