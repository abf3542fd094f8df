/* Which scope of a storage is the innermost stands in the context frame itself,
 * as a mark under a second key of the storage: so it is right in every context,
 * follows into callbacks, and is forgotten with the frame when a scope is never
 * disposed. Marks are counted, because frames outlive scopes: a mark is never
 * another one at the same address. The key is made by the first scope, so that
 * a storage without scopes takes one key. */
#include "asyncscope/async_local_storage_scope.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "refuse.h"
#include "run.h"
#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct mark_s {
  atomic_uint references;
  atomic_bool ended;    /* by the scope itself or one around it */
  struct mark_s *outer; /* owned; NULL: outermost */
  const async_site_t *site;
} mark_t;

static void mark_retain(void *store) {
  mark_t *mark = store;
  if (mark != NULL)
    atomic_fetch_add_explicit(&mark->references, 1, memory_order_relaxed);
}

/* A loop: scopes may be nested without bound. */
static void mark_release(void *store) {
  mark_t *mark = store;
  while (mark != NULL && atomic_fetch_sub_explicit(&mark->references, 1,
                                                   memory_order_acq_rel) == 1) {
    mark_t *outer = mark->outer;
    async_free(mark);
    mark = outer;
  }
}

static mark_t *mark_new(const async_site_t *site, mark_t *outer) {
  mark_t *mark = async_calloc(1, sizeof(*mark));
  if (mark == NULL)
    return NULL;
  atomic_init(&mark->references, 1);
  mark_retain(outer);
  mark->outer = outer;
  mark->site = site;
  return mark;
}

static async_context_key_t *marks_of(const async_local_storage_t *storage) {
  return __atomic_load_n(&storage->scope_marks, __ATOMIC_ACQUIRE);
}

static void key_end(async_context_key_t *key) {
  if (key == NULL)
    return;
  async_context_key_destroy(key);
  async_free(key);
}

/* Two threads may open the first scope of a storage at once. */
static int make_marks(async_local_storage_t *storage) {
  if (marks_of(storage) != NULL)
    return 0;
  async_context_key_t *key = async_malloc(sizeof(*key)), *none = NULL;
  if (key == NULL)
    return async_error_set(UV_ENOMEM, "no memory for a scope");
  int error = async_context_key_create(storage->options.name, key);
  if (error != 0) {
    async_free(key);
    return error;
  }
  if (!__atomic_compare_exchange_n(&storage->scope_marks, &none, key, false,
                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    key_end(key);
  return 0;
}

void asyncscope__scope_marks_finish(async_local_storage_t *storage) {
  key_end(marks_of(storage));
}

static mark_t *mark_in(const async_context_frame_t *frame,
                       const async_context_key_t *marks) {
  void *mark = NULL;
  return async_context_frame_get(frame, marks, &mark) ? mark : NULL;
}

static int with_mark(async_context_frame_t *base,
                     const async_context_key_t *marks, mark_t *mark,
                     async_context_frame_t **ret_frame) {
  async_context_value_t value = {
      .store = mark, .retain = mark_retain, .release = mark_release};
  return async_context_frame_with(base, marks, &value, ret_frame);
}

int asyncscope__scope_marks_restore(const asyncscope__run_t *run,
                                    async_context_frame_t *frame,
                                    async_context_frame_t **ret_frame) {
  const async_context_key_t *marks = marks_of(run->storage);
  if (marks != NULL &&
      mark_in(frame, marks) != mark_in(run->entered.saved, marks))
    return async_context_frame_with_binding(frame, marks, run->entered.saved,
                                            ret_frame);
  *ret_frame = async_context_frame_retain(frame);
  return 0;
}

/* The frame of a new scope, and its mark, which the caller owns. */
static int make_frame(const async_site_t *site, async_local_storage_t *storage,
                      void *store, async_context_frame_t **ret_frame,
                      mark_t **ret_mark) {
  async_context_frame_t *current = async_context_frame_current(), *marked;
  const async_context_key_t *marks = marks_of(storage);
  mark_t *mark = mark_new(site, mark_in(current, marks));
  if (mark == NULL)
    return async_error_set(UV_ENOMEM, "no memory for a scope");
  int error = with_mark(current, marks, mark, &marked);
  if (error == 0) {
    error = asyncscope__with_store(storage, marked, store, ret_frame);
    async_context_frame_release(marked);
  }
  if (error != 0)
    mark_release(mark);
  else
    *ret_mark = mark;
  return error;
}

int async_local_storage_with_scope_at(const async_site_t *site,
                                      async_local_storage_t *storage,
                                      void *store,
                                      async_local_storage_scope_t *scope) {
  async_context_frame_t *frame = NULL;
  mark_t *mark = NULL;
  if (scope->storage != NULL)
    return async_error_set(UV_EBUSY, "the scope is open");
  if (!asyncscope__storage_lives(storage))
    return asyncscope__no_storage();
  int error = make_marks(storage);
  if (error == 0)
    error = make_frame(site, storage, store, &frame, &mark);
  if (error != 0)
    return error;
  *scope = (async_local_storage_scope_t){
      .storage = storage,
      .installed = frame,
      .saved = async_context_frame_exchange(async_context_frame_retain(frame)),
      .mark = mark};
  return 0;
}

static bool is_around(const mark_t *mark, const mark_t *inner) {
  while (inner != NULL && inner != mark)
    inner = inner->outer;
  return inner != NULL;
}

/* All from the innermost to `mark`. */
static void end_marks(mark_t *innermost, const mark_t *mark) {
  while (innermost != mark) {
    atomic_store_explicit(&innermost->ended, true, memory_order_relaxed);
    innermost = innermost->outer;
  }
}

static int out_of_order(const async_local_storage_t *storage,
                        const mark_t *mark, const mark_t *inner) {
  return async_error_set(UV_EINVAL,
                         "scope of storage \"%.20s\" opened at %s:%" PRIu32
                         " disposed before the inner one opened at %s:%" PRIu32,
                         storage->options.name, mark->site->file,
                         mark->site->line, inner->site->file,
                         inner->site->line);
}

static int not_open_here(const async_local_storage_t *storage,
                         const mark_t *mark, const mark_t *current) {
  if (current == NULL)
    return async_error_set(UV_EINVAL,
                           "scope of storage \"%.20s\" opened at %s:%" PRIu32
                           " disposed where none is open",
                           storage->options.name, mark->site->file,
                           mark->site->line);
  return async_error_set(
      UV_EINVAL,
      "scope of storage \"%.20s\" opened at %s:%" PRIu32
      " disposed where the one opened at %s:%" PRIu32 " is open",
      storage->options.name, mark->site->file, mark->site->line,
      current->site->file, current->site->line);
}

static void close_elsewhere(const asyncscope__run_t *run) {
  async_context_frame_release(run->entered.installed);
  async_context_frame_release(run->entered.saved);
}

/* The frames stay as they are where the storage was finished meanwhile: nobody
 * can read its stores. */
static int close_scope(asyncscope__run_t *run, const mark_t *mark) {
  if (!asyncscope__storage_lives(run->storage)) {
    close_elsewhere(run);
    return asyncscope__no_storage();
  }
  mark_t *current =
      mark_in(async_context_frame_current(), marks_of(run->storage));
  if (atomic_load_explicit(&mark->ended, memory_order_relaxed)) {
    close_elsewhere(run);
    return 0;
  }
  if (!is_around(mark, current)) {
    int error = not_open_here(run->storage, mark, current);
    close_elsewhere(run);
    return error;
  }
  int error = current == mark ? 0 : out_of_order(run->storage, mark, current);
  end_marks(current, mark);
  asyncscope__run_leave(run);
  return error;
}

int async_local_storage_scope_dispose(async_local_storage_scope_t *scope) {
  if (scope == NULL || scope->storage == NULL)
    return 0;
  asyncscope__run_t run = {scope->storage, {scope->installed, scope->saved}};
  mark_t *mark = scope->mark;
  scope->storage = NULL;
  int error = close_scope(&run, mark);
  mark_release(mark);
  return error;
}

void async_local_storage_scope_cleanup(async_local_storage_scope_t *scope) {
  (void)async_local_storage_scope_dispose(scope);
}
