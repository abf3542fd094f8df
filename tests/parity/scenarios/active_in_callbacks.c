#include "scenario.h"

static int calls;

static void show(void *text) {
  show_active(text);
}

static void on_interval(async_timeout_t *interval) {
  static char tick[] = "tick", microtask[] = "microtask";
  show_active("in the interval");
  if (++calls == 1)
    async_timeout_unref(interval);
  show_active("unref");
  async_timeout_ref(interval);
  if (calls < 2)
    return;
  clear_timeout(interval);
  show_active("cleared");
  next_tick(show, tick);
  queue_microtask(show, microtask);
}

static void on_timer(async_timeout_t *timer) {
  show_active("in the timer");
  if (++calls < 5)
    MUST(async_timeout_refresh(timer));
  show_active("refreshed");
}

/* Not before: a slow start would make the interval due before the immediates,
 * and a short timer due with the interval. */
static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  set_interval(on_interval, 1);
  set_timeout(on_timer, 200);
  show_active("in the immediate");
}

static void on_second_immediate(async_immediate_t *immediate) {
  (void)immediate;
  show_active("in the second immediate");
}

SCENARIO(active_in_callbacks) {
  async_immediate_t *immediate = set_immediate(on_immediate);
  set_immediate(on_second_immediate);
  async_immediate_unref(immediate);
  show_active("an immediate unref");
  async_immediate_ref(immediate);
  show_active("two immediates");
}
