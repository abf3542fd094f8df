/* Whatever a program or a peer has named goes through
 * asyncscope__debug_printable(), and names stand in quotes: no name can look
 * like another line or another column. */
#include "tree_line.h"

#include "text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BRANCH_COLUMNS 3
#define BRANCH_BYTES   9  /* three characters of up to three bytes */
#define KEYS_BYTES     96 /* two keys and a count */

/* What a line is about. */
typedef struct line_node_s {
  bool gone;
  debug_resource_t resource;
  debug_gone_t ancestor;
  const debug_alike_t *alike; /* NULL: only itself */
} line_node_t;

/* What stands left of the columns. */
typedef struct line_head_s {
  char branches[(DEBUG_TREE_LEVELS + 1) * BRANCH_BYTES + DEBUG_KEY_BYTES];
  char type[DEBUG_PRINTABLE_BYTES];
  char keys[KEYS_BYTES];
  char name[DEBUG_PRINTABLE_BYTES];
  size_t columns;
} line_head_t;

static void add_branches(const debug_tree_place_t *place, line_head_t *head) {
  uint32_t depth = place->depth;
  uint32_t drawn = depth < DEBUG_TREE_LEVELS ? depth : DEBUG_TREE_LEVELS;
  size_t used = 0;
  for (uint32_t level = 1; level <= drawn; level++) {
    const char *branch = level < drawn ? (place->more[level] ? "│  " : "   ")
                                       : (place->more[level] ? "├─ " : "└─ ");
    memcpy(head->branches + used, branch, strlen(branch));
    used += strlen(branch);
    head->columns += BRANCH_COLUMNS;
  }
  head->branches[used] = '\0';
  if (depth > drawn) {
    int put = snprintf(head->branches + used, DEBUG_KEY_BYTES,
                       "(depth %" PRIu32 ") ", depth);
    head->columns += (size_t)put;
  }
}

static void read_node(const debug_tree_t *tree, uint32_t node,
                      line_node_t *ret_node) {
  bool one = (tree->flags[node] & DEBUG_TREE_ONE) != 0;
  ret_node->gone = asyncscope__debug_tree_read(tree, node, &ret_node->resource,
                                               &ret_node->ancestor);
  ret_node->alike = one ? asyncscope__debug_tree_alike(tree, node) : NULL;
}

static async_ref_t ref_of(const line_node_t *node) {
  return node->gone ? node->ancestor.ref
                    : asyncscope__debug_ref(&node->resource.info);
}

/* "4:21", or "×1000 4:21..4:1020". */
static void add_keys(const line_node_t *node, line_head_t *head) {
  char first[DEBUG_KEY_BYTES];
  char last[DEBUG_KEY_BYTES];
  asyncscope__debug_key(ref_of(node), first);
  if (node->alike == NULL) {
    snprintf(head->keys, sizeof(head->keys), "%s", first);
    head->columns += 1 + strlen(head->keys);
    return;
  }
  asyncscope__debug_key(node->alike->last, last);
  snprintf(head->keys, sizeof(head->keys), "×%" PRIu64 " %s..%s",
           node->alike->count, first, last);
  head->columns += strlen(head->keys); /* × is two bytes and one column */
}

static void make_head(const line_node_t *node, const debug_tree_place_t *place,
                      line_head_t *head) {
  const char *type =
      node->gone ? node->ancestor.type : node->resource.info.type;
  head->columns = 0;
  add_branches(place, head);
  head->columns +=
      asyncscope__debug_printable(type == NULL ? "?" : type, head->type);
  add_keys(node, head);
  head->name[0] = '\0';
  if (!node->gone && node->alike == NULL && node->resource.info.name[0] != '\0')
    head->columns +=
        3 + asyncscope__debug_printable(node->resource.info.name, head->name);
}

size_t asyncscope__debug_line_columns(const debug_tree_t *tree,
                                      const debug_tree_place_t *place) {
  line_node_t node;
  line_head_t head;
  read_node(tree, place->node, &node);
  make_head(&node, place, &head);
  return head.columns;
}

static const char *base_name(const char *path) {
  const char *slash = path == NULL ? NULL : strrchr(path, '/');
  return slash == NULL ? asyncscope__debug_tail(path) : slash + 1;
}

static int append_site(const async_site_t *site, debug_buffer_t *buffer) {
  char file[DEBUG_PRINTABLE_BYTES];
  char function[DEBUG_PRINTABLE_BYTES];
  if (site == NULL)
    return asyncscope__debug_append_text(buffer, "-");
  asyncscope__debug_printable(base_name(site->file), file);
  asyncscope__debug_printable(site->function, function);
  return asyncscope__debug_appendf(buffer, "%s:%" PRIu32 " %s", file,
                                   site->line, function);
}

int asyncscope__debug_append_facts(debug_buffer_t *buffer, const char *state,
                                   const uint64_t *age_us, uint64_t request,
                                   const async_site_t *site) {
  char age[DEBUG_DURATION_BYTES] = "-";
  char number[DEBUG_KEY_BYTES] = "-";
  if (age_us != NULL)
    asyncscope__debug_duration(*age_us, age);
  if (request != 0)
    snprintf(number, sizeof(number), "r%" PRIu64, request);
  int error =
      asyncscope__debug_appendf(buffer, "%-9s %9s  %-6s  ", state, age, number);
  return error != 0 ? error : append_site(site, buffer);
}

static int append_facts(const debug_tree_t *tree, const line_node_t *node,
                        debug_buffer_t *buffer) {
  const debug_resource_t *resource = &node->resource;
  const debug_alike_t *alike = node->alike;
  if (node->gone)
    return asyncscope__debug_append_facts(buffer, "(gone)", NULL, 0,
                                          node->ancestor.site);
  debug_state_t state = alike == NULL ? resource->state : alike->state;
  uint64_t request = alike == NULL ? resource->info.request : alike->request;
  uint64_t age_us = alike == NULL
                        ? asyncscope__debug_age_us(tree->capture, resource)
                        : alike->oldest_us;
  return asyncscope__debug_append_facts(
      buffer,
      state == DEBUG_STATES ? "several" : asyncscope__debug_state_name(state),
      &age_us, request, resource->info.site);
}

static int append_head(const line_head_t *head, size_t columns,
                       debug_buffer_t *buffer) {
  size_t pad = head->columns < columns ? columns - head->columns : 0;
  const char *quote = head->name[0] == '\0' ? "" : "\"";
  return asyncscope__debug_appendf(
      buffer, "%s%s %s%s%s%s%s%*s  ", head->branches, head->type, head->keys,
      quote[0] == '\0' ? "" : " ", quote, head->name, quote, (int)pad, "");
}

int asyncscope__debug_line(const debug_tree_t *tree,
                           const debug_tree_place_t *place, size_t columns,
                           debug_buffer_t *buffer) {
  bool cut = (tree->flags[place->node] & DEBUG_TREE_CUT) != 0;
  line_node_t node;
  line_head_t head;
  read_node(tree, place->node, &node);
  make_head(&node, place, &head);
  int error = append_head(&head, columns, buffer);
  if (error == 0)
    error = append_facts(tree, &node, buffer);
  return error != 0
             ? error
             : asyncscope__debug_append_text(buffer, cut ? " (cycle)\n" : "\n");
}

/* What runs on the thread, and for how long. */
static int append_current(const debug_tree_t *tree,
                          const debug_thread_t *thread,
                          debug_buffer_t *buffer) {
  const async_stack_entry_t *entry = asyncscope__debug_current(thread);
  char key[DEBUG_KEY_BYTES];
  char type[DEBUG_PRINTABLE_BYTES] = "?";
  char since[DEBUG_DURATION_BYTES];
  debug_resource_t resource;
  if (entry == NULL)
    return thread->info.stack_depth == 0
               ? asyncscope__debug_append_text(buffer, "waiting\n")
               : asyncscope__debug_appendf(buffer, "running, %zu scopes deep\n",
                                           thread->info.stack_depth);
  async_ref_t ref = {thread->info.thread, entry->async_id};
  uint32_t node = asyncscope__debug_index_find(&tree->lineage->index, ref);
  asyncscope__debug_key(ref, key);
  if (node != DEBUG_NODE_NONE &&
      asyncscope__debug_index_read(&tree->lineage->index, node, &resource)) {
    bool hidden = resource.info.internal && !tree->filter->internal;
    asyncscope__debug_printable(hidden ? "(internal)" : resource.info.type,
                                type);
  }
  asyncscope__debug_duration(
      asyncscope__debug_elapsed_us(entry->since_ns, thread->captured_ns),
      since);
  return asyncscope__debug_appendf(buffer, "in %s %s for %s\n", type, key,
                                   since);
}

int asyncscope__debug_root_line(const debug_tree_t *tree, uint32_t node,
                                debug_buffer_t *buffer) {
  if (node == tree->node_count - 1)
    return asyncscope__debug_tree_child(tree, node) == DEBUG_NODE_NONE
               ? 0
               : asyncscope__debug_append_text(buffer,
                                               "\nthreads that have ended\n");
  const debug_thread_t *thread =
      &tree->capture->threads[node - tree->first_root];
  char name[DEBUG_PRINTABLE_BYTES];
  asyncscope__debug_printable(thread->info.name, name);
  int error = asyncscope__debug_appendf(
      buffer, "\nthread %" PRIu32 " \"%s\"  %s, tid %" PRId64 ", ",
      thread->info.thread, name, asyncscope__debug_kind_name(thread->info.kind),
      thread->info.os_tid);
  if (error == 0 && thread->info.kind == ASYNC_ENV_LOOP)
    error = asyncscope__debug_appendf(buffer, "%" PRIu64 " iterations, ",
                                      thread->info.loop_iterations);
  return error != 0 ? error : append_current(tree, thread, buffer);
}
