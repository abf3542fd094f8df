#include "json_points.h"

#include "json_fields.h"
#include "text.h"

static bool put_type(json_t *types, const char *type, uint64_t live) {
  char name[DEBUG_UTF8_BYTES];
  asyncscope__debug_utf8(type, name);
  json_int_t before = json_integer_value(json_object_get(types, name));
  return live == 0 ||
         json_object_set_new(types, name,
                             json_integer(before + (json_int_t)live)) == 0;
}

/* A thread that has more types than it counts has "others", too. */
static json_t *types_of(const debug_point_t *point) {
  json_t *types = json_object();
  bool well = types != NULL && put_type(types, "others", point->others);
  for (size_t i = 0; well && i < DEBUG_HISTORY_TYPES; i++)
    well = put_type(types, point->types[i].type, point->types[i].live);
  if (well)
    return types;
  json_decref(types);
  return NULL;
}

static json_t *point_object(const debug_capture_t *capture,
                            const debug_point_t *point) {
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__json_put_unsigned(&fields, "number", point->number);
  asyncscope__json_put_unsigned(
      &fields, "atUs",
      asyncscope__debug_elapsed_us(capture->started_ns, point->at_ns));
  asyncscope__json_put_unsigned(&fields, "spanUs", point->span_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "live", point->live);
  asyncscope__json_put(&fields, "byType", types_of(point));
  asyncscope__json_put_unsigned(&fields, "finished", point->finished);
  asyncscope__json_put_unsigned(&fields, "failed", point->failed);
  asyncscope__json_put_unsigned(&fields, "lagP99Us", point->lag_p99_ns / 1000);
  asyncscope__json_put_unsigned(&fields, "lagMaxUs", point->lag_max_ns / 1000);
  asyncscope__json_put(&fields, "utilization",
                       json_real((double)point->busy_ppm / 1e6));
  asyncscope__json_put_unsigned(&fields, "poolActive", point->pool_active);
  asyncscope__json_put_unsigned(&fields, "poolQueued", point->pool_queued);
  return asyncscope__json_end(&fields);
}

int asyncscope__debug_write_point(debug_points_t *points,
                                  json_writer_t *writer) {
  const debug_history_ring_t *ring = asyncscope__debug_history_ring(
      points->capture->debug->history, points->scale);
  debug_point_t point;
  uint64_t end;
  do {
    points->next = asyncscope__debug_history_from(ring, points->next, &end);
    if (points->next >= end)
      return 0;
  } while (!asyncscope__debug_history_read(ring, points->next, &point));
  int error = asyncscope__json_write(writer, NULL,
                                     point_object(points->capture, &point));
  points->next += error == 0;
  return error == 0 ? 1 : error;
}
