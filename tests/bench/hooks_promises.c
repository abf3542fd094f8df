#include "hooks_promises.h"

#include "hooks_rows.h"

#include "asyncscope/async_env.h"
#include "asyncscope/async_local_storage.h"
#include "asyncscope/async_promise.h"

static void *on_settled(async_promise_t *derived, void *value, void *arg) {
  (void)arg, (void)derived;
  return value;
}

void promise_thens(size_t count) {
  async_promise_t *promise;
  async_promise_create(&promise);
  async_promise_resolve(promise, NULL);
  for (size_t i = 0; i < count; i++) {
    async_promise_chain(&promise, on_settled, NULL, NULL);
    if ((i + 1) % AT_A_TURN == 0)
      async_env_flush();
  }
  async_env_flush();
  async_promise_release(promise);
}

void promise_chains(size_t count) {
  async_promise_t *adopting, *adopted, *first, *last;
  async_promise_create(&adopting);
  async_promise_create(&adopted);
  async_promise_resolve_with(adopting, adopted);
  async_env_flush();
  async_promise_create(&first);
  last = async_promise_retain(first);
  for (size_t i = 0; i < count; i++)
    async_promise_chain(&last, on_settled, NULL, NULL);
  async_promise_release(last);
  async_promise_release(first);
  async_promise_release(adopting);
  async_promise_release(adopted);
  async_env_flush();
}

/* As in an async function that awaits again and again: each goes on in the
 * callback of the one before. */
static struct {
  size_t left;
  void (*next)(void);
} awaiting;

static void *on_awaited(async_promise_t *derived, void *value, void *arg) {
  (void)arg, (void)derived;
  if (--awaiting.left > 0)
    awaiting.next();
  return value;
}

static void await_each(size_t count, void (*next)(void)) {
  awaiting.next = next;
  for (size_t done = 0; done < count; done += AT_A_TURN) {
    awaiting.left = count - done < AT_A_TURN ? count - done : AT_A_TURN;
    next();
    async_env_flush();
  }
}

static void await(async_promise_t *promise) {
  async_promise_then(promise, on_awaited, NULL, NULL, NULL);
  async_promise_release(promise);
}

static int resolve(void *promise) {
  return async_promise_resolve(promise, NULL);
}

static void await_resolved(void) {
  async_promise_t *promise;
  async_promise_create(&promise);
  resolve(promise);
  await(promise);
}

void promise_awaits(size_t count) {
  await_each(count, await_resolved);
}

static void await_run(void) {
  async_promise_t *promise;
  async_promise_create(&promise);
  async_local_storage_run(rows_storage(),
                          (char *)&awaiting + (awaiting.left & 1), resolve,
                          promise);
  await(promise);
}

void promise_run_awaits(size_t count) {
  await_each(count, await_run);
}

static void *throws(async_promise_t *derived, void *value, void *arg) {
  (void)value, (void)arg;
  async_promise_reject(derived, &awaiting);
  return NULL;
}

static void await_caught(void) {
  async_promise_t *promise;
  async_promise_create(&promise);
  resolve(promise);
  async_promise_chain(&promise, throws, NULL, NULL);
  async_promise_chain(&promise, NULL, on_settled, NULL);
  await(promise);
}

void promise_catches(size_t count) {
  await_each(count, await_caught);
}
