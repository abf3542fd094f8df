/* Every allocation of the client's fails once. Whatever it is, each request
 * that was taken is closed exactly once, the agent stops, and nothing is left
 * behind. */
#include "asyncscope/async_env.h"
#include "counting_allocator.h"
#include "http_client_request.h"
#include "http_peer.h"
#include "test_main.h"

#include <signal.h>
#include <string.h>

#define OK    "HTTP/1.1 200 OK\r\n"
#define HELLO OK "Content-Length: 5\r\n\r\nhello"
#define ASKED 5

/* Records lie in chunks; with so many taken the next one asks for memory
 * within the scene. */
#define FILL_MAX    64
#define FILL_LEAST  44

#define LARGE_BYTES 3000000 /* more than a kernel takes at once */
#define SMALL_BYTES 1000

/* The second request on the first socket is lost, and sent again. */
static const peer_act_t acts[] = {
    {.text = HELLO},
    {.then = PEER_CLOSE},
    {.text = "HTTP/1.1 100 Continue\r\n\r\n" OK
             "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
    {.text = HELLO, .bytewise = true},
    {.text = OK "Keep-Alive: timeout=9\r\n\r\nhello", .then = PEER_CLOSE}};

typedef struct scene_s scene_t;

typedef struct asked_s {
  scene_t *scene;
  http_client_request_t *request;
  bool taken;
  unsigned pulls, closes;
  int status;
} asked_t;

struct scene_s {
  size_t body_bytes; /* of the whole body */
  size_t filled;     /* resources that take room from the client's */
  async_resource_t fill[FILL_MAX];
  uv_loop_t loop;
  http_peer_t peer;
  http_agent_t agent;
  asked_t asked[ASKED];
  unsigned open; /* requests taken and not closed */
  bool stopped;
};

static void on_close(void *data, http_client_request_t *request, int status) {
  asked_t *asked = data;

  (void)request;
  asked->closes++;
  asked->status = status;
  asked->scene->open--;
}

static void on_pull(void *arg) {
  static char piece[65536];
  asked_t *asked = arg;

  memset(piece, 'x', sizeof(piece));
  if (++asked->pulls <= 8)
    http_client_request_write(asked->request, piece, sizeof(piece));
  else
    http_client_request_end(asked->request);
}

static void start(scene_t *scene, size_t index,
                  const http_client_options_t *given) {
  asked_t *asked = &scene->asked[index];
  http_client_options_t options = *given;

  asked->scene = scene;
  options.port = scene->peer.port;
  options.data = asked;
  options.callbacks.on_close = on_close;
  asked->taken =
      http_client_request(&scene->agent, &options, &asked->request) == 0;
  scene->open += asked->taken;
}

static void wait_all(scene_t *scene) {
  while (scene->open > 0)
    uv_run(&scene->loop, UV_RUN_ONCE);
}

/* The first has the socket to itself, the others of its host wait; then one
 * that is looked up. */
static void ask_all(scene_t *scene) {
  static char body[LARGE_BYTES];
  const http_source_t source = {.pull = on_pull, .arg = &scene->asked[2]};
  const http_client_field_t field = {"Accept", "*/*"};
  const http_client_options_t options[ASKED] = {
      {.host = "127.0.0.1", .fields = &field, .field_count = 1},
      {.host = "127.0.0.1",
       .method = "PUT",
       .body = body,
       .body_bytes = scene->body_bytes},
      {.host = "127.0.0.1", .method = "POST", .source = &source},
      {.host = "127.0.0.1"},
      {.host = "localhost", .timeout_ms = 60000}};

  for (size_t i = 0; i < ASKED - 1; i++)
    start(scene, i, &options[i]);
  wait_all(scene);
  start(scene, ASKED - 1, &options[ASKED - 1]);
  wait_all(scene);
}

static void on_stopped(http_agent_t *agent) {
  scene_t *scene = agent->data;

  scene->stopped = true;
}

static void play(scene_t *scene) {
  http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;

  options.limits.sockets_max = 1;
  scene->stopped = true;
  if (http_agent_init(&scene->agent, &scene->loop, &options) != 0)
    return;
  scene->agent.data = scene;
  scene->stopped = false;
  ask_all(scene);
  http_agent_stop(&scene->agent, on_stopped);
  while (!scene->stopped)
    uv_run(&scene->loop, UV_RUN_ONCE);
  http_agent_finish(&scene->agent);
}

static void open_scene(scene_t *scene, size_t body_bytes, size_t filled) {
  memset(scene, 0, sizeof(*scene));
  scene->body_bytes = body_bytes;
  scene->filled = filled;
  assert_int_equal(uv_loop_init(&scene->loop), 0);
  assert_int_equal(async_env_attach(&scene->loop), 0);
  scene->peer.acts = acts;
  scene->peer.act_count = sizeof(acts) / sizeof(acts[0]);
  assert_int_equal(http_peer_start(&scene->peer, &scene->loop, "127.0.0.1"), 0);
  for (size_t i = 0; i < filled; i++)
    assert_int_equal(async_resource_init(&scene->fill[i], "FILL", NULL), 0);
}

static void close_scene(scene_t *scene) {
  for (size_t i = 0; i < scene->filled; i++)
    async_resource_finish(&scene->fill[i]);
  http_peer_stop(&scene->peer);
  uv_run(&scene->loop, UV_RUN_DEFAULT);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&scene->loop), 0);
}

/* False when there was no nth allocation; then all is answered. */
static bool survives_failure(scene_t *scene, size_t body_bytes, size_t filled,
                             long nth) {
  bool failed;

  open_scene(scene, body_bytes, filled);
  counting_allocator_fail_at(nth);
  play(scene);
  failed = counting_allocator_disarm();
  for (size_t i = 0; i < ASKED; i++) {
    assert_int_equal(scene->asked[i].closes, scene->asked[i].taken);
    if (!failed)
      assert_int_equal(scene->asked[i].status, 0);
  }
  assert_int_equal(scene->agent.socket_count, 0);
  close_scene(scene);
  return failed;
}

/* What a process keeps for good, the names of types, the first scene leaves.
 * Answers how many allocations there were. */
static long fail_each(size_t body_bytes, size_t filled) {
  static scene_t scene;
  long before, nth = 1;

  signal(SIGPIPE, SIG_IGN);
  open_scene(&scene, body_bytes, filled);
  play(&scene);
  close_scene(&scene);
  before = counting_allocator_live();
  while (survives_failure(&scene, body_bytes, filled, nth)) {
    assert_int_equal(counting_allocator_live(), before);
    nth++;
  }
  assert_int_equal(counting_allocator_live(), before);
  return nth - 1;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  assert_in_range(fail_each(LARGE_BYTES, 0), 30, 1000);
}

static void every_record_may_be_the_one_without_memory(void **state) {
  (void)state;
  for (size_t filled = FILL_LEAST; filled <= FILL_MAX; filled++)
    fail_each(SMALL_BYTES, filled);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(every_record_may_be_the_one_without_memory),
  };
  if (counting_allocator_install() != 0)
    return 1;
  return test_main(tests, argc, argv);
}
