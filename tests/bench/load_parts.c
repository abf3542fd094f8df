#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

uint64_t load_now_ns(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void load_fail(const char *what) {
  fprintf(stderr, "bench_load: %s: %s\n", what,
          errno == 0 ? "failed" : strerror(errno));
  exit(1);
}

static void usage(void) {
  fprintf(stderr,
          "usage: bench_load [-c CONNECTIONS] [-d DEPTH] "
          "[-n BATCHES | -t MS] [-w MS] [-r RATE] [-p PID [-l]] [-k] [-v] "
          "PORT PATH\n");
  exit(2);
}

static void read_option(load_options_t *options, int option, size_t value) {
  switch (option) {
  case 'c':
    options->connections = value;
    break;
  case 'd':
    options->depth = value;
    break;
  case 'n':
    options->batches = value;
    break;
  case 't':
    options->ms = value;
    break;
  case 'w':
    options->warm_ms = value;
    break;
  case 'r':
    options->rate = value;
    break;
  case 'p':
    options->pid = (pid_t)value;
    break;
  case 'k':
    options->keep = true;
    break;
  case 'l':
    options->lockstep = true;
    break;
  case 'v':
    options->varied = true;
    break;
  default:
    usage();
  }
}

static void read_options(int argc, char **argv, load_options_t *options) {
  int option;

  *options = (load_options_t){.connections = 1, .depth = 1, .ms = 1000};
  while ((option = getopt(argc, argv, "c:d:n:t:w:r:p:lkv")) != -1)
    read_option(options, option,
                optarg == NULL ? 0 : strtoul(optarg, NULL, 10));
  if (argc - optind != 2 || options->connections == 0 || options->depth == 0 ||
      (options->lockstep && (options->pid == 0 || options->batches == 0)))
    usage();
  options->port = (in_port_t)strtoul(argv[optind], NULL, 10);
  options->path = argv[optind + 1];
}

static int connect_to(in_port_t port) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int one = 1;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
    load_fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  return fd;
}

static void open_connection(load_t *load, load_connection_t *connection,
                            in_port_t port) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = connection}};

  connection->fd = connect_to(port);
  if (epoll_ctl(load->epoll_fd, EPOLL_CTL_ADD, connection->fd, &event) != 0)
    load_fail("epoll_ctl");
}

/* Two requests that differ in the last of their bytes, in turn. */
static void make_batch(load_t *load, const char *path) {
  static const char *const hosts[] = {"localhost", "127.0.0.1"};
  char request[512];
  int size = 0;

  for (size_t i = 0; i <= load->depth; i++) {
    size = snprintf(request, sizeof(request),
                    "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path,
                    hosts[load->varied ? i % 2 : 0]);
    if (size < 0 || (size_t)size >= sizeof(request))
      load_fail("the path is too long");
    if (load->batch == NULL)
      load->batch = malloc((load->depth + 1) * (size_t)size);
    if (load->batch == NULL)
      load_fail("malloc");
    memcpy(load->batch + i * (size_t)size, request, (size_t)size);
  }
  load->request_bytes = (size_t)size;
  load->batch_bytes = (size_t)size * load->depth;
}

load_t *load_create(int argc, char **argv, load_options_t *ret_options) {
  load_t *load = calloc(1, sizeof(*load));

  read_options(argc, argv, ret_options);
  if (load != NULL)
    load->connections =
        calloc(ret_options->connections, sizeof(*load->connections));
  if (load == NULL || load->connections == NULL)
    load_fail("calloc");
  load->depth = ret_options->depth;
  load->batches = ret_options->batches;
  load->varied = ret_options->varied;
  load->pid = ret_options->pid;
  load->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (load->epoll_fd < 0)
    load_fail("epoll_create1");
  make_batch(load, ret_options->path);
  for (; load->connection_count < ret_options->connections;
       load->connection_count++)
    open_connection(load, &load->connections[load->connection_count],
                    ret_options->port);
  return load;
}

void load_destroy(load_t *load) {
  for (size_t i = 0; i < load->connection_count; i++)
    close(load->connections[i].fd);
  close(load->epoll_fd);
  free(load->batch);
  free(load->connections);
  free(load);
}

static const char length_name[] = "\r\ncontent-length:";
enum { LENGTH_NAME_BYTES = sizeof(length_name) - 1 };

static bool has_length_at(const char *head, size_t size, size_t at) {
  return at + LENGTH_NAME_BYTES < size &&
         strncasecmp(head + at, length_name, LENGTH_NAME_BYTES) == 0;
}

/* Heads differ in little: it is looked for where the one before had it. */
static size_t body_bytes(load_t *load, const char *head, size_t size) {
  size_t at = load->length_at;

  if (!has_length_at(head, size, at)) {
    for (at = 0; at < size && !has_length_at(head, size, at);)
      at++;
    if (at == size)
      load_fail("an answer without Content-Length");
    load->length_at = at;
  }
  return strtoul(head + at + LENGTH_NAME_BYTES, NULL, 10);
}

size_t load_answer_size(load_t *load, const char *at, size_t size) {
  const char *end = size == 0 ? NULL : memmem(at, size, "\r\n\r\n", 4);
  size_t whole;

  if (end == NULL)
    return 0;
  whole = (size_t)(end - at) + 4;
  errno = 0;
  if (memcmp(at, "HTTP/1.1 200", 12) != 0)
    load_fail("an answer that is not 200");
  whole += body_bytes(load, at, whole);
  return whole <= size ? whole : 0;
}

static uint64_t server_cpu_ns(const load_t *load) {
  struct timespec used = {0};
  clockid_t clock;

  if (load->pid != 0 && (clock_getcpuclockid(load->pid, &clock) != 0 ||
                         clock_gettime(clock, &used) != 0))
    load_fail("the server's processor time");
  return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

void load_begin(load_t *load) {
  for (size_t i = 0; i < load->connection_count; i++)
    load->connections[i].batches = 0;
  memset(load->latencies, 0, sizeof(load->latencies));
  load->answered = 0;
  load->cpu_begin_ns = server_cpu_ns(load);
  load->begin_ns = load_now_ns();
}

void load_end(load_t *load) {
  load->end_ns = load_now_ns();
  load->cpu_end_ns = server_cpu_ns(load);
}

void load_latency_add(load_t *load, uint64_t ns) {
  uint64_t us = ns / 1000;

  load->latencies[us < LOAD_LATENCIES ? us : LOAD_LATENCIES - 1]++;
}

static unsigned percentile_us(const load_t *load, double share) {
  uint64_t count = load->answered / load->depth;
  uint64_t wanted = (uint64_t)((double)count * share);
  uint64_t seen = 0;
  unsigned us = 0;

  while (us < LOAD_LATENCIES - 1 && (seen += load->latencies[us]) <= wanted)
    us++;
  return us;
}

void load_print(const load_t *load) {
  double s = (double)(load->end_ns - load->begin_ns) / 1e9;
  double cpu_us = (double)(load->cpu_end_ns - load->cpu_begin_ns) / 1e3;

  printf("{\"requests\": %llu, \"per_s\": %.0f, \"cpu_us\": %.4f, "
         "\"p50_us\": %u, \"p99_us\": %u}\n",
         (unsigned long long)load->answered, (double)load->answered / s,
         cpu_us / (double)load->answered, percentile_us(load, 0.5),
         percentile_us(load, 0.99));
}

void load_keep(void) {
  fflush(stdout);
  while (getchar() != EOF) {
  }
}

/* The state of a thread stands behind the last parenthesis of its stat. */
static bool thread_is_stopped(pid_t pid, const char *thread) {
  char name[320], text[512] = "";
  const char *state;
  FILE *file;

  snprintf(name, sizeof(name), "/proc/%d/task/%s/stat", (int)pid, thread);
  file = fopen(name, "re");
  if (file == NULL)
    return false;
  state = fgets(text, sizeof(text), file) == NULL ? NULL : strrchr(text, ')');
  fclose(file);
  return state != NULL && state[1] == ' ' && state[2] == 'T';
}

static bool is_stopped(pid_t pid) {
  char name[64];
  struct dirent *entry;
  bool stopped = true;
  DIR *threads;

  snprintf(name, sizeof(name), "/proc/%d/task", (int)pid);
  threads = opendir(name);
  if (threads == NULL)
    load_fail(name);
  while (stopped && (entry = readdir(threads)) != NULL)
    stopped = entry->d_name[0] == '.' || thread_is_stopped(pid, entry->d_name);
  closedir(threads);
  return stopped;
}

void load_server_stop(const load_t *load) {
  if (kill(load->pid, SIGSTOP) != 0)
    load_fail("kill");
  while (!is_stopped(load->pid))
    sched_yield();
}

void load_server_continue(const load_t *load) {
  if (kill(load->pid, SIGCONT) != 0)
    load_fail("kill");
}
