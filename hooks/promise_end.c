/* How a promise ends.
 *
 * A promise is held by its holders, by each job that needs it and by the list
 * of rejections; a promise that waits for another one is held by that one's
 * reaction. So promises that wait for each other in a circle would never end:
 * the last release from outside finds the circle and opens it. What a then()
 * makes waits for what was there before, so only an adoption closes a circle:
 * it looks for one and marks it, and no other promise asks when it is released.
 * A longer one than it looks for ends with the environment, which has a list of
 * all that are waited for. */
#include "promise.h"

#include "asyncscope/async_allocator.h"
#include "env.h"
#include "frame_count.h"

/* No circle is looked for any further, as what is there may be a long chain, or
 * one that leads into a circle without being part of it. */
#define CIRCLE_MAX 256

async_promise_t *async_promise_retain(async_promise_t *promise) {
  if (promise != NULL)
    promise->references++;
  return promise;
}

/* A chain may be as long as a program makes it, so what one release ends waits
 * in a list instead of ending from within. */
static void drop(async_promise_t *promise, async_promise_t **ending) {
  if (promise == NULL || --promise->references > 0)
    return;
  promise->next_rejected = *ending;
  *ending = promise;
}

static bool has_callback(const asyncscope__reaction_t *reaction) {
  return reaction->on_fulfilled != NULL || reaction->on_rejected != NULL ||
         reaction->finally != NULL || reaction->kept != NULL;
}

/* Somebody waits for it, and it will never be settled. */
static void report_unrun(const async_promise_t *promise) {
  const asyncscope__reaction_t *reaction = promise->reactions;
  async_env_t *env = asyncscope__env;
  while (reaction != NULL && !has_callback(reaction))
    reaction = reaction->next;
  if (reaction == NULL || env == NULL)
    return;
  async_finding_t finding = {
      .code = ASYNC_FINDING_DESTROYED_UNRUN,
      .resource = {env->thread, promise->async_id == ASYNC_ID_UNSET
                                    ? ASYNC_ID_NONE
                                    : promise->async_id},
      .type = "PROMISE",
      .site = promise->site,
      .request = async_context_frame_request(reaction->frame)};
  asyncscope__finding_report(env, &finding);
}

static void drop_reactions(async_promise_t *promise, async_promise_t **ending) {
  asyncscope__reaction_t *reaction = asyncscope__reactions_take(promise), *next;
  for (; reaction != NULL; reaction = next) {
    next = reaction->next;
    asyncscope__reaction_waits_no_more(reaction, promise);
    drop(reaction->derived, ending);
    drop(reaction->target, ending);
    drop(reaction->kept, ending);
    reaction->promise = reaction->derived = NULL;
    reaction->target = reaction->kept = NULL;
    asyncscope__reaction_free(reaction);
  }
}

asyncscope__held_t *asyncscope__held_retain(asyncscope__held_t *held) {
  if (held != NULL)
    held->references++;
  return held;
}

void asyncscope__held_release(asyncscope__held_t *held) {
  if (held != NULL && --held->references == 0)
    held->end(held);
}

static void end(async_promise_t *promise) {
  async_resource_finish(&promise->resource);
  asyncscope__frame_drop(promise->rejection_frame);
  asyncscope__held_release(promise->held);
  async_free(promise);
}

/* Nobody waits for one that has no reactions. */
void asyncscope__circle_mark(async_promise_t *adopting) {
  async_promise_t *other = adopting;
  int promises = 0;
  if (adopting->reactions == NULL)
    return;
  do {
    if (other == NULL || ++promises > CIRCLE_MAX)
      return;
    other = other->waits_for;
  } while (other != adopting);
  do {
    other->circular = true;
    other = other->waits_for;
  } while (other != adopting);
}

/* The last reference to each is the one of the reaction by which it waits for
 * the next. */
static bool is_lost_circle(const async_promise_t *promise) {
  const async_promise_t *other = promise;
  int promises = 0;
  do {
    if (other == NULL || other->references != 1 || ++promises > CIRCLE_MAX)
      return false;
    other = other->waits_for;
  } while (other != promise);
  return true;
}

static void end_all(async_promise_t *ending) {
  while (ending != NULL) {
    async_promise_t *ended = ending;
    ending = ended->next_rejected;
    report_unrun(ended);
    drop_reactions(ended, &ending);
    end(ended);
  }
}

void async_promise_release(async_promise_t *promise) {
  async_promise_t *ending = NULL;
  drop(promise, &ending);
  if (ending == NULL && promise != NULL && promise->circular &&
      is_lost_circle(promise)) {
    report_unrun(promise);
    drop_reactions(promise, &ending);
  }
  end_all(ending);
}

void asyncscope__promises_end(async_env_t *env) {
  async_promise_t *promise, *ending;
  while ((promise = env->awaited) != NULL) {
    ending = NULL;
    drop_reactions(async_promise_retain(promise), &ending);
    drop(promise, &ending);
    end_all(ending);
  }
}
