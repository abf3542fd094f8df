#include "blocked_pool.h"
#include "fs_directory.h"

#include "asyncscope/async_inspect.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct request_s {
  async_uv_fs_t req;
  fs_fixture_t *fixture;
  const context_t *context;
  seen_t seen;
  ssize_t result;
} request_t;

static void request_init(request_t *request, fs_fixture_t *fixture) {
  memset(request, 0, sizeof(*request));
  request->fixture = fixture;
  request->req.data = request;
}

static void on_done(async_uv_fs_t *req) {
  request_t *request = req->data;
  seen_note(&request->seen, (int)req->result, request->context);
  request->result = req->result;
  async_uv_fs_req_cleanup(req);
}

static void run(request_t *request) {
  uv_fixture_run(&request->fixture->uv);
}

static void an_access_is_one_resource(void **state) {
  fs_fixture_t *fixture = *state;
  request_t request;
  request_init(&request, fixture);
  const char *path = fs_file(fixture, "file", "text");
  assert_int_equal(
      async_uv_fs_access(&fixture->uv.loop, &request.req, path, R_OK, on_done),
      0);
  assert_events(&fixture->uv, NULL, "init FSREQCALLBACK");
  run(&request);
  assert_int_equal(request.result, 0);
  assert_int_equal(request.seen.execution_async_id,
                   recorder_id(&fixture->uv.recorder, "FSREQCALLBACK", 0));
  assert_events(&fixture->uv, NULL,
                "init FSREQCALLBACK, before FSREQCALLBACK, "
                "after FSREQCALLBACK, destroy FSREQCALLBACK");
}

static void read_only_live_resource(async_resource_info_t *ret_info) {
  uint32_t cursor = 0;
  async_env_t *env = async_inspect_next(NULL);
  assert_int_equal(async_inspect_resources(env, &cursor, ret_info, 1), 1);
  async_inspect_release(env);
}

static void a_call_shows_its_path_to_diagnostics(void **state) {
  fs_fixture_t *fixture = *state;
  async_resource_info_t info;
  request_t request;
  request_init(&request, fixture);
  assert_int_equal(
      async_uv_fs_access(&fixture->uv.loop, &request.req, "/", R_OK, on_done),
      0);
  read_only_live_resource(&info);
  assert_string_equal(info.type, "FSREQCALLBACK");
  assert_string_equal(info.name, "/");
  assert_true(info.owes);
  run(&request);
}

static void the_running_resource_is_the_one_init_reported(void **state) {
  fs_fixture_t *fixture = *state;
  request_t request;
  request_init(&request, fixture);
  assert_int_equal(async_uv_fs_stat(&fixture->uv.loop, &request.req,
                                    fixture->directory, on_done),
                   0);
  run(&request);
  assert_ptr_equal(
      request.seen.resource,
      recorder_find(&fixture->uv.recorder, RECORDED_INIT, NULL, 0)->resource);
}

static void the_callback_sees_the_context_of_the_call(void **state) {
  static int store;
  fs_fixture_t *fixture = *state;
  context_t context;
  request_t request;
  request_init(&request, fixture);
  context_enter(&context, &store);
  assert_int_equal(async_uv_fs_stat(&fixture->uv.loop, &request.req,
                                    fixture->directory, on_done),
                   0);
  context_leave(&context);
  request.context = &context;
  run(&request);
  assert_ptr_equal(request.seen.store, &store);
}

static void a_missing_file_is_the_callbacks_result(void **state) {
  fs_fixture_t *fixture = *state;
  request_t request;
  request_init(&request, fixture);
  assert_int_equal(async_uv_fs_open(&fixture->uv.loop, &request.req,
                                    fs_path(fixture, "missing"), O_RDONLY, 0,
                                    on_done),
                   0);
  run(&request);
  assert_int_equal(request.result, UV_ENOENT);
  assert_counts(&fixture->uv, "FSREQCALLBACK", 0, 1, 1, 1, 1);
}

static void a_call_that_libuv_refuses_has_no_callback(void **state) {
  fs_fixture_t *fixture = *state;
  uv_buf_t none = uv_buf_init(NULL, 0);
  request_t request;
  request_init(&request, fixture);
  assert_int_equal(async_uv_fs_read(&fixture->uv.loop, &request.req, 0, &none,
                                    0, 0, on_done),
                   UV_EINVAL);
  async_uv_fs_req_cleanup(&request.req);
  run(&request);
  assert_int_equal(request.seen.calls, 0);
  assert_counts(&fixture->uv, "FSREQCALLBACK", 0, 1, 0, 0, 1);
}

static void a_call_without_a_callback_blocks(void **state) {
  fs_fixture_t *fixture = *state;
  request_t request;
  request_init(&request, fixture);
  assert_int_equal(
      async_uv_fs_stat(NULL, &request.req, fixture->directory, NULL), 0);
  assert_true(S_ISDIR(request.req.statbuf.st_mode));
  async_uv_fs_req_cleanup(&request.req);
  assert_events(&fixture->uv, NULL, "");
}

static void a_blocking_call_answers_its_error(void **state) {
  fs_fixture_t *fixture = *state;
  request_t request;
  request_init(&request, fixture);
  assert_int_equal(
      async_uv_fs_stat(NULL, &request.req, fs_path(fixture, "missing"), NULL),
      UV_ENOENT);
  async_uv_fs_req_cleanup(&request.req);
  assert_events(&fixture->uv, NULL, "");
}

static void stat_on_another_thread(void *arg) {
  request_t *request = arg;
  request->result =
      async_uv_fs_stat(NULL, &request->req, request->fixture->directory, NULL);
  async_uv_fs_req_cleanup(&request->req);
}

static void a_blocking_call_may_be_made_on_any_thread(void **state) {
  request_t request;
  request_init(&request, *state);
  on_other_thread(stat_on_another_thread, &request);
  assert_int_equal(request.result, 0);
}

static void start_on_another_thread(void *arg) {
  request_t *request = arg;
  request->seen.status =
      async_uv_fs_stat(&request->fixture->uv.loop, &request->req,
                       request->fixture->directory, on_done);
  request->result = request->req.result;
  async_uv_fs_req_cleanup(&request->req);
}

static void a_call_belongs_to_the_thread_of_its_loop(void **state) {
  fs_fixture_t *fixture = *state;
  request_t request;
  memset(&request.req, 0x5a, sizeof(request.req));
  request.fixture = fixture;
  on_other_environment(start_on_another_thread, &request);
  assert_int_equal(request.seen.status, UV_EINVAL);
  assert_int_equal(request.result, UV_EINVAL);
  run(&request);
  assert_events(&fixture->uv, NULL, "");
}

static void a_cancelled_call_calls_back_in_its_scope(void **state) {
  fs_fixture_t *fixture = *state;
  blocked_pool_t pool;
  request_t request;
  request_init(&request, fixture);
  blocked_pool_hold(&pool, &fixture->uv.loop);
  assert_int_equal(async_uv_fs_stat(&fixture->uv.loop, &request.req,
                                    fixture->directory, on_done),
                   0);
  assert_int_equal(async_uv_fs_cancel(&request.req), 0);
  blocked_pool_release(&pool);
  run(&request);
  assert_int_equal(request.result, UV_ECANCELED);
  assert_counts(&fixture->uv, "FSREQCALLBACK", 0, 1, 1, 1, 1);
}

static unsigned freed;

static void on_done_free(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  free(req);
  freed++;
}

static void the_callback_may_free_the_request(void **state) {
  fs_fixture_t *fixture = *state;
  async_uv_fs_t *req = malloc(sizeof(*req));
  assert_int_equal(async_uv_fs_stat(&fixture->uv.loop, req, fixture->directory,
                                    on_done_free),
                   0);
  uv_fixture_run(&fixture->uv);
  assert_int_equal(freed, 1);
  assert_counts(&fixture->uv, "FSREQCALLBACK", 0, 1, 1, 1, 1);
}

/* Open, fstat, read and close on one request, as readFile() does. */
typedef struct whole_file_s {
  async_uv_fs_t req;
  uv_loop_t *loop;
  uv_file file;
  uint64_t size_bytes;
  char text[32];
  ssize_t read_bytes;
  ssize_t closed;
} whole_file_t;

static void on_file_closed(async_uv_fs_t *req) {
  whole_file_t *whole = req->data;
  whole->closed = req->result;
  async_uv_fs_req_cleanup(req);
}

static void on_file_read(async_uv_fs_t *req) {
  whole_file_t *whole = req->data;
  whole->read_bytes = req->result;
  async_uv_fs_req_cleanup(req);
  async_uv_fs_close(whole->loop, req, whole->file, on_file_closed);
}

static void on_file_status(async_uv_fs_t *req) {
  whole_file_t *whole = req->data;
  uv_buf_t buf = uv_buf_init(whole->text, sizeof(whole->text) - 1);
  whole->size_bytes = req->statbuf.st_size;
  async_uv_fs_req_cleanup(req);
  async_uv_fs_read(whole->loop, req, whole->file, &buf, 1, 0, on_file_read);
}

static void on_file_open(async_uv_fs_t *req) {
  whole_file_t *whole = req->data;
  whole->file = (uv_file)req->result;
  async_uv_fs_req_cleanup(req);
  async_uv_fs_fstat(whole->loop, req, whole->file, on_file_status);
}

static void a_request_used_again_is_caused_by_the_one_before(void **state) {
  fs_fixture_t *fixture = *state;
  const recorder_t *recorder = &fixture->uv.recorder;
  whole_file_t whole = {.loop = &fixture->uv.loop, .closed = -1};
  whole.req.data = &whole;
  assert_int_equal(async_uv_fs_open(whole.loop, &whole.req,
                                    fs_file(fixture, "file", "hello"), O_RDONLY,
                                    0, on_file_open),
                   0);
  uv_fixture_run(&fixture->uv);
  assert_string_equal(whole.text, "hello");
  assert_int_equal(whole.size_bytes, 5);
  assert_int_equal(whole.read_bytes, 5);
  assert_int_equal(whole.closed, 0);
  for (size_t i = 0; i < 4; i++) {
    const recorded_event_t *init =
        recorder_find(recorder, RECORDED_INIT, "FSREQCALLBACK", i);
    assert_int_equal(init->trigger_async_id,
                     i == 0 ? ASYNC_ID_ROOT
                            : recorder_id(recorder, "FSREQCALLBACK", i - 1));
    assert_counts(&fixture->uv, "FSREQCALLBACK", i, 1, 1, 1, 1);
  }
}

static void the_public_fields_are_libuvs(void **state) {
  fs_fixture_t *fixture = *state;
  request_t request;
  request_init(&request, fixture);
  const char *path = fs_file(fixture, "file", "text");
  assert_int_equal(
      async_uv_fs_stat(&fixture->uv.loop, &request.req, path, NULL), 0);
  assert_ptr_equal(request.req.data, &request);
  assert_int_equal(request.req.type, UV_FS);
  assert_int_equal(async_uv_fs_get_type(&request.req), UV_FS_STAT);
  assert_ptr_equal(request.req.loop, &fixture->uv.loop);
  assert_int_equal(async_uv_fs_get_result(&request.req), 0);
  assert_ptr_equal(async_uv_fs_get_ptr(&request.req), request.req.ptr);
  assert_string_equal(async_uv_fs_get_path(&request.req), path);
  assert_int_equal(async_uv_fs_get_statbuf(&request.req)->st_size, 4);
  assert_int_equal(async_uv_fs_get_system_error(&request.req), 0);
  async_uv_fs_req_cleanup(&request.req);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_fs(an_access_is_one_resource),
      cmocka_unit_test_fs(a_call_shows_its_path_to_diagnostics),
      cmocka_unit_test_fs(the_running_resource_is_the_one_init_reported),
      cmocka_unit_test_fs(the_callback_sees_the_context_of_the_call),
      cmocka_unit_test_fs(a_missing_file_is_the_callbacks_result),
      cmocka_unit_test_fs(a_call_that_libuv_refuses_has_no_callback),
      cmocka_unit_test_fs(a_call_without_a_callback_blocks),
      cmocka_unit_test_fs(a_blocking_call_answers_its_error),
      cmocka_unit_test_fs(a_blocking_call_may_be_made_on_any_thread),
      cmocka_unit_test_fs(a_call_belongs_to_the_thread_of_its_loop),
      cmocka_unit_test_fs(a_cancelled_call_calls_back_in_its_scope),
      cmocka_unit_test_fs(the_callback_may_free_the_request),
      cmocka_unit_test_fs(a_request_used_again_is_caused_by_the_one_before),
      cmocka_unit_test_fs(the_public_fields_are_libuvs),
  };
  return test_main(tests, argc, argv);
}
