/* How much of each type there has ever been, in a JSON document. */
#ifndef ASYNCSCOPE_DEBUG_JSON_TURNOVER_H
#define ASYNCSCOPE_DEBUG_JSON_TURNOVER_H

#include "capture.h"
#include "json_fields.h"

/* "turnover": of each type what was created and destroyed since the start, the
 * program's alone. Also what comes and goes between two looks is in it, and
 * what the recorders have lost. */
void asyncscope__json_put_turnover(json_fields_t *fields,
                                   const debug_capture_t *capture);

#endif
