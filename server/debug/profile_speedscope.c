/* /debug/pprof/resources in the file format of speedscope. */
#include "document.h"
#include "formats.h"
#include "json_fields.h"
#include "opening.h"
#include "profile.h"
#include "recorded.h"

#include "asyncscope/async_allocator.h"

#define SCHEMA "https://www.speedscope.app/file-format-schema.json"

typedef struct speedscope_s {
  debug_document_t document;
  debug_profile_t profile;
  size_t at;      /* the frame or the group to write */
  int64_t weight; /* of all that is shown */
} speedscope_t;

static int prepare(void *state, json_writer_t *writer) {
  speedscope_t *file = state;
  int error = asyncscope__debug_profile_build(&file->profile);
  (void)writer;
  size_t group = 0;
  while (error == 0 && asyncscope__debug_profile_next(&file->profile, &group))
    file->weight += file->profile.counts[group++];
  return error;
}

static int begin_frames(void *state, json_writer_t *writer) {
  (void)state;
  int error = asyncscope__json_open_object(writer, NULL);
  if (error == 0)
    error = asyncscope__json_write(writer, "$schema", json_string(SCHEMA));
  if (error == 0)
    error = asyncscope__json_open_object(writer, "shared");
  return error != 0 ? error : asyncscope__json_open_array(writer, "frames");
}

static json_t *frame_object(const debug_frame_t *frame) {
  char name[DEBUG_FRAME_BYTES];
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_frame_name(frame, name);
  asyncscope__json_put_text(&fields, "name", name);
  if (frame->site != NULL) {
    asyncscope__json_put_text(&fields, "file", frame->site->file);
    asyncscope__json_put_unsigned(&fields, "line", frame->site->line);
  }
  return asyncscope__json_end(&fields);
}

static int write_frame(void *state, json_writer_t *writer) {
  speedscope_t *file = state;
  if (file->at == file->profile.frame_count)
    return 0;
  int error = asyncscope__json_write(
      writer, NULL, frame_object(&file->profile.frames[file->at]));
  file->at += error == 0;
  return error == 0 ? 1 : error;
}

static json_t *profile_members(const speedscope_t *file) {
  return json_pack("{s:s, s:s, s:s, s:i, s:I}", "type", "sampled", "name",
                   "live resources", "unit", "none", "startValue", 0,
                   "endValue", (json_int_t)file->weight);
}

static int begin_samples(void *state, json_writer_t *writer) {
  speedscope_t *file = state;
  int error = asyncscope__json_close(writer);
  file->at = 0;
  if (error == 0)
    error = asyncscope__json_close(writer);
  if (error == 0)
    error = asyncscope__json_open_array(writer, "profiles");
  if (error == 0)
    error = asyncscope__json_open_object(writer, NULL);
  if (error == 0)
    error = asyncscope__json_write_members(writer, profile_members(file));
  return error != 0 ? error : asyncscope__json_open_array(writer, "samples");
}

/* The root first. */
static json_t *stack_of(const debug_profile_t *profile, size_t group) {
  uint32_t frames[DEBUG_PROFILE_DEPTH];
  size_t depth = asyncscope__debug_profile_stack(profile, group, frames);
  json_t *stack = json_array();
  while (depth-- > 0)
    if (json_array_append_new(stack, json_integer(frames[depth])) != 0) {
      json_decref(stack);
      return NULL;
    }
  return stack;
}

static int write_sample(void *state, json_writer_t *writer) {
  speedscope_t *file = state;
  if (!asyncscope__debug_profile_next(&file->profile, &file->at))
    return 0;
  int error =
      asyncscope__json_write(writer, NULL, stack_of(&file->profile, file->at));
  file->at += error == 0;
  return error == 0 ? 1 : error;
}

static int begin_weights(void *state, json_writer_t *writer) {
  speedscope_t *file = state;
  int error = asyncscope__json_close(writer);
  file->at = 0;
  return error != 0 ? error : asyncscope__json_open_array(writer, "weights");
}

static int write_weight(void *state, json_writer_t *writer) {
  speedscope_t *file = state;
  if (!asyncscope__debug_profile_next(&file->profile, &file->at))
    return 0;
  int error = asyncscope__json_write(
      writer, NULL, json_integer(file->profile.counts[file->at]));
  file->at += error == 0;
  return error == 0 ? 1 : error;
}

/* Not of the format, which allows more members than its own. */
static json_t *recorded(const speedscope_t *file) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_put_recorded(&fields, asyncscope__debug_recorded_by_all(
                                              &file->profile.grouping.capture));
  return asyncscope__json_end(&fields);
}

static int end_file(void *state, json_writer_t *writer) {
  int error = asyncscope__json_close(writer);
  for (int level = 0; level < 2 && error == 0; level++)
    error = asyncscope__json_close(writer);
  if (error == 0)
    error =
        asyncscope__json_write(writer, "exporter", json_string("asyncscope"));
  if (error == 0)
    error = asyncscope__json_write_members(writer, recorded(state));
  return error != 0 ? error : asyncscope__json_close(writer);
}

static const debug_part_cb parts[] = {
    prepare,       begin_frames, write_frame, begin_samples, write_sample,
    begin_weights, write_weight, end_file,    NULL};

static int begin(void *state, debug_call_t *call) {
  speedscope_t *file = state;
  file->document = asyncscope__debug_document(parts, "speedscope", NULL,
                                              &file->profile.query);
  asyncscope__debug_name_file(call,
                              "inline; filename=\"resources.speedscope.json\"");
  return asyncscope__debug_profile_init(&file->profile, call);
}

static void speedscope_close(void *state) {
  speedscope_t *file = state;
  asyncscope__debug_profile_finish(&file->profile);
  async_free(file);
}

static int speedscope_open(debug_call_t *call, void **ret_state) {
  return asyncscope__debug_open_state(call, sizeof(speedscope_t), begin,
                                      speedscope_close, ret_state);
}

static uint64_t speedscope_wait_ms(const void *state) {
  const speedscope_t *file = state;
  return asyncscope__debug_profile_wait_ms(&file->profile);
}

const debug_format_t asyncscope__debug_profile_speedscope = {
    "speedscope",     DEBUG_JSON_TYPE,
    speedscope_open,  asyncscope__debug_document_step,
    speedscope_close, speedscope_wait_ms};
