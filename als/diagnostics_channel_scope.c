/* The stores of a channel, each a scope of its storage, kept innermost first:
 * that is the order in which they end. */
#include "asyncscope/diagnostics_channel_scope.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_local_storage_scope.h"
#include "channel.h"

typedef struct asyncscope__store_scope_s {
  async_local_storage_scope_t scope;
  struct asyncscope__store_scope_s *outer;
} store_scope_t;

static int set_store(const async_site_t *site,
                     async_diagnostics_channel_scope_t *scope,
                     async_local_storage_t *storage, void *store) {
  store_scope_t *made = async_calloc(1, sizeof(*made));
  if (made == NULL)
    return async_error_set(UV_ENOMEM, "no memory for the scope of a store");
  int error =
      async_local_storage_with_scope_at(site, storage, store, &made->scope);
  if (error != 0) {
    async_free(made);
    return error;
  }
  made->outer = scope->innermost;
  scope->innermost = made;
  return 0;
}

/* All of them, or none. */
static int set_stores(const async_site_t *site, asyncscope__store_walk_t *walk,
                      void *message, async_diagnostics_channel_scope_t *scope) {
  async_local_storage_t *storage;
  void *store;
  int error = 0;
  while (error == 0 &&
         asyncscope__store_walk_next(walk, message, &storage, &store))
    error = set_store(site, scope, storage, store);
  if (error != 0)
    async_diagnostics_channel_scope_dispose(scope);
  return error;
}

int async_diagnostics_channel_with_store_scope_at(
    const async_site_t *site, async_diagnostics_channel_t *channel,
    void *message, async_diagnostics_channel_scope_t *scope) {
  if (scope->innermost != NULL)
    return async_error_set(UV_EBUSY, "the scope is open");
  if (!async_diagnostics_channel_has_subscribers(channel))
    return 0;
  __attribute__((cleanup(asyncscope__store_walk_end)))
  asyncscope__store_walk_t walk = asyncscope__store_walk_begin(channel);
  int error = set_stores(site, &walk, message, scope);
  if (error == 0)
    asyncscope__store_walk_publish(&walk, message);
  return error;
}

int async_diagnostics_channel_scope_dispose(
    async_diagnostics_channel_scope_t *scope) {
  int first = 0;
  while (scope != NULL && scope->innermost != NULL) {
    store_scope_t *ended = scope->innermost;
    scope->innermost = ended->outer;
    int error = async_local_storage_scope_dispose(&ended->scope);
    async_free(ended);
    first = first != 0 ? first : error;
  }
  return first;
}

void async_diagnostics_channel_scope_cleanup(
    async_diagnostics_channel_scope_t *scope) {
  (void)async_diagnostics_channel_scope_dispose(scope);
}
