/* Everything that lives, counted. */
#ifndef ASYNCSCOPE_DEBUG_SURVEY_H
#define ASYNCSCOPE_DEBUG_SURVEY_H

#include "resource.h"
#include "walk.h"

typedef struct debug_type_count_s {
  const char *type; /* interned */
  uint64_t count;
} debug_type_count_t;

typedef struct debug_survey_s {
  const debug_capture_t *capture;
  bool internal; /* count asyncscope's own, too */
  debug_walk_t walk;
  debug_type_count_t *types; /* by name, when it is done */
  size_t type_count, type_capacity;
  uint64_t live, hidden;
  uint64_t states[DEBUG_STATES];
  uint64_t requests; /* in flight */
} debug_survey_t;

void asyncscope__debug_survey_begin(debug_survey_t *survey,
                                    const debug_capture_t *capture,
                                    bool internal);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do, UV_ENOMEM.
 */
int asyncscope__debug_survey_take(debug_survey_t *survey);

/* What the environments have counted, added up. */
async_env_info_t asyncscope__debug_sum(const debug_capture_t *capture);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_survey_finish(debug_survey_t *survey);

#endif
