/* Everything that is served. A further format is
 *   - a file that defines a debug_format_t (endpoint.h says what one does),
 *     declared in formats.h;
 *   - its place in the formats of its path here, or a row for a path of its
 *     own: the path, a few words for people, the parameters it takes, the
 *     formats. Parsing, refusing, listing and choosing are then done.
 * A further parameter is a row in parameters.c. */
#include "formats.h"

#define FORMATS(...)                \
  (const debug_format_t *const[]) { \
    __VA_ARGS__, NULL               \
  }

#define JSON_PARAMETERS DEBUG_TAKES(DEBUG_PARAM_FORMAT)

const debug_endpoint_t asyncscope__debug_endpoints[] = {
    {"/debug",
     "all there is",
     {JSON_PARAMETERS, 0, 0, NULL},
     FORMATS(&asyncscope__debug_overview_json)},
    {"/debug/tree",
     "live resources by cause, as text",
     {DEBUG_TAKES(DEBUG_PARAM_FORMAT), 0, 0, NULL},
     FORMATS(&asyncscope__debug_tree_text)},
    {NULL, NULL, {0, 0, 0, NULL}, NULL},
};
