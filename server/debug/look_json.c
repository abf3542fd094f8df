/* A record is read again when it is written. What it says then is what was
 * told: the next look begins from there. One that has ended meanwhile is left
 * out, and the next look says that it is gone. */
#include "look_json.h"

#include "delta_json.h"
#include "json_fields.h"
#include "json_resource.h"

/* A look that took so long is the last one for so many times that. */
#define PAUSE 100

bool asyncscope__look_json_is_due(const look_json_t *look) {
  return async_inspect_now_ns() >= look->next_ns;
}

/* What was told last is what the next look is held against. */
static void settle(look_json_t *look) {
  if (look->compared) {
    asyncscope__debug_seen_finish(&look->told);
    look->told = look->now;
    look->now = (debug_seen_t){.items = NULL};
  }
  asyncscope__debug_seen_finish(&look->now);
  asyncscope__debug_source_finish(&look->source);
  look->compared = false;
}

int asyncscope__look_json_open(look_json_t *look, const debug_call_t *call) {
  settle(look);
  look->spent_ns = 0;
  return asyncscope__debug_source_init(&look->source, call);
}

static int add_all(look_json_t *look) {
  debug_selection_t *selection = &look->source.selection;
  debug_resource_t resource;
  int status = asyncscope__debug_source_prepare(&look->source);
  if (status < 0)
    return status;
  while ((status = asyncscope__debug_selection_peek(selection, &resource)) >
         0) {
    int error = asyncscope__debug_seen_add(&look->now, &look->source.capture,
                                           &resource);
    if (error != 0)
      return error;
    asyncscope__debug_selection_take(selection);
  }
  return status;
}

int asyncscope__look_json_take(look_json_t *look) {
  if (look->compared)
    return 0;
  uint64_t begun_ns = async_inspect_now_ns();
  int error = add_all(look);
  uint64_t ended_ns = async_inspect_now_ns();
  look->spent_ns += ended_ns - begun_ns;
  if (error != 0)
    return error;
  look->news = asyncscope__debug_seen_compare(&look->told, &look->now);
  look->compared = true;
  look->next_ns = ended_ns + look->spent_ns * PAUSE;
  return 0;
}

/* The next item of the open list that has such news. */
static debug_seen_item_t *next(look_json_t *look, debug_seen_t *seen,
                               debug_news_t news) {
  while (look->at < seen->count && seen->items[look->at].news != news)
    look->at++;
  return look->at < seen->count ? &seen->items[look->at] : NULL;
}

static bool read_again(const look_json_t *look, const debug_seen_item_t *item,
                       debug_resource_t *ret_resource) {
  const debug_capture_t *capture = &look->source.capture;
  size_t thread = asyncscope__debug_thread_index(capture, item->thread);
  return asyncscope__debug_read(capture, thread, item->place, item->async_id,
                                ret_resource);
}

static int begin_created(void *state, json_writer_t *writer) {
  look_json_t *look = state;
  look->at = 0;
  return asyncscope__delta_json_open(writer, look->document.capture,
                                     look->number, 0);
}

/* What is told of an item is what the next look begins from. */
static int write_news(look_json_t *look, json_writer_t *writer,
                      debug_news_t news,
                      json_t *(*object_of)(const look_json_t *look,
                                           const debug_seen_item_t *item,
                                           const debug_resource_t *resource)) {
  debug_seen_item_t *item = next(look, &look->now, news);
  debug_resource_t resource;
  int error = 0;
  if (item == NULL)
    return 0;
  if (read_again(look, item, &resource)) {
    error =
        asyncscope__json_write(writer, NULL, object_of(look, item, &resource));
    if (error == 0)
      asyncscope__debug_seen_tell(item, &look->source.capture, &resource);
  }
  look->at += error == 0;
  return error == 0 ? 1 : error;
}

/* All there is to know of it, as in the snapshot. */
static json_t *created_object(const look_json_t *look,
                              const debug_seen_item_t *item,
                              const debug_resource_t *resource) {
  (void)item;
  return asyncscope__json_masked(
      asyncscope__json_resource(&look->source.capture, resource),
      look->source.query);
}

static int write_created(void *state, json_writer_t *writer) {
  return write_news(state, writer, DEBUG_NEW, created_object);
}

static int begin_changed(void *state, json_writer_t *writer) {
  look_json_t *look = state;
  look->at = 0;
  return asyncscope__delta_json_next(writer, "changed");
}

/* How many more callbacks, how much longer; and what else may have changed, as
 * it is now. What runs counts up to the capture: its time may be told too long
 * at first. */
static json_t *changed_object(const look_json_t *look,
                              const debug_seen_item_t *item,
                              const debug_resource_t *resource) {
  const debug_capture_t *capture = &look->source.capture;
  debug_seen_item_t now;
  json_fields_t fields = asyncscope__json_begin();
  asyncscope__debug_seen_tell(&now, capture, resource);
  asyncscope__json_put_key(&fields, "key",
                           asyncscope__debug_ref(&resource->info));
  asyncscope__json_put_integer(&fields, "callbacks",
                               (int32_t)(now.callbacks - item->callbacks));
  asyncscope__json_put_integer(&fields, "runUs",
                               (int32_t)(now.run_us - item->run_us));
  asyncscope__json_put_present(&fields, capture, resource);
  return asyncscope__json_end(&fields);
}

static int write_changed(void *state, json_writer_t *writer) {
  return write_news(state, writer, DEBUG_CHANGED, changed_object);
}

static int begin_destroyed(void *state, json_writer_t *writer) {
  look_json_t *look = state;
  look->at = 0;
  return asyncscope__delta_json_next(writer, "destroyed");
}

static int write_destroyed(void *state, json_writer_t *writer) {
  look_json_t *look = state;
  const debug_seen_item_t *item = next(look, &look->told, DEBUG_GONE);
  if (item == NULL)
    return 0;
  int error = asyncscope__json_write(
      writer, NULL,
      asyncscope__json_key((async_ref_t){item->thread, item->async_id}));
  look->at += error == 0;
  return error == 0 ? 1 : error;
}

/* What came and went between two looks nobody has seen. */
static int end(void *state, json_writer_t *writer) {
  int error = asyncscope__delta_json_next(writer, "transient");
  (void)state;
  return error == 0 ? asyncscope__delta_json_close(writer, 0) : error;
}

static const debug_part_cb parts[] = {
    begin_created,   write_created,   begin_changed, write_changed,
    begin_destroyed, write_destroyed, end,           NULL};

void asyncscope__look_json_begin(look_json_t *look, uint64_t number) {
  look->document = asyncscope__debug_document(
      parts, "delta", &look->source.capture, look->source.query);
  look->number = number;
}

void asyncscope__look_json_finish(look_json_t *look) {
  settle(look);
  asyncscope__debug_seen_finish(&look->told);
}
