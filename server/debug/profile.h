/* What lives, counted by its path of causes: what profiles are made from. */
#ifndef ASYNCSCOPE_DEBUG_PROFILE_H
#define ASYNCSCOPE_DEBUG_PROFILE_H

#include "grouping.h"

#define DEBUG_PROFILE_DEPTH                        \
  64 /* frames of a stack: the last ones, up to it \
      */

/* A type and a site, wherever on a path. */
typedef struct debug_frame_s {
  const char *type; /* interned */
  const async_site_t *site;
} debug_frame_t;

/* Does not move. With seconds= it is what has been added in that time, and
 * taken away: then values may be below zero. */
typedef struct debug_profile_s {
  debug_query_t query; /* the call's, by path and without a limit */
  debug_call_t call;
  uint64_t until_ns; /* of the wait between the two; 0: there is none */
  bool before_built, waited;
  debug_grouping_t before; /* where there is a wait */
  debug_grouping_t grouping;
  int64_t *counts, *ages_us; /* by group */
  uint32_t *frame_of;        /* by group: which of the frames */
  debug_frame_t *frames;
  size_t frame_count;
} debug_profile_t;

/* Errors: UV_ENOMEM, or of asyncscope__debug_refuse(); then there is nothing
 * to finish. */
int asyncscope__debug_profile_init(debug_profile_t *profile,
                                   const debug_call_t *call);

/* Until it answers 0. Errors: UV_EAGAIN while there is more to do or to wait
 * for, UV_ENOMEM, UV_E2BIG. */
int asyncscope__debug_profile_build(debug_profile_t *profile);

/* After UV_EAGAIN. */
uint64_t asyncscope__debug_profile_wait_ms(const debug_profile_t *profile);

/* The frames of a group's stack, the leaf first, and how many. */
size_t asyncscope__debug_profile_stack(
    const debug_profile_t *profile, size_t group,
    uint32_t ret_frames[DEBUG_PROFILE_DEPTH]);

/* The next group from `*group` on that counts for something, or false. */
bool asyncscope__debug_profile_next(const debug_profile_t *profile,
                                    size_t *group);

#define DEBUG_FRAME_BYTES 160

/* "TYPE file.c:88", cut, without what separates frames in any format. */
void asyncscope__debug_frame_name(const debug_frame_t *frame,
                                  char ret_name[DEBUG_FRAME_BYTES]);

/* Zeroed and finished ones are left alone. */
void asyncscope__debug_profile_finish(debug_profile_t *profile);

#endif
