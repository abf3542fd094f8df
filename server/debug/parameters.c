/* All parameters there are. A new one: an id and a field in query.h, a row
 * here, and the endpoints that take it name it (endpoints.c). */
#include "parameter.h"

#define WORDS(name, ...) static const char *const name[] = {__VA_ARGS__, NULL}

WORDS(globs, "a comma list of up to 32; a star stands for any text");
WORDS(sites, "a comma list of FILE or FILE:LINE; a star stands for any text");
WORDS(threads, "a comma list of thread numbers or names; a star stands for "
               "any text");
WORDS(keys, "THREAD:ID");
WORDS(requests, "a comma list of up to 32 request ids, r9 for example");
WORDS(durations, "a whole number and one of ns us ms s m h");
WORDS(flags, "1", "0");
WORDS(cursors, "the nextCursor of an answer in the same order");
WORDS(tokens, "the snapshot.token of an answer, s-42 for example");
WORDS(names, "a comma list of members of what is listed");
WORDS(formats, "a format of this path");
/* In the order of debug_state_t. */
WORDS(states, "init", "queued", "running", "idle", "closing", "destroyed");
WORDS(codes, "slow-callback", "loop-blocked", "pool-starved", "long-pending",
      "context-retained", "context-foreign", "context-lost", "scope-unbalanced",
      "never-destroyed-growth", "destroyed-unrun", "dropped-events");
WORDS(request_states, "active", "finished");
WORDS(edges, "trigger", "execution");
WORDS(sorts, "id", "age", "-age", "runTime", "-runTime", "count", "-count");
WORDS(groups, "type", "site", "path", "request", "thread", "none");
/* In the order of asyncscope_debug_level_t. */
WORDS(levels, "debug", "info", "warn", "error");
WORDS(includes, "finished", "stacks", "histograms", "pulse");

#define FIELD(member) offsetof(debug_query_t, member)
#define VALUE(kind)   asyncscope__debug_value_##kind

const debug_parameter_t asyncscope__debug_parameters[DEBUG_PARAM_COUNT] = {
    [DEBUG_PARAM_TYPE] = {"type", VALUE(globs), FIELD(types), 0, globs},
    [DEBUG_PARAM_STATE] = {"state", VALUE(words), FIELD(states), 0, states},
    [DEBUG_PARAM_REQUEST_STATE] = {"state", VALUE(words), FIELD(request_states),
                                   0, request_states},
    [DEBUG_PARAM_REQUEST] = {"request", VALUE(requests), FIELD(requests), 0,
                             requests},
    [DEBUG_PARAM_THREAD] = {"thread", VALUE(globs), FIELD(threads), 0, threads},
    [DEBUG_PARAM_LOOP] = {"loop", VALUE(globs), FIELD(loops), 0, threads},
    [DEBUG_PARAM_SITE] = {"site", VALUE(globs), FIELD(sites), 0, sites},
    [DEBUG_PARAM_TRIGGER] = {"trigger", VALUE(key), FIELD(trigger), 0, keys},
    [DEBUG_PARAM_ROOT] = {"root", VALUE(key), FIELD(root), 0, keys},
    [DEBUG_PARAM_DEPTH] = {"depth", VALUE(number), FIELD(depth),
                           DEBUG_DEPTH_MAX, NULL},
    [DEBUG_PARAM_OLDER_THAN] = {"older_than", VALUE(duration),
                                FIELD(older_than_ns), 0, durations},
    [DEBUG_PARAM_REF] = {"ref", VALUE(flag), FIELD(ref), 0, flags},
    [DEBUG_PARAM_INTERNAL] = {"internal", VALUE(flag), FIELD(internal), 0,
                              flags},
    [DEBUG_PARAM_EDGE] = {"edge", VALUE(word), FIELD(edge), 0, edges},
    [DEBUG_PARAM_CODE] = {"code", VALUE(globs_of_words), FIELD(codes), 0,
                          codes},
    [DEBUG_PARAM_LEVEL] = {"level", VALUE(word), FIELD(level), 0, levels},
    [DEBUG_PARAM_SORT] = {"sort", VALUE(order), FIELD(order), 0, sorts},
    [DEBUG_PARAM_LIMIT] = {"limit", VALUE(number), FIELD(limit),
                           DEBUG_LIMIT_MAX, NULL},
    [DEBUG_PARAM_CURSOR] = {"cursor", VALUE(cursor), FIELD(cursor), 0, cursors},
    [DEBUG_PARAM_FIELDS] = {"fields", VALUE(globs), FIELD(fields), 0, names},
    [DEBUG_PARAM_GROUP_BY] = {"group_by", VALUE(word), FIELD(group_by), 0,
                              groups},
    [DEBUG_PARAM_SINCE] = {"since", VALUE(since), FIELD(since_us), 0, tokens},
    [DEBUG_PARAM_SECONDS] = {"seconds", VALUE(number), FIELD(seconds),
                             DEBUG_SECONDS_MAX, NULL},
    [DEBUG_PARAM_INCLUDE] = {"include", VALUE(words), FIELD(include), 0,
                             includes},
    [DEBUG_PARAM_PRETTY] = {"pretty", VALUE(flag), FIELD(pretty), 0, flags},
    [DEBUG_PARAM_FORMAT] = {"format", VALUE(token), FIELD(format), 0, formats},
};
