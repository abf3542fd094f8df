#include "chain.h"

#include "env.h"
#include <inttypes.h>
#include <stdio.h>

#define CHAIN_MAX 32
#define BATCH     16

static bool find_live(async_env_t *env, async_id_t async_id,
                      asyncscope__known_t *ret_known) {
  uint32_t cursor = 0;
  async_resource_info_t infos[BATCH];
  size_t count;
  while ((count = async_inspect_resources(env, &cursor, infos, BATCH)) > 0)
    for (size_t i = 0; i < count; i++)
      if (infos[i].async_id == async_id) {
        *ret_known = (asyncscope__known_t){
            infos[i].type, infos[i].site, infos[i].trigger, infos[i].created_ns,
            infos[i].storages};
        return true;
      }
  return false;
}

static bool find_ancestor(async_env_t *env, async_id_t async_id,
                          asyncscope__known_t *ret_known) {
  uint32_t cursor = 0;
  async_ancestor_info_t info;
  while (async_inspect_ancestors(env, &cursor, &info, 1) == 1) {
    if (info.async_id != async_id)
      continue;
    *ret_known = (asyncscope__known_t){info.type, info.site, info.trigger,
                                       info.created_ns, info.storages};
    return true;
  }
  return false;
}

static bool find_in(async_env_t *env, async_id_t async_id,
                    asyncscope__known_t *ret_known) {
  return find_live(env, async_id, ret_known) ||
         find_ancestor(env, async_id, ret_known);
}

bool asyncscope__chain_find(async_ref_t ref, asyncscope__known_t *ret_known) {
  async_env_t *env = async_inspect_next(NULL);
  while (env != NULL && env->thread != ref.thread)
    env = async_inspect_next(env);
  bool found = env != NULL && find_in(env, ref.async_id, ret_known);
  async_inspect_release(env);
  return found;
}

/* Its own ids a thread calls by their number alone. */
static void print_id(async_ref_t ref) {
  if (ref.thread == async_env_thread())
    fprintf(stderr, "(%" PRId64 ")", ref.async_id);
  else
    fprintf(stderr, "(%" PRIu32 ":%" PRId64 ")", ref.thread, ref.async_id);
}

static void print_known(async_ref_t ref, const asyncscope__known_t *known) {
  fprintf(stderr, "    %s", known->type);
  print_id(ref);
  if (known->site != NULL)
    fprintf(stderr, " at %s:%" PRIu32 " %s", known->site->file,
            known->site->line, known->site->function);
  fputc('\n', stderr);
}

/* The resource that ends the chain: top level, nobody, or one forgotten. */
static void print_end(async_ref_t ref) {
  if (ref.async_id <= ASYNC_ID_NONE)
    return;
  fputs(ref.async_id == ASYNC_ID_ROOT ? "    root" : "    ", stderr);
  print_id(ref);
  fputs(ref.async_id == ASYNC_ID_ROOT ? "\n" : " gone\n", stderr);
}

void asyncscope__chain_print(const char *what, async_id_t async_id) {
  async_ref_t ref = {async_env_thread(), async_id};
  asyncscope__known_t known;
  fprintf(stderr, "  %s:\n", what);
  if (async_id <= ASYNC_ID_NONE)
    fputs("    nobody\n", stderr);
  for (int i = 0; i < CHAIN_MAX; i++) {
    if (ref.async_id <= ASYNC_ID_ROOT || !asyncscope__chain_find(ref, &known)) {
      print_end(ref);
      return;
    }
    print_known(ref, &known);
    ref = known.trigger;
  }
}
