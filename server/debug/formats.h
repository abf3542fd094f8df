/* All formats; each is defined in the file of its name. */
#ifndef ASYNCSCOPE_DEBUG_FORMATS_H
#define ASYNCSCOPE_DEBUG_FORMATS_H

#include "endpoint.h"

extern const debug_format_t asyncscope__debug_chrome_trace;
extern const debug_format_t asyncscope__debug_events;
extern const debug_format_t asyncscope__debug_groups_json;
extern const debug_format_t asyncscope__debug_loops_json;
extern const debug_format_t asyncscope__debug_openmetrics;
extern const debug_format_t asyncscope__debug_overview_json;
extern const debug_format_t asyncscope__debug_profile_folded;
extern const debug_format_t asyncscope__debug_profile_pprof;
extern const debug_format_t asyncscope__debug_profile_speedscope;
extern const debug_format_t asyncscope__debug_prometheus;
extern const debug_format_t asyncscope__debug_requests_json;
extern const debug_format_t asyncscope__debug_resource_json;
extern const debug_format_t asyncscope__debug_resources_json;
extern const debug_format_t asyncscope__debug_threads_json;
extern const debug_format_t asyncscope__debug_tree_text;
extern const debug_format_t asyncscope__debug_warnings_json;
extern const debug_format_t asyncscope__debug_why_json;

#endif
