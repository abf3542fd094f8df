/* A computation on a thread of its own: async_worker.h.
 *
 * Two requests ask one worker. The worker answers in order, but its answers
 * arrive in the context in which the worker was made, not in that of the
 * request. So each question is a resource made by the request, and its answer
 * runs in the scope of that resource. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_local_storage.h>
#include <asyncscope/async_worker.h>
#include <stdio.h>

/* Goes to the worker and comes back; both threads see it, one at a time. */
typedef struct question_s {
  async_message_t message;
  async_resource_t asker;
  int number;
  bool prime;
  const char *seen; /* whose request it is, to the worker */
} question_t;

static async_local_storage_t request;
static question_t questions[2];
static int open_questions;

static const char *current_request(void) {
  const char *store = async_local_storage_get_store(&request);
  return store == NULL ? "nobody" : store;
}

/* The worker's thread. */

static void on_question(async_message_port_t *port, async_message_t *message) {
  question_t *question = message->data;
  question->prime = question->number > 1;
  for (int i = 2; i * i <= question->number; i++)
    question->prime = question->prime && question->number % i != 0;
  question->seen = current_request();
  async_message_port_post_message(port, message);
}

static void answer_questions(void *worker_data) {
  (void)worker_data;
  async_message_port_on_message(async_worker_parent_port(), on_question);
}

/* The loop's thread. */

static int tell(void *arg) {
  const question_t *question = arg;
  printf("%s: %d is %s\n", current_request(), question->number,
         question->prime ? "prime" : "not prime");
  return 0;
}

static void on_answer(async_worker_t *worker, async_message_t *message) {
  question_t *question = message->data;
  printf("computed for %s, arrives for %s\n", question->seen,
         current_request());
  async_resource_run_in_async_scope(&question->asker, tell, question);
  async_resource_finish(&question->asker);
  if (--open_questions == 0)
    async_worker_terminate(worker);
}

static void on_exit_of(async_worker_t *worker, int exit_code) {
  (void)worker;
  printf("worker has ended with %d\n", exit_code);
}

/* Its memory is ours, so a question that is never answered needs no release. */
static int ask(void *arg) {
  async_worker_t *worker = arg;
  question_t *question = &questions[open_questions++];
  int error = async_resource_init(&question->asker, "QUESTION", NULL);
  if (error != 0)
    return error;
  question->number = open_questions == 1 ? 1000003 : 1000001;
  async_message_init(&question->message, question, sizeof(*question), NULL);
  return async_worker_post_message(worker, &question->message);
}

int main(void) {
  static char stores[2][3] = {"r1", "r2"};
  async_worker_options_t options = {
      .on = {.message = on_answer, .exit = on_exit_of}, .name = "primes"};
  async_worker_t *worker = NULL;
  async_env_attach(uv_default_loop());
  async_local_storage_init(&request, NULL);
  int error = async_worker_create(answer_questions, &options, &worker);
  for (int i = 0; i < 2 && error == 0; i++)
    error = async_local_storage_run(&request, stores[i], ask, worker);
  if (error != 0 && worker != NULL)
    async_worker_terminate(worker);
  uv_run(uv_default_loop(), UV_RUN_DEFAULT);
  async_local_storage_finish(&request);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(uv_default_loop());
}
