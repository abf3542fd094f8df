/* What a lost context looks like on standard error, and which threads look for
 * it. */
#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_finding.h"
#include "child.h"
#include "hooks_fixture.h"

#include <string.h>

static async_context_key_t key;
static async_id_t asker_id;

static void make_asker(async_resource_t *asker) {
  async_context_value_t value = {.store = &key};
  async_context_frame_t *frame = NULL;
  (void)async_context_frame_with(NULL, &key, &value, &frame);
  frame = async_context_frame_exchange(frame);
  (void)async_resource_init(asker, "ASKER", NULL);
  async_context_frame_release(async_context_frame_exchange(frame));
  asker_id = async_resource_async_id(asker);
}

static void make_job(async_resource_t *job) {
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                      .trigger_async_id = asker_id};
  (void)async_resource_init(job, "JOB", &options);
}

static void lose(void) {
  async_resource_t asker, job;
  make_asker(&asker);
  make_job(&job);
  if (async_resource_enter(&job) == 0)
    async_resource_leave(&job);
  async_resource_finish(&job);
  async_resource_finish(&asker);
}

static void lose_three_times(void) {
  (void)async_context_key_create("request", &key);
  async_context_loss_detect(true);
  for (int i = 0; i < 3; i++)
    lose();
}

static size_t occurrences(const char *text, const char *part) {
  size_t count = 0;
  while ((text = strstr(text, part)) != NULL) {
    text += strlen(part);
    count++;
  }
  return count;
}

static void test_a_loss_is_told_with_sites_and_chain(void **state) {
  (void)state;
  child_t child = run_child(lose_three_times);
  const char *first =
      "asyncscope: context lost: a callback of JOB has no store of "
      "\"request\"\n";
  assert_memory_equal(child.err, first, strlen(first));
  assert_non_null(strstr(child.err, "made without it: JOB("));
  assert_non_null(strstr(child.err, "by one that has it: ASKER("));
  assert_int_equal(occurrences(child.err, " make_job\n"), 2);
  assert_int_equal(occurrences(child.err, " make_asker\n"), 2);
  assert_non_null(strstr(child.err, "caused by:\n    JOB("));
  assert_non_null(strstr(child.err, "    root(1)\n"));
}

static void test_the_roots_left_out_are_told(void **state) {
  (void)state;
  child_t child = run_child(lose_three_times);
  assert_non_null(strstr(child.err, "left out: accepted connections"));
  assert_non_null(strstr(child.err, "signal handlers"));
  assert_non_null(strstr(child.err, "exit()"));
}

static void test_a_pair_of_sites_is_told_once(void **state) {
  (void)state;
  child_t child = run_child(lose_three_times);
  assert_int_equal(occurrences(child.err, "context lost"), 1);
}

static void ignore_loss(const async_context_loss_t *loss, void *data) {
  (void)loss, (void)data;
}

static async_finding_t findings[ASYNC_FINDINGS_MAX];

static size_t read_findings(void) {
  async_env_t *env = find_env(async_env_thread());
  uint32_t cursor = 0;
  size_t count =
      async_inspect_findings(env, &cursor, findings, ASYNC_FINDINGS_MAX);
  async_inspect_release(env);
  return count;
}

/* Each resource that has lost it once, whatever the handler does. */
static void test_a_loss_is_a_finding_while_detection_is_on(void **state) {
  (void)state;
  assert_int_equal(async_context_key_create("request", &key), 0);
  assert_int_equal(async_context_loss_set_handler(ignore_loss, NULL), 0);
  lose();
  assert_int_equal(read_findings(), 0);
  async_context_loss_detect(true);
  lose();
  lose();
  async_context_loss_detect(false);
  lose();
  assert_int_equal(read_findings(), 1);
  assert_int_equal(findings[0].code, ASYNC_FINDING_CONTEXT_LOST);
  assert_int_equal(findings[0].count, 2);
  assert_string_equal(findings[0].type, "JOB");
  assert_string_equal(findings[0].site->function, "make_job");
  assert_string_equal(findings[0].other_type, "ASKER");
  assert_string_equal(findings[0].other_site->function, "make_asker");
  assert_int_equal(findings[0].other.async_id,
                   findings[0].resource.async_id - 1);
  async_context_key_destroy(&key);
}

static void lose_beside_many_storages(void) {
  async_context_key_t others[40];
  (void)async_context_key_create("request", &key);
  for (int i = 0; i < 40; i++)
    (void)async_context_key_create("other", &others[i]);
  async_context_loss_detect(true);
  lose();
  async_context_key_destroy(&key);
  key = others[39];
  lose();
}

/* One storage took one of the 32 places, the others are 40. */
static void test_storages_that_are_not_looked_after_are_told(void **state) {
  (void)state;
  child_t child = run_child(lose_beside_many_storages);
  assert_int_equal(occurrences(child.err, "context lost"), 1);
  assert_non_null(
      strstr(child.err, "not looked after: 9 storages beyond the first\n"));
}

static void test_no_storage_is_left_alone_that_has_a_place(void **state) {
  async_context_key_t keys[33];
  (void)state;
  for (int i = 0; i < 32; i++)
    assert_int_equal(async_context_key_create("k", &keys[i]), 0);
  assert_int_equal(async_context_loss_unwatched(), 0);
  assert_int_equal(async_context_key_create("k", &keys[32]), 0);
  assert_int_equal(async_context_loss_unwatched(), 1);
  for (int i = 0; i < 33; i++)
    async_context_key_destroy(&keys[i]);
  assert_int_equal(async_context_loss_unwatched(), 0);
}

static void count_loss(const async_context_loss_t *loss, void *data) {
  (void)loss;
  ++*(int *)data;
}

static void lose_on_thread(void *arg) {
  (void)async_env_open(ASYNC_ENV_OTHER, "other");
  (void)async_context_loss_set_handler(count_loss, arg);
  lose();
  (void)async_env_detach();
}

static void test_threads_opened_later_look_too(void **state) {
  (void)state;
  int off = 0, on = 0;
  assert_int_equal(async_context_key_create("request", &key), 0);
  run_on_thread(lose_on_thread, &off);
  async_context_loss_detect(true);
  run_on_thread(lose_on_thread, &on);
  async_context_loss_detect(false);
  assert_int_equal(off, 0);
  assert_int_equal(on, 1);
  async_context_key_destroy(&key);
}

static void set_handler(void *arg) {
  *(int *)arg = async_context_loss_set_handler(count_loss, NULL);
}

static void test_a_thread_without_environment_has_no_handler(void **state) {
  (void)state;
  int error = 0;
  run_on_thread(set_handler, &error);
  assert_int_equal(error, UV_EINVAL);
}

/* A queue longer than what is kept in mind: its oldest losses are not told, and
 * nothing is told twice or wrongly. */
static void test_many_losses_that_wait(void **state) {
  (void)state;
  enum { JOBS = 100 };
  async_resource_t asker, jobs[JOBS];
  int count = 0;
  assert_int_equal(async_context_key_create("request", &key), 0);
  async_context_loss_detect(true);
  assert_int_equal(async_context_loss_set_handler(count_loss, &count), 0);
  make_asker(&asker);
  for (int i = 0; i < JOBS; i++)
    make_job(&jobs[i]);
  for (int i = 0; i < JOBS; i++)
    if (async_resource_enter(&jobs[i]) == 0)
      async_resource_leave(&jobs[i]);
  async_context_loss_detect(false);
  for (int i = 0; i < JOBS; i++)
    async_resource_finish(&jobs[i]);
  async_resource_finish(&asker);
  async_context_key_destroy(&key);
  assert_int_equal(count, 64);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_on_loop(test_a_loss_is_a_finding_while_detection_is_on),
      cmocka_unit_test_on_loop(
          test_storages_that_are_not_looked_after_are_told),
      cmocka_unit_test_on_loop(test_no_storage_is_left_alone_that_has_a_place),
      cmocka_unit_test_on_loop(test_a_loss_is_told_with_sites_and_chain),
      cmocka_unit_test_on_loop(test_the_roots_left_out_are_told),
      cmocka_unit_test_on_loop(test_a_pair_of_sites_is_told_once),
      cmocka_unit_test_on_loop(test_threads_opened_later_look_too),
      cmocka_unit_test_on_loop(
          test_a_thread_without_environment_has_no_handler),
      cmocka_unit_test_on_loop(test_many_losses_that_wait),
  };
  return test_main(tests, argc, argv);
}
