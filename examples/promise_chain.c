/* A chain of promises that reads from top to bottom: wait, open a file, read
 * its beginning, close it. Each step sees the store of the code that began.
 *
 * node:timers/promises and node:fs/promises. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_file_handle.h>
#include <asyncscope/async_fs_promises.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_timers_promises.h>
#include <fcntl.h>
#include <stdio.h>

typedef struct job_s {
  const char *path;
  async_file_handle_t *file;
  char text[16];
} job_t;

static uv_loop_t loop;
static async_local_storage_t request;

static void print(const char *what) {
  const char *who = async_local_storage_get_store(&request);
  printf("%s: %s\n", who == NULL ? "undefined" : who, what);
}

static void *open_it(async_promise_t *derived, void *value, void *arg) {
  job_t *job = arg;
  async_promise_t *next = NULL;
  (void)value;
  print("waited");
  int error = async_uv_fs_open_promise(&loop, job->path, O_RDONLY, 0, &next);
  return async_promise_follow(derived, error, next);
}

static void *read_it(async_promise_t *derived, void *value, void *arg) {
  job_t *job = arg;
  uv_buf_t buf = uv_buf_init(job->text, sizeof(job->text));
  async_promise_t *next = NULL;
  print("opened");
  job->file = async_file_handle_retain(value);
  int error = async_uv_fs_read_promise(&loop, async_file_handle_fd(job->file),
                                       &buf, 1, 0, &next);
  return async_promise_follow(derived, error, next);
}

static void *close_it(async_promise_t *derived, void *value, void *arg) {
  job_t *job = arg;
  async_promise_t *next = NULL;
  const async_uv_fs_t *req = value;
  print(req->result > 0 ? "read" : "it is empty");
  int error = async_file_handle_close(job->file, &next);
  return async_promise_follow(derived, error, next);
}

/* Whichever step failed. */
static void *refuse(async_promise_t *derived, void *reason, void *arg) {
  (void)derived, (void)arg;
  print(uv_err_name(async_promise_reason_status(reason)));
  return NULL;
}

static void end(async_promise_t *derived, void *arg) {
  job_t *job = arg;
  (void)derived;
  async_file_handle_release(job->file);
  job->file = NULL;
  print("done");
}

static int begin(void *arg) {
  job_t *job = arg;
  async_promise_t *chain = NULL;
  int error = async_uv_timer_promise(&loop, 1, NULL, &chain);
  if (error == 0)
    error = async_promise_chain(&chain, open_it, NULL, job);
  if (error == 0)
    error = async_promise_chain(&chain, read_it, NULL, job);
  if (error == 0)
    error = async_promise_chain(&chain, close_it, NULL, job);
  if (error == 0)
    error = async_promise_chain(&chain, NULL, refuse, job);
  if (error == 0)
    error = async_promise_finally(chain, end, job, NULL);
  async_promise_release(chain);
  return error;
}

int main(int argc, char *argv[]) {
  job_t jobs[] = {{.path = argv[argc - 1]}, {.path = "/nowhere/to/be/found"}};
  static const char *const names[] = {"r1", "r2"};
  int error = 0;
  uv_loop_init(&loop);
  async_env_attach(&loop);
  async_local_storage_init(&request, NULL);
  for (int i = 0; i < 2 && error == 0; i++) {
    error =
        async_local_storage_run(&request, (void *)names[i], begin, &jobs[i]);
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  async_local_storage_finish(&request);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
