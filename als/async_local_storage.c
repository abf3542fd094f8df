/* A storage is one key of the context frame, and a store is one binding of
 * that key: this file keeps no state of its own.
 *
 * What must stay true:
 * - run() owns a reference to the frame it installed until it has restored.
 *   Without it, the frame's memory could come back as another frame at the
 *   same address, and run() would take that one for its own.
 * - Nobody but disable() changes a frame in place, and disable() also leaves
 *   the frame. So "the current frame is the one I installed" means that
 *   nothing was set or disabled since. */
#include "asyncscope/async_local_storage.h"

#include "asyncscope/async_allocator.h"
#include "refuse.h"
#include "run.h"
#include <string.h>
#include <uv.h>

static char *copy_name(const char *name) {
  size_t size_bytes = strlen(name) + 1;
  char *copy = async_malloc(size_bytes);
  if (copy != NULL)
    memcpy(copy, name, size_bytes);
  return copy;
}

int async_local_storage_init(async_local_storage_t *storage,
                             const async_local_storage_options_t *options) {
  memset(storage, 0, sizeof(*storage));
  async_local_storage_options_t own = {0};
  if (options != NULL)
    own = *options;
  own.name = copy_name(own.name == NULL ? "" : own.name);
  if (own.name == NULL)
    return async_error_set(UV_ENOMEM, "no memory for a storage");
  int error = async_context_key_create(own.name, &storage->key);
  if (error != 0) {
    async_free((char *)own.name);
    return error;
  }
  storage->options = own;
  return 0;
}

static inline void value_of(const async_local_storage_t *storage, void *store,
                            async_context_value_t *ret_value) {
  const async_local_storage_options_t *options = &storage->options;
  *ret_value = (async_context_value_t){.store = store};
  if (store == NULL)
    return;
  ret_value->retain = options->retain;
  ret_value->release = options->release;
  ret_value->quick_release = options->quick_release;
  if (options->account != NULL)
    ret_value->account = options->account(store);
  else if (options->request != NULL)
    ret_value->request = options->request(store);
}

int asyncscope__with_store(async_local_storage_t *storage,
                           async_context_frame_t *base, void *store,
                           async_context_frame_t **ret_frame) {
  async_context_value_t value;
  value_of(storage, store, &value);
  return async_context_frame_with(base, &storage->key, &value, ret_frame);
}

/* The current frame, with the storage as `saved` has it. */
static int make_restored(const asyncscope__run_t *run,
                         async_context_frame_t **ret_frame) {
  async_context_frame_t *restored;
  int error = async_context_frame_with_binding(async_context_frame_current(),
                                               &run->storage->key,
                                               run->entered.saved, &restored);
  if (error != 0)
    return error;
  error = asyncscope__scope_marks_restore(run, restored, ret_frame);
  async_context_frame_release(restored);
  return error;
}

/* Where the restored frame cannot be made, the saved one comes back whole:
 * then another storage's enter_with() inside is undone too, but this storage
 * is right and what holds its stores is still counted right. */
__attribute__((noinline)) static void restore(const asyncscope__run_t *run) {
  async_context_frame_t *next = run->entered.saved;
  if (async_context_frame_current() != run->entered.installed &&
      make_restored(run, &next) == 0)
    async_context_frame_release(run->entered.saved);
  async_context_frame_release(async_context_frame_exchange(next));
  async_context_frame_release(run->entered.installed);
}

static inline void leave(const asyncscope__run_t *run) {
  if (!async_context_leave(&run->entered))
    restore(run);
}

void asyncscope__run_leave(asyncscope__run_t *run) {
  leave(run);
}

static inline void leave_entered(asyncscope__run_t *const *run) {
  leave(*run);
}

/* What get_store() answers already is not set, the default value neither. */
static bool is_seen(const async_local_storage_t *storage, const void *store) {
  return async_local_storage_get_store(storage) == store &&
         asyncscope__storage_lives(storage) &&
         async_env_thread() != ASYNC_THREAD_NONE;
}

/* The cleanup also runs when the thread is cancelled inside fn, or a C++
 * exception passes through. */
static inline int run_set(async_local_storage_t *storage, void *store,
                          async_local_storage_cb fn, void *arg) {
  async_context_value_t value;
  value_of(storage, store, &value);
  asyncscope__run_t run;
  int error = async_context_enter(&storage->key, &value, &run.entered);
  if (error != 0)
    return error;
  run.storage = storage;
  __attribute__((cleanup(leave_entered), unused))
  asyncscope__run_t *const entered = &run;
  return fn(arg);
}

int asyncscope__run_set(async_local_storage_t *storage, void *store,
                        async_local_storage_cb fn, void *arg) {
  return run_set(storage, store, fn, arg);
}

int async_local_storage_run(async_local_storage_t *storage, void *store,
                            async_local_storage_cb fn, void *arg) {
  if (fn == NULL)
    return asyncscope__no_fn();
  return is_seen(storage, store) ? fn(arg) : run_set(storage, store, fn, arg);
}

int async_local_storage_exit(async_local_storage_t *storage,
                             async_local_storage_cb fn, void *arg) {
  return async_local_storage_run(storage, NULL, fn, arg);
}

int async_local_storage_enter_with(async_local_storage_t *storage,
                                   void *store) {
  async_context_value_t value;
  value_of(storage, store, &value);
  return async_context_set(&storage->key, &value);
}

void *async_local_storage_get_store(const async_local_storage_t *storage) {
  return async_context_get_or(&storage->key, storage->options.default_value);
}

/* The mark is for those who hold this very frame. Leaving the frame as well
 * is for the runs around: they see that something changed and do not bring
 * back a frame that still shows the store. Without memory only the mark. */
void async_local_storage_disable(async_local_storage_t *storage) {
  void *store;
  if (!async_context_get(&storage->key, &store))
    return;
  async_context_frame_t *current =
      async_context_frame_retain(async_context_frame_current());
  async_context_frame_t *next;
  if (async_context_frame_without(current, &storage->key, &next) == 0)
    async_context_frame_release(async_context_frame_exchange(next));
  async_context_frame_disable(current, &storage->key);
  async_context_frame_release(current);
}

const char *async_local_storage_name(const async_local_storage_t *storage) {
  return storage->options.name == NULL ? "" : storage->options.name;
}

void async_local_storage_finish(async_local_storage_t *storage) {
  if (storage == NULL || storage->options.name == NULL)
    return;
  asyncscope__scope_marks_finish(storage);
  async_context_key_destroy(&storage->key);
  async_free((char *)storage->options.name);
  memset(storage, 0, sizeof(*storage));
}
