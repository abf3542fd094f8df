#include "graph_text.h"

#include "asyncscope/async_allocator.h"
#include "opening.h"
#include "text.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BUILD, BEGIN, VERTICES, EDGES, END };

typedef struct graph_text_s {
  const debug_graph_writer_t *writer;
  debug_graph_t graph;
  uint32_t *order;
  unsigned stage;
  size_t at;
  uint64_t request; /* whose block is open; 0: none */
  size_t edges;     /* written */
  size_t bytes;     /* the same */
  bool cut;
} graph_text_t;

/* Of the bytes there may be, vertices take at most so many in a hundred. */
#define VERTICES_SHARE 60

/* An edge is shorter. */
#define EDGE_BYTES 160

static int begin(void *state, debug_call_t *call) {
  graph_text_t *text = state;
  return asyncscope__debug_graph_init(&text->graph, call);
}

void asyncscope__debug_graph_text_close(void *state) {
  graph_text_t *text = state;
  asyncscope__debug_graph_finish(&text->graph);
  async_free(text->order);
  async_free(text);
}

int asyncscope__debug_graph_text_open(debug_call_t *call,
                                      const debug_graph_writer_t *writer,
                                      void **ret_state) {
  int error = asyncscope__debug_open_state(call, sizeof(graph_text_t), begin,
                                           asyncscope__debug_graph_text_close,
                                           ret_state);
  if (error == 0)
    ((graph_text_t *)*ret_state)->writer = writer;
  return error;
}

/* Vertices are written until their share is full: that is tried out. */
static int fit_bytes(graph_text_t *text) {
  debug_graph_t *graph = &text->graph;
  size_t room = text->writer->bytes_max / 100 * VERTICES_SHARE;
  debug_buffer_t *buffer = async_malloc(sizeof(*buffer));
  debug_vertex_info_t info;
  int error = buffer == NULL ? UV_ENOMEM : 0;
  for (size_t i = 0; i < graph->shown && error == 0; i++) {
    buffer->used_bytes = 0;
    asyncscope__debug_vertex_read(graph, i, &info);
    error = text->writer->vertex(buffer, graph, &info);
    if (buffer->used_bytes > room) {
      graph->shown = i;
      text->cut = true;
    }
    room -= graph->shown == i ? 0 : buffer->used_bytes;
  }
  async_free(buffer);
  return error;
}

static int build(graph_text_t *text) {
  debug_graph_t *graph = &text->graph;
  int error = asyncscope__debug_graph_build(graph);
  if (error != 0)
    return error;
  size_t most = text->writer->vertices_max;
  text->cut = graph->cut || (most != 0 && graph->shown > most);
  if (most != 0 && graph->shown > most)
    graph->shown = most;
  error = text->writer->bytes_max == 0 ? 0 : fit_bytes(text);
  if (error != 0)
    return error;
  text->order = async_calloc(graph->shown + 1, sizeof(*text->order));
  if (text->order == NULL)
    return UV_ENOMEM;
  asyncscope__debug_graph_by_request(graph, text->order);
  return 0;
}

static int turn_to(graph_text_t *text, uint64_t request,
                   debug_buffer_t *buffer) {
  int error = 0;
  if (text->request != 0)
    error = text->writer->end_request(buffer);
  if (error == 0 && request != 0)
    error = text->writer->begin_request(buffer, request);
  if (error == 0)
    text->request = request;
  return error == 0 ? 1 : error;
}

static int write_vertex(graph_text_t *text, debug_buffer_t *buffer) {
  const debug_graph_t *graph = &text->graph;
  debug_vertex_info_t info;
  if (text->at == graph->shown)
    return text->request == 0 ? 0 : turn_to(text, 0, buffer);
  size_t vertex = text->order[text->at];
  if (graph->vertices[vertex].request != text->request)
    return turn_to(text, graph->vertices[vertex].request, buffer);
  asyncscope__debug_vertex_read(graph, vertex, &info);
  int error = text->writer->vertex(buffer, graph, &info);
  text->at += error == 0;
  return error == 0 ? 1 : error;
}

static int write_edge(graph_text_t *text, debug_buffer_t *buffer) {
  const debug_edges_t *edges = &text->graph.edges;
  size_t most = text->writer->edges_max;
  size_t most_bytes = text->writer->bytes_max;
  char from[32];
  char to[32];
  while (text->at < edges->count && !asyncscope__debug_edge_is_shown(
                                        &text->graph, &edges->items[text->at]))
    text->at++;
  if (text->at == edges->count)
    return 0;
  if ((most != 0 && text->edges == most) ||
      (most_bytes != 0 && text->bytes + EDGE_BYTES > most_bytes)) {
    text->cut = true;
    return 0;
  }
  const debug_graph_edge_t *edge = &edges->items[text->at];
  asyncscope__debug_vertex_id(&text->graph, edge->from, from);
  asyncscope__debug_vertex_id(&text->graph, edge->to, to);
  int error = text->writer->edge(buffer, from, to, edge);
  text->at += error == 0;
  text->edges += error == 0;
  return error == 0 ? 1 : error;
}

static int write_stage(graph_text_t *text, debug_buffer_t *buffer) {
  switch (text->stage) {
  case BUILD:
    return build(text);
  case BEGIN:
    return text->writer->begin(buffer, &text->graph);
  case VERTICES:
    return write_vertex(text, buffer);
  case EDGES:
    return write_edge(text, buffer);
  default:
    return text->writer->end(buffer, text->cut);
  }
}

int asyncscope__debug_graph_text_step(void *state, debug_buffer_t *buffer) {
  graph_text_t *text = state;
  size_t mark = buffer->used_bytes;
  int status = write_stage(text, buffer);
  if (status >= 0)
    text->bytes += buffer->used_bytes - mark;
  if (status == 0) {
    text->stage++;
    text->at = 0;
  }
  return status < 0 ? status : text->stage <= END;
}

static const char *base_name(const char *path) {
  const char *slash = path == NULL ? NULL : strrchr(path, '/');
  return slash == NULL ? asyncscope__debug_tail(path) : slash + 1;
}

static void label_site(const async_site_t *site, char *ret_line) {
  char file[DEBUG_PRINTABLE_BYTES];
  ret_line[0] = '\0';
  if (site == NULL)
    return;
  asyncscope__debug_printable(base_name(site->file), file);
  snprintf(ret_line, DEBUG_LABEL_BYTES, "%s:%" PRIu32, file, site->line);
}

static void label_group(const debug_graph_t *graph,
                        const debug_vertex_info_t *info,
                        char lines[DEBUG_LABEL_LINES][DEBUG_LABEL_BYTES]) {
  const debug_group_key_t *key = &info->group->key;
  if (graph->groups.by == DEBUG_GROUP_REQUEST && key->request == 0)
    snprintf(lines[0], DEBUG_LABEL_BYTES, "no request");
  if (key->request != 0)
    snprintf(lines[0], DEBUG_LABEL_BYTES, "r%" PRIu64, key->request);
  else if (key->thread != ASYNC_THREAD_NONE)
    snprintf(lines[0], DEBUG_LABEL_BYTES, "thread %" PRIu32, key->thread);
  if (info->gone)
    snprintf(lines[1], DEBUG_LABEL_BYTES, "gone");
  else
    snprintf(lines[1], DEBUG_LABEL_BYTES, "%" PRIu64 " live",
             info->group->count);
  label_site(info->site, lines[2]);
}

static void label_live(const debug_graph_t *graph,
                       const debug_resource_t *resource,
                       char lines[DEBUG_LABEL_LINES][DEBUG_LABEL_BYTES]) {
  char name[DEBUG_PRINTABLE_BYTES];
  char age[DEBUG_DURATION_BYTES];
  asyncscope__debug_printable(resource->info.name, name);
  snprintf(lines[1], DEBUG_LABEL_BYTES, "%s", name);
  asyncscope__debug_duration(
      asyncscope__debug_age_us(&graph->capture, resource), age);
  snprintf(lines[2], DEBUG_LABEL_BYTES, "%s %s",
           asyncscope__debug_state_name(resource->state), age);
}

void asyncscope__debug_vertex_label(
    const debug_graph_t *graph, const debug_vertex_info_t *info,
    char ret_lines[DEBUG_LABEL_LINES][DEBUG_LABEL_BYTES]) {
  char type[DEBUG_PRINTABLE_BYTES];
  asyncscope__debug_printable(info->type == NULL ? "?" : info->type, type);
  snprintf(ret_lines[0], DEBUG_LABEL_BYTES, "%s%s%s", type,
           info->group == NULL ? " " : "", info->group == NULL ? info->id : "");
  ret_lines[1][0] = '\0';
  ret_lines[2][0] = '\0';
  if (info->group != NULL)
    label_group(graph, info, ret_lines);
  else if (info->gone)
    snprintf(ret_lines[1], DEBUG_LABEL_BYTES, "gone");
  else
    label_live(graph, &info->resource, ret_lines);
}

void asyncscope__debug_vertex_word(const char *id, char ret_word[40]) {
  snprintf(ret_word, 40, "n%s", id);
  for (char *at = ret_word; *at != '\0'; at++)
    if (*at == ':')
      *at = '_';
}
