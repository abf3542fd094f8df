/* hostile TARGET: what /debug answers about a program whose names try to be
 * markup, on stdout. */
#include "asyncscope/async_env.h"
#include "asyncscope/async_resource.h"
#include "asyncscope/asyncscope_debug.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    "\"];x[label=\"\\N\\",
    "<b>bold</b><script>alert(1)</script>",
    "&lt;&bogus;#quot;#35;`**md**`",
    "\"] --> evil[\"",
    "end\nsubgraph x\n",
    "%%{init: {'theme':'dark'}}%%",
    "\xff\xc3\x28\xe2\x80\xae\xf0\x9f\x99\x82\x01\x7f",
    "{}()|;:~!@$^*_=+,./?'",
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static int make(async_resource_t *resources) {
  int error = 0;
  for (size_t i = 0; i < NAMES && error == 0; i++) {
    const async_site_t site = {names[i], names[i], 1};
    static async_site_t sites[NAMES];
    const async_resource_options_t options = {
        .flags = ASYNC_RESOURCE_TRIGGER,
        .trigger_async_id =
            i == 0 ? 1 : async_resource_async_id(&resources[i - 1])};
    sites[i] = site;
    error =
        async_resource_init_at(&sites[i], &resources[i], names[i], &options);
    if (error == 0)
      error =
          async_resource_set_name(&resources[i], names[i], strlen(names[i]));
  }
  return error;
}

static int print(asyncscope_debug_t *debug, char *target) {
  char *query = strchr(target, '?');
  asyncscope_debug_answer_t answer;
  const char *chunk;
  size_t length = 0;
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
  } while (error == UV_EAGAIN || (error == 0 && length > 0));
  asyncscope_debug_stream_destroy(answer.stream);
  return error == 0 && answer.status != 200 ? UV_EINVAL : error;
}

int main(int argc, char **argv) {
  static async_resource_t resources[NAMES];
  asyncscope_debug_t *debug = NULL;
  int error =
      argc == 2 ? async_env_open(ASYNC_ENV_OTHER, "hostile") : UV_EINVAL;
  if (error == 0)
    error = make(resources);
  if (error == 0)
    error = asyncscope_debug_create(NULL, &debug);
  if (error == 0)
    error = print(debug, argv[1]);
  asyncscope_debug_destroy(debug);
  for (size_t i = 0; i < NAMES; i++)
    async_resource_finish(&resources[i]);
  async_env_detach();
  return error != 0;
}
