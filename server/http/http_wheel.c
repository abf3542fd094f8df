#include "http_wheel.h"

#include <stdbool.h>
#include <stddef.h>

static void list_init(http_wheel_node_t *head) {
  head->next = head;
  head->prev = head;
}

static void list_append(http_wheel_node_t *head, http_wheel_node_t *node) {
  node->next = head;
  node->prev = head->prev;
  head->prev->next = node;
  head->prev = node;
}

/* Moves all of `from` behind what `to` holds. */
static void list_move(http_wheel_node_t *to, http_wheel_node_t *from) {
  if (from->next == from)
    return;
  from->next->prev = to->prev;
  to->prev->next = from->next;
  from->prev->next = to;
  to->prev = from->prev;
  list_init(from);
}

void http_wheel_init(http_wheel_t *wheel, uint64_t now_ms) {
  for (size_t i = 0; i < HTTP_WHEEL_SLOTS; i++)
    list_init(&wheel->slots[i]);
  list_init(&wheel->due);
  wheel->tick = now_ms / HTTP_SWEEP_MS;
}

void http_wheel_catch_up(http_wheel_t *wheel, uint64_t now_ms) {
  wheel->tick = now_ms / HTTP_SWEEP_MS;
}

static uint64_t tick_of(const http_wheel_t *wheel, uint64_t deadline_ms) {
  uint64_t tick = deadline_ms / HTTP_SWEEP_MS + 1;

  if (tick <= wheel->tick)
    tick = wheel->tick + 1;
  if (tick >= wheel->tick + HTTP_WHEEL_SLOTS)
    tick = wheel->tick + HTTP_WHEEL_SLOTS - 1;
  return tick;
}

static void place(http_wheel_t *wheel, http_wheel_node_t *node) {
  node->slot_tick = tick_of(wheel, node->deadline_ms);
  list_append(&wheel->slots[node->slot_tick % HTTP_WHEEL_SLOTS], node);
}

void http_wheel_set(http_wheel_t *wheel, http_wheel_node_t *node,
                    uint64_t deadline_ms) {
  bool put_off = node->deadline_ms <= deadline_ms;

  node->deadline_ms = deadline_ms;
  if (node->next != NULL) {
    if (put_off)
      return;
    if (node->slot_tick <= tick_of(wheel, deadline_ms))
      return;
    http_wheel_remove(node);
  }
  place(wheel, node);
}

void http_wheel_remove(http_wheel_node_t *node) {
  if (node->next != NULL) {
    node->next->prev = node->prev;
    node->prev->next = node->next;
    node->next = NULL;
    node->prev = NULL;
  }
}

static void collect_due(http_wheel_t *wheel, uint64_t now_ms) {
  while (wheel->due.next == &wheel->due &&
         wheel->tick < now_ms / HTTP_SWEEP_MS) {
    wheel->tick++;
    list_move(&wheel->due, &wheel->slots[wheel->tick % HTTP_WHEEL_SLOTS]);
  }
}

http_wheel_node_t *http_wheel_expire(http_wheel_t *wheel, uint64_t now_ms) {
  http_wheel_node_t *node;

  for (;;) {
    collect_due(wheel, now_ms);
    node = wheel->due.next;
    if (node == &wheel->due)
      return NULL;
    http_wheel_remove(node);
    if (node->deadline_ms <= now_ms)
      return node;
    place(wheel, node);
  }
}
