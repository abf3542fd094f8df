/* An intrusive list: a ring through its head, so that a node leaves without
 * knowing which list it is in. */
#ifndef ASYNCSCOPE_SERVER_HTTP_LIST_H
#define ASYNCSCOPE_SERVER_HTTP_LIST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct http_list_s {
  struct http_list_s *next, *prev;
} http_list_t;

/* The struct that holds `node` as its member of that name. Not a pointer kept
 * in a resource's `data`: that is the hooks' to write. */
#define HTTP_OWNER(node, type, member) \
  ((type *)(void *)((char *)(node)-offsetof(type, member)))

/* An empty list, or a node that is in none. */
static inline void http_list_init(http_list_t *list) {
  list->next = list;
  list->prev = list;
}

static inline bool http_list_is_empty(const http_list_t *list) {
  return list->next == list;
}

/* `node` is in no list. */
static inline void http_list_append(http_list_t *list, http_list_t *node) {
  node->next = list;
  node->prev = list->prev;
  list->prev->next = node;
  list->prev = node;
}

static inline void http_list_prepend(http_list_t *list, http_list_t *node) {
  http_list_append(list->next, node);
}

/* Initialised nodes that are in no list are left as they are. */
static inline void http_list_remove(http_list_t *node) {
  node->next->prev = node->prev;
  node->prev->next = node->next;
  http_list_init(node);
}

/* Moves all nodes of `from` behind those of `to`. */
static inline void http_list_move(http_list_t *to, http_list_t *from) {
  if (http_list_is_empty(from))
    return;
  from->next->prev = to->prev;
  to->prev->next = from->next;
  from->prev->next = to;
  to->prev = from->prev;
  http_list_init(from);
}

#endif
