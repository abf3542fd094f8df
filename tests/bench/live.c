/* A server with a million live resources at 30 % of what it can do, by an open
 * loop: requests go out when they are due, and what they wait is counted from
 * then. How much later the slowest hundredth is answered while all that lives
 * is streamed from the diagnostics, over and over. Load and streaming client
 * share one core. Rounds with and without take turns. A machine that others
 * share stands still for some milliseconds again and again, which is most of
 * the slowest hundredth of all: so the p99 is taken of each tenth of a second,
 * and the one in the middle counts. Answers 1 where it takes twice as long or
 * longer. */
#include "live_server.h"

#include "asyncscope/async_histogram.h"
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#define CONNECTIONS 16
#define DUE_MAX     65536 /* requests that wait for a connection */
#define CAPACITY_MS 2000
#define TICK_NS     100000 /* of the clock that sends what is due */
#define WINDOW_MS   100
#define ROUND_MS    2500
#define ROUNDS      4 /* of each kind */
#define WINDOWS_MAX (ROUNDS * ROUND_MS / WINDOW_MS)
#define LOAD        0.3
#define RATIO_MAX   2.0

typedef struct load_s load_t;

typedef struct connection_s {
  uv_tcp_t tcp;
  uv_connect_t connect;
  load_t *load;
  uint64_t due_ns; /* of the request on it; 0: it is idle */
  size_t awaited;  /* bytes of the answer still to come */
} connection_t;

/* What was measured of one kind: the p99 of each window, and all of it. */
typedef struct result_s {
  double p99_ms[WINDOWS_MAX];
  size_t count;
  async_histogram_t latency;
} result_t;

struct load_s {
  uv_loop_t loop;
  uv_poll_t clock;
  uv_timer_t window, end;
  result_t *result;
  int timer_fd;
  bool closed_loop; /* the next request goes out behind each answer */
  uint64_t interval_ns, next_ns, answered;
  uint64_t due[DUE_MAX];
  size_t due_first, due_count;
  connection_t connections[CONNECTIONS];
  async_histogram_t latency; /* of the window */
};

static const char REQUEST[] = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

/* All answers are alike: the first one tells how long they are. */
static size_t answer_bytes;

static void send_on(connection_t *connection, uint64_t due_ns) {
  uv_buf_t buf = uv_buf_init((char *)(uintptr_t)REQUEST, sizeof(REQUEST) - 1);
  connection->due_ns = due_ns;
  connection->awaited = answer_bytes;
  if (uv_try_write((uv_stream_t *)&connection->tcp, &buf, 1) !=
      (int)sizeof(REQUEST) - 1)
    abort();
}

static void answered(connection_t *connection) {
  load_t *load = connection->load;
  uint64_t now_ns = uv_hrtime();
  async_histogram_record(&load->latency, now_ns - connection->due_ns);
  load->answered++;
  connection->due_ns = 0;
  if (load->closed_loop) {
    send_on(connection, now_ns);
  } else if (load->due_count > 0) {
    send_on(connection, load->due[load->due_first++ % DUE_MAX]);
    load->due_count--;
  }
}

static void alloc(uv_handle_t *handle, size_t size, uv_buf_t *ret_buf) {
  static char bytes[4096];
  (void)handle;
  (void)size;
  *ret_buf = uv_buf_init(bytes, sizeof(bytes));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf) {
  connection_t *connection = stream->data;
  (void)buf;
  if (count < 0)
    abort();
  connection->awaited -= (size_t)count;
  if (connection->awaited == 0 && connection->due_ns != 0)
    answered(connection);
}

static void send_due(load_t *load, uint64_t due_ns) {
  for (size_t i = 0; i < CONNECTIONS; i++)
    if (load->connections[i].due_ns == 0) {
      send_on(&load->connections[i], due_ns);
      return;
    }
  if (load->due_count == DUE_MAX)
    abort();
  load->due[(load->due_first + load->due_count++) % DUE_MAX] = due_ns;
}

static void on_clock(uv_poll_t *clock, int status, int events) {
  load_t *load = clock->data;
  uint64_t expired;
  (void)status;
  (void)events;
  if (read(load->timer_fd, &expired, sizeof(expired)) < 0)
    return;
  for (uint64_t now_ns = uv_hrtime(); load->next_ns <= now_ns;
       load->next_ns += load->interval_ns)
    send_due(load, load->next_ns);
}

static double p_ms(const async_histogram_t *latency, double percent) {
  return (double)async_histogram_percentile(latency, percent) / 1e6;
}

static void on_window(uv_timer_t *window) {
  load_t *load = window->data;
  result_t *result = load->result;
  if (result->count < WINDOWS_MAX)
    result->p99_ms[result->count++] = p_ms(&load->latency, 99);
  async_histogram_add(&result->latency, &load->latency);
  memset(&load->latency, 0, sizeof(load->latency));
}

static void on_end(uv_timer_t *timer) {
  uv_stop(timer->loop);
}

static void on_connected(uv_connect_t *connect, int status) {
  connection_t *connection = connect->data;
  if (status != 0)
    abort();
  uv_tcp_nodelay(&connection->tcp, 1);
  uv_read_start((uv_stream_t *)&connection->tcp, alloc, on_read);
  if (connection->load->closed_loop)
    send_on(connection, uv_hrtime());
}

static void connect_all(load_t *load, uint16_t port) {
  struct sockaddr_in address;
  uv_ip4_addr("127.0.0.1", port, &address);
  for (size_t i = 0; i < CONNECTIONS; i++) {
    connection_t *connection = &load->connections[i];
    connection->load = load;
    connection->tcp.data = connection->connect.data = connection;
    uv_tcp_init(&load->loop, &connection->tcp);
    uv_tcp_connect(&connection->connect, &connection->tcp,
                   (const struct sockaddr *)&address, on_connected);
  }
}

static void start_clock(load_t *load) {
  struct itimerspec time = {.it_interval = {.tv_nsec = TICK_NS},
                            .it_value = {.tv_nsec = TICK_NS}};
  load->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  load->clock.data = load;
  load->next_ns = uv_hrtime() + load->interval_ns;
  timerfd_settime(load->timer_fd, 0, &time, NULL);
  uv_poll_init(&load->loop, &load->clock, load->timer_fd);
  uv_poll_start(&load->clock, UV_READABLE, on_clock);
}

static void close_one(uv_handle_t *handle, void *arg) {
  (void)arg;
  if (!uv_is_closing(handle))
    uv_close(handle, NULL);
}

static void start_timers(load_t *load, uint64_t ms) {
  load->window.data = load;
  uv_timer_init(&load->loop, &load->window);
  uv_timer_start(&load->window, on_window, WINDOW_MS, WINDOW_MS);
  uv_timer_init(&load->loop, &load->end);
  uv_timer_start(&load->end, on_end, ms, 0);
}

/* Requests a second; `rate` 0: as many as there can be. */
static double run_load(uint16_t port, double rate, uint64_t ms,
                       result_t *result) {
  load_t *load = calloc(1, sizeof(*load));
  uint64_t begun_ns = uv_hrtime();
  if (load == NULL)
    abort();
  load->result = result;
  load->closed_loop = rate == 0;
  uv_loop_init(&load->loop);
  connect_all(load, port);
  if (rate > 0) {
    load->interval_ns = (uint64_t)(1e9 / rate);
    start_clock(load);
  }
  start_timers(load, ms);
  uv_run(&load->loop, UV_RUN_DEFAULT);
  double per_s =
      (double)load->answered * 1e9 / (double)(uv_hrtime() - begun_ns);
  uv_walk(&load->loop, close_one, NULL);
  uv_run(&load->loop, UV_RUN_DEFAULT);
  if (load->timer_fd > 0)
    close(load->timer_fd);
  uv_loop_close(&load->loop);
  free(load);
  return per_s;
}

static int connect_to(uint16_t port) {
  struct sockaddr_in address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  uv_ip4_addr("127.0.0.1", port, &address);
  return connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0
             ? fd
             : -1;
}

static void learn_answer(uint16_t port) {
  char bytes[4096];
  int fd = connect_to(port);
  if (write(fd, REQUEST, sizeof(REQUEST) - 1) > 0)
    answer_bytes = (size_t)read(fd, bytes, sizeof(bytes));
  close(fd);
}

typedef struct stream_s {
  uint16_t port;
  atomic_bool ends;
  size_t bytes, whole;
} stream_t;

/* One answer, or as much of it as there is until the end. */
static void read_one(stream_t *stream) {
  static const char request[] =
      "GET /debug/resources?limit=10000000 HTTP/1.1\r\nHost: localhost\r\n"
      "Connection: close\r\n\r\n";
  static char bytes[65536];
  ssize_t count = 1;
  int fd = connect_to(stream->port);
  if (write(fd, request, sizeof(request) - 1) < 0)
    abort();
  while (count > 0 && !atomic_load(&stream->ends)) {
    count = read(fd, bytes, sizeof(bytes));
    stream->bytes += count > 0 ? (size_t)count : 0;
  }
  stream->whole += count == 0;
  close(fd);
}

static void stream_on(void *arg) {
  stream_t *stream = arg;
  while (!atomic_load(&stream->ends))
    read_one(stream);
}

static void run_round(const live_ports_t *ports, double rate, bool streams,
                      stream_t *stream, result_t *result) {
  uv_thread_t thread;
  atomic_store(&stream->ends, false);
  if (streams && uv_thread_create(&thread, stream_on, stream) != 0)
    abort();
  run_load(ports->hello, rate, ROUND_MS, result);
  atomic_store(&stream->ends, true);
  if (streams)
    uv_thread_join(&thread);
}

static int compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static double middle_ms(result_t *result) {
  qsort(result->p99_ms, result->count, sizeof(double), compare);
  return result->p99_ms[result->count / 2];
}

static void print(const char *what, result_t *result) {
  printf("  %-20s p50 %.3f ms, p99 %.3f ms, of all %.3f ms, %llu answers\n",
         what, p_ms(&result->latency, 50), middle_ms(result),
         p_ms(&result->latency, 99),
         (unsigned long long)async_histogram_count(&result->latency));
}

static int measure(const live_ports_t *ports, size_t count) {
  static result_t warm, alone, streamed;
  static stream_t stream;
  learn_answer(ports->hello);
  double capacity = run_load(ports->hello, 0, CAPACITY_MS, &warm);
  stream.port = ports->debug;
  for (size_t i = 0; i < ROUNDS; i++) {
    run_round(ports, LOAD * capacity, false, &stream, &alone);
    run_round(ports, LOAD * capacity, true, &stream, &streamed);
  }
  double ratio = middle_ms(&streamed) / middle_ms(&alone);
  printf("%zu live, %.0f requests a second of %.0f\n", count, LOAD * capacity,
         capacity);
  print("alone", &alone);
  print("while it is streamed", &streamed);
  printf("  streamed %.0f MiB, %zu whole answers; the p99 is %.2f times that, "
         "less than %.0f%s\n",
         (double)stream.bytes / 1048576, stream.whole, ratio, RATIO_MAX,
         ratio >= RATIO_MAX ? "  TOO SLOW" : "");
  return ratio >= RATIO_MAX;
}

/* The load and the reader; the server was left to the scheduler. */
static void pin(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv) {
  size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
  live_ports_t ports;
  pid_t pid = live_server_start(count, &ports);
  if (pid < 0) {
    fprintf(stderr, "live: cannot serve with %zu timers\n", count);
    return 2;
  }
  pin(1);
  int failed = measure(&ports, count);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  return failed;
}
