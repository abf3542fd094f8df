/* /debug/pprof/resources as a Profile of pprof, compressed as the format is.
 * The leaf of a stack comes first.
 *
 * Strings are numbered before any is written: six fixed ones, then for each
 * frame its name, its type and its file. A frame is one location and one
 * function, numbered from 1 on. */
#include "formats.h"
#include "gzip.h"
#include "opening.h"
#include "profile.h"
#include "protobuf.h"
#include "recorded.h"

#include "asyncscope/async_allocator.h"
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum profile_field_e {
  PROFILE_SAMPLE_TYPE = 1,
  PROFILE_SAMPLE = 2,
  PROFILE_LOCATION = 4,
  PROFILE_FUNCTION = 5,
  PROFILE_STRING = 6,
  PROFILE_TIME_NANOS = 9,
  PROFILE_DURATION_NANOS = 10,
  PROFILE_COMMENT = 13,
  PROFILE_DEFAULT_TYPE = 14
};

static const char *const fixed[] = {"",    "resources",   "count",
                                    "age", "nanoseconds", "gone"};
enum { FIXED = sizeof(fixed) / sizeof(fixed[0]) };
enum { STRING_RESOURCES = 1, STRING_COUNT, STRING_AGE, STRING_NANOSECONDS };
/* What the recorders cover stands behind the fixed ones. */
enum { STRING_RECORDED = FIXED, STRINGS_OF_FRAMES };
enum { STRINGS_OF_FRAME = 3 };

typedef struct pprof_s pprof_t;

/* Makes piece `at`; false behind the last. */
typedef bool (*pprof_part_cb)(const pprof_t *pprof, size_t at,
                              protobuf_t *ret_piece);

struct pprof_s {
  debug_profile_t profile;
  uint64_t started_ns;
  bool built;
  const pprof_part_cb *part; /* at NULL: all of it has been made */
  size_t at;
  protobuf_t piece; /* that is being compressed */
  debug_gzip_t gzip;
};

static void add_type(protobuf_t *profile, int64_t type, int64_t unit) {
  protobuf_t message = {.used_bytes = 0};
  asyncscope__protobuf_integer(&message, 1, type);
  asyncscope__protobuf_integer(&message, 2, unit);
  asyncscope__protobuf_message(profile, PROFILE_SAMPLE_TYPE, &message);
}

static int64_t wall_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool make_head(const pprof_t *pprof, size_t at, protobuf_t *ret_piece) {
  uint64_t lasted_ns = pprof->profile.until_ns == 0
                           ? 0
                           : async_inspect_now_ns() - pprof->started_ns;
  if (at > 0)
    return false;
  add_type(ret_piece, STRING_RESOURCES, STRING_COUNT);
  add_type(ret_piece, STRING_AGE, STRING_NANOSECONDS);
  asyncscope__protobuf_integer(ret_piece, PROFILE_TIME_NANOS, wall_ns());
  asyncscope__protobuf_integer(ret_piece, PROFILE_DURATION_NANOS,
                               (int64_t)lasted_ns);
  asyncscope__protobuf_integer(ret_piece, PROFILE_COMMENT, STRING_RECORDED);
  asyncscope__protobuf_integer(ret_piece, PROFILE_DEFAULT_TYPE,
                               STRING_RESOURCES);
  return true;
}

/* `at` counts groups here, with those that count for nothing. */
static bool make_sample(const pprof_t *pprof, size_t at,
                        protobuf_t *ret_piece) {
  const debug_profile_t *profile = &pprof->profile;
  uint32_t frames[DEBUG_PROFILE_DEPTH];
  int64_t locations[DEBUG_PROFILE_DEPTH];
  protobuf_t sample = {.used_bytes = 0};
  if (at == profile->grouping.groups.count)
    return false;
  if (profile->counts[at] == 0)
    return true;
  size_t depth = asyncscope__debug_profile_stack(profile, at, frames);
  for (size_t i = 0; i < depth; i++)
    locations[i] = (int64_t)frames[i] + 1;
  int64_t values[] = {profile->counts[at], profile->ages_us[at] * 1000};
  asyncscope__protobuf_packed(&sample, 1, locations, depth);
  asyncscope__protobuf_packed(&sample, 2, values, 2);
  asyncscope__protobuf_message(ret_piece, PROFILE_SAMPLE, &sample);
  return true;
}

static bool make_location(const pprof_t *pprof, size_t at,
                          protobuf_t *ret_piece) {
  protobuf_t location = {.used_bytes = 0}, line = {.used_bytes = 0};
  if (at == pprof->profile.frame_count)
    return false;
  const async_site_t *site = pprof->profile.frames[at].site;
  asyncscope__protobuf_integer(&line, 1, (int64_t)at + 1);
  asyncscope__protobuf_integer(&line, 2, site == NULL ? 0 : site->line);
  asyncscope__protobuf_integer(&location, 1, (int64_t)at + 1);
  asyncscope__protobuf_message(&location, 4, &line);
  asyncscope__protobuf_message(ret_piece, PROFILE_LOCATION, &location);
  return true;
}

static bool make_function(const pprof_t *pprof, size_t at,
                          protobuf_t *ret_piece) {
  int64_t string = STRINGS_OF_FRAMES + (int64_t)at * STRINGS_OF_FRAME;
  protobuf_t function = {.used_bytes = 0};
  if (at == pprof->profile.frame_count)
    return false;
  asyncscope__protobuf_integer(&function, 1, (int64_t)at + 1);
  asyncscope__protobuf_integer(&function, 2, string);
  asyncscope__protobuf_integer(&function, 3, string + 1);
  asyncscope__protobuf_integer(&function, 4, string + 2);
  asyncscope__protobuf_message(ret_piece, PROFILE_FUNCTION, &function);
  return true;
}

static bool make_fixed(const pprof_t *pprof, size_t at, protobuf_t *ret_piece) {
  (void)pprof;
  if (at == FIXED)
    return false;
  asyncscope__protobuf_text(ret_piece, PROFILE_STRING, fixed[at]);
  return true;
}

static bool make_recorded(const pprof_t *pprof, size_t at,
                          protobuf_t *ret_piece) {
  char text[96];
  if (at > 0)
    return false;
  debug_recorded_t all =
      asyncscope__debug_recorded_by_all(&pprof->profile.grouping.capture);
  snprintf(text, sizeof(text), "coversUs=%" PRIu64 " droppedEvents=%" PRIu64,
           all.covers_us, all.dropped);
  asyncscope__protobuf_text(ret_piece, PROFILE_STRING, text);
  return true;
}

/* A type may be of any length: of one that is too long a part is kept. */
static bool make_strings(const pprof_t *pprof, size_t at,
                         protobuf_t *ret_piece) {
  char name[DEBUG_FRAME_BYTES];
  debug_frame_t bare;
  if (at == pprof->profile.frame_count)
    return false;
  const debug_frame_t *frame = &pprof->profile.frames[at];
  asyncscope__debug_frame_name(frame, name);
  asyncscope__protobuf_text(ret_piece, PROFILE_STRING, name);
  bare = (debug_frame_t){frame->type, NULL};
  asyncscope__debug_frame_name(&bare, name);
  asyncscope__protobuf_text(ret_piece, PROFILE_STRING, name);
  asyncscope__protobuf_text(ret_piece, PROFILE_STRING,
                            frame->site == NULL ? "" : frame->site->file);
  return true;
}

static const pprof_part_cb parts[] = {make_head,     make_sample, make_location,
                                      make_function, make_fixed,  make_recorded,
                                      make_strings,  NULL};

/* Errors: UV_E2BIG. */
static int make_piece(pprof_t *pprof) {
  pprof->piece.used_bytes = 0;
  if (!(*pprof->part)(pprof, pprof->at, &pprof->piece)) {
    pprof->part++;
    pprof->at = 0;
    return 0;
  }
  pprof->at++;
  if (pprof->piece.full)
    return UV_E2BIG;
  asyncscope__debug_gzip_give(&pprof->gzip, pprof->piece.bytes,
                              pprof->piece.used_bytes);
  return 0;
}

static int append_piece(pprof_t *pprof, debug_buffer_t *buffer) {
  bool taken = asyncscope__debug_gzip_has_taken(&pprof->gzip);
  int error = taken && *pprof->part != NULL ? make_piece(pprof) : 0;
  if (error != 0)
    return error;
  taken = asyncscope__debug_gzip_has_taken(&pprof->gzip);
  return taken && *pprof->part != NULL
             ? 1
             : asyncscope__debug_gzip_step(&pprof->gzip, *pprof->part == NULL,
                                           buffer);
}

static int pprof_step(void *state, debug_buffer_t *buffer) {
  pprof_t *pprof = state;
  int error =
      pprof->built ? 0 : asyncscope__debug_profile_build(&pprof->profile);
  if (error != 0)
    return error;
  pprof->built = true;
  return append_piece(pprof, buffer);
}

static int begin(void *state, debug_call_t *call) {
  pprof_t *pprof = state;
  pprof->started_ns = async_inspect_now_ns();
  pprof->part = parts;
  asyncscope__debug_name_file(call, "inline; filename=\"resources.pb.gz\"");
  int error = asyncscope__debug_gzip_init(&pprof->gzip);
  return error == 0 ? asyncscope__debug_profile_init(&pprof->profile, call)
                    : error;
}

static void pprof_close(void *state) {
  pprof_t *pprof = state;
  asyncscope__debug_profile_finish(&pprof->profile);
  asyncscope__debug_gzip_finish(&pprof->gzip);
  async_free(pprof);
}

static int pprof_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(pprof_t), begin, pprof_close,
                                      ret_state);
}

static uint64_t pprof_wait_ms(const void *state) {
  const pprof_t *pprof = state;
  return asyncscope__debug_profile_wait_ms(&pprof->profile);
}

const debug_format_t asyncscope__debug_profile_pprof = {
    "pprof",     "application/octet-stream",
    pprof_open,  pprof_step,
    pprof_close, pprof_wait_ms};
