/* /debug/events: what its readers are told. A reader that comes back with the
 * id of what it saw last is told at once, so only one test waits until the
 * stream is due. */
#include "changes.h"
#include "debug.h"
#include "delta_json.h"
#include "events_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void the_first_event_is_all_there_is(void **state) {
  scene_t *scene = *state;
  make(scene, "KIND", 1);
  see(scene, NULL);
  assert_ptr_equal(strstr(reader.text, "retry: 2000\n\nevent: snapshot\n"),
                   reader.text);
  json_t *document = data_of("snapshot");
  assert_string_equal(json_text_of(document, "kind"), "overview");
  assert_non_null((json_named(document, "resources", "type", "KIND")));
  json_decref(document);
}

static const char *first_key(const json_t *delta, const char *list) {
  const json_t *item = json_array_get(json_object_get(delta, list), 0);
  return json_is_string(item) ? json_string_value(item)
                              : json_text_of(item, "key");
}

static void a_delta_tells_what_became_of_resources(void **state) {
  scene_t *scene = *state;
  async_resource_t *old = make(scene, "OLD", 1);
  async_resource_t *busy = make(scene, "BUSY", 1);
  char old_key[32];
  snprintf(old_key, sizeof(old_key), "%s", key_of(old));
  see(scene, NULL);
  end(scene, old);
  assert_int_equal(async_resource_enter(busy), 0);
  async_resource_leave(busy);
  async_resource_t *made = make_for(scene, "NEW", 1, 7);
  json_t *delta = come_back(scene, NULL);
  assert_string_equal(first_key(delta, "destroyed"), old_key);
  assert_string_equal(first_key(delta, "changed"), key_of(busy));
  const json_t *created = json_array_get(json_object_get(delta, "created"), 0);
  assert_string_equal(json_text_of(created, "key"), key_of(made));
  assert_string_equal(json_text_of(created, "type"), "NEW");
  assert_string_equal(json_text_of(created, "requestId"), "r7");
  assert_int_equal(length_of(delta, "created"), 1);
  assert_int_equal(json_integer_of(delta, "missedEvents"), 0);
  json_decref(delta);
}

static json_int_t turned_over(const json_t *delta, const char *type,
                              const char *which) {
  const json_t *counts = json_object_get(delta, "counts");
  return json_integer_of(
      json_object_get(json_object_get(counts, "turnover"), type), which);
}

/* Its callback is over behind its end. */
static void what_ends_in_its_own_callback_is_destroyed(void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "KIND", 1);
  see(scene, NULL);
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_finish(resource);
  async_resource_leave(resource);
  json_t *delta = come_back(scene, NULL);
  assert_int_equal(length_of(delta, "destroyed"), 1);
  json_decref(delta);
}

static void what_came_and_went_is_told_apart(void **state) {
  scene_t *scene = *state;
  make(scene, "KIND", 1);
  see(scene, NULL);
  async_resource_t *brief = make_for(scene, "SHORT", 1, 7);
  char key[32];
  snprintf(key, sizeof(key), "%s", key_of(brief));
  assert_int_equal(async_resource_enter(brief), 0);
  async_resource_leave(brief);
  end(scene, brief);
  make(scene, "LONG", 1);
  json_t *delta = come_back(scene, NULL);
  assert_int_equal(length_of(delta, "created"), 1);
  assert_int_equal(length_of(delta, "destroyed"), 0);
  assert_int_equal(length_of(delta, "transient"), 1);
  const json_t *told = json_array_get(json_object_get(delta, "transient"), 0);
  assert_string_equal(json_text_of(told, "key"), key);
  assert_string_equal(json_text_of(told, "type"), "SHORT");
  assert_string_equal(json_text_of(told, "requestId"), "r7");
  assert_int_equal(json_integer_of(told, "callbacks"), 1);
  assert_true(json_integer_of(told, "lifeUs") >=
              json_integer_of(told, "runUs"));
  assert_int_equal(json_integer_of(delta, "transientLeftOut"), 0);
  assert_int_equal(turned_over(delta, "SHORT", "created"), 1);
  assert_int_equal(turned_over(delta, "SHORT", "destroyed"), 1);
  assert_int_equal(turned_over(delta, "LONG", "destroyed"), 0);
  json_decref(delta);
}

static void of_many_that_came_and_went_the_rest_is_a_number(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  for (size_t i = 0; i < DEBUG_TRANSIENTS_MAX + 7; i++)
    end(scene, make(scene, "SHORT", 1));
  json_t *delta = come_back(scene, NULL);
  assert_int_equal(length_of(delta, "transient"), DEBUG_TRANSIENTS_MAX);
  assert_int_equal(json_integer_of(delta, "transientLeftOut"), 7);
  assert_int_equal(turned_over(delta, "SHORT", "destroyed"),
                   DEBUG_TRANSIENTS_MAX + 7);
  json_decref(delta);
}

/* A delta knows of no more changes than it holds; the counters do. */
static void what_a_snapshot_tells_in_place_of_a_delta_is_counted(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  for (size_t i = 0; i < DEBUG_CHANGES_MAX + 1; i++)
    end(scene, make(scene, "SHORT", 1));
  open_events(scene, "limit=1", last_id());
  read_events();
  close_events();
  json_t *snapshot = data_of("snapshot");
  assert_int_equal(turned_over(snapshot, "SHORT", "destroyed"),
                   DEBUG_CHANGES_MAX + 1);
  json_decref(snapshot);
}

static void asyncscopes_own_is_told_to_those_who_ask(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  make_internal(scene, "OWN", 1);
  make(scene, "KIND", 1);
  char id[1024];
  snprintf(id, sizeof(id), "%s", last_id());
  json_t *delta = come_back(scene, NULL);
  assert_int_equal(length_of(delta, "created"), 1);
  json_decref(delta);
  open_events(scene, "internal=1", id);
  read_events();
  close_events();
  delta = data_of("delta");
  assert_int_equal(length_of(delta, "created"), 2);
  json_decref(delta);
}

/* For who sees both it goes on, and is not one that came and went. */
static void what_changes_hands_is_gone_for_one_and_there_for_the_other(
    void **state) {
  scene_t *scene = *state;
  async_resource_t *resource = make(scene, "KIND", 1);
  char id[1024];
  see(scene, NULL);
  snprintf(id, sizeof(id), "%s", last_id());
  assert_int_equal(async_resource_set_internal(resource, true), 0);
  json_t *delta = come_back(scene, NULL);
  assert_int_equal(length_of(delta, "destroyed"), 1);
  assert_int_equal(length_of(delta, "created"), 0);
  json_decref(delta);
  open_events(scene, "internal=1", id);
  read_events();
  close_events();
  delta = data_of("delta");
  assert_int_equal(length_of(delta, "destroyed"), 0);
  assert_int_equal(length_of(delta, "transient"), 0);
  assert_string_equal(first_key(delta, "created"), key_of(resource));
  json_decref(delta);
}

/* The same selection as of the snapshot, of what has ended too. */
static void a_delta_is_of_what_was_asked_for(void **state) {
  static const char *const queries[] = {"type=WANTED", "request=7",
                                        "site=debug_fixture.c&type=WAN*"};
  scene_t *scene = *state;
  for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
    async_resource_t *old = make_for(scene, "WANTED", 1, 7);
    async_resource_t *other = make_for(scene, "OTHER", 1, 8);
    see(scene, queries[i]);
    end(scene, old);
    end(scene, other);
    async_resource_t *made = make_for(scene, "WANTED", 1, 7);
    make_for(scene, "OTHER", 1, 8);
    end(scene, make_for(scene, "WANTED", 1, 7));
    end(scene, make_for(scene, "OTHER", 1, 8));
    json_t *delta = come_back(scene, queries[i]);
    assert_int_equal(length_of(delta, "created"), 1);
    assert_string_equal(first_key(delta, "created"), key_of(made));
    assert_int_equal(length_of(delta, "destroyed"), 1);
    assert_int_equal(length_of(delta, "transient"), 1);
    assert_int_equal(json_integer_of(delta, "transientLeftOut"), 0);
    json_decref(delta);
  }
}

static void a_delta_is_of_the_threads_that_were_asked_for(void **state) {
  scene_t *scene = *state;
  other_t other = {.kind = ASYNC_ENV_OTHER, .name = "other", .type = "B"};
  see(scene, NULL);
  other_start(&other);
  async_resource_t *made = make(scene, "A", 1);
  char query[32];
  snprintf(query, sizeof(query), "thread=%u", scene->thread);
  json_t *delta = come_back(scene, query);
  assert_int_equal(length_of(delta, "created"), 1);
  assert_string_equal(first_key(delta, "created"), key_of(made));
  json_decref(delta);
  other_stop(&other);
}

static void what_is_created_has_the_members_that_are_wanted(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  make(scene, "A", 1);
  json_t *delta = come_back(scene, "fields=key,type");
  assert_string_equal(
      json_keys(json_array_get(json_object_get(delta, "created"), 0)),
      "key type ");
  json_decref(delta);
}

static void more_than_a_delta_holds_is_another_snapshot(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  for (size_t i = 0; i < DEBUG_CHANGES_MAX + 1; i++)
    make(scene, "KIND", 1);
  open_events(scene, "limit=1", last_id());
  read_events();
  close_events();
  json_decref(data_of("snapshot"));
  assert_null(strstr(reader.text, "event: delta"));
}

static void overwrite_the_recorder(scene_t *scene) {
  for (size_t i = 0; i < 20000; i++)
    end(scene, make(scene, "KIND", 1));
}

/* What was counted as dropped, and how long the stream was not read. */
static uint64_t dropped_meanwhile(scene_t *scene, uint64_t *ret_ns) {
  uint64_t before = atomic_load(&scene->debug->drops.count);
  open_events(scene, NULL, NULL);
  uint64_t begun_ns = uv_hrtime();
  read_events();
  overwrite_the_recorder(scene);
  wait_until_due();
  read_events();
  *ret_ns = uv_hrtime() - begun_ns;
  close_events();
  return atomic_load(&scene->debug->drops.count) - before;
}

/* It is told by another snapshot: who reads when it is time has missed nothing.
 * A round in which the machine kept the test from reading is none. */
static void what_a_stream_passes_over_is_not_dropped(void **state) {
  uint64_t dropped = 0, ns = UINT64_MAX;
  while (ns > UINT64_C(2000000000))
    dropped = dropped_meanwhile(*state, &ns);
  assert_int_equal(dropped, 0);
}

/* A snapshot of so many takes longer than the three hundredth of a second after
 * which the stream is due. */
static void until_another_snapshot_a_comment_says_when(void **state) {
  enum { MANY = 200000 };
  scene_t *scene = *state;
  async_resource_t *many = calloc(MANY, sizeof(*many));
  assert_non_null(many);
  for (size_t i = 0; i < MANY; i++)
    assert_int_equal(async_resource_init(&many[i], "KIND", NULL), 0);
  open_events(scene, "limit=1", NULL);
  read_events();
  overwrite_the_recorder(scene);
  wait_until_due();
  size_t told = reader.length;
  read_events();
  close_events();
  for (size_t i = 0; i < MANY; i++)
    async_resource_finish(&many[i]);
  free(many);
  assert_non_null(strstr(reader.text + told, "a snapshot follows in "));
  assert_null(strstr(reader.text + told, "event: "));
}

static void what_was_lost_by_who_was_away_is_not_dropped(void **state) {
  scene_t *scene = *state;
  see(scene, NULL);
  overwrite_the_recorder(scene);
  open_events(scene, NULL, last_id());
  read_events();
  close_events();
  json_decref(data_of("snapshot"));
  assert_int_equal(atomic_load(&scene->debug->drops.count), 0);
}

static void assert_no_id(scene_t *scene, const char *id) {
  open_events(scene, NULL, id);
  read_events();
  close_events();
  json_decref(data_of("snapshot"));
}

/* Its places may be this one's. */
static void an_id_of_another_process_is_no_id(void **state) {
  static const char *const ids[] = {"",  "1:",    "x",
                                    "1", "1-0.0", "99999999999999999999:0.0"};
  char id[128];
  see(*state, NULL);
  snprintf(id, sizeof(id), "1%s", strchr(last_id(), ':'));
  assert_no_id(*state, id);
  for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
    assert_no_id(*state, ids[i]);
}

/* The process is right, the place is not. */
static void a_place_nobody_has_been_at_is_no_place(void **state) {
  scene_t *scene = *state;
  static const char *const places[] = {"",     "x",   "0.", "0.999999999",
                                       "0.0;", "0.0,"};
  char id[128];
  see(scene, NULL);
  int started = (int)strcspn(last_id(), ":");
  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
    snprintf(id, sizeof(id), "%.*s:%s", started, last_id(), places[i]);
    assert_no_id(scene, id);
  }
}

static void a_wrong_query_is_refused_at_once(void **state) {
  scene_t *scene = *state;
  answer_t answer = ask(scene->debug, "/debug/events?nonsense=1");
  assert_int_equal(answer.status, 400);
  answer_free(&answer);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_of_scene(the_first_event_is_all_there_is),
      cmocka_unit_test_of_scene(a_delta_tells_what_became_of_resources),
      cmocka_unit_test_of_scene(what_ends_in_its_own_callback_is_destroyed),
      cmocka_unit_test_of_scene(what_came_and_went_is_told_apart),
      cmocka_unit_test_of_scene(
          of_many_that_came_and_went_the_rest_is_a_number),
      cmocka_unit_test_of_scene(
          what_a_snapshot_tells_in_place_of_a_delta_is_counted),
      cmocka_unit_test_of_scene(asyncscopes_own_is_told_to_those_who_ask),
      cmocka_unit_test_of_scene(
          what_changes_hands_is_gone_for_one_and_there_for_the_other),
      cmocka_unit_test_of_scene(a_delta_is_of_what_was_asked_for),
      cmocka_unit_test_of_scene(a_delta_is_of_the_threads_that_were_asked_for),
      cmocka_unit_test_of_scene(
          what_is_created_has_the_members_that_are_wanted),
      cmocka_unit_test_of_scene(more_than_a_delta_holds_is_another_snapshot),
      cmocka_unit_test_of_scene(what_a_stream_passes_over_is_not_dropped),
      cmocka_unit_test_of_scene(until_another_snapshot_a_comment_says_when),
      cmocka_unit_test_of_scene(what_was_lost_by_who_was_away_is_not_dropped),
      cmocka_unit_test_of_scene(an_id_of_another_process_is_no_id),
      cmocka_unit_test_of_scene(a_place_nobody_has_been_at_is_no_place),
      cmocka_unit_test_of_scene(a_wrong_query_is_refused_at_once),
  };
  return test_main(tests, argc, argv);
}
