/* Hooks enabled and disabled from inside hook callbacks: the events that run
 * keep the list they began with until the outermost one has ended. */
#include "hooks_fixture.h"

#include <stdlib.h>

typedef struct actor_s actor_t;

/* At its nth event of the kind calls act(actor). */
typedef struct cue_s {
  int nth;
  void (*act)(actor_t *actor);
  int seen;
} cue_t;

struct actor_s {
  async_hook_t hook;
  trace_t *trace;
  const char *name;
  async_hook_t *other;
  cue_t init, before, after, destroy;
};

static void take_cue(actor_t *actor, cue_t *cue) {
  cue->seen++;
  if (cue->seen == cue->nth) {
    cue->act(actor);
  }
}

static void say(actor_t *actor, const char *event, async_id_t async_id) {
  trace_add(actor->trace, "%s:%s%s", actor->name, event,
            trace_id(actor->trace, async_id));
}

static void on_init(async_id_t async_id, const char *type, async_id_t trigger,
                    async_resource_t *resource, void *data) {
  (void)type;
  (void)trigger;
  (void)resource;
  actor_t *actor = data;
  say(actor, "init", async_id);
  take_cue(actor, &actor->init);
}

static void on_before(async_id_t async_id, void *data) {
  actor_t *actor = data;
  say(actor, "before", async_id);
  take_cue(actor, &actor->before);
}

static void on_after(async_id_t async_id, void *data) {
  actor_t *actor = data;
  say(actor, "after", async_id);
  take_cue(actor, &actor->after);
}

static void on_destroy(async_id_t async_id, void *data) {
  actor_t *actor = data;
  say(actor, "destroy", async_id);
  take_cue(actor, &actor->destroy);
}

static void actor_init(actor_t *actor, fixture_t *fixture, const char *name) {
  async_hook_callbacks_t callbacks = {.init = on_init,
                                      .before = on_before,
                                      .after = on_after,
                                      .destroy = on_destroy};
  *actor = (actor_t){.trace = &fixture->trace, .name = name};
  async_hook_init(&actor->hook, &callbacks, actor);
}

static void actor_start(actor_t *actor, fixture_t *fixture, const char *name) {
  actor_init(actor, fixture, name);
  assert_int_equal(async_hook_enable(&actor->hook), 0);
}

static void enable_other(actor_t *actor) {
  (void)async_hook_enable(actor->other);
}

static void disable_other(actor_t *actor) {
  async_hook_disable(actor->other);
}

static void disable_itself(actor_t *actor) {
  async_hook_disable(&actor->hook);
}

static void make_another(actor_t *actor) {
  async_resource_t nested = {0};
  (void)actor;
  (void)async_resource_init(&nested, "NESTED", NULL);
  async_resource_finish(&nested);
}

static void make_once(const char *type) {
  async_resource_t resource = {0};
  assert_int_equal(async_resource_init(&resource, type, NULL), 0);
  async_resource_finish(&resource);
}

static void cross_once(async_resource_t *resource) {
  assert_int_equal(async_resource_enter(resource), 0);
  async_resource_leave(resource);
}

/* Immediate #1 starts immediate #2 in its callback. */
typedef struct two_immediates_s {
  async_immediate_t first, second;
} two_immediates_t;

static void on_second(async_immediate_t *immediate) {
  (void)immediate;
}

static void on_first(async_immediate_t *immediate) {
  two_immediates_t *both = (two_immediates_t *)immediate;
  (void)async_immediate_start(&both->second, on_second);
}

static void test_enable_disable(void **state) {
  fixture_t *fixture = *state;
  static actor_t hook1, hook2, hook3;
  two_immediates_t both = {.first = {.unreferenced = false}};
  actor_start(&hook1, fixture, "1");
  assert_int_equal(async_hook_enable(&hook1.hook), 0);
  actor_init(&hook2, fixture, "2");
  hook2.other = &hook1.hook;
  hook2.before = (cue_t){.nth = 1, .act = disable_other};
  actor_start(&hook3, fixture, "3");
  hook3.other = &hook2.hook;
  hook3.before = (cue_t){.nth = 1, .act = enable_other};
  hook3.after = (cue_t){.nth = 2, .act = disable_itself};
  assert_int_equal(async_immediate_start(&both.first, on_first), 0);
  assert_int_equal(uv_run(&fixture->loop, UV_RUN_DEFAULT), 0);
  assert_string_equal(fixture->trace.text,
                      "1:init#1 3:init#1 1:before#1 3:before#1 "
                      "1:init#2 3:init#2 2:init#2 "
                      "1:after#1 3:after#1 2:after#1 "
                      "1:destroy#1 3:destroy#1 2:destroy#1 "
                      "1:before#2 3:before#2 2:before#2 "
                      "3:after#2 2:after#2 2:destroy#2");
}

static void enable_other_and_make_another(actor_t *actor) {
  enable_other(actor);
  make_another(actor);
}

static void disable_other_and_make_another(actor_t *actor) {
  disable_other(actor);
  make_another(actor);
}

static void test_enable_in_init(void **state) {
  fixture_t *fixture = *state;
  static actor_t outer, nested;
  actor_init(&nested, fixture, "nested");
  actor_start(&outer, fixture, "outer");
  outer.other = &nested.hook;
  outer.init = (cue_t){.nth = 1, .act = enable_other_and_make_another};
  make_once("OUTER");
  assert_int_equal(outer.init.seen, 2);
  assert_int_equal(nested.init.seen, 0);
}

static void test_disable_in_init(void **state) {
  fixture_t *fixture = *state;
  static actor_t outer, nested;
  actor_start(&outer, fixture, "outer");
  actor_start(&nested, fixture, "nested");
  outer.other = &nested.hook;
  outer.init = (cue_t){.nth = 1, .act = disable_other_and_make_another};
  make_once("OUTER");
  assert_string_equal(fixture->trace.text,
                      "outer:init#1 outer:init#2 nested:init#2 nested:init#1");
  make_once("LATER");
  assert_int_equal(nested.init.seen, 2);
  assert_int_equal(outer.init.seen, 3);
}

static void test_async_hooks_enable_recursive(void **state) {
  fixture_t *fixture = *state;
  static actor_t outer, nested;
  actor_init(&nested, fixture, "nested");
  actor_start(&outer, fixture, "outer");
  outer.other = &nested.hook;
  outer.init = (cue_t){.nth = 1, .act = enable_other};
  make_once("FIRST");
  assert_int_equal(nested.init.seen, 0);
  make_once("SECOND");
  assert_int_equal(nested.init.seen, 1);
}

static void test_disabled_in_before_still_gets_that_before(void **state) {
  fixture_t *fixture = *state;
  static actor_t first, second;
  async_resource_t resource = {0};
  actor_start(&first, fixture, "a");
  actor_start(&second, fixture, "b");
  first.other = &second.hook;
  first.before = (cue_t){.nth = 1, .act = disable_other};
  assert_int_equal(async_resource_init(&resource, "CROSSED", NULL), 0);
  trace_clear(&fixture->trace);
  cross_once(&resource);
  assert_string_equal(fixture->trace.text, "a:before#1 b:before#1 a:after#1");
  async_resource_finish(&resource);
}

static void test_enabled_in_before_gets_the_after(void **state) {
  fixture_t *fixture = *state;
  static actor_t first, second;
  async_resource_t resource = {0};
  actor_start(&first, fixture, "a");
  actor_init(&second, fixture, "b");
  first.other = &second.hook;
  first.before = (cue_t){.nth = 1, .act = enable_other};
  assert_int_equal(async_resource_init(&resource, "CROSSED", NULL), 0);
  trace_clear(&fixture->trace);
  cross_once(&resource);
  assert_string_equal(fixture->trace.text, "a:before#1 a:after#1 b:after#1");
  async_resource_finish(&resource);
}

static void disable_and_enable_itself(actor_t *actor) {
  async_hook_disable(&actor->hook);
  (void)async_hook_enable(&actor->hook);
}

static void test_reenabled_inside_moves_to_the_end(void **state) {
  fixture_t *fixture = *state;
  static actor_t first, second;
  async_resource_t resource = {0};
  actor_start(&first, fixture, "a");
  actor_start(&second, fixture, "b");
  first.before = (cue_t){.nth = 1, .act = disable_and_enable_itself};
  assert_int_equal(async_resource_init(&resource, "CROSSED", NULL), 0);
  trace_clear(&fixture->trace);
  cross_once(&resource);
  assert_string_equal(fixture->trace.text,
                      "a:before#1 b:before#1 b:after#1 a:after#1");
  async_resource_finish(&resource);
}

static void enable_and_disable_other(actor_t *actor) {
  enable_other(actor);
  disable_other(actor);
}

static void test_enabled_and_disabled_inside_is_disabled(void **state) {
  fixture_t *fixture = *state;
  static actor_t first, second;
  async_resource_t resource = {0};
  actor_start(&first, fixture, "a");
  actor_init(&second, fixture, "b");
  first.other = &second.hook;
  first.before = (cue_t){.nth = 1, .act = enable_and_disable_other};
  assert_int_equal(async_resource_init(&resource, "CROSSED", NULL), 0);
  cross_once(&resource);
  cross_once(&resource);
  assert_int_equal(second.before.seen + second.after.seen, 0);
  async_resource_finish(&resource);
}

static void make_until_deep(actor_t *actor) {
  if (actor->init.seen < 50) {
    actor->init.nth = actor->init.seen + 1;
    make_another(actor);
  } else {
    enable_other(actor);
    make_another(actor);
  }
}

static void test_change_fifty_deep_waits_for_the_outermost(void **state) {
  fixture_t *fixture = *state;
  static actor_t outer, nested;
  actor_init(&nested, fixture, "n");
  actor_start(&outer, fixture, "o");
  outer.other = &nested.hook;
  outer.init = (cue_t){.nth = 1, .act = make_until_deep};
  make_once("OUTER");
  assert_int_equal(outer.init.seen, 51);
  assert_int_equal(nested.init.seen, 0);
  make_once("LATER");
  assert_int_equal(nested.init.seen, 1);
}

static void test_disabled_in_destroy_misses_the_next_destroy(void **state) {
  fixture_t *fixture = *state;
  static actor_t actor;
  actor_start(&actor, fixture, "a");
  actor.destroy = (cue_t){.nth = 1, .act = disable_itself};
  make_once("FIRST");
  make_once("SECOND");
  trace_clear(&fixture->trace);
  async_env_flush();
  assert_string_equal(fixture->trace.text, "a:destroy#1");
}

static void test_enabled_in_destroy_sees_the_next_destroy(void **state) {
  fixture_t *fixture = *state;
  static actor_t first, second;
  actor_start(&first, fixture, "a");
  actor_init(&second, fixture, "b");
  first.other = &second.hook;
  first.destroy = (cue_t){.nth = 1, .act = enable_other};
  make_once("FIRST");
  make_once("SECOND");
  trace_clear(&fixture->trace);
  async_env_flush();
  assert_string_equal(fixture->trace.text,
                      "a:destroy#1 a:destroy#2 b:destroy#2");
}

static void disable_and_free_other(actor_t *actor) {
  async_hook_disable(actor->other);
  free(actor->other);
}

/* The header gives the memory back once the hook is disabled. */
static void test_memory_of_a_hook_disabled_inside_may_go(void **state) {
  fixture_t *fixture = *state;
  static actor_t first;
  async_resource_t resource = {0};
  async_hook_t *other = malloc(sizeof(*other));
  assert_non_null(other);
  async_hook_callbacks_t none = {0};
  actor_start(&first, fixture, "a");
  async_hook_init(other, &none, NULL);
  assert_int_equal(async_hook_enable(other), 0);
  first.other = other;
  first.before = (cue_t){.nth = 1, .act = disable_and_free_other};
  assert_int_equal(async_resource_init(&resource, "CROSSED", NULL), 0);
  cross_once(&resource);
  assert_int_equal(first.after.seen, 1);
  async_resource_finish(&resource);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_enable_disable),
      cmocka_unit_test_on_loop(test_enable_in_init),
      cmocka_unit_test_on_loop(test_disable_in_init),
      cmocka_unit_test_on_loop(test_async_hooks_enable_recursive),
      cmocka_unit_test_on_loop(test_disabled_in_before_still_gets_that_before),
      cmocka_unit_test_on_loop(test_enabled_in_before_gets_the_after),
      cmocka_unit_test_on_loop(test_reenabled_inside_moves_to_the_end),
      cmocka_unit_test_on_loop(test_enabled_and_disabled_inside_is_disabled),
      cmocka_unit_test_on_loop(test_change_fifty_deep_waits_for_the_outermost),
      cmocka_unit_test_on_loop(
          test_disabled_in_destroy_misses_the_next_destroy),
      cmocka_unit_test_on_loop(test_enabled_in_destroy_sees_the_next_destroy),
      cmocka_unit_test_on_loop(test_memory_of_a_hook_disabled_inside_may_go),
  };
  return test_main(tests, argc, argv);
}
