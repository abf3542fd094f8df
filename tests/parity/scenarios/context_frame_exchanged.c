#include "asyncscope/async_context_frame.h"
#include "scenario.h"

static async_local_storage_t *storage;

static void show(const char *text) {
  bool is_there = async_context_frame_current() != NULL;
  trace_store(text, storage);
  trace_print("a frame %s", is_there ? "true" : "false");
}

static void on_inside(async_immediate_t *immediate) {
  (void)immediate;
  show("started inside");
}

static void on_outside(async_immediate_t *immediate) {
  (void)immediate;
  show("started outside");
}

SCENARIO(context_frame_exchanged) {
  storage = make_storage();
  show("at first");
  enter_with(storage, "entered");
  show("entered");
  set_immediate(on_inside);
  async_context_frame_t *frame = async_context_frame_exchange(NULL);
  show("exchanged");
  set_immediate(on_outside);
  async_context_frame_release(async_context_frame_exchange(frame));
  show("set again");
}
