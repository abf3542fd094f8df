/* A client that asks the same again and again on kept connections, as cheap as
 * may be: the server is to be the busy one.
 *
 * usage: bench_load [-c CONNECTIONS] [-d DEPTH] [-n BATCHES | -t MS] [-w MS]
 *                   [-r RATE] [-p PID [-l]] [-k] [-v] PORT PATH
 *
 * Each connection sends DEPTH requests in one write, waits for all their
 * answers, and goes on: BATCHES times, or for MS behind a warm-up of -w MS.
 * With -r so many batches a second go out, on the idle connections in turn.
 * PID is the server's: its processor time is measured too. With -l the server
 * is stopped while the batches are sent, so that it finds all of them at its
 * next turn: what it executes then does not depend on the scheduler.
 * With -v each request has another head than the one before.
 * With -k the connections are kept, idle, until standard input ends.
 * Prints one object of JSON. Exit status: 1 when an answer is not 200, is cut
 * short or does not come. */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_batch(load_t *load, load_connection_t *connection) {
  const char *batch = load->batch;

  if (load->varied)
    batch += (load->sent++ & 1) * load->request_bytes;
  connection->sent_ns = load_now_ns();
  connection->pending = load->depth;
  connection->batches++;
  if (send(connection->fd, batch, load->batch_bytes, MSG_NOSIGNAL) !=
      (ssize_t)load->batch_bytes)
    load_fail("send");
}

static void count_answer(load_t *load, load_connection_t *connection) {
  if (--connection->pending > 0)
    return;
  load->answered += load->depth;
  load_latency_add(load, load_now_ns() - connection->sent_ns);
}

/* Takes all complete answers out of the connection's buffer. */
static void take_answers(load_t *load, load_connection_t *connection) {
  const char *at = connection->bytes;
  size_t size;

  while ((size = load_answer_size(
              load, at, (size_t)(connection->bytes + connection->size - at))) >
         0) {
    at += size;
    count_answer(load, connection);
  }
  connection->size -= (size_t)(at - connection->bytes);
  memmove(connection->bytes, at, connection->size);
}

static void receive(load_t *load, load_connection_t *connection) {
  ssize_t got = recv(connection->fd, connection->bytes + connection->size,
                     sizeof(connection->bytes) - connection->size, 0);

  if (got == 0)
    load_fail("recv: the server has closed a connection");
  if (got < 0)
    load_fail("recv");
  connection->size += (size_t)got;
  take_answers(load, connection);
}

static bool wants_more(const load_t *load, const load_connection_t *connection,
                       uint64_t end_ns) {
  return load->batches > 0 ? connection->batches < load->batches
                           : load_now_ns() < end_ns;
}

static size_t wait_and_receive(load_t *load, uint64_t end_ns, bool lockstep) {
  struct epoll_event events[256];
  int count = epoll_wait(load->epoll_fd, events, 256, 30000);
  size_t ended = 0;

  if (count == 0 || (count < 0 && errno != EINTR))
    load_fail("epoll_wait: no answer");
  for (int i = 0; i < count; i++) {
    load_connection_t *connection = events[i].data.ptr;

    receive(load, connection);
    if (connection->pending == 0 && !lockstep &&
        wants_more(load, connection, end_ns))
      send_batch(load, connection);
    ended += connection->pending == 0;
  }
  return ended;
}

/* Until each connection has had its share or the time is over. */
static void run(load_t *load, uint64_t ns) {
  uint64_t end_ns = load_now_ns() + ns;
  size_t busy = load->connection_count;

  for (size_t i = 0; i < load->connection_count; i++)
    send_batch(load, &load->connections[i]);
  while (busy > 0)
    busy -= wait_and_receive(load, end_ns, false);
}

/* Each connection has its turn: the server closes one that is idle for long. */
static void send_due(load_t *load, uint64_t due, uint64_t *sent) {
  for (size_t i = 0; i < load->connection_count && *sent < due; i++) {
    load_connection_t *connection = &load->connections[load->turn];

    load->turn = (load->turn + 1) % load->connection_count;
    if (connection->pending == 0) {
      send_batch(load, connection);
      ++*sent;
    }
  }
}

static void receive_ready(load_t *load) {
  struct epoll_event events[256];
  int count = epoll_wait(load->epoll_fd, events, 256, 1);

  if (count < 0 && errno != EINTR)
    load_fail("epoll_wait");
  for (int i = 0; i < count; i++)
    receive(load, events[i].data.ptr);
}

/* What is late is sent as soon as a connection is idle. */
static void run_at_rate(load_t *load, uint64_t ns, uint64_t rate) {
  uint64_t begun_ns = load_now_ns();
  uint64_t all = ns / 1000 * rate / 1000000;
  uint64_t sent = 0;

  while (load->answered < all * load->depth) {
    uint64_t due = (load_now_ns() - begun_ns) / 1000 * rate / 1000000;

    send_due(load, due < all ? due : all, &sent);
    receive_ready(load);
  }
}

static void run_in_lockstep(load_t *load) {
  for (size_t round = 0; round < load->batches; round++) {
    size_t busy = load->connection_count;

    load_server_stop(load);
    for (size_t i = 0; i < load->connection_count; i++)
      send_batch(load, &load->connections[i]);
    load_server_continue(load);
    while (busy > 0)
      busy -= wait_and_receive(load, 0, true);
  }
}

static void measure(load_t *load, const load_options_t *options) {
  if (options->warm_ms > 0)
    run(load, options->warm_ms * 1000000);
  load_begin(load);
  if (options->lockstep)
    run_in_lockstep(load);
  else if (options->rate > 0)
    run_at_rate(load, options->ms * 1000000, options->rate);
  else
    run(load, options->ms * 1000000);
  load_end(load);
}

int main(int argc, char **argv) {
  load_options_t options;
  load_t *load = load_create(argc, argv, &options);

  measure(load, &options);
  load_print(load);
  if (options.keep)
    load_keep();
  load_destroy(load);
  return 0;
}
