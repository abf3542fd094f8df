/* The server with its loop in a callback and every worker busy: how long the
 * diagnostics take to say so, each time on a new connection. Answers 1 where
 * one takes longer than the bound. */
#include "http_client.h"
#include "raw_socket.h"
#include "server_process.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKERS 4
#define ASKS    50
#define MS_MAX  50.0

static const char *const arguments[] = {
    "--listen",  "127.0.0.1:0", "--loops",       "1",
    "--workers", "4",           "--demo-faults", NULL};

static int send_fault(const server_process_t *server, const char *target) {
  char request[128];
  int fd = raw_socket_connect(server->port);
  snprintf(request, sizeof(request),
           "GET %s?ms=25000 HTTP/1.1\r\nHost: localhost\r\n\r\n", target);
  return fd < 0 || raw_socket_write(fd, request, strlen(request)) != 0 ? -1
                                                                       : fd;
}

/* Milliseconds of one answer; in `ret_stuck` how many threads are in it. */
static double ask(const server_process_t *server, size_t *ret_stuck) {
  http_client_t client;
  http_answer_t answer = {.status = 0};
  *ret_stuck = 0;
  if (http_client_init(&client, server->debug_url) != CURLE_OK)
    return -1;
  http_client_get(&client, "/debug", &answer);
  json_t *document =
      answer.status == 200 ? json_loads(answer.body.bytes, 0, NULL) : NULL;
  size_t i;
  json_t *thread;
  json_array_foreach(json_object_get(document, "threads"), i, thread) {
    *ret_stuck += json_object_get(thread, "current") != NULL;
  }
  double ms = document == NULL ? -1 : (double)answer.total_us / 1000;
  json_decref(document);
  http_answer_finish(&answer);
  http_client_finish(&client);
  return ms;
}

static int compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static int measure(const server_process_t *server) {
  double ms[ASKS];
  size_t stuck = 0;
  for (size_t i = 0; i < WORKERS; i++)
    if (send_fault(server, "/spin") < 0)
      return 2;
  while (stuck < WORKERS)
    if (ask(server, &stuck) < 0)
      return 2;
  if (send_fault(server, "/block") < 0)
    return 2;
  while (stuck < WORKERS + 1)
    if (ask(server, &stuck) < 0)
      return 2;
  for (size_t i = 0; i < ASKS; i++)
    ms[i] = ask(server, &stuck);
  qsort(ms, ASKS, sizeof(ms[0]), compare);
  printf("/debug with 1 loop in a callback and %d workers busy: p50 %.1f ms, "
         "longest of %d %.1f ms, at most %.0f%s\n",
         WORKERS, ms[ASKS / 2], ASKS, ms[ASKS - 1], MS_MAX,
         ms[ASKS - 1] > MS_MAX ? "  TOO SLOW" : "");
  return ms[0] < 0 ? 2 : ms[ASKS - 1] > MS_MAX;
}

int main(void) {
  server_process_t server;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  int failed = 2;
  if (server_process_spawn(&server, arguments, NULL) == 0 &&
      server_process_await_listening(&server) == 0 &&
      server_process_await_debug(&server) == 0)
    failed = measure(&server);
  if (failed == 2)
    fprintf(stderr, "stuck: the server does not do as it should\n");
  server_process_finish(&server);
  return failed;
}
