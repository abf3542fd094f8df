/* The ring of log lines, with writers and a reader at once. */
#include "log_ring.h"
#include "test_main.h"

#include <stdatomic.h>
#include <string.h>
#include <uv.h>

#define WRITERS     3
#define WRITES      20000
#define LINE_LENGTH 200

typedef struct race_s {
  debug_log_ring_t *ring;
  atomic_uint writing;
  uint64_t seen, torn;
  uint64_t waited_for; /* in vain: many have come behind them */
} race_t;

/* A whole line has one byte all along, which is its request, too. */
static void write_much(void *arg) {
  race_t *race = arg;
  char text[LINE_LENGTH];
  for (unsigned i = 0; i < WRITES; i++) {
    char byte = (char)('a' + i % 26);
    memset(text, byte, sizeof(text));
    asyncscope__debug_log_ring_write(
        race->ring, &(asyncscope_debug_log_line_t){.text = text,
                                                   .text_bytes = sizeof(text),
                                                   .request = (uint64_t)byte});
  }
  atomic_fetch_sub(&race->writing, 1);
}

static bool is_whole(const debug_log_line_t *line) {
  char byte = (char)line->request;
  if (line->text_bytes != LINE_LENGTH)
    return false;
  for (size_t i = 0; i < LINE_LENGTH; i++)
    if (line->text[i] != byte)
      return false;
  return true;
}

static void read_one(race_t *race, const debug_log_span_t *span,
                     uint64_t number) {
  debug_log_line_t line;
  debug_log_found_t found =
      asyncscope__debug_log_ring_read(race->ring, number, &line);
  race->seen += found == DEBUG_LOG_THERE;
  race->torn += found == DEBUG_LOG_THERE && !is_whole(&line);
  race->waited_for += found == DEBUG_LOG_NOT_YET &&
                      span->next - number > (span->capacity + 1) / 2;
}

static void read_much(race_t *race) {
  while (atomic_load(&race->writing) > 0) {
    debug_log_span_t span = asyncscope__debug_log_ring_span(race->ring);
    for (uint64_t i = span.oldest; i < span.next; i++)
      read_one(race, &span, i);
  }
}

static void run(race_t *race) {
  uv_thread_t threads[WRITERS];
  *race = (race_t){.ring = asyncscope__debug_log_ring_create(4)};
  assert_non_null(race->ring);
  atomic_init(&race->writing, WRITERS);
  for (size_t i = 0; i < WRITERS; i++)
    assert_int_equal(uv_thread_create(&threads[i], write_much, race), 0);
  read_much(race);
  for (size_t i = 0; i < WRITERS; i++)
    uv_thread_join(&threads[i]);
}

/* One of them may never come: its writer found the slot taken. */
static void no_line_that_many_have_passed_is_waited_for(void **state) {
  race_t race;
  (void)state;
  run(&race);
  assert_int_equal(race.waited_for, 0);
  asyncscope__debug_log_ring_destroy(race.ring);
}

static void no_line_is_torn_while_many_write(void **state) {
  race_t race;
  debug_log_line_t line;
  (void)state;
  run(&race);
  assert_int_equal(race.torn, 0);
  debug_log_span_t span = asyncscope__debug_log_ring_span(race.ring);
  assert_int_equal(span.next, WRITERS * WRITES);
  for (uint64_t i = span.oldest; i < span.next; i++)
    if (asyncscope__debug_log_ring_read(race.ring, i, &line) == DEBUG_LOG_THERE)
      assert_true(is_whole(&line));
  asyncscope__debug_log_ring_destroy(race.ring);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_line_is_torn_while_many_write),
      cmocka_unit_test(no_line_that_many_have_passed_is_waited_for),
  };
  return test_main(tests, argc, argv);
}
