/* Whatever a program or a peer has named goes through
 * asyncscope__debug_printable(), and names stand in quotes: no name can look
 * like another line or another column. */
#include "tree_line.h"

#include "text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BRANCH_COLUMNS 3
#define BRANCH_BYTES   9 /* three characters of up to three bytes */

/* What stands left of the columns. */
typedef struct line_head_s {
  char branches[(DEBUG_TREE_LEVELS + 1) * BRANCH_BYTES + DEBUG_KEY_BYTES];
  char type[DEBUG_PRINTABLE_BYTES];
  char key[DEBUG_KEY_BYTES];
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

static const debug_gone_t *gone_at(const debug_tree_t *tree, uint32_t node) {
  return node < tree->first_gone
             ? NULL
             : &tree->snapshot->gone[node - tree->first_gone];
}

static void make_head(const debug_tree_t *tree, const debug_tree_place_t *place,
                      line_head_t *head) {
  const debug_gone_t *gone = gone_at(tree, place->node);
  const debug_resource_t *resource =
      gone == NULL ? &tree->snapshot->resources[place->node] : NULL;
  const char *type = gone == NULL ? resource->info.type : gone->type;
  async_ref_t ref = gone == NULL ? asyncscope__debug_ref(resource) : gone->ref;
  head->columns = 0;
  add_branches(place, head);
  head->columns +=
      asyncscope__debug_printable(type == NULL ? "?" : type, head->type);
  asyncscope__debug_key(ref, head->key);
  head->columns += 1 + strlen(head->key);
  head->name[0] = '\0';
  if (gone == NULL && resource->info.name[0] != '\0') {
    head->columns +=
        3 + asyncscope__debug_printable(resource->info.name, head->name);
  }
}

size_t asyncscope__debug_line_columns(const debug_tree_t *tree,
                                      const debug_tree_place_t *place) {
  line_head_t head;
  make_head(tree, place, &head);
  return head.columns;
}

static const char *base_name(const char *path) {
  const char *slash = path == NULL ? NULL : strrchr(path, '/');
  return slash == NULL ? asyncscope__debug_tail(path) : slash + 1;
}

static int append_site(const async_site_t *site, debug_buffer_t *buffer) {
  char file[DEBUG_PRINTABLE_BYTES];
  char function[DEBUG_PRINTABLE_BYTES];
  if (site == NULL) {
    return asyncscope__debug_append_text(buffer, "-");
  }
  asyncscope__debug_printable(base_name(site->file), file);
  asyncscope__debug_printable(site->function, function);
  return asyncscope__debug_appendf(buffer, "%s:%" PRIu32 " %s", file,
                                   site->line, function);
}

static int append_resource(const debug_tree_t *tree,
                           const debug_resource_t *resource,
                           debug_buffer_t *buffer) {
  char age[DEBUG_DURATION_BYTES];
  char request[DEBUG_KEY_BYTES] = "-";
  asyncscope__debug_duration(asyncscope__debug_age_us(tree->snapshot, resource),
                             age);
  if (resource->info.request != 0) {
    snprintf(request, sizeof(request), "r%" PRIu64, resource->info.request);
  }
  int err = asyncscope__debug_appendf(
      buffer, "%-9s %9s  %-6s  ", asyncscope__debug_state_name(resource->state),
      age, request);
  return err != 0 ? err : append_site(resource->info.site, buffer);
}

static int append_gone(const debug_gone_t *gone, debug_buffer_t *buffer) {
  int err =
      asyncscope__debug_appendf(buffer, "%-9s %9s  %-6s  ", "(gone)", "-", "-");
  return err != 0 ? err : append_site(gone->site, buffer);
}

static int append_head(const line_head_t *head, size_t columns,
                       debug_buffer_t *buffer) {
  size_t pad = head->columns < columns ? columns - head->columns : 0;
  const char *quote = head->name[0] == '\0' ? "" : "\"";
  return asyncscope__debug_appendf(
      buffer, "%s%s %s%s%s%s%s%*s  ", head->branches, head->type, head->key,
      quote[0] == '\0' ? "" : " ", quote, head->name, quote, (int)pad, "");
}

int asyncscope__debug_line(const debug_tree_t *tree,
                           const debug_tree_place_t *place, size_t columns,
                           debug_buffer_t *buffer) {
  const debug_gone_t *gone = gone_at(tree, place->node);
  line_head_t head;
  make_head(tree, place, &head);
  int err = append_head(&head, columns, buffer);
  if (err == 0) {
    err = gone != NULL
              ? append_gone(gone, buffer)
              : append_resource(tree, &tree->snapshot->resources[place->node],
                                buffer);
  }
  return err != 0 ? err
                  : asyncscope__debug_append_text(
                        buffer, tree->cut[place->node] ? " (cycle)\n" : "\n");
}

/* What runs on the thread, and for how long. */
static int append_current(const debug_snapshot_t *snapshot,
                          const debug_thread_t *thread,
                          debug_buffer_t *buffer) {
  const async_stack_entry_t *entry = asyncscope__debug_current(thread);
  if (entry == NULL) {
    return thread->info.stack_depth == 0
               ? asyncscope__debug_append_text(buffer, "waiting\n")
               : asyncscope__debug_appendf(buffer, "running, %zu scopes deep\n",
                                           thread->info.stack_depth);
  }
  async_ref_t ref = {thread->info.thread, entry->async_id};
  const debug_resource_t *resource =
      asyncscope__debug_find_resource(snapshot, ref);
  char key[DEBUG_KEY_BYTES];
  char type[DEBUG_PRINTABLE_BYTES];
  char since[DEBUG_DURATION_BYTES];
  asyncscope__debug_key(ref, key);
  asyncscope__debug_printable(resource == NULL ? "?" : resource->info.type,
                              type);
  asyncscope__debug_duration(
      asyncscope__debug_elapsed_us(entry->since_ns, thread->captured_ns),
      since);
  return asyncscope__debug_appendf(buffer, "in %s %s for %s\n", type, key,
                                   since);
}

int asyncscope__debug_root_line(const debug_tree_t *tree, uint32_t node,
                                debug_buffer_t *buffer) {
  const debug_snapshot_t *snapshot = tree->snapshot;
  if (node == tree->node_count - 1) {
    return tree->children[node] == DEBUG_TREE_NONE
               ? 0
               : asyncscope__debug_append_text(buffer,
                                               "\nthreads that have ended\n");
  }
  const debug_thread_t *thread = &snapshot->threads[node - tree->first_root];
  char name[DEBUG_PRINTABLE_BYTES];
  asyncscope__debug_printable(thread->info.name, name);
  int err = asyncscope__debug_appendf(
      buffer, "\nthread %" PRIu32 " \"%s\"  %s, tid %" PRId64 ", ",
      thread->info.thread, name, asyncscope__debug_kind_name(thread->info.kind),
      thread->info.os_tid);
  if (err == 0 && thread->info.kind == ASYNC_ENV_LOOP) {
    err = asyncscope__debug_appendf(buffer, "%" PRIu64 " iterations, ",
                                    thread->info.loop_iterations);
  }
  return err != 0 ? err : append_current(snapshot, thread, buffer);
}
