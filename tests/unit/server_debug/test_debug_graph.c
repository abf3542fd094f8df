#include "debug_fixture.h"

#include <stdio.h>
#include <string.h>

static size_t count_of(const json_t *document, const char *array) {
  return json_array_size(json_object_get(document, array));
}

static const json_t *link_between(const json_t *document, const char *from,
                                  const char *to) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(document, "links"), i, item) {
    if (strcmp(json_text_of(item, "source"), from) == 0 &&
        strcmp(json_text_of(item, "target"), to) == 0)
      return item;
  }
  return NULL;
}

/* Made in the callback of one, caused by another. */
static void edges_are_triggers_and_other_executions(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  async_resource_t *outer = make(scene, "OUTER", 1);
  assert_int_equal(async_resource_enter(outer), 0);
  async_resource_t *inner = make(scene, "INNER", id_of(server));
  async_resource_t *own = make(scene, "OWN", id_of(outer));
  async_resource_leave(outer);
  json_t *document = ask_json(scene, "/debug/graph");
  assert_int_equal(count_of(document, "nodes"), 4);
  assert_int_equal(count_of(document, "links"), 3);
  assert_string_equal(
      json_text_of(link_between(document, key_of(server), key_of(inner)),
                   "key"),
      "trigger");
  assert_string_equal(
      json_text_of(link_between(document, key_of(outer), key_of(inner)), "key"),
      "execution");
  assert_string_equal(
      json_text_of(link_between(document, key_of(outer), key_of(own)), "key"),
      "trigger");
  json_decref(document);
}

static void the_gone_are_nodes_where_they_lead_on(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  async_resource_t *first = make(scene, "FIRST", id_of(server));
  async_resource_t *second = make(scene, "SECOND", id_of(first));
  async_resource_t *unrelated = make(scene, "UNRELATED", 1);
  async_resource_t *timer = make(scene, "TIMER", id_of(second));
  make(scene, "X", id_of(unrelated));
  char key[32];
  snprintf(key, sizeof(key), "%s", key_of(first));
  end(scene, second);
  end(scene, first);
  end(scene, unrelated);
  json_t *document = ask_json(scene, "/debug/graph?type=TIMER,SERVER");
  assert_int_equal(count_of(document, "nodes"), 4);
  const json_t *gone = json_named(document, "nodes", "id", key);
  assert_true(json_is_true(json_object_get(gone, "gone")));
  assert_string_equal(json_text_of(gone, "type"), "FIRST");
  assert_non_null(link_between(document, key_of(server), key));
  assert_null(link_between(document, key, key_of(timer)));
  json_decref(document);
}

static void edges_cross_threads(void **state) {
  scene_t *scene = *state;
  async_resource_t *task = make_task(scene, 1);
  other_t worker = {.kind = ASYNC_ENV_WORKER,
                    .name = "pool-0",
                    .type = "WORK",
                    .cause = {scene->thread, id_of(task)}};
  char key[32];
  other_start(&worker);
  json_t *document = ask_json(scene, "/debug/graph");
  other_stop(&worker);
  snprintf(key, sizeof(key), "%u:%lld", worker.made.thread,
           (long long)worker.made.async_id);
  assert_non_null(link_between(document, key_of(task), key));
  json_decref(document);
}

static void many_are_drawn_in_groups(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  for (int i = 0; i < 500; i++)
    make(scene, "TIMER", id_of(server));
  json_t *document = ask_json(scene, "/debug/graph");
  const json_t *attributes = json_object_get(document, "graph");
  assert_string_equal(json_text_of(attributes, "groupBy"), "site");
  assert_int_equal(json_integer_of(attributes, "matched"), 501);
  assert_int_equal(count_of(document, "nodes"), 2);
  const json_t *group = json_named(document, "nodes", "type", "TIMER");
  assert_int_equal(json_integer_of(group, "count"), 500);
  const json_t *edge = json_array_get(json_object_get(document, "links"), 0);
  assert_int_equal(json_integer_of(edge, "count"), 500);
  json_decref(document);
  document = ask_json(scene, "/debug/graph?group_by=none");
  assert_int_equal(count_of(document, "nodes"), 500);
  assert_true(json_is_true(
      json_object_get(json_object_get(document, "graph"), "truncated")));
  json_decref(document);
}

static void a_group_tells_in_which_states_it_is(void **state) {
  scene_t *scene = *state;
  async_resource_t *timers[3];
  for (size_t i = 0; i < 3; i++)
    timers[i] = make(scene, "TIMER", 1);
  assert_int_equal(async_resource_enter(timers[0]), 0);
  async_resource_leave(timers[0]);
  assert_int_equal(async_resource_enter(timers[1]), 0);
  json_t *document = ask_json(scene, "/debug/graph?group_by=path");
  async_resource_leave(timers[1]);
  const json_t *group = json_named(document, "nodes", "type", "TIMER");
  const json_t *states = json_object_get(group, "states");
  assert_string_equal(json_keys(states), "init running idle ");
  assert_int_equal(json_integer_of(states, "running"), 1);
  json_decref(document);
}

/* Two connections that have ended, each with a request and its timer. */
static void groups_are_what_group_by_says(void **state) {
  static const struct {
    const char *by;
    size_t nodes, links;
  } cases[] = {{"type", 4, 3},   {"site", 4, 3}, {"request", 3, 5},
               {"thread", 1, 1}, {"path", 4, 3}, {"none", 7, 6}};
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  for (uint64_t i = 0; i < 2; i++) {
    async_resource_t *connection = make(scene, "CONNECTION", id_of(server));
    async_resource_t *request =
        make_for(scene, "REQUEST", id_of(connection), 5 + i);
    make_for(scene, "TIMER", id_of(request), 5 + i);
    end(scene, connection);
  }
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    json_t *document = ask_json(scene, "/debug/graph?group_by=%s", cases[i].by);
    if (count_of(document, "nodes") != cases[i].nodes ||
        count_of(document, "links") != cases[i].links)
      fail_msg("%s: %zu nodes, %zu links", cases[i].by,
               count_of(document, "nodes"), count_of(document, "links"));
    json_decref(document);
  }
}

static void a_cycle_is_a_cycle(void **state) {
  scene_t *scene = *state;
  async_resource_t *first = make(scene, "A", scene->first + 1);
  async_resource_t *second = make(scene, "B", scene->first);
  json_t *document = ask_json(scene, "/debug/graph");
  assert_int_equal(count_of(document, "links"), 2);
  assert_non_null(link_between(document, key_of(first), key_of(second)));
  assert_non_null(link_between(document, key_of(second), key_of(first)));
  json_decref(document);
}

static void dot_has_a_cluster_for_each_request(void **state) {
  scene_t *scene = *state;
  char edge[128];
  async_resource_t *connection = make(scene, "CONNECTION", 1);
  async_resource_t *request = make_for(scene, "REQUEST", id_of(connection), 9);
  make_for(scene, "TIMER", id_of(request), 9);
  answer_t answer = ask_text(scene, "/debug/graph?format=dot");
  assert_int_equal(strncmp(answer.text, "digraph asyncscope {\n", 21), 0);
  assert_int_equal(occurrences(answer.text, "subgraph \"cluster_r9\""), 1);
  snprintf(edge, sizeof(edge), "\"%s\" -> \"%s\" [class=\"trigger\"];",
           key_of(connection), key_of(request));
  assert_non_null(strstr(answer.text, edge));
  assert_string_equal(answer.text + answer.length - 2, "}\n");
  answer_free(&answer);
}

static void executions_are_dashed(void **state) {
  scene_t *scene = *state;
  async_resource_t *outer = make(scene, "OUTER", 1);
  assert_int_equal(async_resource_enter(outer), 0);
  make(scene, "INNER", 1);
  async_resource_leave(outer);
  answer_t answer = ask_text(scene, "/debug/graph?format=dot");
  assert_non_null(strstr(answer.text, "style=dashed"));
  answer_free(&answer);
  answer = ask_text(scene, "/debug/graph?format=mermaid");
  assert_non_null(strstr(answer.text, "-.->|execution|"));
  answer_free(&answer);
}

static const char hostile[] =
    "\"];x[label=\"\\\\N<b>&amp;`#;%%\n]end\xff\xe2\x80\xae|{}()";

static void hostile_names_stay_in_their_labels(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "T\"\\]|", 1);
  assert_int_equal(async_resource_set_name(resource, hostile, strlen(hostile)),
                   0);
  answer_t answer = ask_text(scene, "/debug/graph?format=dot");
  const char *line = line_with(answer.text, "[label=\"T");
  /* Between the quotes that are not escaped stands no other. */
  const char *begin = strstr(line, "=\"T") + 2;
  const char *end_of = begin;
  while (*end_of != '"')
    end_of += *end_of == '\\' ? 2 : 1;
  assert_string_equal(end_of, "\"];");
  answer_free(&answer);
  answer = ask_text(scene, "/debug/graph?format=mermaid");
  line = line_with(answer.text, "[\"T");
  begin = strstr(line, "[\"T") + 2;
  assert_ptr_equal(strchr(begin, '"'), strstr(begin, "\"]"));
  assert_null(strpbrk(begin, "`{}()|\\"));
  answer_free(&answer);
}

/* Mermaid refuses what is longer than 50,000 characters or has more than 500
 * edges. */
static void mermaid_is_not_given_more_than_it_takes(void **state) {
  static char type[300];
  scene_t *scene = *state;
  memset(type, '"', sizeof(type) - 1);
  async_resource_t *server = make(scene, "SERVER", 1);
  for (int i = 0; i < 1000; i++)
    make(scene, i % 2 == 0 ? type : "TIMER", id_of(server));
  answer_t answer =
      ask_text(scene, "/debug/graph?format=mermaid&group_by=none&limit=1000");
  assert_true(answer.length < 50000);
  assert_true(occurrences(answer.text, "-->") <= 500);
  assert_non_null(strstr(answer.text, "%% cut"));
  answer_free(&answer);
}

static void grafana_gets_nodes_and_edges(void **state) {
  scene_t *scene = *state;
  async_resource_t *server = make(scene, "SERVER", 1);
  async_resource_t *timer = make_for(scene, "TIMER", id_of(server), 3);
  assert_int_equal(async_resource_enter(timer), 0);
  json_t *document = ask_json(scene, "/debug/graph?format=nodegraph");
  async_resource_leave(timer);
  const json_t *node = json_named(document, "nodes", "id", key_of(timer));
  assert_string_equal(json_text_of(node, "title"), "TIMER");
  assert_string_equal(json_text_of(node, "detail__request"), "r3");
  assert_true(json_real_value(json_object_get(node, "arc__running")) == 1);
  const json_t *edge = json_array_get(json_object_get(document, "edges"), 0);
  assert_string_equal(json_text_of(edge, "source"), key_of(server));
  assert_string_equal(json_text_of(edge, "target"), key_of(timer));
  json_decref(document);
}

static void nothing_live_is_an_empty_graph(void **state) {
  scene_t *scene = *state;
  json_t *document = ask_json(scene, "/debug/graph");
  assert_int_equal(count_of(document, "nodes"), 0);
  json_decref(document);
  answer_t answer = ask_text(scene, "/debug/graph?format=mermaid");
  assert_int_equal(strncmp(answer.text, "flowchart LR\n  %% ", 18), 0);
  assert_int_equal(occurrences(answer.text, "\n"), 2);
  answer_free(&answer);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(edges_are_triggers_and_other_executions),
      cmocka_unit_test_of_scene(the_gone_are_nodes_where_they_lead_on),
      cmocka_unit_test_of_scene(edges_cross_threads),
      cmocka_unit_test_of_scene(many_are_drawn_in_groups),
      cmocka_unit_test_of_scene(a_group_tells_in_which_states_it_is),
      cmocka_unit_test_of_scene(groups_are_what_group_by_says),
      cmocka_unit_test_of_scene(a_cycle_is_a_cycle),
      cmocka_unit_test_of_scene(dot_has_a_cluster_for_each_request),
      cmocka_unit_test_of_scene(executions_are_dashed),
      cmocka_unit_test_of_scene(hostile_names_stay_in_their_labels),
      cmocka_unit_test_of_scene(mermaid_is_not_given_more_than_it_takes),
      cmocka_unit_test_of_scene(grafana_gets_nodes_and_edges),
      cmocka_unit_test_of_scene(nothing_live_is_an_empty_graph),
  };
  return test_main(tests, argc, argv);
}
