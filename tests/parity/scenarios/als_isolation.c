#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *a, *b, *first, *second, *third;

static void in_a(void *arg) {
  (void)arg;
  enter_with(b, "entered inside");
}

static void one(const char *text, const char *name,
                const async_local_storage_t *storage) {
  char line[64];
  snprintf(line, sizeof(line), "%s %s", text, name);
  trace_store(line, storage);
}

static void all(const char *text) {
  one(text, "first", first);
  one(text, "second", second);
  one(text, "third", third);
}

static void in_third(void *arg) {
  (void)arg;
  async_local_storage_disable(first);
  all("in third");
}

static void in_second(void *arg) {
  (void)arg;
  run_with(third, "3", in_third, NULL);
  all("in second");
}

static void in_first(void *arg) {
  (void)arg;
  run_with(second, "2", in_second, NULL);
  all("in first");
}

SCENARIO(als_isolation) {
  a = make_storage();
  b = make_storage();
  run_with(a, "a", in_a, NULL);
  trace_store("a after", a);
  trace_store("b after", b);
  first = make_storage();
  second = make_storage();
  third = make_storage();
  run_with(first, "1", in_first, NULL);
  all("outside");
}
