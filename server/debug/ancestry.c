/* A chain of causes is followed through what is remembered; where it leaves
 * that, it has come to one that lives or to one that is forgotten, which a
 * walk over all records tells. Each ancestor is passed once, so cycles and
 * long chains cost no more than their length. */
#include "ancestry.h"

#include "asyncscope/async_allocator.h"
#include "resource.h"
#include <stdlib.h>

void asyncscope__debug_ancestry_begin(debug_ancestry_t *ancestry,
                                      const debug_capture_t *capture) {
  *ancestry = (debug_ancestry_t){.capture = capture,
                                 .walk = asyncscope__debug_walk_all(capture)};
}

static int compare(const void *a, const void *b) {
  return asyncscope__debug_compare_refs(((const debug_gone_t *)a)->ref,
                                        ((const debug_gone_t *)b)->ref);
}

/* Sorts them, each once: it keeps the mark where any of the same had one. */
static void sort(debug_ancestry_t *ancestry) {
  debug_gone_t *refs = ancestry->refs;
  size_t kept = 0;
  if (ancestry->ref_count > 1)
    qsort(refs, ancestry->ref_count, sizeof(*refs), compare);
  for (size_t i = 0; i < ancestry->ref_count; i++) {
    if (kept > 0 && compare(&refs[kept - 1], &refs[i]) == 0)
      refs[kept - 1].mark |= refs[i].mark;
    else
      refs[kept++] = refs[i];
  }
  ancestry->ref_count = kept;
}

/* Many name the same cause: where there is no room, that makes some. */
static int add(debug_ancestry_t *ancestry, async_ref_t ref) {
  if (!asyncscope__debug_is_resource(ref))
    return 0;
  if (ancestry->ref_count == DEBUG_ANCESTRY_MAX && !ancestry->full) {
    sort(ancestry);
    ancestry->full = ancestry->ref_count > DEBUG_ANCESTRY_MAX / 2;
  }
  if (ancestry->ref_count == DEBUG_ANCESTRY_MAX)
    return 0;
  debug_gone_t *refs =
      asyncscope__debug_grow(ancestry->refs, ancestry->ref_count,
                             &ancestry->ref_capacity, sizeof(*refs));
  if (refs == NULL)
    return UV_ENOMEM;
  ancestry->refs = refs;
  refs[ancestry->ref_count++] = asyncscope__debug_forgotten(ref);
  return 0;
}

int asyncscope__debug_ancestry_add(debug_ancestry_t *ancestry,
                                   const async_resource_info_t *info) {
  int error = add(ancestry, info->trigger);
  return error != 0 ? error : add(ancestry, asyncscope__debug_execution(info));
}

static int follow(debug_ancestry_t *ancestry, size_t at) {
  async_ref_t ref = ancestry->refs[at].ref;
  debug_gone_t *gone =
      asyncscope__debug_remembered_find(&ancestry->remembered, ref);
  ancestry->refs[at].mark = gone != NULL;
  while (gone != NULL && gone->mark == 0) {
    gone->mark = 1;
    ref = gone->trigger;
    gone = asyncscope__debug_remembered_find(&ancestry->remembered, ref);
  }
  return gone != NULL || ancestry->refs[at].mark == 0 ? 0 : add(ancestry, ref);
}

static int begin(debug_ancestry_t *ancestry) {
  int error = asyncscope__debug_remembered_init(&ancestry->remembered,
                                                ancestry->capture);
  size_t count = ancestry->ref_count;
  for (size_t i = 0; i < count && error == 0; i++)
    error = follow(ancestry, i);
  sort(ancestry);
  return error;
}

static int mark_live(void *arg, size_t thread,
                     const async_resource_info_t *info) {
  debug_ancestry_t *ancestry = arg;
  const debug_gone_t key = {.ref = {info->thread, info->async_id}};
  debug_gone_t *found = ancestry->ref_count == 0
                            ? NULL
                            : bsearch(&key, ancestry->refs, ancestry->ref_count,
                                      sizeof(key), compare);
  (void)thread;
  if (found != NULL)
    found->mark = 1;
  return 0;
}

int asyncscope__debug_ancestry_build(debug_ancestry_t *ancestry) {
  if (!ancestry->begun) {
    int error = begin(ancestry);
    if (error != 0)
      return error;
    ancestry->begun = true;
  }
  return asyncscope__debug_walk_slice(&ancestry->walk, mark_live, ancestry);
}

const debug_gone_t *asyncscope__debug_ancestry_peek(
    debug_ancestry_t *ancestry) {
  const debug_remembered_t *remembered = &ancestry->remembered;
  while (ancestry->ref_at < ancestry->ref_count &&
         ancestry->refs[ancestry->ref_at].mark != 0)
    ancestry->ref_at++;
  while (ancestry->remembered_at < remembered->count &&
         remembered->items[ancestry->remembered_at].mark == 0)
    ancestry->remembered_at++;
  const debug_gone_t *forgotten = ancestry->ref_at < ancestry->ref_count
                                      ? &ancestry->refs[ancestry->ref_at]
                                      : NULL;
  const debug_gone_t *known = ancestry->remembered_at < remembered->count
                                  ? &remembered->items[ancestry->remembered_at]
                                  : NULL;
  if (forgotten == NULL || known == NULL)
    return forgotten == NULL ? known : forgotten;
  return compare(forgotten, known) < 0 ? forgotten : known;
}

void asyncscope__debug_ancestry_take(debug_ancestry_t *ancestry) {
  const debug_gone_t *taken = asyncscope__debug_ancestry_peek(ancestry);
  if (taken != NULL && taken == &ancestry->refs[ancestry->ref_at])
    ancestry->ref_at++;
  else
    ancestry->remembered_at++;
}

void asyncscope__debug_ancestry_finish(debug_ancestry_t *ancestry) {
  async_free(ancestry->refs);
  asyncscope__debug_remembered_finish(&ancestry->remembered);
  ancestry->refs = NULL;
}
