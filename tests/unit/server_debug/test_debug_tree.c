#include "debug_fixture.h"

#include "tree.h"
#include <string.h>

static answer_t tree_of(debug_snapshot_t *snapshot) {
  answer_t answer = made_answer(snapshot, &asyncscope__debug_tree_text);
  assert_int_equal(answer.status, 0);
  assert_int_equal(answer.text[answer.length - 1], '\n');
  return answer;
}

/* Where each stands in the text, in this order. */
static void assert_order(const char *text, const char *const *parts,
                         size_t count) {
  const char *at = text;
  for (size_t i = 0; i < count; i++) {
    const char *found = strstr(at, parts[i]);
    if (found == NULL) {
      fail_msg("no \"%s\" behind the others in:\n%s", parts[i], text);
    }
    at = found + 1;
  }
}

#define assert_in_order(text, ...)                                 \
  do {                                                             \
    static const char *const parts[] = {__VA_ARGS__};              \
    assert_order((text), parts, sizeof(parts) / sizeof(parts[0])); \
  } while (0)

static void a_chain_is_indented_by_cause(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 9, "Timeout", 8)->request = 4;
  made_resource(snapshot, 2, "TCPSERVERWRAP", 1);
  made_resource(snapshot, 3, "TCPWRAP", 2);
  made_name(made_resource(snapshot, 8, "HTTPINCOMINGMESSAGE", 3), "GET /");
  made_resource(snapshot, 12, "TCPWRAP", 2);
  answer_t answer = tree_of(snapshot);
  assert_in_order(answer.text, "thread 0 \"loop\"  loop",
                  "\n└─ TCPSERVERWRAP 0:2 ", "\n   ├─ TCPWRAP 0:3 ",
                  "\n   │  └─ HTTPINCOMINGMESSAGE 0:8 \"GET /\" ",
                  "\n   │     └─ Timeout 0:9 ", "\n   └─ TCPWRAP 0:12 ");
  assert_non_null(strstr(line_with(answer.text, "Timeout"), "r4 "));
  assert_non_null(strstr(line_with(answer.text, "Timeout"), "made.c:7 make"));
  assert_null(strstr(answer.text, "room/"));
  answer_free(&answer);
}

static void columns_are_aligned(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "A", 1);
  made_resource(snapshot, 3, "A", 2);
  made_name(made_resource(snapshot, 4, "LONGERTYPE", 1), "name");
  answer_t answer = tree_of(snapshot);
  assert_in_order(answer.text,
                  "├─ A 0:2                  init         1.0 ms  -       made",
                  "│  └─ A 0:3               init         1.0 ms  -       made",
                  "└─ LONGERTYPE 0:4 \"name\"  init         1.0 ms  -       m");
  answer_free(&answer);
}

static void work_hangs_under_its_cause_on_another_thread(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 5, "WORK", 1);
  made_thread(snapshot, 1, ASYNC_ENV_WORKER, "pool-0");
  made_entry(snapshot, 2, 4200);
  made_across(snapshot, 2, "WORK", (async_ref_t){0, 5});
  answer_t answer = tree_of(snapshot);
  assert_in_order(answer.text, "thread 0", "\n└─ WORK 0:5 ",
                  "\n   └─ WORK 1:2 ", "\nthread 1 \"pool-0\"  worker",
                  "in WORK 1:2 for 4.2 ms");
  assert_non_null(strstr(line_with(answer.text, "WORK 0:5"), " running "));
  answer_free(&answer);
}

static void gone_ancestors_keep_their_place(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_ancestor(snapshot, 3, "TCPWRAP", 2);
  made_resource(snapshot, 2, "TCPSERVERWRAP", 1);
  made_resource(snapshot, 8, "Timeout", 3);
  made_resource(snapshot, 9, "Immediate", 6);
  made_across(snapshot, 10, "Late", (async_ref_t){7, 4});
  answer_t answer = tree_of(snapshot);
  assert_in_order(
      answer.text, "\n├─ TCPSERVERWRAP 0:2 ", "\n│  └─ TCPWRAP 0:3 ",
      "\n│     └─ Timeout 0:8 ", "\n└─ ? 0:6 ", "\n   └─ Immediate 0:9 ",
      "\nthreads that have ended", "\n└─ ? 7:4 ", "\n   └─ Late 0:10 ");
  assert_non_null(strstr(line_with(answer.text, "TCPWRAP 0:3"), " (gone) "));
  assert_non_null(strstr(line_with(answer.text, "? 0:6"), " (gone) "));
  answer_free(&answer);
}

static void hidden_resources_pass_their_children_on(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "SHOWN", 1);
  made_resource(snapshot, 3, "HIDDEN", 2)->internal = true;
  made_resource(snapshot, 4, "HIDDEN", 3)->internal = true;
  made_resource(snapshot, 5, "CHILD", 4);
  answer_t answer = tree_of(snapshot);
  assert_in_order(answer.text, "\n└─ SHOWN 0:2 ", "\n   └─ CHILD 0:5 ",
                  "\nlive 2, ", " hidden 2;");
  assert_null(strstr(answer.text, "HIDDEN"));
  answer_free(&answer);
}

static void hidden_causes_with_later_ids_are_skipped_too(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "CHILD", 3);
  made_resource(snapshot, 3, "HIDDEN", 4)->internal = true;
  made_resource(snapshot, 4, "HIDDEN", 5)->internal = true;
  made_resource(snapshot, 5, "SHOWN", 1);
  answer_t answer = tree_of(snapshot);
  assert_in_order(answer.text, "\n└─ SHOWN 0:5 ", "\n   └─ CHILD 0:2 ");
  answer_free(&answer);
}

static void a_long_name_does_not_push_the_columns_away(void **state) {
  (void)state;
  static const char name[] =
      "GET /a/path/that/is/as/long/as/a/name/is/kept/here/1234";
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "A", 1);
  made_name(made_resource(snapshot, 3, "HTTPINCOMINGMESSAGE", 1), name);
  answer_t answer = tree_of(snapshot);
  const char *line = line_with(answer.text, "A 0:2");
  /* The branch is three columns of seven bytes. */
  assert_int_equal(strstr(line, "init") - line, 64 + 2 + 4);
  assert_non_null(strstr(answer.text, "1234\"  init "));
  answer_free(&answer);
}

static void cycles_are_cut_and_said(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  made_resource(snapshot, 2, "SELF", 2);
  made_resource(snapshot, 3, "A", 4);
  made_resource(snapshot, 4, "B", 5);
  made_resource(snapshot, 5, "C", 3);
  made_resource(snapshot, 6, "TAIL", 5);
  made_resource(snapshot, 7, "HIDDEN", 8)->internal = true;
  made_resource(snapshot, 8, "HIDDEN", 7)->internal = true;
  made_resource(snapshot, 9, "LEAF", 8);
  answer_t answer = tree_of(snapshot);
  assert_int_equal(occurrences(answer.text, "(cycle)\n"), 2);
  assert_in_order(answer.text, "\n├─ SELF 0:2 ", "\n├─ A 0:3 ",
                  "\n│  └─ C 0:5 ", "\n│     ├─ B 0:4 ", "\n│     └─ TAIL 0:6 ",
                  "\n└─ LEAF 0:9 ");
  answer_free(&answer);
}

static void names_cannot_draw(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "l\x1b[2J");
  made_name(made_resource(snapshot, 2, "T\n", 1),
            "\"\r\n└─ FORGED 0:1\x1b]0;x\x07\xc2\x9b\xe2\x80\xae");
  answer_t answer = tree_of(snapshot);
  assert_null(strpbrk(answer.text, "\x1b\r\x07"));
  assert_null(strstr(answer.text, "\xc2\x9b"));
  assert_null(strstr(answer.text, "\xe2\x80\xae"));
  assert_null(strstr(answer.text, "\n└─ FORGED"));
  assert_non_null(strstr(answer.text, "\"l\\x1b[2J\""));
  assert_non_null(
      strstr(answer.text, "└─ T\\x0a 0:2 \"\\\"\\x0d\\x0a└─ FORGED"));
  answer_free(&answer);
}

static void ages_are_in_human_units(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop")->captured_ns =
      MADE_NS + 3723000000000;
  made_resource(snapshot, 2, "A", 1);
  made_resource(snapshot, 3, "A", 1)->created_ns = MADE_NS + 3722988000000;
  made_resource(snapshot, 4, "A", 1)->created_ns = UINT64_MAX;
  answer_t answer = tree_of(snapshot);
  assert_non_null(strstr(line_with(answer.text, "A 0:2"), "  1 h 02 m  "));
  assert_non_null(strstr(line_with(answer.text, "A 0:3"), "   12.0 ms  "));
  assert_non_null(strstr(line_with(answer.text, "A 0:4"), "      0 us  "));
  answer_free(&answer);
}

static void the_last_line_counts(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop")->info.resources_created = 12;
  made_entry(snapshot, 2, 1);
  made_resource(snapshot, 2, "HTTPINCOMINGMESSAGE", 1);
  made_resource(snapshot, 3, "WORK", 2);
  made_resource(snapshot, 4, "A", 9);
  answer_t answer = tree_of(snapshot);
  const char *last = strstr(answer.text, "\nlive 3, ");
  assert_non_null(last);
  assert_string_equal(last + 1,
                      "live 3, running 1, queued 1, gone 1, hidden 0; "
                      "requests in flight 1; threads 1; "
                      "created 12, destroyed 0\n");
  answer_free(&answer);
}

static void a_deep_stack_says_so(void **state) {
  (void)state;
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_OTHER, "main");
  for (async_id_t id = 2; id < 2 + ASYNC_STACK_PUBLISHED + 1; id++) {
    made_entry(snapshot, id, 10);
  }
  answer_t answer = tree_of(snapshot);
  assert_non_null(strstr(line_with(answer.text, "thread 0"),
                         "\"main\"  other, tid 0, running, 65 scopes deep"));
  answer_free(&answer);
}

static void an_empty_snapshot_is_a_title_and_counts(void **state) {
  (void)state;
  answer_t answer = tree_of(made_snapshot());
  assert_int_equal(strncmp(answer.text, "asyncscope ", 11), 0);
  assert_int_equal(occurrences(answer.text, "\n"), 3);
  answer_free(&answer);
}

#define CHAIN       10000
#define STACK_BYTES ((size_t)192 * 1024)

/* Each caused by the one before; the ids run against the order they are
 * copied in. */
static void deep_chain(void *arg) {
  debug_snapshot_t *snapshot = made_snapshot();
  made_thread(snapshot, 0, ASYNC_ENV_LOOP, "loop");
  for (async_id_t id = CHAIN + 1; id > 1; id--) {
    made_resource(snapshot, id, "LINK", id - 1);
  }
  *(answer_t *)arg = made_answer(snapshot, &asyncscope__debug_tree_text);
}

/* A frame of recursion for each link would need more stack than there is. */
static void deep_chains_need_no_stack(void **state) {
  (void)state;
  const uv_thread_options_t options = {UV_THREAD_HAS_STACK_SIZE, STACK_BYTES};
  uv_thread_t thread;
  answer_t answer;
  assert_int_equal(uv_thread_create_ex(&thread, &options, deep_chain, &answer),
                   0);
  assert_int_equal(uv_thread_join(&thread), 0);
  assert_int_equal(answer.status, 0);
  assert_int_equal(occurrences(answer.text, "LINK 0:"), CHAIN);
  assert_non_null(strstr(answer.text, "(depth 10000) LINK 0:10001 "));
  assert_true(answer.chunks > 1);
  assert_true(answer.longest_chunk <= ASYNCSCOPE_DEBUG_CHUNK_BYTES);
  assert_true(answer.length < (size_t)CHAIN * 320);
  answer_free(&answer);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_chain_is_indented_by_cause),
      cmocka_unit_test(columns_are_aligned),
      cmocka_unit_test(work_hangs_under_its_cause_on_another_thread),
      cmocka_unit_test(gone_ancestors_keep_their_place),
      cmocka_unit_test(hidden_resources_pass_their_children_on),
      cmocka_unit_test(hidden_causes_with_later_ids_are_skipped_too),
      cmocka_unit_test(a_long_name_does_not_push_the_columns_away),
      cmocka_unit_test(cycles_are_cut_and_said),
      cmocka_unit_test(names_cannot_draw),
      cmocka_unit_test(ages_are_in_human_units),
      cmocka_unit_test(the_last_line_counts),
      cmocka_unit_test(a_deep_stack_says_so),
      cmocka_unit_test(an_empty_snapshot_is_a_title_and_counts),
      cmocka_unit_test(deep_chains_need_no_stack),
  };
  return test_main(tests, argc, argv);
}
