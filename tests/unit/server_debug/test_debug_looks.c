/* /debug/events for those who ask by what events do not tell: what a client
 * knows that applies each delta is what the list shows. */
#include "events_reader.h"

#include <stdio.h>
#include <string.h>

/* Until the stream wants to be read again, then until it is silent. */
static void read_when_due(void) {
  reader.length = 0;
  wait_until_due();
  read_events();
}

static bool was_told(const char *event) {
  return strstr(reader.text, event) != NULL;
}

/* The stream may be due for something else before it looks, and what another
 * thread does may be seen later. */
static void read_delta(void) {
  do {
    read_when_due();
    assert_false(was_told("event: snapshot"));
  } while (!was_told("event: delta"));
}

/* -- A client -------------------------------------------------------------- */

/* What time alone changes is not told. */
static json_t *without_times(json_t *resource) {
  json_t *copy = json_deep_copy(resource);
  json_object_del(copy, "ageUs");
  json_object_del(copy, "queuedUs");
  if (strcmp(json_text_of(copy, "state"), "running") == 0)
    json_object_del(copy, "runUs");
  return copy;
}

static void take_all(json_t *known, const json_t *list) {
  size_t i;
  json_t *item;
  json_array_foreach(list, i, item) {
    json_object_set_new(known, json_text_of(item, "key"), json_deep_copy(item));
  }
}

static void add(json_t *resource, const json_t *change, const char *count) {
  json_object_set_new(resource, count,
                      json_integer(json_integer_of(resource, count) +
                                   json_integer_of(change, count)));
}

/* The counts grow; what else a change tells of, it tells anew. */
static void change(json_t *known, json_t *change) {
  static const char *const anew[] = {"name", "requestId", "frame", "internal"};
  json_t *resource = json_object_get(known, json_text_of(change, "key"));
  assert_non_null(resource);
  add(resource, change, "callbacks");
  add(resource, change, "runUs");
  json_object_del(change, "callbacks");
  json_object_del(change, "runUs");
  for (size_t i = 0; i < sizeof(anew) / sizeof(anew[0]); i++)
    json_object_del(resource, anew[i]);
  json_object_update(resource, change);
}

static void apply_delta(json_t *known) {
  size_t i;
  json_t *item, *delta = data_of("delta");
  take_all(known, json_object_get(delta, "created"));
  json_array_foreach(json_object_get(delta, "changed"), i, item) {
    change(known, item);
  }
  json_array_foreach(json_object_get(delta, "destroyed"), i, item) {
    assert_int_equal(json_object_del(known, json_string_value(item)), 0);
  }
  json_decref(delta);
}

static json_t *begin(scene_t *scene, const char *query) {
  json_t *known = json_object();
  open_events(scene, query, NULL);
  read_events();
  json_t *snapshot = data_of("snapshot");
  take_all(known, json_object_get(snapshot, "resources"));
  json_decref(snapshot);
  return known;
}

static void assert_known(scene_t *scene, const char *query,
                         const json_t *known) {
  size_t i;
  json_t *item;
  json_t *shown = ask_json(scene, "/debug/resources?%s", query);
  const json_t *list = json_object_get(shown, "resources");
  json_array_foreach(list, i, item) {
    json_t *mine = json_object_get(known, json_text_of(item, "key"));
    if (mine == NULL)
      fail_msg("%s: %s is not known", query, json_text_of(item, "key"));
    json_t *told = without_times(mine), *is = without_times(item);
    if (!json_equal(told, is))
      fail_msg("%s: told %s, is %s", query, json_dumps(told, 0),
               json_dumps(is, 0));
    json_decref(told);
    json_decref(is);
  }
  assert_int_equal(json_object_size(known), json_array_size(list));
  json_decref(shown);
}

/* -- What becomes of it ---------------------------------------------------- */

typedef struct cast_s {
  async_resource_t *root, *runs, *ends, *stays;
  async_id_t trigger;
} cast_t;

static cast_t make_cast(scene_t *scene) {
  cast_t cast;
  cast.root = make(scene, "ROOT", 1);
  cast.trigger = id_of(cast.root);
  cast.runs = make(scene, "KIND", cast.trigger);
  cast.ends = make(scene, "KIND", cast.trigger);
  cast.stays = make(scene, "KIND", 1);
  return cast;
}

static void run(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
}

/* One begins to call back, one ends, two are made, one of them below. */
static void act(scene_t *scene, const cast_t *cast) {
  run(cast->runs);
  end(scene, cast->ends);
  async_resource_t *below = make_for(scene, "KIND", cast->trigger, 7);
  make(scene, "KIND", 1);
  run(below);
}

static void assert_followed_below(scene_t *scene, const char *query,
                                  bool below) {
  cast_t cast = make_cast(scene);
  char filled[128];
  snprintf(filled, sizeof(filled), "%s%s", query,
           below ? key_of(cast.root) : "");
  json_t *known = begin(scene, filled);
  act(scene, &cast);
  read_delta();
  apply_delta(known);
  assert_known(scene, filled, known);
  run(cast.stays);
  run(cast.runs);
  end(scene, cast.stays);
  read_delta();
  apply_delta(known);
  assert_known(scene, filled, known);
  close_events();
  json_decref(known);
}

static void assert_followed(scene_t *scene, const char *query) {
  assert_followed_below(scene, query, false);
}

static void a_state_is_followed(void **state) {
  assert_followed(*state, "state=idle");
}

static void states_are_followed_from_one_to_the_other(void **state) {
  assert_followed(*state, "state=init,idle&type=KIND");
}

static void what_a_trigger_causes_is_followed(void **state) {
  assert_followed_below(*state, "trigger=", true);
}

static void a_subtree_is_followed(void **state) {
  assert_followed_below(*state, "root=", true);
}

static void what_keeps_the_loop_alive_is_followed(void **state) {
  assert_followed(*state, "ref=1&sort=-age");
}

static void the_first_of_a_list_are_followed(void **state) {
  assert_followed(*state, "state=init,idle&type=KIND&sort=-age&limit=2");
}

/* It matches by getting older: nothing happens to it. */
static void what_time_alone_changes_is_followed(void **state) {
  scene_t *scene = *state;
  const char *query = "older_than=1ms";
  async_resource_t *resource = make(scene, "KIND", 1);
  run(resource);
  json_t *known = begin(scene, query);
  async_resource_t *later = make(scene, "KIND", 1);
  end(scene, resource);
  read_delta();
  apply_delta(known);
  assert_non_null(json_object_get(known, key_of(later)));
  assert_known(scene, query, known);
  close_events();
  json_decref(known);
}

static void what_was_made_since_is_followed(void **state) {
  scene_t *scene = *state;
  char query[64];
  json_t *before = ask_json(scene, "/debug");
  snprintf(query, sizeof(query), "since=%s",
           json_text_of(json_object_get(before, "snapshot"), "token"));
  json_decref(before);
  assert_followed(scene, query);
}

static void what_runs_on_another_thread_is_followed(void **state) {
  scene_t *scene = *state;
  other_t other = {.kind = ASYNC_ENV_OTHER,
                   .name = "other",
                   .type = "B",
                   .cause = {ASYNC_THREAD_NONE, 0},
                   .running = true};
  json_t *known = begin(scene, "state=running");
  other_start(&other);
  read_delta();
  apply_delta(known);
  assert_int_equal(json_object_size(known), 1);
  other_stop(&other);
  read_delta();
  apply_delta(known);
  assert_int_equal(json_object_size(known), 0);
  close_events();
  json_decref(known);
}

/* -- The stream ------------------------------------------------------------ */

static void a_look_that_finds_nothing_new_says_nothing(void **state) {
  scene_t *scene = *state;
  make(scene, "KIND", 1);
  json_decref(begin(scene, "state=init"));
  read_when_due();
  assert_int_equal(reader.length, 0);
  close_events();
}

static void a_pulse_comes_before_what_a_look_finds(void **state) {
  scene_t *scene = *state;
  json_decref(begin(scene, "state=init&include=pulse"));
  make(scene, "KIND", 1);
  read_delta();
  const char *pulse = strstr(reader.text, "event: pulse");
  const char *delta = strstr(reader.text, "event: delta");
  assert_true(pulse != NULL && delta != NULL && pulse < delta);
  close_events();
}

/* What it was told is known of no reader that was away. */
static void who_comes_back_begins_with_a_snapshot(void **state) {
  scene_t *scene = *state;
  see(scene, "state=init");
  make(scene, "KIND", 1);
  open_events(scene, "state=init", last_id());
  read_events();
  close_events();
  json_decref(data_of("snapshot"));
}

static void more_than_can_be_remembered_is_refused(void **state) {
  scene_t *scene = *state;
  answer_t answer = ask(scene->debug, "/debug/events?state=init&limit=65537");
  assert_int_equal(answer.status, 400);
  assert_non_null(strstr(answer.text, "65536"));
  answer_free(&answer);
  see(scene, "state=init&limit=65536");
  see(scene, "limit=65537");
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(a_state_is_followed),
      cmocka_unit_test_of_scene(states_are_followed_from_one_to_the_other),
      cmocka_unit_test_of_scene(what_a_trigger_causes_is_followed),
      cmocka_unit_test_of_scene(a_subtree_is_followed),
      cmocka_unit_test_of_scene(what_keeps_the_loop_alive_is_followed),
      cmocka_unit_test_of_scene(the_first_of_a_list_are_followed),
      cmocka_unit_test_of_scene(what_time_alone_changes_is_followed),
      cmocka_unit_test_of_scene(what_was_made_since_is_followed),
      cmocka_unit_test_of_scene(what_runs_on_another_thread_is_followed),
      cmocka_unit_test_of_scene(a_look_that_finds_nothing_new_says_nothing),
      cmocka_unit_test_of_scene(a_pulse_comes_before_what_a_look_finds),
      cmocka_unit_test_of_scene(who_comes_back_begins_with_a_snapshot),
      cmocka_unit_test_of_scene(more_than_can_be_remembered_is_refused),
  };
  return test_main(tests, argc, argv);
}
