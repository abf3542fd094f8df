/* Everything a scenario makes is undone after the loop has ended, the last
 * made first, with no hook enabled any more: handles are closed while the
 * environment is still there, memory goes at the very end. */
#include "scenario.h"
#include "scenario_run.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct block_s {
  struct block_s *next;
  max_align_t memory[];
} block_t;

typedef struct at_end_s {
  struct at_end_s *next;
  void (*fn)(void *arg);
  void *arg;
} at_end_t;

static uv_loop_t loop;
static block_t *blocks;
static at_end_t *at_ends;

uv_loop_t *scenario_loop(void) {
  return &loop;
}

void must(int status, const char *what) {
  if (status < 0) {
    fprintf(stderr, "%s: %s: %s\n", what, uv_strerror(status),
            async_error_message());
    exit(3);
  }
}

void *scenario_alloc(size_t size_bytes) {
  block_t *block = calloc(1, sizeof(*block) + size_bytes);
  must(block == NULL ? UV_ENOMEM : 0, "calloc");
  block->next = blocks;
  blocks = block;
  return block->memory;
}

void scenario_at_end(void (*fn)(void *arg), void *arg) {
  at_end_t *entry = scenario_alloc(sizeof(*entry));
  *entry = (at_end_t){at_ends, fn, arg};
  at_ends = entry;
}

static void undo(void) {
  trace_stop_all();
  for (at_end_t *entry = at_ends; entry != NULL; entry = entry->next) {
    entry->fn(entry->arg);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
}

static void free_blocks(void) {
  while (blocks != NULL) {
    block_t *next = blocks->next;
    free(blocks);
    blocks = next;
  }
}

int scenario_run(void (*top_level)(void)) {
  must(uv_loop_init(&loop), "uv_loop_init");
  MUST(async_env_attach(&loop));
  top_level();
  uv_run(&loop, UV_RUN_DEFAULT);
  undo();
  MUST(async_env_detach());
  must(uv_loop_close(&loop), "uv_loop_close");
  free_blocks();
  return 0;
}
