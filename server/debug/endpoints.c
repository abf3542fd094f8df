/* Everything that is served. A further format is
 *   - a file that defines a debug_format_t (endpoint.h says what one does),
 *     declared in formats.h;
 *   - its place in the formats of its path here, or a row for a path of its
 *     own: the path, a few words for people, the parameters it takes, the
 *     formats.
 * Reading the query, refusing what is wrong with it, choosing the format and
 * listing it all are then done. A further parameter is a row in parameters.c.
 *
 * A format reads the state of the process through a debug_capture_t; what
 * lives, in the order of a query, through a debug_source_t (source.h); who
 * caused whom through a debug_lineage_t. A JSON answer is a list of parts
 * (document.h). */
#include "formats.h"
#include "graph.h"
#include "json_resource.h"
#include "requests.h"

#define FORMATS(...)                \
  (const debug_format_t *const[]) { \
    __VA_ARGS__, NULL               \
  }

#define TAKES(name)    DEBUG_TAKES(DEBUG_PARAM_##name)
#define INCLUDES(name) DEBUG_INCLUDE_##name
#define TAKES_JSON     (TAKES(FORMAT) | TAKES(PRETTY))

const debug_endpoint_t asyncscope__debug_endpoints[] = {
    {"/debug",
     "all there is, in short",
     {TAKES_JSON | DEBUG_TAKES_FILTERS | DEBUG_TAKES_ORDER | TAKES(FIELDS) |
          TAKES(INCLUDE),
      0, 0, asyncscope__debug_resource_fields,
      INCLUDES(STACKS) | INCLUDES(FINISHED) | INCLUDES(HISTOGRAMS)},
     FORMATS(&asyncscope__debug_overview_json, &asyncscope__debug_overview_html,
             &asyncscope__debug_json_text)},
    {"/debug/resources",
     "what lives, one by one or in groups",
     {TAKES_JSON | DEBUG_TAKES_FILTERS | DEBUG_TAKES_ORDER | TAKES(FIELDS) |
          TAKES(GROUP_BY),
      0, 0, asyncscope__debug_resource_fields, 0},
     FORMATS(&asyncscope__debug_resources_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/resources/KEY",
     "one resource, what it caused, who else holds its context",
     {TAKES_JSON | TAKES(INTERNAL) | TAKES(FIELDS), 0, 0,
      asyncscope__debug_resource_fields, 0},
     FORMATS(&asyncscope__debug_resource_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/resources/KEY/why",
     "its causes, up to where they begin",
     {TAKES_JSON | TAKES(EDGE) | TAKES(LIMIT) | TAKES(FIELDS), 0, 0,
      asyncscope__debug_resource_fields, 0},
     FORMATS(&asyncscope__debug_why_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/requests",
     "the requests in flight, or with state=finished the last ones",
     {TAKES_JSON | DEBUG_TAKES_ORDER | TAKES(REQUEST) | TAKES(REQUEST_STATE) |
          TAKES(THREAD) | TAKES(LOOP) | TAKES(OLDER_THAN) | TAKES(SINCE) |
          TAKES(INTERNAL) | TAKES(FIELDS) | TAKES(INCLUDE),
      0, DEBUG_REQUESTS_MAX, asyncscope__debug_request_fields,
      INCLUDES(FINISHED)},
     FORMATS(&asyncscope__debug_requests_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/requests/ID",
     "one request, what it has cost, what lives for it",
     {TAKES_JSON | DEBUG_TAKES_ORDER | TAKES(INTERNAL), 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_request_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/threads",
     "what each thread is doing, and the pools",
     {TAKES_JSON | TAKES(THREAD) | TAKES(LOOP) | TAKES(INTERNAL) |
          TAKES(LIMIT) | TAKES(INCLUDE),
      0, 0, NULL, INCLUDES(STACKS) | INCLUDES(HISTOGRAMS)},
     FORMATS(&asyncscope__debug_threads_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/loops",
     "the event loops",
     {TAKES_JSON | TAKES(LOOP) | TAKES(INTERNAL) | TAKES(LIMIT) |
          TAKES(INCLUDE),
      0, 0, NULL, INCLUDES(STACKS) | INCLUDES(HISTOGRAMS)},
     FORMATS(&asyncscope__debug_loops_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/warnings",
     "what looks wrong",
     {TAKES_JSON | TAKES(CODE), 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_warnings_json, &asyncscope__debug_warnings_text,
             &asyncscope__debug_json_html)},
    {"/debug/tree",
     "what lives by cause, as text",
     {TAKES(FORMAT) | DEBUG_TAKES_FILTERS | TAKES(LIMIT) | TAKES(GROUP_BY), 0,
      100000, NULL, 0},
     FORMATS(&asyncscope__debug_tree_text)},
    {"/debug/events",
     "all there is, then what becomes of it, as it happens",
     {TAKES(FORMAT) | DEBUG_TAKES_FILTERS | DEBUG_TAKES_ORDER | TAKES(FIELDS) |
          TAKES(INCLUDE),
      0, 0, asyncscope__debug_resource_fields,
      INCLUDES(STACKS) | INCLUDES(FINISHED) | INCLUDES(HISTOGRAMS) |
          INCLUDES(PULSE)},
     FORMATS(&asyncscope__debug_events)},
    {"/debug/log",
     "the last lines of the log, then each as it is written",
     {TAKES_JSON | TAKES(REQUEST) | TAKES(LEVEL) | TAKES(LIMIT), 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_log_events, &asyncscope__debug_log_json,
             &asyncscope__debug_log_text)},
    {"/debug/pprof/resources",
     "what lives by path of causes, or what came in some seconds",
     {TAKES(FORMAT) | TAKES(SECONDS) | DEBUG_TAKES_FILTERS, 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_profile_pprof,
             &asyncscope__debug_profile_folded,
             &asyncscope__debug_profile_speedscope)},
    {"/debug/trace",
     "what ran in the last seconds, for Perfetto",
     {TAKES(FORMAT) | TAKES(SECONDS) | TAKES(INTERNAL), 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_chrome_trace)},
    {"/debug/runs",
     "what ran where in the last seconds",
     {TAKES_JSON | TAKES(SECONDS) | TAKES(THREAD) | TAKES(LOOP) | TAKES(LIMIT) |
          TAKES(INTERNAL),
      0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_runs_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/history",
     "the last 60 seconds and the last 60 minutes",
     {TAKES_JSON, 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_history_json, &asyncscope__debug_json_text,
             &asyncscope__debug_json_html)},
    {"/debug/graph",
     "who caused whom, for programs that draw",
     {TAKES_JSON | DEBUG_TAKES_FILTERS | TAKES(LIMIT) | TAKES(GROUP_BY),
      DEBUG_GRAPH_APART, DEBUG_GRAPH_MAX, NULL, 0},
     FORMATS(&asyncscope__debug_graph_json, &asyncscope__debug_graph_dot,
             &asyncscope__debug_graph_mermaid, &asyncscope__debug_graph_nodes,
             &asyncscope__debug_json_text, &asyncscope__debug_json_html)},
    {"/debug/schema.json",
     "the JSON Schema of all that is JSON here",
     {TAKES(FORMAT), 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_schema_json)},
    {"/metrics",
     "numbers for Prometheus",
     {TAKES(FORMAT), 0, 0, NULL, 0},
     FORMATS(&asyncscope__debug_prometheus, &asyncscope__debug_openmetrics)},
    {NULL, NULL, {0, 0, 0, NULL, 0}, NULL},
};
