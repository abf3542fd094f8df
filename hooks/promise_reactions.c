/* Who waits for a promise, in the order they came; and the environment's list
 * of the promises that are waited for, which are those that have a reaction. */
#include "promise.h"

#include "env.h"

void asyncscope__reactions_add(async_promise_t *promise,
                               asyncscope__reaction_t *reaction) {
  async_promise_t **awaited = &asyncscope__env->awaited;
  asyncscope__reaction_waiter(reaction)->waits_for = promise;
  if (promise->reactions == NULL) {
    promise->next_awaited = *awaited;
    promise->awaited_link = awaited;
    if (*awaited != NULL)
      (*awaited)->awaited_link = &promise->next_awaited;
    *awaited = promise;
  }
  reaction->next = NULL;
  *promise->last = reaction;
  promise->last = &reaction->next;
}

asyncscope__reaction_t *asyncscope__reactions_take(async_promise_t *promise) {
  asyncscope__reaction_t *reactions = promise->reactions;
  if (reactions == NULL)
    return NULL;
  *promise->awaited_link = promise->next_awaited;
  if (promise->next_awaited != NULL)
    promise->next_awaited->awaited_link = promise->awaited_link;
  promise->reactions = NULL;
  promise->last = &promise->reactions;
  return reactions;
}
