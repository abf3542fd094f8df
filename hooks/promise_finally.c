/* finally(): its callback, then a promise of what that answered, one that waits
 * for it to pass on what was settled, and `derived`, which adopts that one.
 * Node takes these steps also when the callback answers nothing, and all but
 * the last where `derived` was settled by hand before. */
#include "asyncscope/async_promise.h"

#include "asyncscope/async_allocator.h"
#include "env.h"
#include "error.h"
#include "frame_count.h"
#include "promise.h"

/* All of it is made when finally() is, as the callback's end cannot fail. */
struct asyncscope__finally_s {
  async_promise_finally_cb cb;
  async_promise_t *answer;         /* a promise of nothing, or the callback's */
  bool answered;                   /* it is the callback's */
  bool by_hand;                    /* derived was settled before the callback */
  asyncscope__reaction_t *waiting; /* for the answer; or NULL, given away */
  asyncscope__reaction_t *adoption; /* derived's; or NULL, given away */
};

static void free_reaction(asyncscope__reaction_t *reaction) {
  if (reaction != NULL)
    asyncscope__reaction_free(reaction);
}

void asyncscope__finally_free(asyncscope__finally_t *finally) {
  if (finally == NULL)
    return;
  async_promise_release(finally->answer);
  free_reaction(finally->waiting);
  free_reaction(finally->adoption);
  async_free(finally);
}

/* A reaction and its derived promise are what an adoption is made of, too. */
static asyncscope__finally_t *finally_new(const async_site_t *site,
                                          async_promise_finally_cb cb) {
  asyncscope__finally_t *finally = async_calloc(1, sizeof(*finally));
  if (finally == NULL)
    return NULL;
  finally->cb = cb;
  finally->answer = asyncscope__promise_new(site);
  finally->waiting = asyncscope__adoption_new(site);
  finally->adoption = asyncscope__adoption_new(site);
  if (finally->answer != NULL && finally->waiting != NULL &&
      finally->adoption != NULL)
    return finally;
  asyncscope__finally_free(finally);
  return NULL;
}

int async_promise_finally_at(const async_site_t *site, async_promise_t *promise,
                             async_promise_finally_cb on_finally, void *arg,
                             async_promise_t **ret_derived) {
  asyncscope__reaction_t wanted = {.arg = arg};
  if (on_finally != NULL && asyncscope__env != NULL) {
    wanted.finally = finally_new(site, on_finally);
    if (wanted.finally == NULL)
      return asyncscope__fail(UV_ENOMEM, "no memory for a finally()");
  }
  int error = asyncscope__promise_then(site, promise, &wanted, ret_derived);
  if (error != 0)
    asyncscope__finally_free(wanted.finally);
  return error;
}

bool asyncscope__finally_answer(async_promise_t *derived,
                                async_promise_t *other) {
  asyncscope__finally_t *finally = derived->finally;
  if (finally == NULL || finally->answered ||
      (derived->decided && !finally->by_hand))
    return false;
  derived->decided = true;
  async_promise_release(finally->answer);
  finally->answer = async_promise_retain(other);
  finally->answered = true;
  return true;
}

static void answer_nothing(asyncscope__finally_t *finally) {
  asyncscope__promise_track(finally->answer, NULL);
  asyncscope__promise_fulfil(finally->answer, NULL, NULL);
}

/* Answers the promise that waits; the reference is the caller's. */
static async_promise_t *wait_for_answer(asyncscope__finally_t *finally,
                                        async_promise_t *promise) {
  asyncscope__reaction_t *waiting = finally->waiting;
  finally->waiting = NULL;
  waiting->kept = async_promise_retain(promise);
  waiting->frame = asyncscope__frame_hold(asyncscope__env->frame);
  asyncscope__promise_track(waiting->derived, finally->answer);
  async_promise_t *passed = async_promise_retain(waiting->derived);
  asyncscope__promise_react(finally->answer, waiting);
  return passed;
}

/* The order is Node's: who waits is queued before the adoption is. */
static void wait_and_adopt(asyncscope__finally_t *finally,
                           async_promise_t *promise, async_promise_t *derived) {
  async_promise_t *passed = wait_for_answer(finally, promise);
  asyncscope__reaction_t *adoption = finally->adoption;
  if (!finally->by_hand) {
    finally->adoption = NULL;
    asyncscope__adoption_queue(adoption, derived, passed);
  }
  async_promise_release(passed);
}

/* It failed, or settled derived itself: that was all. */
static bool is_over(const asyncscope__finally_t *finally,
                    const async_promise_t *derived, bool failed) {
  return !finally->answered &&
         (failed || (derived->decided && !finally->by_hand));
}

void asyncscope__finally_call(asyncscope__reaction_t *reaction) {
  asyncscope__finally_t *finally = reaction->finally;
  async_promise_t *derived = reaction->derived;
  finally->by_hand = derived->decided;
  derived->finally = finally;
  finally->cb(derived, reaction->arg);
  derived->finally = NULL;
  bool failed = asyncscope__promise_catch(derived);
  if (is_over(finally, derived, failed))
    return;
  if (!finally->answered)
    answer_nothing(finally);
  wait_and_adopt(finally, reaction->promise, derived);
}
