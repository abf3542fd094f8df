/* hostile TARGET: what /debug answers about a program whose names try to be
 * markup, on stdout: of resources, their types and sites, of stores, requests,
 * routes and threads, and in what it has logged. Of a stream the first part. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_request.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/asyncscope_debug.h"

#include <stdio.h>
#include <string.h>

#define STREAM_CHUNKS 64

static const char *const names[] = {
    "\"];x[label=\"\\N\\",
    "<b>bold</b><script>alert(1)</script>",
    "&lt;&bogus;#quot;#35;`**md**`",
    "\"] --> evil[\"",
    "end\nsubgraph x\n",
    "%%{init: {'theme':'dark'}}%%",
    "\xff\xc3\x28\xe2\x80\xae\xf0\x9f\x99\x82\x01\x7f",
    "{}()|;:~!@$^*_=+,./?'",
    "x 1\nasyncscope_evil{a=\"b\"} 1\n# EOF\n",
    "a;b;c 7\nd;e 8",
    "\r\n\r\nevent: evil\ndata: {}\n\n\xe2\x80\xa8\xe2\x80\xa9",
    "\x1b]0;title\x07\x1b[2J\xc2\x9b\x31m\xe2\x81\xa6\xe2\x80\x8f",
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static async_resource_t resources[NAMES];
static async_local_storage_t storages[NAMES];
static async_request_t *requests[NAMES];

static int make_resource(size_t i) {
  static async_site_t sites[NAMES];
  const async_site_t site = {names[i], names[i], 1};
  const async_resource_options_t options = {
      .flags = ASYNC_RESOURCE_TRIGGER,
      .trigger_async_id =
          i == 0 ? 1 : async_resource_async_id(&resources[i - 1])};
  sites[i] = site;
  int error =
      async_resource_init_at(&sites[i], &resources[i], names[i], &options);
  return error == 0 ? async_resource_set_name(&resources[i], names[i],
                                              strlen(names[i]))
                    : error;
}

static int make_request(size_t i) {
  const async_request_options_t options = {.number = i + 1,
                                           .name = names[i],
                                           .name_bytes = strlen(names[i]),
                                           .route = names[i]};
  return async_request_begin(&options, &requests[i]);
}

/* Each in a store of the one before. */
static int make(void) {
  int error = 0;
  for (size_t i = 0; i < NAMES && error == 0; i++) {
    const async_local_storage_options_t options = {.name = names[i]};
    error = async_local_storage_init(&storages[i], &options);
    if (error == 0)
      error = async_local_storage_enter_with(&storages[i], &storages[i]);
    if (error == 0)
      error = make_request(i);
    if (error == 0)
      error = make_resource(i);
  }
  return error;
}

static void finish(void) {
  for (size_t i = 0; i < NAMES; i++)
    async_resource_finish(&resources[i]);
  async_env_detach();
}

static void say(asyncscope_debug_t *debug) {
  for (size_t i = 0; i < NAMES; i++) {
    const asyncscope_debug_log_line_t line = {.text = names[i],
                                              .text_bytes = strlen(names[i])};
    asyncscope_debug_log(debug, &line);
  }
  for (size_t i = 0; i < NAMES; i += 2)
    async_request_end(requests[i], 500);
}

static int print(asyncscope_debug_t *debug, char *target) {
  char *query = strchr(target, '?');
  asyncscope_debug_answer_t answer;
  const char *chunk;
  size_t length = 0, chunks = 0;
  if (query != NULL)
    *query++ = '\0';
  const asyncscope_debug_request_t request = {.path = target, .query = query};
  int error = asyncscope_debug_open(debug, &request, &answer);
  if (error != 0)
    return error;
  do {
    error = asyncscope_debug_stream_next(answer.stream, &chunk, &length);
    if (error == 0)
      fwrite(chunk, 1, length, stdout);
  } while ((error == UV_EAGAIN || (error == 0 && length > 0)) &&
           ++chunks < STREAM_CHUNKS);
  asyncscope_debug_stream_destroy(answer.stream);
  error = error == UV_EAGAIN ? 0 : error;
  return error == 0 && answer.status != 200 ? UV_EINVAL : error;
}

int main(int argc, char **argv) {
  const asyncscope_debug_options_t options = {.log_lines = NAMES};
  asyncscope_debug_t *debug = NULL;
  int error = argc == 2 ? async_env_open(ASYNC_ENV_OTHER, names[4]) : UV_EINVAL;
  if (error == 0)
    error = make();
  if (error == 0)
    error = asyncscope_debug_create(&options, &debug);
  if (error == 0)
    say(debug);
  if (error == 0)
    error = print(debug, argv[1]);
  asyncscope_debug_destroy(debug);
  finish();
  return error != 0;
}
