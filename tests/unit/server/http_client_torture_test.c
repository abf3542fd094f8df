/* Every allocation of the client's fails once. Whatever it is, each request
 * that was taken is closed exactly once, the agent stops, and nothing is left
 * behind. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "counting_allocator.h"
#include "http_client_exchange.h"
#include "http_peer.h"
#include "test_main.h"

#include <signal.h>
#include <string.h>

#define OK    "HTTP/1.1 200 OK\r\n"
#define HELLO OK "Content-Length: 5\r\n\r\nhello"
#define ASKED 6

/* Records lie in chunks. From a turn of the loop on every chunk is full, so
 * that the next resource, whichever it is, asks for memory too. */
#define FILL_MAX 512

/* Three turns of an upload; and more than the kernels hold for a peer that does
 * not read. */
#define BODY_BYTES  600000
#define LARGE_BYTES HTTP_CLIENT_BODY_MAX_BYTES

/* The second request on the first socket is lost, and sent again. */
static const peer_act_t acts[] = {
    {.text = HELLO},
    {.then = PEER_CLOSE},
    {.text = "HTTP/1.1 100 Continue\r\n\r\n" OK
             "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
    {.text = HELLO, .bytewise = true},
    {.text = HELLO},
    {.text = HELLO},
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
  bool deaf;           /* the peer does not read until a write waits for it */
  unsigned blocked_at; /* which of them found that write */
  unsigned full_at;    /* which of these finds records run out; 0: none */
  unsigned turns;      /* and requests */
  long nth; /* of the allocations that fail, from there on; 0: none */
  size_t filled;
  async_resource_t fill[FILL_MAX];
  async_hook_t hook;
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

static void fill_up(scene_t *scene) {
  do
    counting_allocator_fail_at(1);
  while (async_resource_init(&scene->fill[scene->filled], "FILL", NULL) == 0 &&
         ++scene->filled < FILL_MAX);
  counting_allocator_disarm();
}

static bool write_waits(const asked_t *asked) {
  return asked->request->socket != NULL &&
         asked->request->socket->write_pending;
}

/* Also when that request is over: others are to be answered. */
static void watch_peer(scene_t *scene) {
  const asked_t *asked = &scene->asked[1];
  bool open = asked->taken && asked->closes == 0;

  if (!scene->peer.deaf || asked->scene == NULL ||
      (open && !write_waits(asked)))
    return;
  scene->blocked_at = scene->turns;
  http_peer_listen(&scene->peer);
}

/* Before a request and before a turn of the loop. */
static void step(scene_t *scene) {
  watch_peer(scene);
  if (++scene->turns == scene->full_at) {
    fill_up(scene);
    counting_allocator_fail_at(scene->nth);
  }
}

static void start(scene_t *scene, size_t index,
                  const http_client_options_t *given) {
  asked_t *asked = &scene->asked[index];
  http_client_options_t options = *given;

  step(scene);
  asked->scene = scene;
  options.port = scene->peer.port;
  options.data = asked;
  options.callbacks.on_close = on_close;
  asked->taken =
      http_client_request(&scene->agent, &options, &asked->request) == 0;
  scene->open += asked->taken;
}

static void wait_all(scene_t *scene) {
  while (scene->open > 0) {
    step(scene);
    uv_run(&scene->loop, UV_RUN_ONCE);
  }
}

/* The first has the socket to itself, the others of its host wait; then one
 * gets the free socket, and one is looked up. */
static void ask_all(scene_t *scene) {
  static char body[LARGE_BYTES];
  const http_source_t source = {.pull = on_pull, .arg = &scene->asked[2]};
  const http_client_field_t field = {"Accept", "*/*"};
  const http_client_options_t options[ASKED] = {
      {.host = "127.0.0.1", .fields = &field, .field_count = 1},
      {.host = "127.0.0.1",
       .method = "PUT",
       .body = body,
       .body_bytes = scene->deaf ? LARGE_BYTES : BODY_BYTES},
      {.host = "127.0.0.1", .method = "POST", .source = &source},
      {.host = "127.0.0.1"},
      {.host = "127.0.0.1"},
      {.host = "localhost", .timeout_ms = 60000}};

  for (size_t i = 0; i < 4; i++)
    if (!scene->deaf || i == 1)
      start(scene, i, &options[i]);
  wait_all(scene);
  start(scene, 4, &options[4]);
  wait_all(scene);
  start(scene, 5, &options[5]);
  wait_all(scene);
}

static void on_stopped(http_agent_t *agent) {
  scene_t *scene = agent->data;

  scene->stopped = true;
}

static void play(scene_t *scene) {
  http_agent_options_t options = HTTP_AGENT_OPTIONS_DEFAULT;

  options.limits.sockets_max = 1;
  options.limits.connect_timeout_ms = 0; /* no time mends what is stuck */
  options.limits.idle_timeout_ms = 0;
  scene->stopped = true;
  if (http_agent_init(&scene->agent, &scene->loop, &options) != 0)
    return;
  scene->agent.data = scene;
  scene->stopped = false;
  ask_all(scene);
  http_agent_stop(&scene->agent, on_stopped);
  while (!scene->stopped) {
    step(scene);
    uv_run(&scene->loop, UV_RUN_ONCE);
  }
  http_agent_finish(&scene->agent);
}

static void on_destroy(async_id_t async_id, void *data) {
  (void)async_id;
  (void)data;
}

/* Somebody hears of every destroy: until then a record is not used again. With
 * a deaf peer nobody does, so that no record comes back just before the write.
 */
static void enable_hook(scene_t *scene) {
  const async_hook_callbacks_t callbacks = {.destroy = on_destroy};

  async_hook_init(&scene->hook, &callbacks, NULL);
  assert_int_equal(async_hook_enable(&scene->hook), 0);
}

static void open_scene(scene_t *scene, bool deaf, unsigned full_at) {
  memset(scene, 0, sizeof(*scene));
  scene->deaf = deaf;
  scene->peer.deaf = deaf;
  scene->full_at = full_at;
  assert_int_equal(uv_loop_init(&scene->loop), 0);
  assert_int_equal(async_env_attach(&scene->loop), 0);
  scene->peer.acts = acts;
  scene->peer.act_count = sizeof(acts) / sizeof(acts[0]);
  assert_int_equal(http_peer_start(&scene->peer, &scene->loop, "127.0.0.1"), 0);
  assert_int_equal(async_resource_init(&scene->fill[0], "FILL", NULL), 0);
  scene->filled = 1;
  if (!deaf)
    enable_hook(scene);
}

static void close_scene(scene_t *scene) {
  for (size_t i = 0; i < scene->filled; i++)
    async_resource_finish(&scene->fill[i]);
  http_peer_stop(&scene->peer);
  uv_run(&scene->loop, UV_RUN_DEFAULT);
  if (!scene->deaf)
    async_hook_disable(&scene->hook);
  assert_int_equal(async_env_detach(), 0);
  assert_int_equal(uv_loop_close(&scene->loop), 0);
}

/* False when there was no nth allocation; then all is answered. */
static bool survives_failure(scene_t *scene, bool deaf, unsigned full_at,
                             long nth) {
  bool failed;

  open_scene(scene, deaf, full_at);
  scene->nth = nth;
  if (full_at == 0)
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

/* Answers how many turns the scene took. What a process keeps for good, the
 * names of types, the scene before has left. */
static unsigned fail_each(bool deaf, unsigned full_at, long at_least) {
  static scene_t scene;
  long before, nth = 1;

  signal(SIGPIPE, SIG_IGN);
  survives_failure(&scene, deaf, full_at, 0);
  before = counting_allocator_live();
  while (survives_failure(&scene, deaf, full_at, nth)) {
    assert_int_equal(counting_allocator_live(), before);
    nth++;
  }
  assert_int_equal(counting_allocator_live(), before);
  assert_true(nth > at_least);
  return scene.turns;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  fail_each(false, 0, 30);
}

static void every_resource_may_be_the_one_without_memory(void **state) {
  unsigned turns = fail_each(false, 0, 30);

  (void)state;
  for (unsigned full_at = 1; full_at < turns; full_at++)
    fail_each(false, full_at, 0);
}

/* With nothing failing a first time, to see when that is. */
static void a_write_that_waits_may_be_without_memory(void **state) {
  static scene_t scene;

  (void)state;
  survives_failure(&scene, true, 0, 0);
  assert_true(scene.blocked_at > 2);
  for (unsigned back = 0; back < 3; back++)
    fail_each(true, scene.blocked_at - back, 0);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(every_resource_may_be_the_one_without_memory),
      cmocka_unit_test(a_write_that_waits_may_be_without_memory),
  };
  if (counting_allocator_install() != 0)
    return 1;
  return test_main(tests, argc, argv);
}
