/* A slot's `turn` is 2n + 1 while line n is being written and 2n + 2 when it is
 * there. Words are stored release and loaded acquire: whoever saw a word of a
 * later line also sees a later turn. */
#include "log_ring.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_inspect.h"
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum {
  TIME,
  REQUEST,
  TRACE,
  SPAN = TRACE + 2,
  ASYNC_ID,
  SIZES, /* bytes of text 16, level 8, trace flags 8, thread 32 */
  HEAD_WORDS
};

#define TEXT_WORDS (ASYNCSCOPE_DEBUG_LOG_BYTES / sizeof(uint64_t))

typedef struct slot_s {
  _Atomic uint64_t turn; /* 0: never used */
  _Atomic uint64_t words[HEAD_WORDS + TEXT_WORDS];
} slot_t;

struct debug_log_ring_s {
  size_t capacity;
  uint64_t started_ns;
  _Atomic uint64_t head;
  slot_t slots[];
};

debug_log_ring_t *asyncscope__debug_log_ring_create(size_t lines) {
  debug_log_ring_t *ring =
      async_calloc(1, sizeof(*ring) + lines * sizeof(slot_t));
  if (ring == NULL)
    return NULL;
  ring->capacity = lines;
  ring->started_ns = async_inspect_now_ns();
  return ring;
}

void asyncscope__debug_log_ring_destroy(debug_log_ring_t *ring) {
  async_free(ring);
}

static void put(_Atomic uint64_t *word, uint64_t value) {
  atomic_store_explicit(word, value, memory_order_release);
}

static uint64_t get(const _Atomic uint64_t *word) {
  return atomic_load_explicit(word, memory_order_acquire);
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Where nothing was said, it is the current one. */
static void find_request(const asyncscope_debug_log_line_t *line,
                         uint64_t *ret_request,
                         async_request_trace_t *ret_trace) {
  const async_request_t *current =
      line->request == 0 ? async_request_current() : NULL;
  *ret_request = line->request;
  *ret_trace = line->trace;
  if (current != NULL) {
    *ret_request = async_request_number(current);
    async_request_trace(current, ret_trace);
  }
}

static void put_head(slot_t *slot, const asyncscope_debug_log_line_t *line,
                     size_t text_bytes) {
  async_request_trace_t trace;
  uint64_t request;
  find_request(line, &request, &trace);
  put(&slot->words[TIME], now_ns());
  put(&slot->words[REQUEST], request);
  put(&slot->words[TRACE], trace.trace_id[0]);
  put(&slot->words[TRACE + 1], trace.trace_id[1]);
  put(&slot->words[SPAN], trace.span_id);
  put(&slot->words[ASYNC_ID], (uint64_t)async_hooks_execution_async_id());
  put(&slot->words[SIZES],
      (uint64_t)text_bytes << 48 | ((uint64_t)line->level & 0xff) << 40 |
          (uint64_t)trace.flags << 32 | async_env_thread());
}

static void put_text(slot_t *slot, const char *text, size_t size) {
  for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
    size_t left = size - at;
    uint64_t word = 0;
    memcpy(&word, text + at, left < sizeof(word) ? left : sizeof(word));
    put(&slot->words[HEAD_WORDS + at / sizeof(word)], word);
  }
}

static bool take(slot_t *slot, uint64_t number) {
  uint64_t turn = atomic_load_explicit(&slot->turn, memory_order_relaxed);
  return turn % 2 == 0 && turn < 2 * number + 1 &&
         atomic_compare_exchange_strong_explicit(
             &slot->turn, &turn, 2 * number + 1, memory_order_acq_rel,
             memory_order_relaxed);
}

void asyncscope__debug_log_ring_write(debug_log_ring_t *ring,
                                      const asyncscope_debug_log_line_t *line) {
  size_t size = line->text_bytes < ASYNCSCOPE_DEBUG_LOG_BYTES
                    ? line->text_bytes
                    : ASYNCSCOPE_DEBUG_LOG_BYTES;
  uint64_t number =
      atomic_fetch_add_explicit(&ring->head, 1, memory_order_relaxed);
  slot_t *slot = &ring->slots[number % ring->capacity];
  if (!take(slot, number))
    return;
  put_head(slot, line, size);
  put_text(slot, line->text, size);
  put(&slot->turn, 2 * number + 2);
}

debug_log_span_t asyncscope__debug_log_ring_span(const debug_log_ring_t *ring) {
  debug_log_span_t span = {0};
  if (ring != NULL) {
    span.next = get(&ring->head);
    span.capacity = ring->capacity;
    span.oldest = span.next > span.capacity ? span.next - span.capacity : 0;
    span.started_ns = ring->started_ns;
  }
  return span;
}

static void load(const slot_t *slot, debug_log_line_t *line) {
  uint64_t sizes = get(&slot->words[SIZES]);
  line->time_ns = get(&slot->words[TIME]);
  line->request = get(&slot->words[REQUEST]);
  line->trace = (async_request_trace_t){
      .trace_id = {get(&slot->words[TRACE]), get(&slot->words[TRACE + 1])},
      .span_id = get(&slot->words[SPAN]),
      .flags = (uint8_t)(sizes >> 32)};
  line->async_id = (async_id_t)get(&slot->words[ASYNC_ID]);
  line->thread = (uint32_t)sizes;
  line->level = (asyncscope_debug_level_t)(sizes >> 40 & 0xff);
  line->text_bytes = sizes >> 48;
  for (size_t at = 0; at < line->text_bytes; at += sizeof(uint64_t)) {
    uint64_t word = get(&slot->words[HEAD_WORDS + at / sizeof(word)]);
    memcpy(line->text + at, &word, sizeof(word));
  }
  line->text[line->text_bytes] = '\0';
}

/* One that was given up is never there: it is not waited for when many have
 * come behind it. */
static debug_log_found_t missing(const debug_log_ring_t *ring, uint64_t number,
                                 uint64_t turn) {
  uint64_t behind = get(&ring->head) - number;
  return turn > 2 * number + 2 || behind > (ring->capacity + 1) / 2
             ? DEBUG_LOG_GONE
             : DEBUG_LOG_NOT_YET;
}

debug_log_found_t asyncscope__debug_log_ring_read(const debug_log_ring_t *ring,
                                                  uint64_t number,
                                                  debug_log_line_t *ret_line) {
  const slot_t *slot = &ring->slots[number % ring->capacity];
  uint64_t turn = get(&slot->turn);
  if (turn != 2 * number + 2)
    return missing(ring, number, turn);
  load(slot, ret_line);
  ret_line->number = number;
  if (get(&slot->turn) != turn)
    return DEBUG_LOG_GONE;
  return DEBUG_LOG_THERE;
}
